//===- EventColumns.h - columns of events by their names --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <optional>
#include <string_view>

namespace nir {

enum class EventColumn { Time, X, Y, Polarity };

/// "t", "time", "timestamp" or "ts"; "x"; "y"; "p", "pol", "polarity" or "on". Upper case is the
/// same, and a unit behind a time ("t_us", "t[us]") is not looked at here.
std::optional<EventColumn> eventColumnCalled(std::string_view name);

} // namespace nir
