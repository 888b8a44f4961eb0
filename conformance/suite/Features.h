//===- Features.h - what cases are about ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <span>
#include <string_view>

namespace nirc::conformance {

/// A row of a scorecard.
struct Feature {
  std::string_view name, summary; ///< "tie", one sentence
};

/// All that cases name, in the order in which tables show them: primitives first.
std::span<const Feature> features();

} // namespace nirc::conformance
