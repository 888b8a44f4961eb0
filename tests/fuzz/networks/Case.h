//===- Case.h - a network, and what is asked of it --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/choices/NumberFormat.h"

#include <cstdint>
#include <optional>
#include <string>

namespace nir::fuzz {

/// What the ranges of a number format are found from.
enum class Calibrated { No, OnInputs, OnRun };

/// Everything that a run depends on. Two cases that are equal give equal results on every target.
struct Case {
  uint64_t seed = 0; ///< that it was drawn from, and of what the checks draw themselves
  Graph graph;
  Semantics semantics;
  std::optional<NumberFormat> format; ///< nothing: floats, of both sizes
  Calibrated calibrated = Calibrated::No;
  bool balances = false;
  /// Neurons, synapses and read-outs alone, driven by spikes: what chips have. Only what neurons
  /// have is recorded then.
  bool isForChips = false;
  Recording input;

  /// The choices in a line, as options of `nirc run`.
  std::string options() const;
};

/// What a target is asked for. It refers to the case. `dtype` says nothing of integers.
nirc::Job jobOf(const Case &of, DType dtype);

} // namespace nir::fuzz
