//===- Wire.cpp - messages of the reading process -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Wire.h"

#include "ir/Utf8.h"

#include <bit>
#include <cstring>

namespace nir {

//===----------------------------------------------------------------------===//
// Numbers, texts, tensors
//===----------------------------------------------------------------------===//

void WireWriter::number(uint64_t value) {
  // Seven bits a byte, as most numbers are small.
  for (; value >= 0x80; value >>= 7) {
    bytes.push_back(std::byte(value | 0x80));
  }
  bytes.push_back(std::byte(value));
}

uint64_t WireReader::number() {
  uint64_t value = 0;
  for (int shift = 0; !failed && shift < 64; shift += 7) {
    if (rest.empty()) {
      break;
    }
    auto byte = static_cast<uint64_t>(rest[0]);
    rest = rest.subspan(1);
    value |= (byte & 0x7F) << shift;
    if (!(byte & 0x80)) {
      return value;
    }
  }
  failed = true;
  return 0;
}

void WireWriter::real(double value) { number(std::bit_cast<uint64_t>(value)); }

double WireReader::real() { return std::bit_cast<double>(number()); }

void WireWriter::text(std::string_view value) {
  number(value.size());
  auto raw = std::as_bytes(std::span(value));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

std::string WireReader::text() {
  size_t size = count();
  std::string value(reinterpret_cast<const char *>(rest.data()), size);
  rest = rest.subspan(size);
  failed = failed || !isUtf8(value);
  return failed ? std::string() : value;
}

size_t WireReader::count() {
  uint64_t value = number();
  failed = failed || value > rest.size();
  return failed ? 0 : static_cast<size_t>(value);
}

size_t WireReader::choice(size_t bound) {
  uint64_t value = number();
  failed = failed || value >= bound;
  return failed ? 0 : static_cast<size_t>(value);
}

void WireWriter::tensor(const Tensor &tensor) {
  number(static_cast<uint64_t>(tensor.dtype()));
  number(tensor.shape().size());
  for (int64_t dim : tensor.shape()) {
    number(static_cast<uint64_t>(dim));
  }
  number(static_cast<uint64_t>(tensor.bytes() - shared));
}

Tensor WireReader::tensor() {
  auto dtype = static_cast<DType>(choice(static_cast<size_t>(DType::F64) + 1));
  Shape shape(choice(33));
  uint64_t bytes = sizeOf(dtype);
  bool isEmpty = false;
  for (int64_t &dim : shape) {
    uint64_t value = number();
    isEmpty = isEmpty || value == 0;
    failed = failed || value > uint64_t(INT64_MAX) ||
             (value != 0 && __builtin_mul_overflow(bytes, value, &bytes));
    dim = failed ? 0 : static_cast<int64_t>(value);
  }
  uint64_t begin = number();
  bytes = isEmpty ? 0 : bytes;
  failed = failed || begin % 8 != 0 || begin >= sharedBytes || bytes > sharedBytes - begin;
  if (failed) {
    return {};
  }
  return {dtype, std::move(shape), std::shared_ptr<const std::byte>(shared, shared.get() + begin)};
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

void WireWriter::error(const Error &error) {
  text(error.node);
  text(error.message);
  text(error.code);
  number(error.notes.size());
  for (const Note &note : error.notes) {
    text(note.node);
    text(note.message);
  }
}

Error WireReader::error() {
  Error error;
  error.node = text();
  error.message = text();
  error.code = text();
  for (size_t i = 0, notes = count(); i < notes && ok(); ++i) {
    std::string node = text();
    error.notes.push_back({std::move(node), text()});
  }
  return error;
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

static void put(WireWriter &wire, const Strings &strings) {
  wire.number(strings.shape.size());
  for (int64_t dim : strings.shape) {
    wire.number(static_cast<uint64_t>(dim));
  }
  wire.number(strings.values.size());
  for (const std::string &value : strings.values) {
    wire.text(value);
  }
}

static Strings takeStrings(WireReader &wire) {
  Strings strings;
  strings.shape.resize(wire.choice(33));
  for (int64_t &dim : strings.shape) {
    dim = static_cast<int64_t>(wire.choice(size_t(INT64_MAX)));
  }
  size_t size = wire.count();
  uint64_t product = 1;
  for (int64_t dim : strings.shape) {
    if (__builtin_mul_overflow(product, static_cast<uint64_t>(dim), &product)) {
      wire.fail();
    }
  }
  if (product != size) {
    wire.fail();
  }
  for (size_t i = 0; i < size && wire.ok(); ++i) {
    strings.values.push_back(wire.text());
  }
  return strings;
}

static void put(WireWriter &wire, const Metadata &metadata) {
  wire.number(metadata.size());
  for (const MetadataEntry &entry : metadata) {
    wire.text(entry.name);
    wire.number(entry.value.index());
    if (const auto *tensor = std::get_if<Tensor>(&entry.value)) {
      wire.tensor(*tensor);
    } else if (const auto *text = std::get_if<std::string>(&entry.value)) {
      wire.text(*text);
    } else if (const auto *inner = std::get_if<Metadata>(&entry.value)) {
      put(wire, *inner);
    } else {
      put(wire, std::get<Strings>(entry.value));
    }
  }
}

static Metadata takeMetadata(WireReader &wire, int depth) {
  Metadata metadata;
  if (depth > WireReader::maxDepth) {
    wire.fail();
  }
  for (size_t i = 0, size = wire.count(); i < size && wire.ok(); ++i) {
    MetadataEntry entry{wire.text(), Tensor()};
    switch (wire.choice(4)) {
    case 0:
      entry.value = wire.tensor();
      break;
    case 1:
      entry.value = wire.text();
      break;
    case 2:
      entry.value = takeMetadata(wire, depth + 1);
      break;
    default:
      entry.value = takeStrings(wire);
    }
    metadata.push_back(std::move(entry));
  }
  return metadata;
}

static void put(WireWriter &wire, const Tensor &tensor) { wire.tensor(tensor); }

static void put(WireWriter &wire, const std::optional<Tensor> &tensor) {
  wire.number(tensor.has_value());
  if (tensor) {
    wire.tensor(*tensor);
  }
}

static void put(WireWriter &wire, const Padding &padding) {
  wire.number(padding.index());
  if (const auto *tensor = std::get_if<Tensor>(&padding)) {
    wire.tensor(*tensor);
  } else {
    wire.text(std::get<std::string>(padding));
  }
}

static void take(WireReader &wire, Tensor &tensor) { tensor = wire.tensor(); }

static void take(WireReader &wire, std::optional<Tensor> &tensor) {
  if (wire.choice(2)) {
    tensor = wire.tensor();
  }
}

static void take(WireReader &wire, Padding &padding) {
  if (wire.choice(2)) {
    padding = wire.text();
  } else {
    padding = wire.tensor();
  }
}

static void put(WireWriter &wire, const Graph &graph);

static void put(WireWriter &wire, const Node &node) {
  wire.text(node.name);
  wire.text(node.type());
  put(wire, node.metadata);
  visitParams(node.params, [&](const char *, const auto &parameter) { put(wire, parameter); });
  if (const Graph *inner = node.as<Graph>()) {
    put(wire, *inner);
  }
}

static void put(WireWriter &wire, const Graph &graph) {
  wire.number(graph.nodes.size());
  for (const Node &node : graph.nodes) {
    put(wire, node);
  }
  wire.number(graph.edges.size());
  for (const Edge &edge : graph.edges) {
    wire.text(edge.source);
    wire.text(edge.target);
  }
}

static Graph takeGraph(WireReader &wire, int depth) {
  Graph graph;
  if (depth > WireReader::maxDepth) {
    wire.fail();
  }
  for (size_t i = 0, size = wire.count(); i < size && wire.ok(); ++i) {
    Node node;
    node.name = wire.text();
    std::optional<Params> params = primitiveOfType(wire.text());
    if (!params) {
      wire.fail();
      break;
    }
    node.params = std::move(*params);
    node.metadata = takeMetadata(wire, 0);
    visitParams(node.params, [&](const char *, auto &parameter) { take(wire, parameter); });
    if (std::holds_alternative<Graph>(node.params)) {
      node.params = takeGraph(wire, depth + 1);
    }
    graph.nodes.push_back(std::move(node));
  }
  for (size_t i = 0, size = wire.count(); i < size && wire.ok(); ++i) {
    std::string source = wire.text();
    graph.edges.push_back({std::move(source), wire.text()});
  }
  return graph;
}

void put(WireWriter &wire, const Model &model) {
  wire.text(model.version);
  put(wire, model.metadata);
  put(wire, model.graph);
}

void take(WireReader &wire, Model &model) {
  model.version = wire.text();
  model.metadata = takeMetadata(wire, 0);
  model.graph = takeGraph(wire, 0);
}

} // namespace nir
