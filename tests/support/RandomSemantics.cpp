//===- RandomSemantics.cpp - any choices that go together -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/RandomSemantics.h"

#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"

#include <cassert>

namespace nir::test {

static std::string randomValue(const Choice &choice, Random &random) {
  if (choice.name == "floor") {
    return random.pick<std::string>({"none", "-threshold", "0", "-0.25"});
  }
  if (choice.name == "ignore") {
    return random.pick<std::string>({"none", "r", "v_reset", "v_leak+w_in", "r+w_in+v_reset"});
  }
  return std::string(random.pick(choice.values).name);
}

static Semantics attempt(Random &random) {
  Semantics semantics = *presetSemantics(random.pick(presets()).name);
  for (const Choice &choice : choices()) {
    if (!random.chance(0.25)) {
      continue;
    }
    std::string name(choice.name);
    if (choice.perFamily && random.chance(0.5)) {
      name = std::string(nir::name(families[static_cast<size_t>(random.below(3))])) + "." + name;
    }
    [[maybe_unused]] Status bad = choose(semantics, name, randomValue(choice, random));
    assert(!bad && "the table's values are understood");
  }
  semantics.dtSeconds = 1e-3;
  return semantics;
}

Semantics randomChoices(Random &random) {
  while (true) {
    Semantics semantics = attempt(random);
    if (semantics.timing != Timing::Events && !checkSemantics(semantics)) {
      return semantics;
    }
  }
}

} // namespace nir::test
