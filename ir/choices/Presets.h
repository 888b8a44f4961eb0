//===- Presets.h - the choices of each platform -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"

#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// The choices that reproduce a platform's numbers.
struct Preset {
  std::string_view name;    ///< "norse"
  std::string_view summary; ///< one line
  std::string_view choices; ///< what differs from "nir", as `semanticsOf` reads it
  std::string_view source;  ///< the version that was read
  std::string_view notes;   ///< where the platform's own numbers can still differ; may be empty
};

/// In the order in which tables show them; "nir" first, and those that backends brought last. A
/// reference stays valid; another thread may add in the meantime.
const std::vector<Preset> &presets();

/// Adds a preset, whose texts are copied. An error, and nothing added, where its name is taken or
/// is not one of small letters, digits and '-', or its choices cannot be read or contradict each
/// other.
Status addPreset(const Preset &preset);
/// The same error, and nothing else.
Status checkNewPreset(const Preset &preset);
/// What is wrong with a name that a backend brings: it is small letters, digits and '-', and begins
/// with a letter. `what` it is of: "a semantics preset".
Status checkNewName(std::string_view name, std::string_view what);

/// For tests: while it lives, `presets()` is another table, as a later nirc may have it. One at a
/// time, and no other thread looks.
class OtherPresets {
public:
  explicit OtherPresets(std::vector<Preset> table);
  ~OtherPresets();
  OtherPresets(const OtherPresets &) = delete;
  OtherPresets &operator=(const OtherPresets &) = delete;

private:
  std::vector<Preset> table;
};

/// A preset's choices, dt 0. The error lists the names that exist and the nearest.
Result<Semantics> presetSemantics(std::string_view name);

} // namespace nir
