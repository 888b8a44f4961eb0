//===- WriteImage.cpp -----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/Image.h"
#include "backends/loihi2/Map.h"
#include "backends/loihi2/image_generated.h"

#include <algorithm>
#include <span>

using namespace nirc::loihi2;

namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

class ImageWriter {
public:
  ImageWriter(const Model &model, const std::vector<MappedCore> &cores)
      : model(model), cores(cores), routesOf(model.inputElements + model.synapses.size()),
        placeOf(model.synapses.size()) {}

  std::string write();

private:
  void findRoutes();
  Offset<image::Core> core(const MappedCore &core);
  Offset<image::Input> input(const InputPort &port);
  Offset<image::Readout> readout(const Readout &readout);
  /// The routes of `count` sources from `first` on.
  void collectRoutes(size_t first, size_t count);
  template <typename Field, typename Get>
  Offset<flatbuffers::Vector<Field>> parameter(const MappedCore &core, Get get);
  Offset<flatbuffers::Vector<int32_t>> initial(const MappedCore &core, int32_t Compartment::*field);

  const Model &model;
  const std::vector<MappedCore> &cores;
  std::vector<std::vector<image::Route>> routesOf; ///< of each source
  std::vector<image::Place> placeOf;               ///< of each compartment
  std::vector<Compartment> compartments;           ///< of the model
  std::vector<uint32_t> firstRoute;
  std::vector<image::Route> routes;
  FlatBufferBuilder builder;
};

} // namespace

void ImageWriter::findRoutes() {
  for (uint32_t i = 0; i < cores.size(); ++i) {
    for (uint32_t axon = 0; axon < cores[i].synapses.axons.size(); ++axon) {
      routesOf[cores[i].synapses.axons[axon].source].emplace_back(i, axon);
    }
    for (uint32_t n = 0; n < static_cast<uint32_t>(cores[i].count); ++n) {
      placeOf[cores[i].first + n] = image::Place(i, n);
    }
  }
}

void ImageWriter::collectRoutes(size_t first, size_t count) {
  firstRoute = {0};
  routes.clear();
  for (size_t i = first; i < first + count; ++i) {
    routes.insert(routes.end(), routesOf[i].begin(), routesOf[i].end());
    firstRoute.push_back(static_cast<uint32_t>(routes.size()));
  }
}

/// One for all where all are the same.
template <typename Field, typename Get>
Offset<flatbuffers::Vector<Field>> ImageWriter::parameter(const MappedCore &core, Get get) {
  std::vector<Field> values;
  for (int32_t n = 0; n < core.count; ++n) {
    values.push_back(static_cast<Field>(get(compartments[core.first + n])));
  }
  if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end()) {
    values.resize(1);
  }
  return builder.CreateVector(values);
}

/// Nothing where all states begin with 0.
Offset<flatbuffers::Vector<int32_t>> ImageWriter::initial(const MappedCore &core,
                                                          int32_t Compartment::*field) {
  auto ofCore = std::span(compartments).subspan(core.first, core.count);
  bool isSilent = std::ranges::all_of(ofCore, [&](const Compartment &c) { return c.*field == 0; });
  return isSilent ? 0 : parameter<int32_t>(core, [&](const Compartment &c) { return c.*field; });
}

Offset<image::Core> ImageWriter::core(const MappedCore &core) {
  std::vector<image::SynapseFormat> formats;
  for (const SynapseFormat &each : core.synapses.formats) {
    formats.emplace_back(static_cast<uint8_t>(each.mode), static_cast<uint8_t>(each.weightBits),
                         static_cast<uint8_t>(each.delayBits), static_cast<uint8_t>(each.indexBits),
                         static_cast<int8_t>(each.exponent));
  }
  std::vector<image::Axon> axons;
  for (const CoreAxon &each : core.synapses.axons) {
    axons.emplace_back(each.firstWord, each.blocks);
  }
  collectRoutes(static_cast<size_t>(model.inputElements) + core.first, core.count);
  auto node = builder.CreateString(core.node);
  auto du = parameter<uint16_t>(core, [](const Compartment &c) { return c.du; });
  auto dv = parameter<uint16_t>(core, [](const Compartment &c) { return c.dv; });
  auto threshold = parameter<uint32_t>(core, [](const Compartment &c) { return c.threshold; });
  auto mantissa = parameter<int16_t>(core, [](const Compartment &c) { return c.biasMantissa; });
  auto exponent = parameter<uint8_t>(core, [](const Compartment &c) { return c.biasExponent; });
  auto current = initial(core, &Compartment::current);
  auto voltage = initial(core, &Compartment::voltage);
  auto formatVector = builder.CreateVectorOfStructs(formats);
  auto axonVector = builder.CreateVectorOfStructs(axons);
  auto synapses = builder.CreateVector(core.synapses.words);
  auto first = builder.CreateVector(firstRoute);
  auto routeVector = builder.CreateVectorOfStructs(routes);
  return image::CreateCore(builder, node, static_cast<uint32_t>(core.count), du, dv, threshold,
                           mantissa, exponent, formatVector, axonVector, synapses, first,
                           routeVector, current, voltage);
}

Offset<image::Input> ImageWriter::input(const InputPort &port) {
  collectRoutes(port.first, static_cast<size_t>(nir::numElements(port.shape)));
  auto node = builder.CreateString(port.node);
  auto shape = builder.CreateVector(std::vector<int64_t>(port.shape.begin(), port.shape.end()));
  auto first = builder.CreateVector(firstRoute);
  auto routeVector = builder.CreateVectorOfStructs(routes);
  return image::CreateInput(builder, node, shape, first, routeVector);
}

Offset<image::Readout> ImageWriter::readout(const Readout &readout) {
  std::vector<image::Place> places;
  for (int32_t compartment : readout.compartments) {
    places.push_back(placeOf[compartment]);
  }
  auto node = builder.CreateString(readout.node);
  auto observable = builder.CreateString(readout.observable);
  auto shape =
      builder.CreateVector(std::vector<int64_t>(readout.shape.begin(), readout.shape.end()));
  auto scales = builder.CreateVector(readout.scales);
  auto placeVector = builder.CreateVectorOfStructs(places);
  return image::CreateReadout(builder, node, observable, static_cast<image::Quantity>(readout.kind),
                              shape, scales, readout.latency, placeVector);
}

std::string ImageWriter::write() {
  findRoutes();
  for (const Population &population : model.populations) {
    compartments.insert(compartments.end(), population.compartments.begin(),
                        population.compartments.end());
  }
  std::vector<Offset<image::Core>> coreOffsets;
  for (const MappedCore &each : cores) {
    coreOffsets.push_back(core(each));
  }
  std::vector<Offset<image::Input>> inputOffsets;
  for (const InputPort &each : model.inputs) {
    inputOffsets.push_back(input(each));
  }
  std::vector<Offset<image::Readout>> readoutOffsets;
  for (const Readout &each : model.readouts) {
    readoutOffsets.push_back(readout(each));
  }
  auto coreVector = builder.CreateVector(coreOffsets);
  auto inputVector = builder.CreateVector(inputOffsets);
  auto readoutVector = builder.CreateVector(readoutOffsets);
  image::FinishImageBuffer(builder, image::CreateImage(builder, imageVersion, model.dtSeconds,
                                                       coreVector, inputVector, readoutVector));
  return {reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize()};
}

nir::Result<std::string> nirc::loihi2::writeImage(const Model &model, const CoreLimits &limits) {
  nir::Result<std::vector<MappedCore>> cores = mapToCores(model, limits);
  if (!cores) {
    return cores.takeError();
  }
  return ImageWriter(model, *cores).write();
}
