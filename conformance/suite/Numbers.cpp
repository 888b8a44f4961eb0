//===- Numbers.cpp - very large, very small, and of every dtype -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All of these are numbers of float32, so that a run in float32 gives what one in float64 gives.
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

#include <cmath>

namespace nirc::conformance {

static double power(int exponent) { return std::ldexp(1.0, exponent); }

static void add(Catalogue &catalogue, const char *name, std::string tests, std::string clause,
                std::string_view features, nir::Graph graph, nir::Trace input) {
  catalogue.add(
      {std::string("nodes/numbers/") + name, std::move(tests), std::move(clause), features},
      std::move(graph), std::move(input));
}

static void addInputTypes(Catalogue &catalogue) {
  struct Kind {
    const char *name;
    nir::DType dtype;
    std::vector<double> values;
  };
  const Kind kinds[] = {{"bool", nir::DType::Bool, {1, 0, 0, 1, 1, 1}},
                        {"int8", nir::DType::I8, {1, -3, 0, 127, -128, 2}},
                        {"uint8", nir::DType::U8, {1, 3, 0, 255, 128, 2}},
                        {"int16", nir::DType::I16, {1, -3, 0, 32767, -32768, 2}},
                        {"uint16", nir::DType::U16, {1, 3, 0, 65535, 40000, 2}},
                        {"int32", nir::DType::I32, {1, -3, 0, 65536, -70000, 2}},
                        {"uint32", nir::DType::U32, {1, 3, 0, 65536, 3221225472.0, 2}},
                        {"int64", nir::DType::I64, {1, -3, 0, 1099511627776.0, -5, 2}},
                        {"float16", nir::DType::F16, {1, -0.5, 0, 0.25, 2048, 2}},
                        {"float32", nir::DType::F32, {1, -0.5, 0, 0.25, 16777215, 2}},
                        {"float64", nir::DType::F64, {1, -0.5, 0, 0.25, 16777215, 2}}};
  for (const Kind &kind : kinds) {
    add(catalogue, (std::string("input-") + kind.name).c_str(),
        std::string("The input is stored as ") + kind.name + ".", "Input: any numbers",
        "input-dtype Input", alone(nir::Linear{tensor({2, 2}, {1, 0.5, -0.25, 2})}, {2}, {2}),
        drive("input", {2}, kind.values, kind.dtype));
  }
}

static void addSmall(Catalogue &catalogue) {
  add(catalogue, "subnormal-through-weights", "Subnormal numbers of float32 are not flushed to 0.",
      "Linear: y = W x", "range Linear", alone(nir::Linear{tensor({1, 1}, {2})}, {1}, {1}),
      drive({power(-140), power(-149), -power(-130), 0, power(-127)}));
  add(catalogue, "subnormal-weight", "A subnormal weight.", "Linear: y = W x", "range Linear",
      alone(nir::Linear{tensor({1, 1}, {power(-140)})}, {1}, {1}), drive({1, 0.5, -2, 1024}));
  add(catalogue, "subnormal-product", "A product of normal numbers that is subnormal.",
      "Scale: y = s x", "range Scale", alone(nir::Scale{list({power(-70)})}, {1}, {1}),
      drive({power(-65), -power(-70), power(-60)}));
  add(catalogue, "subnormal-float16", "A weight that is subnormal in float16.", "Linear: y = W x",
      "range dtype", alone(nir::Linear{tensor({1, 1}, {power(-24)}, nir::DType::F16)}, {1}, {1}),
      drive({1, 1024, -3}));
  for (std::string_view type : spikingTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size());
    NeuronNumbers numbers = numbersOf(type);
    numbers.vThreshold = list({power(-130)});
    add(catalogue, ("subnormal-threshold-" + neuron).c_str(),
        "A subnormal threshold: a tie, and a number above it.", equationOf(type),
        "range tie " + std::string(type), alone(neuronOf(type, numbers), {1}, {1}),
        drive(steps({power(-130), 0, power(-131), power(-132)})));
    numbers.vThreshold = list({power(100)});
    add(catalogue, ("huge-threshold-" + neuron).c_str(), "A threshold of 2^100.", equationOf(type),
        "range " + std::string(type), alone(neuronOf(type, numbers), {1}, {1}),
        drive(steps({power(99), 0, power(99), power(100), power(98)})));
    numbers.vThreshold = list({1});
    add(catalogue, ("huge-input-" + neuron).c_str(),
        "An input of 2^60: one spike a step, and v is reset to exactly 0.", equationOf(type),
        "range several-thresholds " + std::string(type), alone(neuronOf(type, numbers), {1}, {1}),
        drive(steps({power(60), 0, 0.75, 0, 1.5})));
  }
  add(catalogue, "negative-zero", "An input of -0 is 0.", "Linear: y = W x", "range Linear",
      alone(nir::Affine{tensor({1, 1}, {2}), list({1})}, {1}, {1}), drive({-0.0, 1, -0.0, -1}));
}

