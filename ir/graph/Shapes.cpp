//===- Shapes.cpp - what a node does to shapes ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Shapes.h"

#include "ir/Wording.h"
#include "ir/graph/Window.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nir {

using FixedShape = Result<std::optional<Shape>>;

/// A shape that no signal can have: an empty or a negative dimension, or too many elements.
static Status badShape(const Shape &shape, const std::string &what) {
  int64_t count = 1;
  for (int64_t dim : shape) {
    if (dim < 1) {
      return Error(
          Cause::WrongShape,
          fmt::format("{} has shape {}, expected dimensions of at least 1", what, str(shape)));
    }
    if (dim > largestSignal / count) {
      return Error(Cause::WrongShape, fmt::format("{} has shape {}, expected at most 2^40 elements",
                                                  what, str(shape)));
    }
    count *= dim;
  }
  return {};
}

static FixedShape checked(Shape shape, const std::string &what) {
  if (Status bad = badShape(shape, what)) {
    return std::move(*bad);
  }
  return std::optional(std::move(shape));
}

/// A shape that a file writes down as a list of numbers.
static FixedShape declared(const char *name, const Tensor &tensor) {
  if (tensor.rank() != 1) {
    return Error(Cause::WrongShape, fmt::format("{} has shape {}, expected a list of dimensions",
                                                name, str(tensor.shape())));
  }
  if (tensor.size() == 0) {
    return std::optional(Shape{});
  }
  Result<std::vector<int64_t>> dims =
      wholeNumbers(name, tensor, static_cast<size_t>(tensor.size()), 1);
  if (!dims) {
    return dims.takeError();
  }
  return checked(std::move(*dims), "the signal");
}

/// Elementwise nodes: every parameter has the shape of the signal, or is one number for all of it.
static FixedShape elementwise(const Node &node) {
  std::optional<Shape> shape;
  std::string first;
  Status bad;
  auto compare = [&](const char *name, const Tensor &parameter) {
    if (bad || parameter.rank() == 0) {
      return;
    }
    if (!shape) {
      shape = parameter.shape();
      first = name;
    } else if (*shape != parameter.shape()) { // elementwise (C1)
      bad = Error(Cause::WrongShape, fmt::format("{} has shape {}, expected {} like {}", name,
                                                 str(parameter.shape()), str(*shape), first))
                .note(fmt::format("a node of type {} has one value per neuron; write {} with shape "
                                  "{}",
                                  node.type(), name, str(*shape)));
    }
  };
  visitParams(node.params, [&](const char *name, const auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    if constexpr (std::is_same_v<T, Tensor>) {
      compare(name, parameter);
    } else if constexpr (std::is_same_v<T, std::optional<Tensor>>) {
      if (parameter) {
        compare(name, *parameter);
      }
    }
  });
  if (bad) {
    return std::move(*bad);
  }
  if (!shape) {
    return std::optional<Shape>();
  }
  return checked(*shape, first);
}

/// weight [..., out, in]: the signal has the leading dimensions and then `last`.
static Shape alongWeight(const Tensor &weight, int64_t last) {
  Shape shape(weight.shape().begin(), weight.shape().end() - 2);
  shape.push_back(last);
  return shape;
}

static FixedShape matrix(const Tensor &weight, const Tensor *bias) {
  if (weight.rank() < 2) { // linear (C1)
    return Error(Cause::WrongShape,
                 fmt::format("weight has shape {}, expected [..., out, in]", str(weight.shape())));
  }
  if (Status bad = badShape(weight.shape(), "weight")) {
    return std::move(*bad);
  }
  Shape out = alongWeight(weight, weight.shape().end()[-2]);
  if (bias && bias->shape() != out) { // affine (C2)
    return Error(Cause::WrongShape,
                 fmt::format("bias has shape {}, expected {}, as weight has shape {}",
                             str(bias->shape()), str(out), str(weight.shape())));
  }
  return std::optional(alongWeight(weight, weight.shape().back()));
}

template <typename Conv>
static FixedShape convolution(const Node &node, const Conv &conv, size_t dims) {
  Result<Window> window = windowOf(node);
  if (!window) {
    return window.takeError();
  }
  if (Status bad = badShape(conv.weight.shape(), "weight")) {
    return std::move(*bad);
  }
  Result<int64_t> groups = groupsOf(conv.groups);
  if (!groups) {
    return groups.takeError();
  }
  int64_t channels = conv.weight.shape()[0];
  if (channels % *groups != 0) { // conv (C3)
    return Error(Cause::WrongShape, fmt::format("weight has {}, expected a multiple of groups, {}",
                                                counted(channels, "output channel"), *groups));
  }
  if (conv.bias.shape() != Shape{channels}) { // conv (C4)
    return Error(Cause::WrongShape,
                 fmt::format("bias has shape {}, expected [{}], one value an output channel",
                             str(conv.bias.shape()), channels));
  }
  if (!conv.input_shape) {
    return std::optional<Shape>();
  }
  Result<std::vector<int64_t>> size = wholeNumbers("input_shape", *conv.input_shape, dims, 1);
  if (!size) {
    return size.takeError();
  }
  if (conv.input_shape->size() != static_cast<int64_t>(dims)) { // conv (C5)
    return Error(Cause::WrongShape, fmt::format("input_shape has shape {}, expected [{}]",
                                                str(conv.input_shape->shape()), dims));
  }
  Shape shape{conv.weight.shape()[1] * *groups};
  shape.insert(shape.end(), size->begin(), size->end());
  return checked(std::move(shape), "the input");
}

