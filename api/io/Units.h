//===- Units.h - numbers with a unit, as a user writes them -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <string>
#include <string_view>

namespace nirc {

/// A finite number as C writes it, without blanks around it.
nir::Result<double> parseNumber(std::string_view text);

/// A positive time: "1e-4" and "1s" are seconds, "0.1ms", "100us" and "100µs" as they say. The unit
/// moves the decimal exponent, so "0.1ms" is the very double that "1e-4" is.
nir::Result<double> parseSeconds(std::string_view text);

/// A rate, not negative: "20Hz", "1.5kHz", "20".
nir::Result<double> parseHertz(std::string_view text);

/// "100 us", "1 ms", "2.5 s": for people.
std::string secondsText(double seconds);

} // namespace nirc
