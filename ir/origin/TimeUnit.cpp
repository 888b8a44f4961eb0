//===- TimeUnit.cpp - in what a file counts time --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/TimeUnit.h"

#include <fmt/format.h>
#include <vector>

namespace nir {

std::string_view name(TimeUnit unit) {
  static constexpr std::string_view names[] = {"s", "ms", "steps"};
  return names[static_cast<size_t>(unit)];
}

std::string_view inWords(TimeUnit unit) {
  static constexpr std::string_view words[] = {"seconds", "milliseconds", "steps"};
  return words[static_cast<size_t>(unit)];
}

Result<TimeUnit> timeUnitOf(std::string_view text) {
  for (TimeUnit unit : {TimeUnit::Seconds, TimeUnit::Milliseconds, TimeUnit::Steps}) {
    if (text == name(unit)) {
      return unit;
    }
  }
  return Error(Cause::BadOption,
               fmt::format("found the unit of time '{}', expected s, ms or steps", text));
}

bool isTime(std::string_view parameter) {
  return parameter.starts_with("tau") || parameter == "delay";
}

/// Divides for milliseconds, since 0.001 is not a double and 20 / 1000 is nearest to 0.02.
static double seconds(double time, TimeUnit unit, double dtSeconds) {
  return unit == TimeUnit::Steps ? time * dtSeconds : time / 1000.0;
}

template <typename T>
static Tensor converted(const Tensor &times, TimeUnit unit, double dtSeconds) {
  std::vector<T> values;
  values.reserve(static_cast<size_t>(times.size()));
  for (int64_t i = 0; i < times.size(); ++i) {
    values.push_back(static_cast<T>(seconds(times.at(i), unit, dtSeconds)));
  }
  return Tensor::of<T>(times.shape(), values);
}

Result<Graph> inSeconds(const Graph &graph, TimeUnit unit, std::optional<double> dtSeconds) {
  if (unit == TimeUnit::Seconds) {
    return graph;
  }
  if (unit == TimeUnit::Steps && !dtSeconds) {
    return Error(Cause::TimeUnit, "time is counted in steps, and nothing says how long a step is")
        .note("--dt 1e-4 makes a step 0.1 ms long");
  }
  Graph result = graph;
  std::vector<Graph *> open{&result}; // a list, not a recursion: files nest as deep as they like
  while (!open.empty()) {
    Graph &here = *open.back();
    open.pop_back();
    for (Node &node : here.nodes) {
      visitParams(node.params, [&](const char *parameter, auto &value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Tensor>) {
          if (isTime(parameter)) {
            value = value.dtype() == DType::F32
                        ? converted<float>(value, unit, dtSeconds.value_or(0.0))
                        : converted<double>(value, unit, dtSeconds.value_or(0.0));
          }
        }
      });
      if (auto *inner = std::get_if<Graph>(&node.params)) {
        open.push_back(inner);
      }
    }
  }
  return result;
}

} // namespace nir
