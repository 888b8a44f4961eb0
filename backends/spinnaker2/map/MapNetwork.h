//===- MapNetwork.h - which core has which neurons --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/map/CoreData.h"

#include <iterator>

namespace nirc::spinnaker2 {

/// What a network is spread over.
struct Site {
  Board board = boards[std::size(boards) - 1];
  int64_t neuronsPerCore = mostPlaces; ///< at most
};

/// What `partition` asks of a core: each answer makes its data.
class PeModel : public CoreModel {
public:
  PeModel(const Model &model, const Site &site);

  const std::vector<Resource> &resources() const override { return all; }
  std::vector<int64_t> load(std::span<const int32_t> neurons) const override;
  int64_t mostRoutes() const override;
  std::string routeName() const override { return "routes"; }
  double leastCores(std::span<const int32_t> neurons) const override;

private:
  const Model &model;
  std::vector<Resource> all;
};

NeuronGraph graphOf(const Model &model);

/// The model on as few cores as are found, on the chips of the board. An error where it needs more.
nir::Result<Mapping> mapToCores(const Model &model, const Site &site,
                                const PartitionOptions &options);

/// Whether a mapping that was read is one of the model, and within the limits.
nir::Status checkMapping(const Model &model, const Site &site, Mapping &mapping);

} // namespace nirc::spinnaker2
