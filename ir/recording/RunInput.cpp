//===- RunInput.cpp - what drives a run -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/RunInput.h"

#include "ir/Wording.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <span>

namespace nir {

/// "[batch, T, 2, 34, 34]".
static std::string expectedShape(const Shape &shape) {
  std::string text = "[batch, T";
  for (int64_t dim : shape) {
    text += fmt::format(", {}", dim);
  }
  return text + "]";
}

static Status checkTrace(const Trace &trace, const Shape &shape, bool isFirst, Extent &extent) {
  const Shape &got = trace.data.shape();
  // The shape of a step may be flattened: only the number of elements counts.
  if (got.size() < 2 || numElements(Shape(got.begin() + 2, got.end())) != numElements(shape)) {
    return Error::atNode(
        Cause::InputShape, trace.node,
        fmt::format("its data has shape {}, expected {}", str(got), expectedShape(shape)));
  }
  if (isFirst) {
    extent = {got[0], got[1]};
  }
  if (got[0] != extent.batch || got[1] != extent.steps) {
    return Error::atNode(
        Cause::InputShape, trace.node,
        fmt::format("its data has {} of {}, expected {} of {} like that of the other Inputs",
                    counted(got[0], "sample"), counted(got[1], "step"), extent.batch,
                    extent.steps));
  }
  return {};
}

std::vector<Entry> entriesOf(const FlatGraph &flat, const std::vector<Shape> &shapes) {
  std::vector<Entry> entries;
  for (int32_t entry : flat.scopes[0].inputs) {
    entries.push_back({flat.path(entry), shapes[entry]});
  }
  return entries;
}

Result<std::vector<Drive>> matchInput(const std::vector<Entry> &entries, const Recording &input,
                                      int64_t steps, Extent &extent) {
  std::vector<Drive> drives;
  std::vector<std::string> names;
  for (const Entry &entry : entries) {
    names.push_back(entry.path);
    const Trace *trace = input.find(entry.path, "value");
    if (!trace) {
      std::vector<std::string> given;
      given.reserve(input.traces.size());
      for (const Trace &t : input.traces) {
        given.push_back(t.node);
      }
      return Error::atNode(Cause::InputShape, entry.path,
                           fmt::format("the input has no data for it, only for {}; expected {}",
                                       given.empty() ? "nothing" : quoted(given),
                                       expectedShape(entry.shape)));
    }
    if (Status bad = checkTrace(*trace, entry.shape, drives.empty(), extent)) {
      return std::move(*bad);
    }
    auto size = static_cast<size_t>(numElements(entry.shape));
    drives.push_back({entry.path, &trace->data, std::vector<double>(size)});
  }
  for (const Trace &trace : input.traces) {
    if (trace.observable == "value" &&
        std::find(names.begin(), names.end(), trace.node) == names.end()) {
      return Error(
          Cause::MissingInput,
          fmt::format("the input has data for '{}', which is not an Input; the Inputs are {}",
                      trace.node, names.empty() ? "none" : quoted(names)));
    }
  }
  if (drives.empty() && steps <= 0) {
    return Error(Cause::RunLength,
                 "the graph has no Input to take the number of steps from, expected it as an "
                 "option");
  }
  extent.steps = steps > 0 ? steps : extent.steps;
  return drives;
}

Status checkFits(const std::vector<Drive> &drives, DType dtype) {
  constexpr double most = std::numeric_limits<float>::max();
  for (const Drive &drive : drives) {
    if (dtype != DType::F32 || drive.data->dtype() != DType::F64) {
      continue;
    }
    std::span<const double> numbers = drive.data->as<double>();
    auto found = std::find_if(numbers.begin(), numbers.end(),
                              [](double number) { return !(std::abs(number) <= most); });
    if (found != numbers.end()) {
      auto at = found - numbers.begin();
      auto width = static_cast<int64_t>(drive.step.size());
      int64_t step = at / width, steps = drive.data->shape()[1];
      return Error::atNode(Cause::InputValue, drive.path,
                           fmt::format("its input is {} in step {} of sample {}, "
                                       "expected a number that float32 holds",
                                       *found, step % steps, step / steps))
          .note("--dtype f64 holds it");
    }
  }
  return std::nullopt;
}

Status checkStop(const std::stop_token &stop) {
  if (!stop.stop_requested()) {
    return {};
  }
  return Error::usage(Cause::Stopped, "the run was stopped before its end");
}

void readStep(Drive &drive, int64_t b, int64_t t) {
  int64_t steps = drive.data->shape()[1];
  if (t >= steps) {
    std::fill(drive.step.begin(), drive.step.end(), 0.0);
    return;
  }
  int64_t first = (b * steps + t) * static_cast<int64_t>(drive.step.size());
  for (size_t n = 0; n < drive.step.size(); ++n) {
    drive.step[n] = drive.data->at(first + static_cast<int64_t>(n));
  }
}

} // namespace nir
