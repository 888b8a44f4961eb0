//===- NodeText.cpp - nodes and parameters as text ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/text/NodeText.h"

#include "api/io/Totals.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

size_t displayWidth(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

static std::pair<double, double> range(const nir::Tensor &tensor) {
  std::vector<double> values = tensor.toDoubles();
  auto [low, high] = std::minmax_element(values.begin(), values.end());
  return values.empty() ? std::pair(0.0, 0.0) : std::pair(*low, *high);
}

/// As the file's dtype shows it: a float32 0.1 is "0.1", not 0.10000000149.
static std::string valueText(double value, nir::DType dtype) {
  return dtype == nir::DType::F64 ? fmt::format("{:.6g}", value)
                                  : fmt::format("{:.6g}", static_cast<float>(value));
}

/// Few whole numbers, as they stand: "2", "(1, 2)".
static std::string numbersText(const nir::Tensor &tensor) {
  std::vector<double> values = tensor.toDoubles();
  if (values.size() == 1) {
    return fmt::format("{:g}", values[0]);
  }
  return fmt::format("({:g})", fmt::join(values, ", "));
}

static bool isNeuronParameter(std::string_view name) {
  return name != "weight" && name != "bias" && name != "scale";
}

static std::string tensorText(std::string_view name, const nir::Tensor &tensor, bool strength) {
  if (!strength) {
    return fmt::format("{} {}", name, numbersText(tensor));
  }
  auto [low, high] = range(tensor);
  if (tensor.isUniform()) {
    return fmt::format("{} {}", name, valueText(low, tensor.dtype()));
  }
  return fmt::format("{} {} … {}{}", name, valueText(low, tensor.dtype()),
                     valueText(high, tensor.dtype()), isNeuronParameter(name) ? " per neuron" : "");
}

std::string parametersText(const nir::Node &node) {
  std::vector<std::string> parts;
  std::vector<NamedParameter> strong = strengths(node);
  nir::visitParams(node.params, [&](const char *name, const auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    std::string_view title = name;
    if (title == "shape" || title == "input_shape" || title == "input_type") {
      return; // the table has columns for them
    }
    auto isStrong = [&](const NamedParameter &other) { return other.name == title; };
    bool strength = std::any_of(strong.begin(), strong.end(), isStrong);
    if constexpr (std::is_same_v<T, nir::Tensor>) {
      parts.push_back(tensorText(title, parameter, strength));
    } else if constexpr (std::is_same_v<T, std::optional<nir::Tensor>>) {
      if (parameter) {
        parts.push_back(tensorText(title, *parameter, strength));
      }
    } else if (const nir::Tensor *numbers = std::get_if<nir::Tensor>(&parameter)) {
      parts.push_back(tensorText(title, *numbers, false));
    } else {
      parts.push_back(fmt::format("{} {}", title, std::get<std::string>(parameter)));
    }
  });
  return fmt::format("{}", fmt::join(parts, ", "));
}

nlohmann::ordered_json parametersJson(const nir::Node &node) {
  using Json = nlohmann::ordered_json;
  auto tensorJson = [](const nir::Tensor &tensor) -> Json {
    auto [low, high] = range(tensor);
    return {{"dtype", nir::name(tensor.dtype())},
            {"shape", tensor.shape()},
            {"min", low},
            {"max", high},
            {"uniform", tensor.isUniform()}};
  };
  Json all = Json::object();
  nir::visitParams(node.params, [&](const char *name, const auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    if constexpr (std::is_same_v<T, nir::Tensor>) {
      all[name] = tensorJson(parameter);
    } else if constexpr (std::is_same_v<T, std::optional<nir::Tensor>>) {
      all[name] = parameter ? tensorJson(*parameter) : Json();
    } else if (const nir::Tensor *numbers = std::get_if<nir::Tensor>(&parameter)) {
      all[name] = tensorJson(*numbers);
    } else {
      all[name] = std::get<std::string>(parameter);
    }
  });
  return all;
}

std::string nameText(const std::string &name) {
  bool isWord = !name.empty() && (name[0] < '0' || name[0] > '9') && name[0] != '-' &&
                name.find(' ') == std::string::npos;
  return isWord ? printable(name) : "'" + printable(name) + "'";
}

} // namespace nirc
