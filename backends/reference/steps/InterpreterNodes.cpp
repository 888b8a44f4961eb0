//===- InterpreterNodes.cpp - what stateless nodes do in a step -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/InterpreterUnits.h"

#include "ir/Wording.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/Window.h"

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
template <typename Number>
struct Pass final : Unit<Number> {
  using Unit<Number>::input, Unit<Number>::output;
  using Unit<Number>::Unit;
  void evaluate() override { output = input; }
};

/// What a weight makes of an input. One that is 0 adds no term, so that code which looks only at
/// the inputs that fired gives the same sum; an infinite weight would make NaN of it.
template <typename Number>
void addTerm(Number &sum, Number weight, Number x) {
  if (x != 0) {
    sum += weight * x;
  }
}

/// y[l, o] = bias[l, o] + Σ_j W[l, o, j] x[l, j], where l stands for the leading dimensions.
template <typename Number>
struct Matrix final : Unit<Number> {
  using Unit<Number>::input, Unit<Number>::output;
  Matrix(const Tensor &weight, const Tensor *bias, const NodeShapes &shapes)
      : Unit<Number>(shapes), weight(rounded<Number>(weight.toDoubles())),
        bias(bias ? rounded<Number>(bias->toDoubles()) : std::vector<Number>(output.size())),
        rows(static_cast<size_t>(weight.shape().end()[-2])),
        columns(static_cast<size_t>(weight.shape().back())) {}

  void evaluate() override {
    for (size_t row = 0; row < output.size(); ++row) {
      const Number *w = &weight[row * columns];
      const Number *x = &input[row / rows * columns];
      Number sum = bias[row];
      for (size_t j = 0; j < columns; ++j) {
        addTerm(sum, w[j], x[j]);
      }
      output[row] = sum;
    }
  }

  std::vector<Number> weight, bias;
  size_t rows, columns;
};

/// y = x s.
template <typename Number>
struct Scaling final : Unit<Number> {
  using Unit<Number>::input, Unit<Number>::output;
  Scaling(const Scale &scale, const NodeShapes &shapes)
      : Unit<Number>(shapes), scale(rounded<Number>(spread(scale.scale, input.size()))) {}
  void evaluate() override {
    for (size_t n = 0; n < input.size(); ++n) {
      output[n] = input[n] * scale[n];
    }
  }
  std::vector<Number> scale;
};

/// y = 1 where x > threshold, else 0.
template <typename Number>
struct Step final : Unit<Number> {
  using Unit<Number>::input, Unit<Number>::output;
  Step(const Threshold &node, const NodeShapes &shapes)
      : Unit<Number>(shapes), threshold(rounded<Number>(spread(node.threshold, input.size()))) {}
  void evaluate() override {
    for (size_t n = 0; n < input.size(); ++n) {
      output[n] = input[n] > threshold[n] ? Number(1) : Number(0);
    }
  }
  std::vector<Number> threshold;
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
template <typename Number>
struct Convolution final : Unit<Number> {
  using Unit<Number>::input, Unit<Number>::output;
  template <typename Conv>
  Convolution(const Node &node, const Conv &conv, const NodeShapes &shapes)
      : Unit<Number>(shapes), sliding(*windowOf(node), shapes),
        weight(rounded<Number>(conv.weight.toDoubles())),
        bias(rounded<Number>(conv.bias.toDoubles())), outputs(conv.weight.shape()[0]),
        channels(conv.weight.shape()[1]), outputsPerGroup(outputs / *groupsOf(conv.groups)) {}

  void evaluate() override {
    Number *y = output.data();
    for (int64_t o = 0; o < outputs; ++o) {
      for (int64_t row = 0; row < sliding.out.rows; ++row) {
        for (int64_t column = 0; column < sliding.out.columns; ++column) {
          *y++ = at(o, row, column);
        }
      }
    }
  }

  Number at(int64_t o, int64_t row, int64_t column) const {
    int64_t kernelSize = sliding.window.kernel[0] * sliding.window.kernel[1];
    int64_t planeSize = sliding.in.rows * sliding.in.columns;
    int64_t firstChannel = o / outputsPerGroup * channels;
    Number sum = bias[static_cast<size_t>(o)];
    for (int64_t channel = 0; channel < channels; ++channel) {
      const Number *w = &weight[static_cast<size_t>((o * channels + channel) * kernelSize)];
      const Number *x = &input[static_cast<size_t>((firstChannel + channel) * planeSize)];
      sliding.forEach(row, column, [&](int64_t k, int64_t i) { addTerm(sum, w[k], x[i]); });
    }
    return sum;
  }

