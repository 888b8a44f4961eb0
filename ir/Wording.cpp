//===- Wording.cpp - words for messages -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace nir {

/// Names that a message lists before it only counts the rest.
static constexpr size_t listedNames = 12;

std::string quoted(const std::vector<std::string> &names) {
  std::string text;
  size_t listed = std::min(names.size(), listedNames);
  for (size_t i = 0; i < listed; ++i) {
    text += fmt::format("{}'{}'", i ? ", " : "", names[i]);
  }
  if (listed < names.size()) {
    text += fmt::format(" and {} more", names.size() - listed);
  }
  return text;
}

std::string withNoun(std::string count, std::string_view one, std::string_view many) {
  bool isOne = count == "1";
  count += ' ';
  count += isOne || many.empty() ? one : many;
  return isOne || !many.empty() ? count : count + 's';
}

std::string loop(const std::vector<std::string> &names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names.size() > listedNames && i == listedNames / 2) {
      i = names.size() - listedNames / 2;
      text += "… → ";
    }
    text += fmt::format("'{}' → ", names[i]);
  }
  return text + fmt::format("'{}'", names.front());
}

/// The fewest letters to insert, delete, replace, or neighbours to swap (Damerau and Levenshtein).
static size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before, above(b.size() + 1), row(b.size() + 1); // of the letters of a so far
  std::iota(above.begin(), above.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({above[j] + (a[i] != b[j]), row[j] + 1, above[j + 1] + 1});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
        row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
      }
    }
    before = std::exchange(above, row);
  }
  return above.back();
}

std::string nearest(std::string_view name, const std::vector<std::string> &names) {
  constexpr size_t longestName = 64, namesLookedAt = 1000;
  std::string best;
  // A third of the letters may differ; more is another word.
  size_t bestDistance = std::max<size_t>(1, name.size() / 3) + 1;
  for (size_t i = 0; i < std::min(names.size(), namesLookedAt); ++i) {
    if (name.size() > longestName || names[i].size() > longestName) {
      continue;
    }
    size_t distance = editDistance(name, names[i]);
    if (distance < bestDistance) {
      best = names[i];
      bestDistance = distance;
    }
  }
  return best;
}

} // namespace nir
