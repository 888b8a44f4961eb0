//===- Parameters.cpp - rules for parameters' values ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Parameters.h"

#include "ir/graph/Half.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>

namespace nir {

/// "tau[1, 2]", or "tau" for a lone number: element `flat` of a parameter.
static std::string element(std::string_view name, const Shape &shape, int64_t flat) {
  Shape index(shape.size());
  for (size_t dim = shape.size(); dim-- > 0;) {
    index[dim] = flat % shape[dim];
    flat /= shape[dim];
  }
  return shape.empty() ? std::string(name) : std::string(name) + str(index);
}

/// The first element that `isBad`, or -1. Parameters can be large: the dtype is looked at once.
template <typename F>
static int64_t findValue(const Tensor &tensor, F isBad) {
  auto search = [&](auto values) -> int64_t {
    auto it = std::find_if(values.begin(), values.end(),
                           [&](auto value) { return isBad(static_cast<double>(value)); });
    return it == values.end() ? -1 : it - values.begin();
  };
  switch (tensor.dtype()) {
  case DType::F16:
    return search(tensor.as<Half>());
  case DType::F32:
    return search(tensor.as<float>());
  case DType::F64:
    return search(tensor.as<double>());
  default:
    for (int64_t i = 0; i < tensor.size(); ++i) {
      if (isBad(tensor.at(i))) {
        return i;
      }
    }
    return -1;
  }
}

static bool isTimeConstant(std::string_view name) {
  return name == "tau" || name == "tau_syn" || name == "tau_mem";
}

/// The first fault of one parameter.
static Status faultOf(std::string_view name, const Tensor &tensor) {
  auto fault = [&](int64_t at, const char *expected) {
    return Error(Cause::WrongValue,
                 fmt::format("{} is {}, expected {}", element(name, tensor.shape(), at),
                             tensor.at(at), expected));
  };
  if (isFloat(tensor.dtype())) {
    if (int64_t at = findValue(tensor, [](double x) { return !std::isfinite(x); }); at >= 0) {
      return fault(at, "a finite number");
    }
  }
  if (isTimeConstant(name)) {
    if (int64_t at = findValue(tensor, [](double x) { return x <= 0.0; }); at >= 0) {
      return fault(at, "a positive number of seconds");
    }
  }
  if (name == "delay") {
    if (int64_t at = findValue(tensor, [](double x) { return x < 0.0; }); at >= 0) {
      return fault(at, "0 or a positive number of seconds");
    }
  }
  return {};
}

void checkValues(const Node &node, std::vector<Diagnostic> &found) {
  auto add = [&](Status fault) {
    if (fault) {
      found.push_back(std::move(*fault));
    }
  };
  visitParams(node.params, [&](const char *name, const auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    if constexpr (std::is_same_v<T, Tensor>) {
      add(faultOf(name, parameter));
    } else if constexpr (std::is_same_v<T, std::optional<Tensor>>) {
      if (parameter) {
        add(faultOf(name, *parameter));
      }
    }
  });
}

} // namespace nir
