//===- Claims.cpp - what is to be proven of native code -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/proof/Claims.h"

#include "backends/FrontEnd.h"
#include "backends/cpu/lower/BuildNetwork.h"
#include "backends/cpu/proof/LaneTerms.h"
#include "passes/partition/InNetwork.h"
#include "passes/pipeline/Pipeline.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;

namespace {

/// The claims about one lowered network.
class Claims {
public:
  Claims(snn::NetworkOp reference, std::string code, std::vector<Claim> &claims)
      : code(std::move(code)), claims(claims) {
    llvm::append_range(references, reference.getBody().getOps<snn::PopulationOp>());
  }

  void add(const LoweredNetwork &lowered);

private:
  void add(const LoweredNetwork &lowered, snn::PopulationOp population,
           snn::PopulationOp reference);

  SmallVector<snn::PopulationOp> references;
  std::string code;
  std::vector<Claim> &claims;
};

} // namespace

void Claims::add(const LoweredNetwork &lowered, snn::PopulationOp population,
                 snn::PopulationOp reference) {
  Claim claim{population.getNode().str(), code, "is equal to the body"};
  auto node = llvm::find_if(lowered.nodes, [&](const NodeFunction &each) {
    return each.kind == "population" && each.node == claim.node;
  });
  auto function = node == lowered.nodes.end()
                      ? func::FuncOp()
                      : dyn_cast_or_null<func::FuncOp>(
                            SymbolTable::lookupSymbolIn(lowered.module, node->symbol));
  std::string unknown = "no function";
  std::optional<Question> question;
  if (function) {
    PopulationLoop loop(lowered, population, reference, function);
    if (loop.lanes() > 1) {
      claim.statement += fmt::format(", {} lanes at once", loop.lanes());
    }
    question = proof::differs(
        reference,
        [&](proof::Theory &theory, const proof::PopulationTerms &body) {
          return loop.results(theory, body);
        },
        unknown);
  }
  if (question) {
    claim.questions.push_back(*std::move(question));
  } else {
    claim.unasked = fmt::format("the code has {}, which is not read here; tests compare runs with "
                                "those of the interpreter to the bit",
                                unknown);
  }
  claims.push_back(std::move(claim));
}

void Claims::add(const LoweredNetwork &lowered) {
  snn::NetworkOp network = lowered.network;
  auto populations = network.getBody().getOps<snn::PopulationOp>();
  for (auto [population, reference] : llvm::zip_equal(populations, references)) {
    add(lowered, population, reference);
  }
}

nir::Result<std::vector<Claim>> nirc::cpu::claimsOf(const Job &job, const LowerOptions &options,
                                                    const std::string &code) {
  nir::Result<NetworkCopy> copy = networkOf(job);
  if (!copy) {
    return copy.takeError();
  }
  MLIRContext &context = copy->context();
  loadDialects(context);
  eraseMapping(copy->network());
  OwningOpRef<ModuleOp> reference(copy->module->clone());
  std::vector<Claim> claims;
  Claims all(*reference->getOps<snn::NetworkOp>().begin(), code, claims);
  LowerOptions chosen = options;
  chosen.parts = false;
  chosen.leastEqual = chosen.leastListed = 0; // a function a node
  chosen.onLowered = [&](const LoweredNetwork &lowered) { all.add(lowered); };
  DiagnosticCollector collector(context);
  if (failed(lower(*copy->module, chosen))) {
    return collector.takeError();
  }
  return claims;
}