bool isElementwise(const Node &node) {
  return node.as<I>() || node.as<IF>() || node.as<LI>() || node.as<LIF>() || node.as<CubaLI>() ||
         node.as<CubaLIF>() || node.as<Scale>() || node.as<Threshold>() || node.as<Delay>();
}

FixedShape fixedInputShape(const Node &node) {
  if (const auto *input = node.as<Input>()) {
    return declared("shape", input->shape);
  }
  if (const auto *output = node.as<Output>()) {
    return declared("shape", output->shape);
  }
  if (const auto *affine = node.as<Affine>()) {
    return matrix(affine->weight, &affine->bias);
  }
  if (const auto *linear = node.as<Linear>()) {
    return matrix(linear->weight, nullptr);
  }
  if (const auto *conv = node.as<Conv1d>()) {
    return convolution(node, *conv, 1);
  }
  if (const auto *conv = node.as<Conv2d>()) {
    return convolution(node, *conv, 2);
  }
  if (node.as<SumPool2d>() || node.as<AvgPool2d>()) {
    Result<Window> window = windowOf(node);
    return window ? FixedShape(std::optional<Shape>()) : FixedShape(window.takeError());
  }
  if (const auto *flatten = node.as<Flatten>()) {
    if (!flatten->input_type) {
      return std::optional<Shape>();
    }
    return declared("input_type", *flatten->input_type);
  }
  assert(isElementwise(node) && "a subgraph has no shape of its own");
  return elementwise(node);
}

Result<std::pair<int64_t, int64_t>> flattenRange(const Flatten &flatten, int64_t rank) {
  int64_t ends[2];
  const std::pair<const char *, const Tensor &> parameters[] = {{"start_dim", flatten.start_dim},
                                                                {"end_dim", flatten.end_dim}};
  for (int i : {0, 1}) {
    auto [name, parameter] = parameters[i];
    Result<std::vector<int64_t>> dim =
        wholeNumbers(name, parameter, 1, std::numeric_limits<int32_t>::min());
    if (!dim) {
      return dim.takeError();
    }
    ends[i] = dim->front() < 0 ? dim->front() + rank : dim->front();
    if (ends[i] < 0 || ends[i] >= rank) { // flatten (C1)
      return Error(Cause::WrongValue,
                   fmt::format("{} is {}, expected a dimension of a signal with {}", name,
                               dim->front(), rank));
    }
  }
  if (ends[0] > ends[1]) { // flatten (C2)
    return Error(Cause::WrongValue,
                 fmt::format("start_dim is {}, expected at most end_dim, {}",
                             flatten.start_dim.intAt(0), flatten.end_dim.intAt(0)));
  }
  return std::pair(ends[0], ends[1]);
}

static Result<Shape> flattened(const Flatten &flatten, const Shape &input) {
  auto range = flattenRange(flatten, static_cast<int64_t>(input.size()));
  if (!range) {
    return range.takeError();
  }
  auto [start, end] = *range;
  Shape output(input.begin(), input.begin() + start);
  output.push_back(numElements(Shape(input.begin() + start, input.begin() + end + 1)));
  output.insert(output.end(), input.begin() + end + 1, input.end());
  return output;
}

/// [channels, ...] and the number of places of the window along each dimension after the channels.
static Result<Shape> slid(const Window &window, const Shape &input, int64_t channels) {
  Shape output{channels};
  auto dims = static_cast<int>(input.size()) - 1;
  for (int i = 0; i < dims; ++i) {
    int dim = 2 - dims + i;
    int64_t places = window.places(dim, input[i + 1]);
    if (places < 1) { // window (C1)
      return Error(
          Cause::SignalShape,
          fmt::format("the kernel spans {}, expected at most {}, the padded input",
                      counted(window.dilation[dim] * (window.kernel[dim] - 1) + 1, "element"),
                      input[i + 1] + window.padding[dim]));
    }
    output.push_back(places);
  }
  if (Status bad = badShape(output, "the output")) {
    return std::move(*bad);
  }
  return output;
}

template <typename Conv>
static Result<Shape> convolved(const Node &node, const Conv &conv, const Shape &input,
                               const char *expected) {
  int64_t channels = conv.weight.shape()[1] * *groupsOf(conv.groups);
  if (input.size() != conv.weight.shape().size() - 1 || input[0] != channels) { // conv (C6)
    return Error(Cause::SignalShape,
                 fmt::format("input has shape {}, expected [{}, {}], as weight has shape {}",
                             str(input), channels, expected, str(conv.weight.shape())));
  }
  return slid(*windowOf(node), input, conv.weight.shape()[0]);
}

Result<Shape> outputShape(const Node &node, const Shape &input) {
  if (const auto *affine = node.as<Affine>()) {
    return alongWeight(affine->weight, affine->weight.shape().end()[-2]);
  }
  if (const auto *linear = node.as<Linear>()) {
    return alongWeight(linear->weight, linear->weight.shape().end()[-2]);
  }
  if (const auto *conv = node.as<Conv1d>()) {
    return convolved(node, *conv, input, "N");
  }
  if (const auto *conv = node.as<Conv2d>()) {
    return convolved(node, *conv, input, "H, W");
  }
  if (node.as<SumPool2d>() || node.as<AvgPool2d>()) {
    if (input.size() != 3) { // pool (C1)
      return Error(Cause::SignalShape,
                   fmt::format("input has shape {}, expected [C, H, W]", str(input)));
    }
    return slid(*windowOf(node), input, input[0]);
  }
  if (const auto *flatten = node.as<Flatten>()) {
    return flattened(*flatten, input);
  }
  return input;
}

} // namespace nir
