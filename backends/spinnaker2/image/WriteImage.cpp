//===- WriteImage.cpp - cores and what is around them, as files -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/image/Image.h"
#include "backends/spinnaker2/image/image_generated.h"
#include "passes/partition/Ranges.h"

using namespace nirc;
using namespace nirc::spinnaker2;

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

static std::string textOf(const FlatBufferBuilder &builder) {
  return {reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize()};
}

static Offset<flatbuffers::Vector<int64_t>> shapeOf(FlatBufferBuilder &builder,
                                                    const nir::Shape &shape) {
  return builder.CreateVector(std::vector<int64_t>(shape.begin(), shape.end()));
}

//===----------------------------------------------------------------------===//
// Cores
//===----------------------------------------------------------------------===//

static Offset<image::Slice> write(FlatBufferBuilder &builder, const Slice &slice) {
  std::vector<image::Range> ranges;
  for (Mapping::Range range : rangesOf(slice.neurons)) {
    ranges.emplace_back(static_cast<uint32_t>(range.first), static_cast<uint32_t>(range.end));
  }
  std::vector<Offset<image::Column>> columns;
  for (const SliceColumn &each : slice.columns) {
    auto name = builder.CreateString(each.name);
    auto bits = builder.CreateVector(each.bits);
    columns.push_back(image::CreateColumn(builder, name, static_cast<image::Width>(each.width),
                                          each.isState, bits));
  }
  auto node = builder.CreateString(slice.node);
  auto rangeVector = builder.CreateVectorOfStructs(ranges);
  auto columnVector = builder.CreateVector(columns);
  return image::CreateSlice(builder, node, rangeVector, slice.update, slice.first, slice.start,
                            slice.sends, slice.bias, columnVector);
}

std::string nirc::spinnaker2::writeCore(const CoreImage &core) {
  FlatBufferBuilder builder;
  std::vector<Offset<image::Slice>> slices;
  for (const Slice &each : core.data.slices) {
    slices.push_back(write(builder, each));
  }
  std::vector<Offset<image::Keys>> keys;
  for (const KeyRange &each : core.data.keys) {
    auto pointers = builder.CreateVector(each.pointers);
    keys.push_back(image::CreateKeys(builder, each.key, pointers, each.matrixRows));
  }
  std::vector<image::Change> changes;
  for (const CoreChange &each : core.data.changes) {
    changes.emplace_back(each.step, each.slice, each.neuron, each.added);
  }
  auto program = builder.CreateString(core.program);
  auto sliceVector = builder.CreateVector(slices);
  auto keyVector = builder.CreateVector(keys);
  auto rows = builder.CreateVector(core.data.rows);
  auto changeVector = builder.CreateVectorOfStructs(changes);
  auto delays = builder.CreateVector(core.data.sendDelays);
  auto made =
      image::CreateCore(builder, imageVersion, program, core.dataBegin, core.data.places,
                        static_cast<uint32_t>(core.data.ringBits), core.data.slots, sliceVector,
                        keyVector, rows, changeVector, core.data.historySlots, delays);
  builder.Finish(made, "NRSC");
  return textOf(builder);
}

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

static Offset<image::Chip> write(FlatBufferBuilder &builder,
                                 const std::vector<RouteEntry> &entries) {
  std::vector<Offset<image::Route>> routes;
  for (const RouteEntry &each : entries) {
    auto cores = builder.CreateVector(each.to.cores);
    routes.push_back(image::CreateRoute(builder, each.key, each.mask, cores, each.to.toNext,
                                        each.to.toPrevious));
  }
  auto all = builder.CreateVector(routes);
  return image::CreateChip(builder, all);
}

static Offset<image::Readout> write(FlatBufferBuilder &builder,
                                    const NetworkImage::Readout &readout) {
  std::vector<image::Neuron> neurons;
  for (NeuronPlace each : readout.neurons) {
    neurons.emplace_back(each.core, each.place);
  }
  auto node = builder.CreateString(readout.node);
  auto observable = builder.CreateString(readout.observable);
  auto shape = shapeOf(builder, readout.shape);
  auto scales = builder.CreateVector(readout.scales);
  auto places = builder.CreateVectorOfStructs(neurons);
  return image::CreateReadout(builder, node, observable, readout.isSpikes, readout.column, shape,
                              scales, readout.latency, places);
}

std::string nirc::spinnaker2::writeNetwork(const NetworkImage &network) {
  FlatBufferBuilder builder;
  std::vector<Offset<image::Place>> cores;
  for (const NetworkImage::Core &each : network.cores) {
    auto file = builder.CreateString(each.file);
    auto nodes = builder.CreateVectorOfStrings(each.nodes);
    cores.push_back(image::CreatePlace(
        builder, static_cast<uint32_t>(each.chip), static_cast<uint32_t>(each.column),
        static_cast<uint32_t>(each.row), file, each.firstKey, nodes));
  }
  std::vector<Offset<image::Chip>> chips;
  for (const std::vector<RouteEntry> &each : network.chips) {
    chips.push_back(write(builder, each));
  }
  std::vector<Offset<image::Input>> inputs;
  for (const NetworkImage::Input &each : network.inputs) {
    auto node = builder.CreateString(each.node);
    auto shape = shapeOf(builder, each.shape);
    auto delays = builder.CreateVector(each.sendDelays);
    inputs.push_back(image::CreateInput(builder, node, shape, each.firstKey, delays));
  }
  std::vector<Offset<image::Readout>> readouts;
  for (const NetworkImage::Readout &each : network.readouts) {
    readouts.push_back(write(builder, each));
  }
  auto nirc = builder.CreateString(network.nirc);
  auto model = builder.CreateString(network.model);
  auto semantics = builder.CreateString(network.semantics);
  auto format = builder.CreateString(network.format);
  auto coreVector = builder.CreateVector(cores);
  auto chipVector = builder.CreateVector(chips);
  auto inputVector = builder.CreateVector(inputs);
  auto readoutVector = builder.CreateVector(readouts);
  image::FinishNetworkBuffer(
      builder, image::CreateNetwork(
                   builder, imageVersion, nirc, model, semantics, format, network.dtSeconds,
                   network.isFloat, coreVector, chipVector, inputVector, readoutVector,
                   static_cast<uint32_t>(network.outputs), static_cast<uint32_t>(network.records)));
  return textOf(builder);
}
