//===- Reading.h - how a graph wants to be read -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What NIR leaves open and a file may answer itself: the length of a step, the semantics, the unit
// of its times, who wrote it, and how a classifier was trained to see images. It is in the
// group `nirc` of the root graph's metadata:
//
//     nirc/dt         float64, seconds
//     nirc/semantics  text, as `--semantics` takes it: "norse", or in full as nirc writes it,
//                     "norse[v1,ignore=v_reset,...]" (ir/choices/Stored.h)
//     nirc/time_unit  text: "s", "ms" or "steps"
//     nirc/origin     text: the platform, as "norse"
//     nirc/version    text: the nirc that wrote this group
//     nirc/encoding   text: how an image becomes input, as `nirc eval` takes it
//     nirc/steps      whole number: for how many steps an image is shown
//
// The reader and the writer know nothing of it: a group of others' making passes through as it is.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"
#include "ir/origin/TimeUnit.h"

#include <cstdint>
#include <optional>
#include <string>

namespace nir {

/// Fields that nothing states are empty.
struct Reading {
  std::optional<double> dtSeconds = std::nullopt; ///< positive and finite
  std::string semantics = {}, origin = {};
  std::optional<TimeUnit> timeUnit = std::nullopt;
  std::string encoding = {};
  std::optional<int64_t> steps = std::nullopt; ///< positive
};

/// What the file states. An entry that cannot be meant (a dt of 0, a unit that does not exist) is
/// an error that names the entry.
Result<Reading> readingOf(const Model &model);

/// Sets the entries of what `reading` states, and `version`. Other entries stay, and so does the
/// order of all.
void writeReading(Model &model, const Reading &reading);

} // namespace nir