  Sliding sliding;
  std::vector<Number> weight, bias;
  int64_t outputs, channels, outputsPerGroup;
};

/// SumPool2d: the sum over the window. AvgPool2d: that sum times 1/(Kh·Kw), padding counted.
template <typename Number>
struct Pool final : Unit<Number> {
  using Unit<Number>::input, Unit<Number>::output;
  Pool(const Node &node, const NodeShapes &shapes)
      : Unit<Number>(shapes), sliding(*windowOf(node), shapes), channels(shapes.input[0]) {
    if (node.as<AvgPool2d>()) {
      factor =
          Number(1.0 / static_cast<double>(sliding.window.kernel[0] * sliding.window.kernel[1]));
    }
  }

  void evaluate() override {
    Number *y = output.data();
    for (int64_t channel = 0; channel < channels; ++channel) {
      const Number *x = &input[static_cast<size_t>(channel * sliding.in.rows * sliding.in.columns)];
      for (int64_t row = 0; row < sliding.out.rows; ++row) {
        for (int64_t column = 0; column < sliding.out.columns; ++column) {
          Number sum(0);
          sliding.forEach(row, column, [&](int64_t, int64_t i) { sum += x[i]; });
          *y++ = factor ? sum * *factor : sum;
        }
      }
    }
  }

  Sliding sliding;
  int64_t channels;
  std::optional<Number> factor;
};

/// y[t] = x[t - n], each element with its own n and its own ring of n values.
template <typename Number>
struct DelayLine final : Unit<Number> {
  using Unit<Number>::input, Unit<Number>::output;
  DelayLine(const std::vector<int64_t> &steps, int64_t total, const NodeShapes &shapes, bool opaque)
      : Unit<Number>(shapes), values(static_cast<size_t>(total)), opaque(opaque) {
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
    std::fill(values.begin(), values.end(), Number(0));
    for (Ring &ring : rings) {
      ring.oldest = 0;
    }
  }

  void visitMemory(const MemoryVisitor &visit) override {
    Unit<Number>::visitMemory(visit);
    visit(std::as_writable_bytes(std::span(rings)));
    visit(std::as_writable_bytes(std::span(values)));
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
  std::vector<Number> values;
  bool opaque;
};

} // namespace

template <typename Number>
std::unique_ptr<Unit<Number>> makeStateless(const Node &node, const NodeShapes &shapes) {
  if (const auto *affine = node.as<Affine>()) {
    return std::make_unique<Matrix<Number>>(affine->weight, &affine->bias, shapes);
  }
  if (const auto *linear = node.as<Linear>()) {
    return std::make_unique<Matrix<Number>>(linear->weight, nullptr, shapes);
  }
  if (const auto *scale = node.as<Scale>()) {
    return std::make_unique<Scaling<Number>>(*scale, shapes);
  }
  if (const auto *threshold = node.as<Threshold>()) {
    return std::make_unique<Step<Number>>(*threshold, shapes);
  }
  if (const auto *conv = node.as<Conv1d>()) {
    return std::make_unique<Convolution<Number>>(node, *conv, shapes);
  }
  if (const auto *conv = node.as<Conv2d>()) {
    return std::make_unique<Convolution<Number>>(node, *conv, shapes);
  }
  if (node.as<SumPool2d>() || node.as<AvgPool2d>()) {
    return std::make_unique<Pool<Number>>(node, shapes);
  }
  assert((node.as<Input>() || node.as<Output>() || node.as<Flatten>()) && "a node with a state");
  return std::make_unique<Pass<Number>>(shapes);
}

template <typename Number>
UnitResult<Number> makeDelay(const Delay &delay, const NodeShapes &shapes,
                             const Semantics &semantics, bool opaque) {
  constexpr int64_t mostSteps = int64_t{1} << 31, mostValues = int64_t{1} << 30; // 2^33 bytes
  std::vector<int64_t> steps;
  int64_t total = 0;
  for (double seconds : spread(delay.delay, static_cast<size_t>(numElements(shapes.input)))) {
    steps.push_back(delaySteps(seconds, semantics.dtSeconds));
    if (steps.back() > mostSteps) {
      return Error(Cause::Limit,
                   fmt::format("delay {} comes to {} of {}, expected at most 2^31", seconds,
                               counted(steps.back(), "step"), semantics.dtSeconds))
          .note("take a larger dt");
    }
    total += steps.back();
    if (total > mostValues) {
      return Error(Cause::Limit,
                   "the delays hold more than 2^30 values, expected at most that, 8 GiB")
          .note("take a larger dt");
    }
  }
  return std::unique_ptr<Unit<Number>>(
      std::make_unique<DelayLine<Number>>(steps, total, shapes, opaque));
}

template std::unique_ptr<Unit<float>> makeStateless<float>(const Node &, const NodeShapes &);
template std::unique_ptr<Unit<double>> makeStateless<double>(const Node &, const NodeShapes &);
template UnitResult<float> makeDelay<float>(const Delay &, const NodeShapes &, const Semantics &,
                                            bool);
template UnitResult<double> makeDelay<double>(const Delay &, const NodeShapes &, const Semantics &,
                                              bool);

} // namespace nir
