//===- Reading.cpp - how a graph wants to be read -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Reading.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nir {

static constexpr std::string_view groupName = "nirc";

template <typename MetadataT>
static auto *entry(MetadataT &metadata, std::string_view name) {
  auto found = std::find_if(metadata.begin(), metadata.end(),
                            [&](const MetadataEntry &one) { return one.name == name; });
  return found == metadata.end() ? nullptr : &*found;
}

static Error fault(std::string_view name, const std::string &found, std::string_view expected) {
  return Error(Cause::FileMetadata,
               fmt::format("metadata nirc/{} is {}, expected {}", name, found, expected));
}

static Result<std::optional<double>> numberAt(const Metadata &group, std::string_view name) {
  const MetadataEntry *found = entry(group, name);
  if (!found) {
    return std::optional<double>();
  }
  const auto *tensor = std::get_if<Tensor>(&found->value);
  if (!tensor || tensor->size() != 1) {
    return fault(name, tensor ? "of shape " + str(tensor->shape()) : "not a number",
                 "a number of seconds");
  }
  double value = tensor->at(0);
  if (!std::isfinite(value) || value <= 0.0) {
    return fault(name, fmt::format("{}", value), "a positive number of seconds");
  }
  return std::optional(value);
}

static Result<std::optional<int64_t>> countAt(const Metadata &group, std::string_view name) {
  const MetadataEntry *found = entry(group, name);
  if (!found) {
    return std::optional<int64_t>();
  }
  const auto *tensor = std::get_if<Tensor>(&found->value);
  if (!tensor || tensor->size() != 1 || isFloat(tensor->dtype())) {
    return fault(name, "not a whole number", "a whole number above 0");
  }
  int64_t value = tensor->intAt(0);
  if (value <= 0) {
    return fault(name, fmt::format("{}", value), "a whole number above 0");
  }
  return std::optional(value);
}

/// Empty where there is none.
static Result<std::string> textAt(const Metadata &group, std::string_view name) {
  const MetadataEntry *found = entry(group, name);
  if (!found) {
    return std::string();
  }
  const auto *text = std::get_if<std::string>(&found->value);
  return text ? Result<std::string>(*text) : fault(name, "not text", "text");
}

Result<Reading> readingOf(const Model &model) {
  Reading reading;
  const MetadataEntry *found = entry(model.metadata, groupName);
  const Metadata *group = found ? std::get_if<Metadata>(&found->value) : nullptr;
  if (!group) {
    return reading;
  }
  Result<std::optional<double>> dt = numberAt(*group, "dt");
  if (!dt) {
    return dt.takeError();
  }
  reading.dtSeconds = *dt;
  for (auto [name, field] :
       {std::pair("semantics", &reading.semantics), std::pair("origin", &reading.origin),
        std::pair("encoding", &reading.encoding)}) {
    Result<std::string> text = textAt(*group, name);
    if (!text) {
      return text.takeError();
    }
    *field = *std::move(text);
  }
  Result<std::optional<int64_t>> steps = countAt(*group, "steps");
  if (!steps) {
    return steps.takeError();
  }
  reading.steps = *steps;
  Result<std::string> unit = textAt(*group, "time_unit");
  if (!unit) {
    return unit.takeError();
  }
  if (!unit->empty()) {
    Result<TimeUnit> known = timeUnitOf(*unit);
    if (!known) {
      return fault("time_unit", fmt::format("'{}'", *unit), "'s', 'ms' or 'steps'");
    }
    reading.timeUnit = *known;
  }
  return reading;
}

void writeReading(Model &model, const Reading &reading) {
  MetadataEntry *found = entry(model.metadata, groupName);
  if (!found) {
    model.metadata.push_back({std::string(groupName), Metadata()});
    found = &model.metadata.back();
  }
  if (!std::holds_alternative<Metadata>(found->value)) {
    found->value = Metadata();
  }
  Metadata &group = std::get<Metadata>(found->value);
  auto set = [&](const char *name, auto value) {
    MetadataEntry *old = entry(group, name);
    if (!old) {
      group.push_back({name, std::move(value)});
    } else {
      old->value = std::move(value);
    }
  };
  if (reading.dtSeconds) {
    set("dt", Tensor::scalar(*reading.dtSeconds));
  }
  if (!reading.semantics.empty()) {
    set("semantics", reading.semantics);
  }
  if (!reading.origin.empty()) {
    set("origin", reading.origin);
  }
  if (reading.timeUnit) {
    set("time_unit", std::string(name(*reading.timeUnit)));
  }
  if (!reading.encoding.empty()) {
    set("encoding", reading.encoding);
  }
  if (reading.steps) {
    set("steps", Tensor::scalar(*reading.steps));
  }
  set("version", std::string(NIRC_VERSION));
}

} // namespace nir
