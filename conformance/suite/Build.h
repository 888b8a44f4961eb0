//===- Build.h - what cases are put together from ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/suite/Case.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nirc::conformance {

/// The step of cases whose numbers are exact: 2^-10 s. With time constants that are powers of two
/// times it, dt/tau is one too, and a float32 holds the first steps of a neuron to the last bit.
inline constexpr double exactDt = 1.0 / 1024.0;

/// A parameter; numbers that the dtype does not have are rounded or truncated.
nir::Tensor tensor(nir::Shape shape, const std::vector<double> &values,
                   nir::DType dtype = nir::DType::F32);
/// The same number everywhere; of rank 0 where the shape is empty.
nir::Tensor filled(nir::Shape shape, double value, nir::DType dtype = nir::DType::F32);
nir::Tensor scalar(double value, nir::DType dtype = nir::DType::F32);
nir::Tensor list(const std::vector<double> &values);
/// int64, as NIR has shapes, strides and the like.
nir::Tensor whole(int64_t value);
nir::Tensor wholes(const std::vector<int64_t> &values);
/// Small numbers of both signs that differ from each other: multiples of `unit` from a fixed
/// pattern, none of them 0.
nir::Tensor pattern(nir::Shape shape, double unit = 0.125, nir::DType dtype = nir::DType::F32);

/// A graph, node by node.
class Net {
public:
  Net &input(std::string name, const nir::Shape &shape);
  Net &output(std::string name, const nir::Shape &shape);
  Net &node(std::string name, nir::Params params, nir::Metadata metadata = {});
  Net &edge(std::string source, std::string target);
  /// Edges from each to the next.
  Net &chain(std::initializer_list<std::string> names);

  nir::Graph graph;
};

/// "input" -> "node" -> "output".
nir::Graph alone(nir::Params params, const nir::Shape &in, const nir::Shape &out);
/// "input" -> the nodes, named by their place: "1", "2" -> "output".
nir::Graph inARow(std::vector<nir::Params> nodes, const nir::Shape &in, const nir::Shape &out);

/// What drives one Input: a number for each step and element, steps first. `shape` is of a step.
nir::Trace drive(std::string input, const nir::Shape &shape, const std::vector<double> &values,
                 nir::DType dtype = nir::DType::F32);
/// The same of one element.
inline nir::Trace drive(const std::vector<double> &values) { return drive("input", {1}, values); }
/// So many steps of small multiples of 1/8 of both signs, another pattern in each step.
nir::Trace changing(std::string input, const nir::Shape &shape, int64_t steps);
/// The same with more above 0 than below, so that neurons spike.
nir::Trace exciting(std::string input, const nir::Shape &shape, int64_t steps);
/// The same of spikes, 0 and 1.
nir::Trace spiking(std::string input, const nir::Shape &shape, int64_t steps);
/// `value` in step 0, then zeros.
std::vector<double> impulse(double value, size_t steps);
std::vector<double> constant(double value, size_t steps);

/// The cases, as they are listed.
class Catalogue {
public:
  /// `features`: names of Features.h, separated by blanks, the main one first.
  struct About {
    std::string name, tests, clause;
    std::string_view features;
  };
  void add(About about, nir::Graph graph, nir::Trace input, double dtSeconds = exactDt) {
    add(std::move(about), std::move(graph), std::vector<nir::Trace>{std::move(input)}, dtSeconds);
  }
  void add(About about, nir::Graph graph, std::vector<nir::Trace> inputs,
           double dtSeconds = exactDt);

  std::vector<Case> cases;
};

} // namespace nirc::conformance
