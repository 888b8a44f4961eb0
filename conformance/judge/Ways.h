//===- Ways.h - in which ways a target is run -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include <string>
#include <vector>

namespace nirc::conformance {

/// A target, and the choices under which it and `reference` have to give the same bits.
struct Way {
  const Target *target = nullptr;
  std::string dtype;      ///< "f32"; empty where a format is
  std::string format;     ///< "int8"
  std::string semantics;  ///< "nir"
  Settings settings = {}; ///< of the target's own options

  /// "cpu in float32", "loihi2 in loihi2, semantics loihi2".
  std::string text() const;
};

/// What is asked for; what is left empty follows from the target.
struct WayOptions {
  std::vector<std::string> targets; ///< none: all but `reference`
  std::vector<std::string> formats; ///< none, and no dtype: what the target takes
  std::string dtype;
  std::string semantics; ///< empty: the preset of the target's name, else `nir`
  Settings settings;     ///< a target takes those that it has
};

/// The ways of each target, in their order. Without a dtype or formats these are every dtype in
/// which it computes one neuron, and integers in the number format of its name, or else int8.
/// Errors are faults of the command line.
nir::Result<std::vector<Way>> waysOf(const WayOptions &options);

} // namespace nirc::conformance
