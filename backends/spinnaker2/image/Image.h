//===- Image.h - cores and what is around them ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An artifact's files (image.fbs): all that the chips, or who emulates them, need to run a network,
// but for the cores' programs.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/map/Placement.h"
#include "backends/spinnaker2/map/Routes.h"
#include "ir/Error.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc::spinnaker2 {

constexpr uint32_t imageVersion = 1;
constexpr std::string_view networkFile = "network.spinnaker2";

/// A core's file.
struct CoreImage {
  std::string program;
  uint32_t dataBegin = 0; ///< where its data lie in its memory
  CoreData data;
};

/// So many cores have keys.
constexpr int64_t mostCores = firstInputKey / keysOfCore;

struct NetworkImage {
  struct Core {
    int32_t chip = 0, column = 0, row = 0;
    std::string file;
    uint32_t firstKey = 0;
    std::vector<std::string> nodes; ///< whose neurons it has
    /// Its number on the chip.
    uint16_t onChip() const { return static_cast<uint16_t>(row * chipGrid.columns + column); }
  };
  struct Input {
    std::string node;
    nir::Shape shape;
    uint32_t firstKey = 0;
    std::vector<uint16_t> sendDelays; ///< of the elements; empty: none waits
  };
  struct Readout {
    std::string node, observable;
    bool isSpikes = true;
    uint32_t column = 0; ///< of the slices that have the neurons
    nir::Shape shape;
    std::vector<double> scales;
    int64_t latency = 0;
    std::vector<NeuronPlace> neurons;

    /// Whether it is a state by its name, and not what a node passes on.
    bool isState() const { return !isSpikes && observable != "value"; }
  };

  std::string nirc, model, semantics, format;
  double dtSeconds = 0.0;
  bool isFloat = false;
  std::vector<Core> cores;
  std::vector<std::vector<RouteEntry>> chips;
  std::vector<Input> inputs;
  std::vector<Readout> readouts; ///< outputs, then records, then states
  size_t outputs = 0, records = 0;
};

/// Both, and every index in them is in range.
struct Image {
  NetworkImage network;
  std::vector<CoreImage> cores;
};

/// The model on the cores of a mapping that has all of its neurons. The first readouts are outputs,
/// those after them records.
Image makeImage(const Model &model, const Mapping &mapping, size_t outputs, size_t records);

std::string writeCore(const CoreImage &core);
std::string writeNetwork(const NetworkImage &network);

/// Read files of any bytes; what is wrong with one is an error that names the place.
nir::Result<CoreImage> readCore(std::string_view bytes);
nir::Result<NetworkImage> readNetwork(std::string_view bytes);

/// Whether a network and its cores go together: everything that is read is there, and every packet
/// arrives at each core that has a row for it.
nir::Status checkImage(const Image &image);

/// "core 3 ('lif1', 'lif2')".
std::string nameOf(const NetworkImage &network, size_t core);

} // namespace nirc::spinnaker2
