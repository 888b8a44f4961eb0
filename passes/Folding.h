//===- Folding.h - which folds are made -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nirc {

/// Which chains of nodes without state become one node. docs/folding.md
enum class Folding : uint8_t {
  None,
  Exact, ///< those that are proven to change no bit of any result
  All    ///< also those that round differently
};

inline constexpr std::array<std::pair<std::string_view, Folding>, 3> foldings = {
    {{"none", Folding::None}, {"exact", Folding::Exact}, {"all", Folding::All}}};

constexpr std::string_view name(Folding folding) {
  return foldings[static_cast<size_t>(folding)].first;
}

/// Empty where no folding has this name.
constexpr std::optional<Folding> foldingOf(std::string_view name) {
  for (const auto &[known, folding] : foldings) {
    if (known == name) {
      return folding;
    }
  }
  return std::nullopt;
}

} // namespace nirc
