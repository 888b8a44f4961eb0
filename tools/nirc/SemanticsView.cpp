//===- SemanticsView.cpp - what is said of a semantics --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/SemanticsView.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>

namespace nirc {

std::string Chosen::name() const {
  return family ? fmt::format("{}.{}", nir::name(*family), choice->name)
                : std::string(choice->name);
}

static std::string_view meaningOf(const nir::Choice &choice, std::string_view value) {
  for (const nir::Choice::Value &known : choice.values) {
    if (known.name == value) {
      return known.meaning;
    }
  }
  return {};
}

std::vector<Chosen> chosen(const nir::Semantics &semantics) {
  const nir::Semantics standard;
  std::vector<Chosen> all;
  for (const nir::Choice &choice : nir::choices()) {
    auto add = [&](std::optional<nir::Family> family) {
      std::string value = choice.get(semantics, family.value_or(nir::Family::IF));
      bool differs = false;
      for (nir::Family each : nir::families) {
        differs |= (!family || each == *family) && choice.get(standard, each) != value;
      }
      std::string_view meaning = meaningOf(choice, value);
      all.push_back({&choice, family, std::move(value), meaning, differs});
    };
    bool isOne = std::all_of(nir::families.begin(), nir::families.end(), [&](nir::Family family) {
      return choice.get(semantics, family) == choice.get(semantics, nir::Family::IF);
    });
    if (isOne) {
      add(std::nullopt);
      continue;
    }
    for (nir::Family family : nir::families) {
      add(family);
    }
  }
  return all;
}

std::vector<std::string> differences(const nir::Semantics &semantics) {
  std::vector<std::string> all;
  for (const Chosen &each : chosen(semantics)) {
    if (each.differs) {
      all.push_back(fmt::format("{}={}", each.name(), each.value));
    }
  }
  return all;
}

const nir::Preset &presetOf(const nir::Semantics &semantics) {
  auto found = std::find_if(nir::presets().begin(), nir::presets().end(),
                            [&](const nir::Preset &p) { return p.name == semantics.preset; });
  assert(found != nir::presets().end() && "a semantics starts from a preset that exists");
  return *found;
}

} // namespace nirc
