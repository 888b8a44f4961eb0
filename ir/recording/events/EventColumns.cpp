//===- EventColumns.cpp - columns of events by their names ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/EventColumns.h"

#include <algorithm>
#include <string>

namespace nir {

std::optional<EventColumn> eventColumnCalled(std::string_view name) {
  std::string lower(name.substr(0, 32));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  lower = lower.substr(0, lower.find_first_of("_[( "));
  if (lower == "t" || lower == "time" || lower == "timestamp" || lower == "ts") {
    return EventColumn::Time;
  }
  if (lower == "x") {
    return EventColumn::X;
  }
  if (lower == "y") {
    return EventColumn::Y;
  }
  if (lower == "p" || lower == "pol" || lower == "polarity" || lower == "on") {
    return EventColumn::Polarity;
  }
  return std::nullopt;
}

} // namespace nir
