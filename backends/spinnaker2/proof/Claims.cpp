//===- Claims.cpp - what is to be proven of updates -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/proof/Claims.h"

#include "backends/proof/CClaim.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::spinnaker2;
using namespace nirc::proof;

using Role = CArray::Role;

static c::Type typeOf(Width width) {
  return c::integerType(static_cast<int>(8 * bytesOf(width)), /*isSigned=*/true);
}

/// Columns are the states, then what else there is by name.
static CArray arrayOf(const Column &column, size_t number, size_t states, size_t neurons) {
  CArray made{Role::State, number, typeOf(column.width)};
  if (number < states) {
    return made;
  }
  made.role = column.isState && column.name == "value" ? Role::Result : Role::Table;
  for (size_t n = 0; n < neurons && made.role == Role::Table; ++n) {
    made.numbers.push_back(static_cast<int32_t>(column.at(n)));
  }
  return made;
}

Claim nirc::spinnaker2::claimOfUpdate(snn::PopulationOp op, const Population &population,
                                      const Update &update) {
  std::string text = update.text;
  if (size_t at = text.find("%s"); at != std::string::npos) {
    text.replace(at, 2, "update");
  }
  // Where sums fit in 16 bits a core keeps them so, which changes none of them (map/CoreData.h).
  c::Type ring = c::integerType(32, /*isSigned=*/true);
  nir::Result<c::File> file = c::File::read(text, {{"ring_t", ring}});
  if (!file) {
    Claim claim{op.getNode().str(), "firmware", "is equal to the body"};
    claim.unasked = file.error().message;
    return claim;
  }
  CNeurons neurons;
  neurons.function = "update";
  neurons.count = "p->neurons";
  neurons.first = "p->first";
  neurons.bias = population.biases;
  neurons.arrays["ring"] = {Role::Sums, 0, ring};
  if (population.spikes) {
    neurons.arrays["list"] = {Role::List, 0, c::integerType(16, /*isSigned=*/false)};
  }
  auto count = static_cast<size_t>(population.count);
  for (size_t i = 0; i < population.columns.size(); ++i) {
    neurons.arrays[fmt::format("(data + p->columns[{}])", i)] =
        arrayOf(population.columns[i], i, op.getStates().size(), count);
  }
  auto yielded = op.getBody().front().getTerminator()->getOperands();
  for (size_t state = 0; state < op.getStates().size() && !population.spikes; ++state) {
    if (yielded[0] == yielded[state + 1]) {
      neurons.passedOn = state;
    }
  }
  Claim claim = claimOfC(op, *file, neurons);
  claim.code = "firmware";
  return claim;
}

std::vector<Claim> nirc::spinnaker2::claimsOfModel(snn::NetworkOp network, const Model &model) {
  std::vector<Claim> claims;
  auto populations = network.getBody().getOps<snn::PopulationOp>();
  if (!model.isFloat) {
    for (auto [op, population] : llvm::zip_equal(populations, model.populations)) {
      claims.push_back(claimOfUpdate(op, population, model.updates[population.update]));
    }
  }
  return claims;
}
