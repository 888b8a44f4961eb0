//===- Wording.h - names in messages ----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// "'a', 'b', 'c'"; of a long list the first few and "... and 99,988 more" in words.
std::string quoted(const std::vector<std::string> &names);

/// "'a' → 'b' → 'a'": the names of a loop, its first one repeated at the end; the middle of a long
/// one is left out.
std::string loop(const std::vector<std::string> &names);

/// The one of `names` that `name` is probably meant to be, or an empty string. Looks at a bounded
/// number of names.
std::string nearest(std::string_view name, const std::vector<std::string> &names);

/// "1 step", "2 steps"; `many` where that is not `one` with an s.
std::string withNoun(std::string count, std::string_view one, std::string_view many = {});
std::string counted(std::integral auto count, std::string_view one, std::string_view many = {}) {
  return withNoun(std::to_string(count), one, many);
}

} // namespace nir
