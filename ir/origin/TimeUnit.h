//===- TimeUnit.h - in what a file counts time ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A .nir file carries no units. docs/units.md holds the decision: nirc computes in seconds, and a
// file that counts otherwise is brought into seconds once, right after it was read. Nothing else
// thinks about units.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <optional>
#include <string_view>

namespace nir {

enum class TimeUnit { Seconds, Milliseconds, Steps };

/// "s", "ms", "steps": as the option --time-unit and the file's metadata spell it.
std::string_view name(TimeUnit unit);
/// "seconds", "milliseconds", "steps".
std::string_view inWords(TimeUnit unit);
/// The unit of that name; the error lists the names that exist.
Result<TimeUnit> timeUnitOf(std::string_view name);

/// tau, tau_mem, tau_syn and delay: the parameters that are times.
bool isTime(std::string_view parameter);

/// The graph with every time in seconds. Floats keep their dtype; whole numbers become float64.
/// `dtSeconds` is one step, which only steps need; the error asks for it. Parameters that are no
/// times are shared with `graph`, not copied.
Result<Graph> inSeconds(const Graph &graph, TimeUnit unit, std::optional<double> dtSeconds);

} // namespace nir
