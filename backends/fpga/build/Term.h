//===- Term.h - the terms of a unit as circuits -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/build/Build.h"

#include "llvm/ADT/APInt.h"

#include <vector>

namespace nirc::fpga {

/// Bits of a signed number that holds each of them.
int bitsFor(const std::vector<int64_t> &numbers);
/// Sets a field of a word as it lies in a memory file.
void setField(llvm::APInt &word, int low, int bits, int64_t number);

/// What a unit gives one of its terms.
struct TermSeat {
  Workshop &shop;
  hdl::Circuit &c;
  const Unit &unit;
  size_t number; ///< of the term
  StreamSignals in;
  int sumBits;
  hdl::Signal gathers, done;          ///< the unit's phase; the step is finished
  hdl::Signal othersIdle, othersWait; ///< no other term is busy; one before it has an event
  hdl::Reg ended;                     ///< the end of the step has come
  hdl::Wire ready;                    ///< the beat is taken
};

/// What a term shows of itself to the unit.
struct TermCircuit {
  hdl::Signal valid2, word2;        ///< an addition is two stages from being written
  std::vector<hdl::Signal> addends; ///< of each lane
  hdl::Signal isBusy, isIssuing, takesEvent;
};

TermCircuit buildTerm(const TermSeat &seat);

} // namespace nirc::fpga
