//===- CLoop.h - where a function of C advances neurons ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/c/CSyntax.h"
#include "ir/Error.h"

#include <functional>
#include <vector>

namespace nirc::proof {

/// A loop from 0 to before a number, by 1.
struct CCounter {
  std::string name; ///< "i"
  c::Type type;
  c::Expression end;
};

/// The statements that are run for each neuron, and what is around them.
struct CLoop {
  std::vector<CCounter> counters;                  ///< from the outermost to the innermost; none
                                                   ///< where there is one neuron
  std::vector<const c::Expression *> conditions;   ///< of what it all lies in
  std::vector<const c::Statement *> before, after; ///< in the order of the text
  std::vector<const c::Statement *> body;
};

/// What a statement assigns to with brackets: the array, and the place in it.
const c::Expression *arrayOf(const c::Statement &assignment);

/// The one place where the function writes the arrays for which `isOwn` holds; to assign 0 is not
/// to write. `waits`: it may lie within a branch. An error where there is none, or more than one,
/// or a loop has another form.
nir::Result<CLoop> loopOf(const c::Function &function, bool waits,
                          const std::function<bool(const c::Expression &array)> &isOwn);

} // namespace nirc::proof
