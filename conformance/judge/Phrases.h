//===- Phrases.h - what a choice does, in words -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc::conformance {

/// A choice that is made otherwise than a preset makes it.
struct ChangedChoice {
  std::string family;        ///< "CubaLIF", whose alone it is; else empty
  std::string choice, value; ///< "reset", "subtract"
  std::string words; ///< "resets by subtraction: v = v - (v_threshold - v_reset), where nir has v =
                     ///< v_reset"
};

/// In which choices the semantics differs from its preset.
std::vector<ChangedChoice> changesOf(const nir::Semantics &semantics);

/// "resets by subtraction" of `reset` and `subtract`; empty where there is no phrase for it.
std::string phraseOf(const std::string &choice, const std::string &value);

/// "one step late", "2 steps early"; empty for 0.
std::string shiftText(int64_t steps);

} // namespace nirc::conformance
