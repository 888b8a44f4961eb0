//===- ParameterShapes.cpp - parameters of every shape and dtype ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

namespace nirc::conformance {

/// Numbers that differ from element to element, all of them powers of two or eighths.
static NeuronNumbers varied(std::string_view type, const nir::Shape &shape) {
  NeuronNumbers numbers = numbersOf(type, shape);
  int64_t size = nir::numElements(shape);
  std::vector<double> tauMem, tauSyn, r, vLeak, vThreshold, vReset, wIn;
  for (int64_t i = 0; i < size; ++i) {
    double mem = i % 3 == 0 ? 8 : i % 3 == 1 ? 4 : 16, syn = i % 2 == 0 ? 4 : 8;
    tauMem.push_back(mem * exactDt);
    tauSyn.push_back(syn * exactDt);
    r.push_back((hasLeak(type) ? mem : 1.0) * (i % 4 == 3 ? 0.5 : 1.0));
    vLeak.push_back(static_cast<double>(i % 3) / 8.0);
    vThreshold.push_back(0.75 + static_cast<double>(i % 4) / 8.0);
    vReset.push_back(static_cast<double>(i % 3) / -4.0);
    wIn.push_back(syn);
  }
  return {tensor(shape, tauMem),     tensor(shape, tauSyn), tensor(shape, r),  tensor(shape, vLeak),
          tensor(shape, vThreshold), tensor(shape, vReset), tensor(shape, wIn)};
}

/// The same numbers in another dtype, which has them.
static NeuronNumbers in(nir::DType dtype, const NeuronNumbers &n) {
  auto as = [&](const nir::Tensor &t) { return tensor(t.shape(), t.toDoubles(), dtype); };
  return {as(n.tauMem),     as(n.tauSyn),  as(n.r),   as(n.vLeak),
          as(n.vThreshold), as(*n.vReset), as(*n.wIn)};
}

/// All tau and v_leak as floats, the rest as whole numbers.
static NeuronNumbers inWholes(nir::DType dtype, const NeuronNumbers &n) {
  NeuronNumbers whole = in(dtype, n);
  whole.tauMem = n.tauMem;
  whole.tauSyn = n.tauSyn;
  return whole;
}

static void addShapes(Catalogue &catalogue, std::string_view type) {
  auto add = [&](std::string_view name, std::string tests, const std::string &features,
                 const nir::Shape &shape, const NeuronNumbers &numbers) {
    catalogue.add({nodeCase(type, name), std::move(tests), equationOf(type),
                   std::string(type) + " " + features},
                  alone(neuronOf(type, numbers), shape, shape), exciting("input", shape, 16));
  };
  add("rank-0", "Parameters of rank 0 hold for all three neurons.", "rank-0", {3},
      numbersOf(type, {}));
  add("per-neuron", "Five neurons with parameters of their own.", "per-element", {5},
      varied(type, {5}));
  add("plane", "Neurons of shape [2, 3].", "dimensions per-element", {2, 3}, varied(type, {2, 3}));
  add("volume", "Neurons of shape [2, 2, 3].", "dimensions per-element", {2, 2, 3},
      varied(type, {2, 2, 3}));
  add("float64", "Parameters in float64.", "dtype", {3}, in(nir::DType::F64, varied(type, {3})));
  add("float16", "Parameters in float16.", "dtype", {3}, in(nir::DType::F16, varied(type, {3})));
  add("int64", "r, thresholds and the like as int64, times in float32.", "dtype", {2},
      inWholes(nir::DType::I64, numbersOf(type, {2})));
  NeuronNumbers various = varied(type, {3});
  various.r = in(nir::DType::F64, various).r;
  various.vLeak = in(nir::DType::F16, various).vLeak;
  add("mixed-dtypes", "Parameters of different dtypes in one node.", "dtype", {3}, various);
}

void addParameterShapes(Catalogue &catalogue) {
  for (std::string_view type : neuronTypes) {
    addShapes(catalogue, type);
  }
}

} // namespace nirc::conformance