static void addLarge(Catalogue &catalogue) {
  add(catalogue, "huge-weights", "Weights of 2^100.", "Linear: y = W x", "range Linear",
      alone(nir::Linear{tensor({2, 1}, {power(100), -power(100)})}, {1}, {2}),
      drive({1, 0.5, -2, power(20)}));
  add(catalogue, "huge-and-tiny", "2^60 by 2^-60 in a row is 1.", "Scale: y = s x", "range Scale",
      inARow({nir::Scale{list({power(60)})}, nir::Scale{list({power(-60)})}}, {1}, {1}),
      drive({1, -0.5, 3}));
  add(catalogue, "sum-from-the-left",
      "Sums of weights go from left to right: 2^60 + 1 - 2^60 is 0, 2^60 - 2^60 + 1 is 1.",
      "Linear: y = W x", "rounding Linear",
      alone(nir::Linear{tensor({2, 3}, {power(60), 1, -power(60), power(60), -power(60), 1})}, {3},
            {2}),
      drive("input", {3}, {1, 1, 1, 2, 2, 2}));
  add(catalogue, "sum-from-the-bias", "The bias comes first: 2^60 + 1 - 2^60 is 0.",
      "Affine: y = W x + b", "rounding Affine",
      alone(
          nir::Affine{tensor({2, 2}, {1, -power(60), -power(60), 1}), list({power(60), power(60)})},
          {2}, {2}),
      drive("input", {2}, {1, 1, 1, 1}));
  add(catalogue, "many-terms", "A sum of 256 terms is exact.", "Linear: y = W x", "rounding Linear",
      alone(nir::Linear{pattern({1, 256}, 0.125)}, {256}, {1}), changing("input", {256}, 3));
  add(catalogue, "large-integers", "Weights of 2^40 in int64.", "Linear: y = W x", "range dtype",
      alone(nir::Linear{tensor({1, 2}, {power(40), -power(41)}, nir::DType::I64)}, {2}, {1}),
      changing("input", {2}, 4));
  add(catalogue, "no-saturation", "An integrator passes 127, 255 and 65,535.", "I: dv/dt = r u",
      "range I", alone(neuronOf("I"), {1}, {1}), drive(constant(2048, 48)));
  add(catalogue, "no-saturation-below", "The same with negative numbers.", "I: dv/dt = r u",
      "range I inhibition", alone(neuronOf("I"), {1}, {1}), drive(constant(-2048, 48)));
  NeuronNumbers numbers = numbersOf("IF");
  numbers.vThreshold = list({power(-7)});
  add(catalogue, "many-small-steps", "32 inputs of 2^-12 make a tie at 2^-7, the next a spike.",
      equationOf("IF"), "tie IF", alone(neuronOf("IF", numbers), {1}, {1}),
      drive(constant(power(-12), 70)));
  add(catalogue, "full-width", "A weight of 24 bits keeps all of them.", "Linear: y = W x",
      "rounding Linear", alone(nir::Linear{tensor({1, 1}, {16777215})}, {1}, {1}),
      drive({1, -1, 0.5, 0}));
}

void addNumbers(Catalogue &catalogue) {
  addInputTypes(catalogue);
  addSmall(catalogue);
  addLarge(catalogue);
}

} // namespace nirc::conformance
