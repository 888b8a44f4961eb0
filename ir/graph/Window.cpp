//===- Window.cpp - kernels, strides and padding --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Window.h"

#include <cmath>
#include <fmt/format.h>

namespace nir {

/// No dimension, stride or padding of a network comes near; products of two stay within 64 bits.
static constexpr int64_t largest = int64_t{1} << 31;

int64_t Window::places(int dim, int64_t size) const {
  int64_t room = size + padding[dim] - dilation[dim] * (kernel[dim] - 1) - 1;
  return room < 0 ? 0 : room / stride[dim] + 1;
}

Result<std::vector<int64_t>> wholeNumbers(const char *name, const Tensor &parameter, size_t count,
                                          int64_t least) {
  auto expected = static_cast<int64_t>(count);
  bool isLone = parameter.rank() == 0 || parameter.shape() == Shape{1};
  if (!isLone && parameter.shape() != Shape{expected}) {
    return Error(Cause::WrongShape,
                 count == 1 ? fmt::format("{} has shape {}, expected one number", name,
                                          str(parameter.shape()))
                            : fmt::format("{} has shape {}, expected one number or [{}]", name,
                                          str(parameter.shape()), count));
  }
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < parameter.size(); ++i) {
    double value = parameter.at(i);
    if (value != std::floor(value) || std::isinf(value)) { // NaN differs from its floor
      return Error(Cause::WrongValue,
                   fmt::format("{} is {}, expected a whole number", name, value));
    }
    if (value < static_cast<double>(least)) {
      return Error(Cause::WrongValue,
                   fmt::format("{} is {}, expected at least {}", name, value, least));
    }
    if (value > static_cast<double>(largest)) {
      return Error(Cause::WrongValue,
                   fmt::format("{} is {}, expected at most {}", name, value, largest));
    }
    numbers.push_back(static_cast<int64_t>(value));
  }
  if (isLone) {
    numbers.assign(count, numbers.front());
  }
  return numbers;
}

Result<int64_t> groupsOf(const Tensor &groups) {
  Result<std::vector<int64_t>> number = wholeNumbers("groups", groups, 1, 1);
  if (!number) {
    return number.takeError();
  }
  return (*number)[0];
}

/// Writes the numbers of a parameter into the last dimensions of a window's field.
static Status fill(std::array<int64_t, 2> &field, const char *name, const Tensor &parameter,
                   size_t dims, int64_t least) {
  Result<std::vector<int64_t>> numbers = wholeNumbers(name, parameter, dims, least);
  if (!numbers) {
    return numbers.takeError();
  }
  std::copy(numbers->begin(), numbers->end(), field.end() - static_cast<ptrdiff_t>(dims));
  return {};
}

static Status pad(Window &window, const Tensor &padding, size_t dims) {
  if (Status bad = fill(window.before, "padding", padding, dims, 0)) {
    return bad;
  }
  window.padding = {2 * window.before[0], 2 * window.before[1]};
  return {};
}

/// "valid" is no padding. "same" is as much as keeps the size, the smaller half in front (PyTorch,
/// torch.nn.functional.conv2d).
static Status padByName(Window &window, const std::string &padding) {
  if (padding == "valid") {
    return {};
  }
  if (padding != "same") {
    return Error(
        Cause::WrongValue,
        fmt::format("padding is '{}', expected 'same', 'valid', or whole numbers", padding));
  }
  for (int dim : {0, 1}) {
    if (window.stride[dim] != 1) {
      return Error(Cause::WrongValue,
                   fmt::format("padding 'same' comes with stride {}, expected stride 1",
                               window.stride[dim]))
          .note("write the padding as numbers");
    }
    window.padding[dim] = window.dilation[dim] * (window.kernel[dim] - 1);
    window.before[dim] = window.padding[dim] / 2;
  }
  return {};
}

template <typename Conv>
static Result<Window> windowOfConv(const Conv &conv, size_t dims) {
  Window window;
  if (conv.weight.rank() != static_cast<int64_t>(dims) + 2) {
    return Error(
        Cause::WrongShape,
        fmt::format("weight has shape {}, expected {}", str(conv.weight.shape()),
                    dims == 1 ? "[C_out, C_in/groups, K]" : "[C_out, C_in/groups, Kh, Kw]"));
  }
  for (int64_t size : conv.weight.shape()) {
    if (size < 1 || size > largest) {
      return Error(Cause::WrongShape,
                   fmt::format("weight has shape {}, expected dimensions of at least 1",
                               str(conv.weight.shape())));
    }
  }
  std::copy(conv.weight.shape().begin() + 2, conv.weight.shape().end(),
            window.kernel.end() - static_cast<ptrdiff_t>(dims));
  if (Status bad = fill(window.stride, "stride", conv.stride, dims, 1)) {
    return std::move(*bad);
  }
  if (Status bad = fill(window.dilation, "dilation", conv.dilation, dims, 1)) {
    return std::move(*bad);
  }
  const auto *name = std::get_if<std::string>(&conv.padding);
  if (Status bad =
          name ? padByName(window, *name) : pad(window, std::get<Tensor>(conv.padding), dims)) {
    return std::move(*bad);
  }
  return window;
}

template <typename Pool>
static Result<Window> windowOfPool(const Pool &pool) {
  Window window;
  if (Status bad = fill(window.kernel, "kernel_size", pool.kernel_size, 2, 1)) {
    return std::move(*bad);
  }
  if (Status bad = fill(window.stride, "stride", pool.stride, 2, 1)) {
    return std::move(*bad);
  }
  if (Status bad = pad(window, pool.padding, 2)) {
    return std::move(*bad);
  }
  return window;
}

Result<Window> windowOf(const Node &node) {
  if (const auto *conv = node.as<Conv1d>()) {
    return windowOfConv(*conv, 1);
  }
  if (const auto *conv = node.as<Conv2d>()) {
    return windowOfConv(*conv, 2);
  }
  if (const auto *pool = node.as<SumPool2d>()) {
    return windowOfPool(*pool);
  }
  const auto *pool = node.as<AvgPool2d>();
  assert(pool && "only convolutions and pools have a window");
  return windowOfPool(*pool);
}

} // namespace nir
