//===- Connections.cpp - Affine, Linear and Scale -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

namespace nirc::conformance {

constexpr const char *affineClause = "Affine: y = W x + b";
constexpr const char *linearClause = "Linear: y = W x";
constexpr const char *scaleClause = "Scale: y = s x";

static std::string clauseOf(const nir::Params &params) {
  return std::holds_alternative<nir::Affine>(params)   ? affineClause
         : std::holds_alternative<nir::Linear>(params) ? linearClause
                                                       : scaleClause;
}

static void add(Catalogue &catalogue, const std::string &name, std::string tests,
                std::string_view features, nir::Params params, const nir::Shape &in,
                const nir::Shape &out, nir::Trace input) {
  std::string clause = clauseOf(params);
  catalogue.add({"nodes/" + name, std::move(tests), std::move(clause), features},
                alone(std::move(params), in, out), std::move(input));
}

/// The weights as an Affine, with a bias, or as a Linear.
static nir::Params matrix(bool hasBias, nir::Tensor weight) {
  if (!hasBias) {
    return nir::Linear{std::move(weight)};
  }
  nir::Shape outputs(weight.shape().begin(), weight.shape().end() - 1);
  return nir::Affine{std::move(weight), pattern(outputs, 0.25)};
}

static void addMatrices(Catalogue &catalogue, bool hasBias) {
  std::string type = hasBias ? "Affine" : "Linear", folder = hasBias ? "affine/" : "linear/";
  auto add = [&](const char *name, std::string tests, const std::string &features,
                 nir::Tensor weight, const nir::Shape &in, const nir::Shape &out,
                 nir::Trace input) {
    conformance::add(catalogue, folder + name, std::move(tests), type + " " + features,
                     matrix(hasBias, std::move(weight)), in, out, std::move(input));
  };
  auto changing = [](const nir::Shape &shape) { return conformance::changing("input", shape, 8); };
  add("square", "Three inputs, three outputs; rows are outputs.", "per-element", pattern({3, 3}),
      {3}, {3}, changing({3}));
  add("wide", "Five inputs, two outputs.", "per-element", pattern({2, 5}), {5}, {2}, changing({5}));
  add("tall", "Two inputs, five outputs.", "per-element", pattern({5, 2}), {2}, {5}, changing({2}));
  add("one-output", "All inputs into one output.", "per-element", pattern({1, 6}), {6}, {1},
      changing({6}));
  add("not-symmetric", "A weight matrix that differs from its transpose.", "per-element",
      tensor({2, 2}, {0, 1, 0, 0}), {2}, {2}, drive("input", {2}, {1, 0, 0, 1, 1, 1, 2, -1}));
  add("sparse", "Most weights are 0.", "per-element",
      tensor({3, 4}, {0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1}), {4}, {3}, changing({4}));
  add("spikes", "Inputs of 0 and 1.", "per-element", pattern({3, 4}), {4}, {3},
      spiking("input", {4}, 10));
  add("stacked", "A leading dimension of the weights is one of separate matrices.", "dimensions",
      pattern({2, 3, 2}), {2, 2}, {2, 3}, changing({2, 2}));
  add("stacked-twice", "Two leading dimensions.", "dimensions", pattern({2, 2, 2, 3}), {2, 2, 3},
      {2, 2, 2}, changing({2, 2, 3}));
  add("large", "Sixteen inputs, twelve outputs.", "per-element", pattern({12, 16}), {16}, {12},
      changing({16}));
  add("float64", "Weights in float64.", "dtype", pattern({2, 3}, 0.125, nir::DType::F64), {3}, {2},
      changing({3}));
  add("float16", "Weights in float16.", "dtype", pattern({2, 3}, 0.125, nir::DType::F16), {3}, {2},
      changing({3}));
  add("int8", "Weights in int8.", "dtype", pattern({2, 3}, 1, nir::DType::I8), {3}, {2},
      changing({3}));
  add("int32", "Weights in int32.", "dtype", pattern({2, 3}, 100, nir::DType::I32), {3}, {2},
      changing({3}));
  add("int64", "Weights in int64.", "dtype", pattern({2, 3}, 3, nir::DType::I64), {3}, {2},
      changing({3}));
  for (std::string_view neuron : {"IF", "LIF"}) {
    std::vector<nir::Params> nodes{matrix(hasBias, pattern({2, 3}, 0.5)),
                                   neuronOf(neuron, nir::Shape{2})};
    catalogue.add({"nodes/" + folder + "into-" + nodeCase(neuron, "").substr(6, neuron.size()),
                   "What it makes of spikes drives neurons in the same step.",
                   hasBias ? affineClause : linearClause,
                   type + " " + std::string(neuron) + " timing"},
                  inARow(std::move(nodes), {3}, {2}), spiking("input", {3}, 16));
  }
}

static void addBiases(Catalogue &catalogue) {
  auto add = [&](const char *name, std::string tests, const std::string &features,
                 nir::Tensor weight, nir::Tensor bias, int64_t in, int64_t out, nir::Trace input) {
    conformance::add(catalogue, std::string("affine/") + name, std::move(tests),
                     "Affine bias " + features, nir::Affine{std::move(weight), std::move(bias)},
                     {in}, {out}, std::move(input));
  };
  add("bias-without-input", "The bias is passed on in every step, from the first on.", "",
      pattern({2, 2}), list({0.5, -2}), 2, 2, drive("input", {2}, constant(0, 12)));
  add("bias-alone", "All weights are 0.", "", filled({2, 2}, 0), list({1, -1}), 2, 2,
      changing("input", {2}, 8));
  add("bias-zero", "A bias of zeros.", "", pattern({2, 2}), list({0, 0}), 2, 2,
      changing("input", {2}, 8));
  add("bias-int32", "A bias in int32.", "dtype", pattern({2, 2}),
      tensor({2}, {3, -7}, nir::DType::I32), 2, 2, changing("input", {2}, 8));
  add("bias-float64", "A bias in float64 beside weights in float32.", "dtype", pattern({2, 2}),
      tensor({2}, {0.375, -1.25}, nir::DType::F64), 2, 2, changing("input", {2}, 8));
  for (std::string_view neuron : {"IF", "LIF"}) {
    std::vector<nir::Params> nodes{nir::Affine{list({0.5}), list({0.3125})},
                                   neuronOf(neuron, nir::Shape{1})};
    std::get<nir::Affine>(nodes.front()).weight = tensor({1, 1}, {0.5});
    catalogue.add({"nodes/affine/bias-drives-" + nodeCase(neuron, "").substr(6, neuron.size()),
                   "A bias alone makes a neuron fire.", affineClause,
                   "Affine bias " + std::string(neuron)},
                  inARow(std::move(nodes), {1}, {1}), drive(steps({0, 0, 0, 0, 1}, 16)));
  }
}

static void addScales(Catalogue &catalogue) {
  auto add = [&](const char *name, std::string tests, const std::string &features,
                 nir::Tensor scale, const nir::Shape &shape) {
    conformance::add(catalogue, std::string("scale/") + name, std::move(tests), "Scale " + features,
                     nir::Scale{std::move(scale)}, shape, shape, changing("input", shape, 8));
  };
  add("per-element", "A factor for each element.", "per-element", pattern({4}, 0.5), {4});
  add("one", "A single element.", "per-element", list({2.5}), {1});
  add("rank-0", "One factor for all elements.", "rank-0", scalar(-0.75), {3});
  add("plane", "Factors of shape [2, 3].", "dimensions", pattern({2, 3}), {2, 3});
  add("volume", "Factors of shape [2, 2, 2].", "dimensions", pattern({2, 2, 2}), {2, 2, 2});
  add("zeros", "Factors of 0 beside others.", "per-element", list({0, 1, 0, -1}), {4});
  add("negative", "A factor below 0.", "per-element", list({-1, -0.5}), {2});
  add("float64", "Factors in float64.", "dtype", pattern({3}, 0.25, nir::DType::F64), {3});
  add("float16", "Factors in float16.", "dtype", pattern({3}, 0.25, nir::DType::F16), {3});
  add("int32", "Factors in int32.", "dtype", pattern({3}, 3, nir::DType::I32), {3});
  for (std::string_view neuron : {"IF", "LIF"}) {
    std::vector<nir::Params> nodes{nir::Scale{list({1.5, 0.75, -1})},
                                   neuronOf(neuron, nir::Shape{3})};
    catalogue.add({"nodes/scale/into-" + nodeCase(neuron, "").substr(6, neuron.size()),
                   "What it makes of spikes drives neurons in the same step.", scaleClause,
                   "Scale " + std::string(neuron) + " timing"},
                  inARow(std::move(nodes), {3}, {3}), spiking("input", {3}, 16));
  }
}

void addConnections(Catalogue &catalogue) {
  addMatrices(catalogue, /*hasBias=*/true);
  addMatrices(catalogue, /*hasBias=*/false);
  addBiases(catalogue);
  addScales(catalogue);
}

} // namespace nirc::conformance
