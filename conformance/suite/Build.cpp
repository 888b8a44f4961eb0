//===- Build.cpp - what cases are put together from -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Build.h"

#include "ir/graph/Half.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>

namespace nirc::conformance {

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

template <typename T>
static nir::Tensor converted(nir::Shape shape, const std::vector<double> &values) {
  std::vector<T> numbers;
  numbers.reserve(values.size());
  std::transform(values.begin(), values.end(), std::back_inserter(numbers),
                 [](double value) { return static_cast<T>(value); });
  return nir::Tensor::of<T>(std::move(shape), numbers);
}

/// float16, which Tensor makes of bytes alone.
static nir::Tensor halves(nir::Shape shape, const std::vector<double> &values) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::F16, std::move(shape));
  auto *numbers = reinterpret_cast<nir::Half *>(bytes);
  std::transform(values.begin(), values.end(), numbers, nir::Half::of);
  return tensor;
}

nir::Tensor tensor(nir::Shape shape, const std::vector<double> &values, nir::DType dtype) {
  assert(nir::numElements(shape) == static_cast<int64_t>(values.size()) && "a number an element");
  switch (dtype) {
  case nir::DType::Bool:
    return converted<bool>(std::move(shape), values);
  case nir::DType::I8:
    return converted<int8_t>(std::move(shape), values);
  case nir::DType::U8:
    return converted<uint8_t>(std::move(shape), values);
  case nir::DType::I16:
    return converted<int16_t>(std::move(shape), values);
  case nir::DType::U16:
    return converted<uint16_t>(std::move(shape), values);
  case nir::DType::I32:
    return converted<int32_t>(std::move(shape), values);
  case nir::DType::U32:
    return converted<uint32_t>(std::move(shape), values);
  case nir::DType::I64:
    return converted<int64_t>(std::move(shape), values);
  case nir::DType::U64:
    return converted<uint64_t>(std::move(shape), values);
  case nir::DType::F16:
    return halves(std::move(shape), values);
  case nir::DType::F32:
    return converted<float>(std::move(shape), values);
  case nir::DType::F64:
    return converted<double>(std::move(shape), values);
  }
  return {};
}

nir::Tensor filled(nir::Shape shape, double value, nir::DType dtype) {
  std::vector<double> values(static_cast<size_t>(nir::numElements(shape)), value);
  return tensor(std::move(shape), values, dtype);
}

nir::Tensor scalar(double value, nir::DType dtype) { return tensor({}, {value}, dtype); }

nir::Tensor list(const std::vector<double> &values) {
  return tensor({static_cast<int64_t>(values.size())}, values);
}

nir::Tensor whole(int64_t value) { return nir::Tensor::scalar(value); }

nir::Tensor wholes(const std::vector<int64_t> &values) { return nir::Tensor::vector(values); }

/// The place `i` of a sequence of whole numbers from -4 to 4 that looks random and is fixed for
/// ever: a multiplicative hash.
static int64_t hashed(int64_t i) {
  auto mixed = static_cast<uint64_t>(i + 1) * 0x9E3779B97F4A7C15ULL;
  return static_cast<int64_t>((mixed >> 40) % 9) - 4;
}

nir::Tensor pattern(nir::Shape shape, double unit, nir::DType dtype) {
  std::vector<double> values;
  for (int64_t i = 0; i < nir::numElements(shape); ++i) {
    int64_t number = hashed(i);
    values.push_back(static_cast<double>(number == 0 ? 5 : number) * unit);
  }
  return tensor(std::move(shape), values, dtype);
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

Net &Net::input(std::string name, const nir::Shape &shape) {
  return node(std::move(name), nir::Input{wholes(shape)});
}

Net &Net::output(std::string name, const nir::Shape &shape) {
  return node(std::move(name), nir::Output{wholes(shape)});
}

Net &Net::node(std::string name, nir::Params params, nir::Metadata metadata) {
  graph.nodes.push_back({std::move(name), std::move(params), std::move(metadata)});
  return *this;
}

Net &Net::edge(std::string source, std::string target) {
  graph.edges.push_back({std::move(source), std::move(target)});
  return *this;
}

Net &Net::chain(std::initializer_list<std::string> names) {
  for (const std::string *name = names.begin(); name + 1 < names.end(); ++name) {
    edge(name[0], name[1]);
  }
  return *this;
}

nir::Graph alone(nir::Params params, const nir::Shape &in, const nir::Shape &out) {
  return Net()
      .input("input", in)
      .node("node", std::move(params))
      .output("output", out)
      .chain({"input", "node", "output"})
      .graph;
}

nir::Graph inARow(std::vector<nir::Params> nodes, const nir::Shape &in, const nir::Shape &out) {
  Net net;
  net.input("input", in);
  std::string last = "input";
  for (size_t i = 0; i < nodes.size(); ++i) {
    std::string name = std::to_string(i + 1);
    net.node(name, std::move(nodes[i])).edge(last, name);
    last = name;
  }
  return net.output("output", out).edge(last, "output").graph;
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

nir::Trace drive(std::string input, const nir::Shape &shape, const std::vector<double> &values,
                 nir::DType dtype) {
  int64_t elements = nir::numElements(shape);
  nir::Shape all{1, static_cast<int64_t>(values.size()) / elements};
  all.insert(all.end(), shape.begin(), shape.end());
  return {std::move(input), "value", tensor(std::move(all), values, dtype)};
}

nir::Trace changing(std::string input, const nir::Shape &shape, int64_t steps) {
  std::vector<double> values;
  for (int64_t i = 0; i < steps * nir::numElements(shape); ++i) {
    values.push_back(static_cast<double>(hashed(7 * i + 3)) / 8.0);
  }
  return drive(std::move(input), shape, values);
}

nir::Trace exciting(std::string input, const nir::Shape &shape, int64_t steps) {
  std::vector<double> values;
  for (int64_t i = 0; i < steps * nir::numElements(shape); ++i) {
    values.push_back(static_cast<double>(hashed(7 * i + 3) + 2) / 4.0);
  }
  return drive(std::move(input), shape, values);
}

nir::Trace spiking(std::string input, const nir::Shape &shape, int64_t steps) {
  std::vector<double> values;
  for (int64_t i = 0; i < steps * nir::numElements(shape); ++i) {
    values.push_back(hashed(5 * i + 1) > 1 ? 1.0 : 0.0);
  }
  return drive(std::move(input), shape, values);
}

std::vector<double> impulse(double value, size_t steps) {
  std::vector<double> values(steps, 0.0);
  values.front() = value;
  return values;
}

std::vector<double> constant(double value, size_t steps) {
  return std::vector<double>(steps, value);
}

//===----------------------------------------------------------------------===//
// The catalogue
//===----------------------------------------------------------------------===//

/// The words of a text.
static std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    size_t blank = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return words;
}

void Catalogue::add(About about, nir::Graph graph, std::vector<nir::Trace> inputs,
                    double dtSeconds) {
  cases.push_back({std::move(about.name), std::move(about.tests), std::move(about.clause),
                   wordsOf(about.features), std::move(graph),
                   nir::Recording{dtSeconds, std::move(inputs)}, dtSeconds});
}

} // namespace nirc::conformance
