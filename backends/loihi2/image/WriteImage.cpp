//===- WriteImage.cpp - cores with their synapses, as a file --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/image/Image.h"
#include "backends/loihi2/image/image_generated.h"

#include <algorithm>

using namespace nirc;
using namespace nirc::loihi2;

namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

class ImageWriter {
public:
  ImageWriter(const Model &model, const Mapping &mapping, Image::Head head);
  std::string write();

private:
  /// A core with what is packed for it.
  struct Packed {
    std::vector<int32_t> compartments; ///< of the model
    PackedSynapses synapses;
  };

  void findRoutes();
  Offset<flatbuffers::Vector<Offset<image::Neurons>>> neurons(const Mapping::Core &core);
  Offset<image::Core> core(const Mapping::Core &place, const Packed &core);
  Offset<image::Input> input(const SpikeInput &port);
  Offset<image::Readout> readout(const Readout &readout);
  /// Those of a source, after the ones before.
  void collectRoutes(size_t source);
  template <typename Field, typename Get>
  Offset<flatbuffers::Vector<Field>> parameter(const Packed &core, Get get);
  Offset<flatbuffers::Vector<int32_t>> initial(const Packed &core, int32_t Compartment::*field);

  const Model &model;
  const Mapping &mapping;
  Image::Head head;
  std::vector<Packed> cores;
  std::vector<std::vector<image::Route>> routesOf; ///< of each source
  std::vector<image::Place> placeOf;               ///< of each compartment
  std::vector<Compartment> compartments;           ///< of the model
  std::vector<uint32_t> firstRoute;
  std::vector<image::Route> routes;
  FlatBufferBuilder builder;
};

} // namespace

ImageWriter::ImageWriter(const Model &model, const Mapping &mapping, Image::Head head)
    : model(model), mapping(mapping), head(std::move(head)),
      routesOf(model.inputElements + model.synapses.size()), placeOf(model.synapses.size()) {
  for (std::vector<int32_t> &each : neuronsOf(graphOf(model), mapping)) {
    PackedSynapses synapses = packSynapses(model, each);
    cores.push_back({std::move(each), std::move(synapses)});
  }
}

void ImageWriter::findRoutes() {
  for (uint32_t i = 0; i < cores.size(); ++i) {
    for (uint32_t axon = 0; axon < cores[i].synapses.axons.size(); ++axon) {
      routesOf[cores[i].synapses.axons[axon].source].emplace_back(i, axon);
    }
    for (uint32_t n = 0; n < cores[i].compartments.size(); ++n) {
      placeOf[cores[i].compartments[n]] = image::Place(i, n);
    }
  }
}

void ImageWriter::collectRoutes(size_t source) {
  routes.insert(routes.end(), routesOf[source].begin(), routesOf[source].end());
  firstRoute.push_back(static_cast<uint32_t>(routes.size()));
}

/// One for all where all are the same.
template <typename Field, typename Get>
Offset<flatbuffers::Vector<Field>> ImageWriter::parameter(const Packed &core, Get get) {
  std::vector<Field> values;
  for (int32_t n : core.compartments) {
    values.push_back(static_cast<Field>(get(compartments[n])));
  }
  if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end()) {
    values.resize(1);
  }
  return builder.CreateVector(values);
}

Offset<flatbuffers::Vector<Offset<image::Neurons>>>
ImageWriter::neurons(const Mapping::Core &core) {
  std::vector<Offset<image::Neurons>> all;
  for (const Mapping::Neurons &each : core.neurons) {
    std::vector<image::Range> ranges;
    for (Mapping::Range range : each.ranges) {
      ranges.emplace_back(static_cast<uint32_t>(range.first), static_cast<uint32_t>(range.end));
    }
    auto node = builder.CreateString(each.node);
    auto rangeVector = builder.CreateVectorOfStructs(ranges);
    all.push_back(image::CreateNeurons(builder, node, rangeVector));
  }
  return builder.CreateVector(all);
}

/// Nothing where all states begin with 0.
Offset<flatbuffers::Vector<int32_t>> ImageWriter::initial(const Packed &core,
                                                          int32_t Compartment::*field) {
  bool isSilent = std::ranges::all_of(core.compartments,
                                      [&](int32_t n) { return compartments[n].*field == 0; });
  return isSilent ? 0 : parameter<int32_t>(core, [&](const Compartment &c) { return c.*field; });
}

Offset<image::Core> ImageWriter::core(const Mapping::Core &place, const Packed &core) {
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
  firstRoute = {0};
  routes.clear();
  for (int32_t n : core.compartments) {
    collectRoutes(static_cast<size_t>(model.inputElements) + n);
  }
  auto neuronVector = neurons(place);
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
  return image::CreateCore(builder, place.chip, place.column, place.row, neuronVector,
                           static_cast<uint32_t>(core.compartments.size()), du, dv, threshold,
                           mantissa, exponent, formatVector, axonVector, synapses, first,
                           routeVector, current, voltage);
}

Offset<image::Input> ImageWriter::input(const SpikeInput &port) {
  firstRoute = {0};
  routes.clear();
  for (int64_t i = 0; i < nir::numElements(port.shape); ++i) {
    collectRoutes(port.first + i);
  }
  auto node = builder.CreateString(port.node);
  auto shape = builder.CreateVector(std::vector<int64_t>(port.shape.begin(), port.shape.end()));
  auto first = builder.CreateVector(firstRoute);
  auto routeVector = builder.CreateVectorOfStructs(routes);
  return image::CreateInput(builder, node, shape, first, routeVector);
}

Offset<image::Readout> ImageWriter::readout(const Readout &readout) {
  std::vector<image::Place> places;
  for (int32_t compartment : readout.neurons) {
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
  for (size_t i = 0; i < cores.size(); ++i) {
    coreOffsets.push_back(core(mapping.cores[i], cores[i]));
  }
  std::vector<Offset<image::Input>> inputOffsets;
  for (const SpikeInput &each : model.inputs) {
    inputOffsets.push_back(input(each));
  }
  std::vector<Offset<image::Readout>> readoutOffsets;
  for (const Readout &each : model.readouts) {
    readoutOffsets.push_back(readout(each));
  }
  auto coreVector = builder.CreateVector(coreOffsets);
  auto inputVector = builder.CreateVector(inputOffsets);
  auto readoutVector = builder.CreateVector(readoutOffsets);
  auto nirc = builder.CreateString(head.nirc);
  auto name = builder.CreateString(head.model);
  auto semantics = builder.CreateString(head.semantics);
  auto format = builder.CreateString(head.format);
  image::FinishImageBuffer(builder,
                           image::CreateImage(builder, imageVersion, model.dtSeconds, coreVector,
                                              inputVector, readoutVector, nirc, name, semantics,
                                              format, static_cast<uint32_t>(head.outputs),
                                              static_cast<uint32_t>(head.records)));
  return {reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize()};
}

std::string nirc::loihi2::writeImage(const Model &model, const Mapping &mapping,
                                     const std::optional<Image::Head> &head) {
  Image::Head none{NIRC_VERSION, "", "", "", model.readouts.size(), 0};
  return ImageWriter(model, mapping, head.value_or(none)).write();
}

nir::Result<std::string> nirc::loihi2::writeImage(const Model &model, const CoreLimits &limits,
                                                  const PartitionOptions &options) {
  nir::Result<Mapping> mapping = mapToCores(model, limits, options);
  if (!mapping) {
    return mapping.takeError();
  }
  return writeImage(model, *mapping);
}
