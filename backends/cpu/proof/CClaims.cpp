//===- CClaims.cpp - what is to be proven of a C file ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/proof/CClaims.h"

#include "backends/proof/CClaim.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;
using namespace nirc::proof;

namespace {

/// Where the function of a population finds its arrays.
class Binding {
public:
  Binding(snn::PopulationOp op, const CSource &source,
          const std::map<std::string, c::Type, std::less<>> &types)
      : op(op), source(source), types(types) {}

  CNeurons of(const std::string &function);

private:
  void add(const std::string &name, CArray::Role role, CArray::Role asBits, size_t number);

  snn::PopulationOp op;
  const CSource &source;
  const std::map<std::string, c::Type, std::less<>> &types;
  CNeurons made;
};

} // namespace

/// All arrays of that name: a node may have several ops.
void Binding::add(const std::string &name, CArray::Role role, CArray::Role asBits, size_t number) {
  constexpr size_t prefix = 5; // "net->"
  for (const CSource::Array &array : source.arrays) {
    auto type = types.find(array.text.substr(prefix));
    if (array.name == name && type != types.end()) {
      made.arrays[array.text] = {array.bits ? asBits : role, number, type->second, {}};
    }
  }
}

/// What plan/Layout.cpp calls the array of a signal.
static std::string arrayName(Value signal) {
  while (auto reshape = signal.getDefiningOp<snn::ReshapeOp>()) {
    signal = reshape.getSignal();
  }
  Operation *op = signal.getDefiningOp();
  auto node = op->getAttrOfType<StringAttr>("node");
  return (node ? node.str() : "") + (isa<snn::DelayOp>(op)     ? ".delayed"
                                     : isa<snn::AddOp>(op)     ? ".sum"
                                     : isa<snn::RescaleOp>(op) ? ".rescaled"
                                                               : "");
}

CNeurons Binding::of(const std::string &function) {
  using enum CArray::Role;
  made.function = function;
  made.waits = true;
  for (auto [number, input] : llvm::enumerate(op.getInputs())) {
    add(arrayName(input), Input, Bits, number);
  }
  add(arrayName(op.getResult()), Result, Spikes, 0);
  for (auto [number, name] : llvm::enumerate(op.getStates().getAsValueRange<StringAttr>())) {
    add(fmt::format("{}.{}", op.getNode().str(), name.str()), State, State, number);
  }
  return std::move(made);
}

std::vector<Claim> nirc::cpu::claimsOfC(snn::NetworkOp network, const CFile &file) {
  std::vector<Claim> claims;
  if (!network.getElement().isInteger()) {
    return claims;
  }
  c::Type itself; // typedef struct net_network { ... } net_network
  itself.name = file.network;
  nir::Result<c::File> text = c::File::read(file.source.text, {{file.network, itself}});
  auto types = text ? text->arraysOf(file.network)
                    : nir::Result<std::map<std::string, c::Type, std::less<>>>(text.error());
  const std::vector<std::string> &functions = file.source.populations;
  auto populations = llvm::to_vector(network.getBody().getOps<snn::PopulationOp>());
  for (auto [number, op] : llvm::enumerate(populations)) {
    Claim claim{op.getNode().str(), "C", "is equal to the body"};
    if (!types) {
      claim.unasked = types.error().message;
    } else if (functions.size() != populations.size()) {
      claim.unasked = fmt::format("found {} functions, expected one for each of {} populations",
                                  functions.size(), populations.size());
    } else {
      claim = claimOfC(op, *text, Binding(op, file.source, *types).of(functions[number]));
    }
    claims.push_back(std::move(claim));
  }
  return claims;
}

nir::Result<std::vector<Claim>> nirc::cpu::claimsOfC(const Job &job) {
  Job observed = job;
  observed.states = true; // as the file is made
  nir::Result<NetworkCopy> copy = networkOf(observed);
  if (!copy) {
    return copy.takeError();
  }
  loadDialects(copy->context());
  snn::NetworkOp network = copy->network();
  if (!network.getElement().isInteger()) {
    return std::vector<Claim>();
  }
  nir::Result<CFile> file = cFileOf(job);
  if (file) {
    return claimsOfC(network, *file);
  }
  std::vector<Claim> claims;
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    claims.push_back({op.getNode().str(), "C", "is equal to the body"});
    claims.back().unasked = "there is no C: " + file.error().message;
  }
  return claims;
}
