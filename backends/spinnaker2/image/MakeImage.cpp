//===- MakeImage.cpp - a model on its cores -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/image/Image.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace {
class ImageMaker {
public:
  ImageMaker(const Model &model, const Mapping &mapping);
  Image make(size_t outputs, size_t records);

private:
  void addCores();
  void addInputs();
  void addReadouts();
  void addRoutes();
  Destinations destinations(const std::vector<int32_t> &cores, int32_t from, int32_t here) const;
  RoutedKeys routedFrom(size_t core, int32_t here) const;
  RoutedKeys routedInputs(int32_t here) const;

  const Model &model;
  const Mapping &mapping;
  Placement placement;
  std::vector<std::vector<int32_t>> reached; ///< cores, of the sources
  Image image;
};
} // namespace

ImageMaker::ImageMaker(const Model &model, const Mapping &mapping)
    : model(model), mapping(mapping), placement(model, mapping),
      reached(partsReached(model, placement.parts())) {}

void ImageMaker::addCores() {
  for (size_t i = 0; i < placement.parts().size(); ++i) {
    const Mapping::Core &place = mapping.cores[i];
    CoreImage core;
    core.data = placement.coreData(i);
    core.dataBegin = dataBegin(model, updatesOf(model, placement.parts()[i]));
    std::vector<std::string> nodes;
    for (const Slice &slice : core.data.slices) {
      nodes.push_back(slice.node);
    }
    image.network.cores.push_back({place.chip, place.column, place.row,
                                   fmt::format("cores/{:03}.core", i),
                                   static_cast<uint32_t>(i) * keysOfCore, std::move(nodes)});
    image.cores.push_back(std::move(core));
  }
}

void ImageMaker::addInputs() {
  for (const SpikeInput &each : model.inputs) {
    NetworkImage::Input &input = image.network.inputs.emplace_back();
    input.node = each.node;
    input.shape = each.shape;
    input.firstKey = placement.keyOf(each.first);
    auto from = model.sendDelays.begin() + each.first;
    auto end = from + nir::numElements(each.shape);
    if (std::any_of(from, end, [](int32_t delay) { return delay != 0; })) {
      input.sendDelays.assign(from, end);
    }
  }
}

void ImageMaker::addReadouts() {
  for (size_t i = 0; i < model.readouts.size(); ++i) {
    const Readout &each = model.readouts[i];
    NetworkImage::Readout &made = image.network.readouts.emplace_back();
    made.node = each.node;
    made.observable = each.observable;
    made.isSpikes = each.kind == Readout::Kind::Spikes;
    made.column = static_cast<uint32_t>(model.sources[i].column);
    made.shape = each.shape;
    made.scales = each.scales;
    made.latency = each.latency;
    for (int32_t neuron : each.neurons) {
      made.neurons.push_back(placement.placeOf(neuron));
    }
  }
}

//===----------------------------------------------------------------------===//
// Routes
//===----------------------------------------------------------------------===//

/// On the chip `here`, of a packet that was sent on the chip `from`. Chips are in a row.
Destinations ImageMaker::destinations(const std::vector<int32_t> &cores, int32_t from,
                                      int32_t here) const {
  Destinations to;
  for (int32_t core : cores) {
    const NetworkImage::Core &each = image.network.cores[static_cast<size_t>(core)];
    if (each.chip == here) {
      to.cores.push_back(each.onChip());
    }
    to.toNext |= each.chip > here && here >= from;
    to.toPrevious |= each.chip < here && here <= from;
  }
  std::ranges::sort(to.cores);
  return to;
}

RoutedKeys ImageMaker::routedFrom(size_t core, int32_t here) const {
  const NetworkImage::Core &from = image.network.cores[core];
  const CoreData &data = image.cores[core].data;
  RoutedKeys keys{from.firstKey, std::vector<Destinations>(data.places),
                  std::vector<bool>(data.places, false)};
  for (int32_t neuron : placement.parts()[core]) {
    uint32_t place = placement.placeOf(neuron).place;
    keys.isSent[place] = model.sends[model.populationOf(neuron)];
    keys.to[place] = destinations(
        reached[static_cast<size_t>(model.inputElements) + static_cast<size_t>(neuron)], from.chip,
        here);
  }
  return keys;
}

/// The chip with the host is the first one.
RoutedKeys ImageMaker::routedInputs(int32_t here) const {
  RoutedKeys keys{firstInputKey, {}, {}};
  for (size_t i = 0; i < static_cast<size_t>(model.inputElements); ++i) {
    keys.to.push_back(destinations(reached[i], 0, here));
    keys.isSent.push_back(true);
  }
  return keys;
}

/// A packet that a chip never sees may go anywhere there.
static void forgetUnseen(RoutedKeys &keys, int32_t from, int32_t here) {
  for (size_t i = 0; from != here && i < keys.to.size(); ++i) {
    if (keys.to[i].isNowhere()) {
      keys.isSent[i] = false;
    }
  }
}

void ImageMaker::addRoutes() {
  int32_t chips = 1;
  for (const NetworkImage::Core &each : image.network.cores) {
    chips = std::max(chips, each.chip + 1);
  }
  for (int32_t here = 0; here < chips; ++here) {
    std::vector<RoutedKeys> keys;
    for (size_t core = 0; core < placement.parts().size(); ++core) {
      keys.push_back(routedFrom(core, here));
      forgetUnseen(keys.back(), image.network.cores[core].chip, here);
    }
    keys.push_back(routedInputs(here));
    forgetUnseen(keys.back(), 0, here);
    image.network.chips.push_back(compressRoutes(keys));
  }
}

Image ImageMaker::make(size_t outputs, size_t records) {
  image.network.dtSeconds = model.dtSeconds;
  image.network.isFloat = model.isFloat;
  image.network.outputs = outputs;
  image.network.records = records;
  addCores();
  addInputs();
  addReadouts();
  addRoutes();
  return std::move(image);
}

Image nirc::spinnaker2::makeImage(const Model &model, const Mapping &mapping, size_t outputs,
                                  size_t records) {
  return ImageMaker(model, mapping).make(outputs, records);
}

std::string nirc::spinnaker2::nameOf(const NetworkImage &network, size_t core) {
  std::string nodes;
  for (const std::string &each : network.cores[core].nodes) {
    nodes += fmt::format("{}'{}'", nodes.empty() ? "" : ", ", each);
  }
  return fmt::format("core {} ({})", core, nodes);
}
