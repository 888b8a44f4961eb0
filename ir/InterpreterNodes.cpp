//===- InterpreterNodes.cpp - what stateless nodes do in a step -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/InterpreterUnits.h"

#include "ir/Schedule.h"
#include "ir/Window.h"

#include <fmt/format.h>

namespace nir {

std::vector<double> spread(const Tensor &parameter, size_t count) {
  if (parameter.rank() == 0) {
    return std::vector<double>(count, parameter.at(0));
  }
  return parameter.toDoubles();
}

namespace {

/// Input, Output, Flatten: y = x.
struct Pass final : Unit {
  using Unit::Unit;
  void evaluate() override { output = input; }
};

/// y[l, o] = bias[l, o] + Σ_j W[l, o, j] x[l, j], where l stands for the leading dimensions.
struct Matrix final : Unit {
  Matrix(const Tensor &weight, const Tensor *bias, const NodeShapes &shapes)
      : Unit(shapes), weight(weight.toDoubles()),
        bias(bias ? bias->toDoubles() : std::vector<double>(output.size(), 0.0)),
        rows(static_cast<size_t>(weight.shape().end()[-2])),
        columns(static_cast<size_t>(weight.shape().back())) {}

  void evaluate() override {
    for (size_t row = 0; row < output.size(); ++row) {
      const double *w = &weight[row * columns];
      const double *x = &input[row / rows * columns];
      double sum = bias[row];
      for (size_t j = 0; j < columns; ++j) {
        sum += w[j] * x[j];
      }
      output[row] = sum;
    }
  }

  std::vector<double> weight, bias;
  size_t rows, columns;
};

/// y = x s.
struct Scaling final : Unit {
  Scaling(const Scale &scale, const NodeShapes &shapes)
      : Unit(shapes), scale(spread(scale.scale, input.size())) {}
  void evaluate() override {
    for (size_t n = 0; n < input.size(); ++n) {
      output[n] = input[n] * scale[n];
    }
  }
  std::vector<double> scale;
};

/// y = 1 where x > threshold, else 0.
struct Step final : Unit {
  Step(const Threshold &node, const NodeShapes &shapes)
      : Unit(shapes), threshold(spread(node.threshold, input.size())) {}
  void evaluate() override {
    for (size_t n = 0; n < input.size(); ++n) {
      output[n] = input[n] > threshold[n] ? 1.0 : 0.0;
    }
  }
  std::vector<double> threshold;
};

/// Rows and columns of a signal [C, H, W], or of [C, N] with N as the columns.
struct Plane {
  explicit Plane(const Shape &shape)
      : rows(shape.size() == 3 ? shape[1] : 1), columns(shape.back()) {}
  int64_t rows, columns;
};

/// A window over a plane: calls f(kernel element, input element) row by row for what lies inside.
struct Sliding {
  Sliding(const Window &window, const NodeShapes &shapes)
      : window(window), in(shapes.input), out(shapes.output) {}

  template <typename F>
  void forEach(int64_t row, int64_t column, F f) const {
    for (int64_t i = 0; i < window.kernel[0]; ++i) {
      int64_t y = row * window.stride[0] - window.before[0] + i * window.dilation[0];
      if (y < 0 || y >= in.rows) {
        continue;
      }
      for (int64_t j = 0; j < window.kernel[1]; ++j) {
        int64_t x = column * window.stride[1] - window.before[1] + j * window.dilation[1];
        if (x >= 0 && x < in.columns) {
          f(i * window.kernel[1] + j, y * in.columns + x);
        }
      }
    }
  }

  Window window;
  Plane in, out;
};

/// y[o, p] = bias[o] + Σ over (channel, kernel row, kernel column); the channels are those of o's
/// group.
struct Convolution final : Unit {
  template <typename Conv>
  Convolution(const Node &node, const Conv &conv, const NodeShapes &shapes)
      : Unit(shapes), sliding(*windowOf(node), shapes), weight(conv.weight.toDoubles()),
        bias(conv.bias.toDoubles()), outputs(conv.weight.shape()[0]),
        channels(conv.weight.shape()[1]), outputsPerGroup(outputs / *groupsOf(conv.groups)) {}

  void evaluate() override {
    double *y = output.data();
    for (int64_t o = 0; o < outputs; ++o) {
      for (int64_t row = 0; row < sliding.out.rows; ++row) {
        for (int64_t column = 0; column < sliding.out.columns; ++column) {
          *y++ = at(o, row, column);
        }
      }
    }
  }

  double at(int64_t o, int64_t row, int64_t column) const {
    int64_t kernelSize = sliding.window.kernel[0] * sliding.window.kernel[1];
    int64_t planeSize = sliding.in.rows * sliding.in.columns;
    int64_t firstChannel = o / outputsPerGroup * channels;
    double sum = bias[static_cast<size_t>(o)];
    for (int64_t channel = 0; channel < channels; ++channel) {
      const double *w = &weight[static_cast<size_t>((o * channels + channel) * kernelSize)];
      const double *x = &input[static_cast<size_t>((firstChannel + channel) * planeSize)];
      sliding.forEach(row, column, [&](int64_t k, int64_t i) { sum += w[k] * x[i]; });
    }
    return sum;
  }

