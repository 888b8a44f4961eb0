//===- Choices.h - the choices of a semantics, by name ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table of what can be chosen, which the command line, the IR, result files and the docs read.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// One choice and its values.
struct Choice {
  struct Value {
    std::string_view name, meaning;
  };
  std::string_view name;    ///< "reset", as in `--reset` and `reset=subtract`
  std::string_view summary; ///< one line
  bool perFamily;           ///< "CubaLIF.reset" sets it for one family, "reset" for all
  std::vector<Value> values;
  bool isOpen; ///< takes more than the values listed: a number, or several names

  /// The value in the whole semantics, or in one family where `perFamily`.
  std::function<std::string(const Semantics &, Family)> get;
  /// Whether the value was understood.
  std::function<bool(Semantics &, Family, std::string_view)> set;
};

/// All choices but dt, in the order in which tables show them.
const std::vector<Choice> &choices();

/// "lif2:lif1+a:b", as `late` takes edges; "none".
std::string lateTextOf(const Semantics &semantics);

/// "IF", "LIF", "CubaLIF".
std::string_view name(Family family);

/// Sets `reset`, `CubaLIF.reset` or `dt` (seconds). The error lists the names that exist.
Status choose(Semantics &semantics, std::string_view name, std::string_view value);

/// Sets each choice of "reset=subtract,CubaLIF.current=old".
Status chooseAll(Semantics &semantics, std::string_view choices);

/// ",reset=subtract,CubaLIF.current=old": what differs from `base`, each with a comma before it; dt
/// is not looked at.
std::string differences(const Semantics &semantics, const Semantics &base);

/// Reads "norse,reset=subtract,CubaLIF.current=old,dt=1e-4": a preset's name, which can be left
/// out for "nir", and then choices; or the form in which files hold it. dt stays 0 where the text
/// has none. What the choices do together is not looked at: `checkSemantics` does.
Result<Semantics> semanticsOf(std::string_view text);

/// Choices that contradict each other; dt is looked at as well unless it is 0.
Status checkSemantics(const Semantics &semantics);

} // namespace nir
