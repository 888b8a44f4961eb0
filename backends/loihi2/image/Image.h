//===- Image.h - what the cores hold ----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An image is a file (image.fbs): all that the chip, or the model of it, needs to run a network.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/map/MapNetwork.h"
#include "backends/loihi2/map/Pack.h"

#include <optional>
#include <string>
#include <string_view>

namespace nirc::loihi2 {

/// What is written; images of version 2 are read too.
constexpr uint32_t imageVersion = 3;

/// Where a spike goes.
struct Route {
  uint32_t core = 0, axon = 0;
};

/// For each of several sources its routes: those of i are from first[i] to first[i + 1].
struct RouteTable {
  std::vector<uint32_t> first{0};
  std::vector<Route> routes;
};

/// An image that was read and checked: every index in it is in range.
struct Image {
  struct Core {
    int32_t chip = 0, column = 0, row = 0;
    std::vector<Mapping::Neurons> neurons; ///< what the compartments are
    std::vector<Compartment> compartments;
    std::vector<CoreSynapse> synapses;
    std::vector<uint32_t> firstSynapse{0}; ///< of each axon, and their number
    RouteTable routes;
    int32_t longestDelay = 0;
    int64_t words = 0; ///< of synapse memory, 64 bits each
  };
  struct Input {
    std::string node;
    nir::Shape shape;
    RouteTable routes;
  };
  struct Place {
    uint32_t core = 0, compartment = 0;
  };
  struct Readout {
    std::string node, observable;
    loihi2::Readout::Kind kind = loihi2::Readout::Kind::Spikes;
    nir::Shape shape;
    std::vector<double> scales;
    int64_t latency = 0;
    std::vector<Place> places;

    /// Whether it is a state by its name, and not what a node passes on.
    bool isState() const { return kind != loihi2::Readout::Kind::Spikes && observable != "value"; }
  };

  /// What an image says of its network. Those of version 2 leave it empty, and all that they read
  /// are outputs.
  struct Head {
    std::string nirc, model, semantics, format;
    size_t outputs = 0, records = 0; ///< of the readouts: outputs, then records, then states
  };

  Head head;
  double dtSeconds = 0.0;
  std::vector<Core> cores;
  std::vector<Input> inputs;
  std::vector<Readout> readouts;
};

/// The model on the cores of a mapping that has all of its neurons, as a file. Without a head all
/// readouts are outputs.
std::string writeImage(const Model &model, const Mapping &mapping,
                       const std::optional<Image::Head> &head = std::nullopt);

/// The same on as few cores with these limits as are found.
nir::Result<std::string> writeImage(const Model &model, const CoreLimits &limits = loihi2Core,
                                    const PartitionOptions &options = {});

/// Reads a file of any bytes; what is wrong with it is an error that names the place.
nir::Result<Image> readImage(std::string_view bytes);

} // namespace nirc::loihi2
