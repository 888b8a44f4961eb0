//===- RunRecords.cpp - what a run records --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/RunRecords.h"

#include "ir/Wording.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <new>

namespace nir {

Result<int32_t> findObservable(const FlatGraph &flat, const std::vector<SignalKind> &kinds,
                               std::string_view path, std::string_view observable) {
  std::optional<FlatGraph::Named> named = flat.find(path);
  if (!named || named->isScope) {
    std::vector<std::string> names;
    std::string under = named ? flat.scopePath(named->index) + "." : "";
    for (size_t node = 0; node < flat.nodes.size() && names.size() < 1000; ++node) {
      std::string name = flat.path(static_cast<int32_t>(node));
      if (name.starts_with(under)) {
        names.push_back(std::move(name));
      }
    }
    Error error(Cause::UnknownNode,
                fmt::format("{} '{}', expected one of the nodes {}",
                            named ? "cannot observe the subgraph" : "no node is called", path,
                            quoted(names)));
    std::string meant = named ? "" : nearest(path, names);
    return meant.empty() ? std::move(error)
                         : std::move(error).note(fmt::format("did you mean '{}'?", meant));
  }
  std::vector<std::string> known = observables(*flat.nodes[named->index].node, kinds[named->index]);
  if (std::find(known.begin(), known.end(), observable) == known.end()) {
    return Error::atNode(Cause::UnknownNode, std::string(path),
                         fmt::format("cannot observe '{}' of a node of type {}, "
                                     "expected one of {}",
                                     observable, flat.nodes[named->index].node->type(),
                                     quoted(known)));
  }
  return named->index;
}

Result<Record> makeRecord(std::string path, std::string observable, DType dtype,
                          const Shape &nodeShape, const Extent &extent) {
  Shape shape{extent.batch, extent.steps};
  shape.insert(shape.end(), nodeShape.begin(), nodeShape.end());
  constexpr double mostElements = 0x1p40;
  double elements = static_cast<double>(extent.batch) * static_cast<double>(extent.steps) *
                    static_cast<double>(numElements(nodeShape));
  try {
    if (elements > mostElements) {
      throw std::bad_alloc();
    }
    auto [tensor, bytes] = Tensor::allocate(dtype, std::move(shape));
    return Record{-1, {std::move(path), std::move(observable), tensor}, bytes};
  } catch (const std::bad_alloc &) {
    return Error::atNode(
               Cause::NoMemory, path,
               fmt::format("{} values of '{}' do not fit into memory", elements, observable))
        .note("take fewer steps or samples, or record less");
  }
}

Result<std::vector<Record>> makeRecords(const FlatGraph &flat, const std::vector<SignalKind> &kinds,
                                        const std::vector<Shape> &shapes,
                                        const std::vector<Probe> &probes, const Extent &extent,
                                        DType number) {
  std::vector<Record> records;
  auto add = [&](int32_t node, std::string path, std::string observable) -> Status {
    DType dtype = observable != "spikes"              ? number
                  : kinds[node] == SignalKind::Counts ? DType::I32
                                                      : DType::U8;
    Result<Record> record =
        makeRecord(std::move(path), std::move(observable), dtype, shapes[node], extent);
    if (!record) {
      return record.takeError();
    }
    record->node = node;
    records.push_back(std::move(*record));
    return {};
  };
  for (int32_t exit : flat.scopes[0].outputs) {
    bool isAnalog = kinds[exit] == SignalKind::Analog;
    if (Status bad = add(exit, flat.path(exit), isAnalog ? "value" : "spikes")) {
      return std::move(*bad);
    }
  }
  for (const Probe &probe : probes) {
    Result<int32_t> node = findObservable(flat, kinds, probe.node, probe.observable);
    if (!node) {
      return node.takeError();
    }
    if (Status bad = add(*node, probe.node, probe.observable)) {
      return std::move(*bad);
    }
  }
  return records;
}

template <typename Number>
void write(Record &record, const std::vector<Number> &values, int64_t at) {
  auto count = static_cast<int64_t>(values.size());
  switch (record.trace.data.dtype()) {
  case DType::U8:
    std::transform(values.begin(), values.end(),
                   reinterpret_cast<uint8_t *>(record.bytes) + at * count,
                   [](Number x) { return static_cast<uint8_t>(x); });
    return;
  case DType::I32:
    // A loop of Delays can add spikes up without end.
    std::transform(values.begin(), values.end(),
                   reinterpret_cast<int32_t *>(record.bytes) + at * count, [](double x) {
                     constexpr double most = std::numeric_limits<int32_t>::max();
                     return static_cast<int32_t>(std::min(x, most));
                   });
    return;
  default:
    assert(record.trace.data.dtype() == dtypeOf<Number>() && "a record of another run");
    std::copy(values.begin(), values.end(), reinterpret_cast<Number *>(record.bytes) + at * count);
  }
}

template void write<float>(Record &, const std::vector<float> &, int64_t);
template void write<double>(Record &, const std::vector<double> &, int64_t);

} // namespace nir
