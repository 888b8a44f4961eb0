//===- MapNetwork.h - which core has which neurons --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/map/Placement.h"

#include <iterator>

namespace nirc::spinnaker2 {

/// What a network is spread over.
struct Site {
  Board board = boards[std::size(boards) - 1];
  int64_t neuronsPerCore = mostPlaces; ///< at most
};

/// What is taken of the keys of sources, which nobody knows before these have cores.
enum class KeyGuess {
  Close, ///< they follow each other as the sources do, but from core to core
  Apart, ///< none follows another: more than any placement needs
};

/// What `partition` asks of a core: each answer makes its data.
class PeModel : public CoreModel {
public:
  PeModel(const Model &model, const Site &site, KeyGuess guess);

  const std::vector<Resource> &resources() const override { return all; }
  std::vector<int64_t> load(std::span<const int32_t> neurons) const override;
  int64_t mostRoutes() const override;
  std::string routeName() const override { return "routes"; }
  double leastCores(std::span<const int32_t> neurons) const override;

private:
  const Model &model;
  std::vector<Resource> all;
  KeyGuess guess;
  int64_t slack = 0; ///< bytes, for keys that a core begins anew
};

/// The model on as few cores as are found, on the chips of the board. An error where it needs more.
nir::Result<Mapping> mapToCores(const Model &model, const Site &site,
                                const PartitionOptions &options);

/// Whether a mapping that was read is one of the model, and within the limits.
nir::Status checkMapping(const Model &model, const Site &site, Mapping &mapping);

} // namespace nirc::spinnaker2