  Sliding sliding;
  std::vector<double> weight, bias;
  int64_t outputs, channels, outputsPerGroup;
};

/// SumPool2d: the sum over the window. AvgPool2d: that sum times 1/(Kh·Kw), padding counted.
struct Pool final : Unit {
  Pool(const Node &node, const NodeShapes &shapes)
      : Unit(shapes), sliding(*windowOf(node), shapes), channels(shapes.input[0]) {
    if (node.as<AvgPool2d>()) {
      factor = 1.0 / static_cast<double>(sliding.window.kernel[0] * sliding.window.kernel[1]);
    }
  }

  void evaluate() override {
    double *y = output.data();
    for (int64_t channel = 0; channel < channels; ++channel) {
      const double *x = &input[static_cast<size_t>(channel * sliding.in.rows * sliding.in.columns)];
      for (int64_t row = 0; row < sliding.out.rows; ++row) {
        for (int64_t column = 0; column < sliding.out.columns; ++column) {
          double sum = 0.0;
          sliding.forEach(row, column, [&](int64_t, int64_t i) { sum += x[i]; });
          *y++ = factor ? sum * *factor : sum;
        }
      }
    }
  }

  Sliding sliding;
  int64_t channels;
  std::optional<double> factor;
};

/// y[t] = x[t - n], each element with its own n and its own ring of n values.
struct DelayLine final : Unit {
  DelayLine(const std::vector<int64_t> &steps, int64_t total, const NodeShapes &shapes, bool opaque)
      : Unit(shapes), values(static_cast<size_t>(total), 0.0), opaque(opaque) {
    int64_t begin = 0;
    for (int64_t n : steps) {
      rings.push_back({begin, n, 0});
      begin += n;
    }
  }

  void evaluate() override {
    for (size_t n = 0; n < rings.size(); ++n) {
      const Ring &ring = rings[n];
      output[n] = ring.size ? values[static_cast<size_t>(ring.begin + ring.oldest)] : input[n];
    }
    if (!opaque) {
      push();
    }
  }
  void finish() override {
    if (opaque) {
      push();
    }
  }
  void reset() override {
    std::fill(values.begin(), values.end(), 0.0);
    for (Ring &ring : rings) {
      ring.oldest = 0;
    }
  }

  /// The newest value takes the place of the oldest.
  void push() {
    for (size_t n = 0; n < rings.size(); ++n) {
      Ring &ring = rings[n];
      if (ring.size) {
        values[static_cast<size_t>(ring.begin + ring.oldest)] = input[n];
        ring.oldest = (ring.oldest + 1) % ring.size;
      }
    }
  }

  struct Ring {
    int64_t begin, size, oldest;
  };
  std::vector<Ring> rings;
  std::vector<double> values;
  bool opaque;
};

} // namespace

std::unique_ptr<Unit> makeStateless(const Node &node, const NodeShapes &shapes) {
  if (const auto *affine = node.as<Affine>()) {
    return std::make_unique<Matrix>(affine->weight, &affine->bias, shapes);
  }
  if (const auto *linear = node.as<Linear>()) {
    return std::make_unique<Matrix>(linear->weight, nullptr, shapes);
  }
  if (const auto *scale = node.as<Scale>()) {
    return std::make_unique<Scaling>(*scale, shapes);
  }
  if (const auto *threshold = node.as<Threshold>()) {
    return std::make_unique<Step>(*threshold, shapes);
  }
  if (const auto *conv = node.as<Conv1d>()) {
    return std::make_unique<Convolution>(node, *conv, shapes);
  }
  if (const auto *conv = node.as<Conv2d>()) {
    return std::make_unique<Convolution>(node, *conv, shapes);
  }
  if (node.as<SumPool2d>() || node.as<AvgPool2d>()) {
    return std::make_unique<Pool>(node, shapes);
  }
  assert((node.as<Input>() || node.as<Output>() || node.as<Flatten>()) && "a node with a state");
  return std::make_unique<Pass>(shapes);
}

UnitResult makeDelay(const Delay &delay, const NodeShapes &shapes, const Semantics &semantics,
                     bool opaque) {
  constexpr int64_t mostSteps = int64_t{1} << 31, mostValues = int64_t{1} << 30; // 2^33 bytes
  std::vector<int64_t> steps;
  int64_t total = 0;
  for (double seconds : spread(delay.delay, static_cast<size_t>(numElements(shapes.input)))) {
    steps.push_back(delaySteps(seconds, semantics.dtSeconds));
    if (steps.back() > mostSteps) {
      return Error(fmt::format("delay {} comes to {} steps of {}, expected at most 2^31", seconds,
                               steps.back(), semantics.dtSeconds))
          .note("take a larger dt");
    }
    total += steps.back();
    if (total > mostValues) {
      return Error("the delays hold more than 2^30 values, expected at most that, 8 GiB")
          .note("take a larger dt");
    }
  }
  return std::unique_ptr<Unit>(std::make_unique<DelayLine>(steps, total, shapes, opaque));
}

} // namespace nir
