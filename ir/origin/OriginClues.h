//===- OriginClues.h - what betrays who wrote a graph -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each platform's exporter fills in what NIR leaves open in its own way. One clue is one
// function that looks for one of these habits; one table lists all of them. A new platform is a
// line in `Platform`, and a clue or two.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/origin/OriginFacts.h"

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

enum class Platform { Norse, SnnTorch, Sinabs, Rockpool, Spyx, SpikingJelly, Lava };
inline constexpr size_t platformCount = 7;
using Platforms = std::bitset<platformCount>;

/// "norse", as the presets of the semantics are called.
std::string_view name(Platform platform);
/// The preset that reproduces it: "norse", "lava-float".
std::string_view presetOf(Platform platform);

/// The preset of what the platform's networks were trained in, where its import computes something
/// else; empty: the same.
std::string_view trainedPresetOf(Platform platform);
/// "Norse", as its makers write it.
std::string_view title(Platform platform);

struct Finding {
  Platforms platforms; ///< those whose exporters write so
  Strength strength = Strength::Weak;
  std::string evidence;     ///< "r is tau/dt for dt 0.0001 in all neurons"
  std::optional<double> dt; ///< the step that this implies, in the file's unit of time
};

/// What the clues find, in the table's order.
std::vector<Finding> findClues(const GraphFacts &facts);

} // namespace nir
