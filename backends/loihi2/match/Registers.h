//===- Registers.h - numbers that a compartment can hold --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/Limits.h"

#include <cstdint>
#include <optional>

namespace nirc::loihi2 {

struct BiasFields {
  int32_t mantissa = 0, exponent = 0;
};
/// The fields that add `bias` to v in every step, with the least exponent; nothing where none do.
std::optional<BiasFields> biasFields(int64_t bias);

/// A state of which a step keeps `want`, where it keeps `keep` / 4096, toward zero; nothing where
/// that takes more than 24 bits.
std::optional<int32_t> stateBefore(int64_t want, int64_t keep);

constexpr int64_t endless = int64_t{1} << 40;
/// What a state never exceeds that begins with 0, loses decay / 4096 of itself in a step or a
/// little more, and gets at most `drive`; `endless` where nothing bounds it.
int64_t mostOfState(int64_t drive, int64_t decay);

} // namespace nirc::loihi2
