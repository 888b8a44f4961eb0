//===- WireData.cpp - recorded data as bytes ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/ReadData.h"

namespace nir {

static void put(WireWriter &wire, const EventData &data) {
  wire.tensor(data.idx);
  wire.tensor(data.time);
  wire.number(static_cast<uint64_t>(data.neurons));
  wire.real(data.endSeconds);
}

static void take(WireReader &wire, EventData &data) {
  data.idx = wire.tensor();
  data.time = wire.tensor();
  data.neurons = static_cast<int64_t>(wire.choice(size_t(INT64_MAX)));
  data.endSeconds = wire.real();
  if (data.idx.rank() != 2 || data.time.shape() != data.idx.shape() || isFloat(data.idx.dtype())) {
    wire.fail();
  }
}

static void put(WireWriter &wire, const TimeGriddedData &data) {
  wire.tensor(data.data);
  wire.real(data.dtSeconds);
}

static void take(WireReader &wire, TimeGriddedData &data) {
  data.data = wire.tensor();
  data.dtSeconds = wire.real();
  if (data.data.rank() != 3) {
    wire.fail();
  }
}

static void put(WireWriter &wire, const ValuedEventData &data) {
  put(wire, data.events);
  wire.tensor(data.value);
}

static void take(WireReader &wire, ValuedEventData &data) {
  take(wire, data.events);
  data.value = wire.tensor();
  if (data.value.shape() != data.events.idx.shape()) {
    wire.fail();
  }
}

static void put(WireWriter &wire, const NIRNodeData &data) {
  wire.number(data.observables.size());
  for (const Observable &observable : data.observables) {
    wire.text(observable.name);
    wire.number(observable.data.index());
    std::visit([&](const auto &data) { put(wire, data); }, observable.data);
  }
}

static NIRNodeData takeNode(WireReader &wire) {
  NIRNodeData data;
  for (size_t i = 0, size = wire.count(); i < size && wire.ok(); ++i) {
    Observable observable{wire.text(), {}};
    switch (wire.choice(3)) {
    case 0:
      break;
    case 1:
      observable.data.emplace<EventData>();
      break;
    default:
      observable.data.emplace<ValuedEventData>();
    }
    std::visit([&](auto &data) { take(wire, data); }, observable.data);
    data.observables.push_back(std::move(observable));
  }
  return data;
}

void put(WireWriter &wire, const NIRGraphData &data) {
  wire.number(data.nodes.size());
  for (const DataEntry &entry : data.nodes) {
    wire.text(entry.name);
    wire.number(entry.data.index());
    std::visit([&](const auto &data) { put(wire, data); }, entry.data);
  }
  wire.number(data.provenance.size());
  for (const auto &[key, value] : data.provenance) {
    wire.text(key);
    wire.text(value);
  }
}

static NIRGraphData takeGraph(WireReader &wire, int depth) {
  NIRGraphData data;
  if (depth > WireReader::maxDepth) {
    wire.fail();
  }
  for (size_t i = 0, size = wire.count(); i < size && wire.ok(); ++i) {
    std::string name = wire.text();
    if (wire.choice(2)) {
      data.nodes.push_back({std::move(name), takeGraph(wire, depth + 1)});
    } else {
      data.nodes.push_back({std::move(name), takeNode(wire)});
    }
  }
  for (size_t i = 0, size = wire.count(); i < size && wire.ok(); ++i) {
    std::string key = wire.text();
    data.provenance.emplace_back(std::move(key), wire.text());
  }
  return data;
}

void take(WireReader &wire, NIRGraphData &data) { data = takeGraph(wire, 0); }

} // namespace nir
