//===- Control.h - what AXI4-Lite reads and writes --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"
#include "backends/fpga/hdl/Circuit.h"

#include <functional>
#include <vector>

namespace nirc::fpga {

/// States in a memory, which answers a cycle after it is asked.
struct PeekedMemory {
  hdl::Wire peeks, place;
  hdl::Signal data;
  bool isSingle = false; ///< has one neuron, which no address names
};

/// Some bits of such a memory's words, as a window of registers.
struct PeekedField {
  size_t memory = 0;
  int low = 0, bits = 0;
  int64_t base = 0, elements = 0;
};

/// States in registers.
struct WordWindow {
  int64_t base = 0;
  std::vector<hdl::Signal> words;
};

struct ControlPorts {
  hdl::Signal reset; ///< of the registers here
  hdl::Wire run,
      partsReset; ///< which these registers drive: the other parts are reset by the latter
  hdl::Signal inTaken, inEnd, outTaken, outEnd, outStalls;
  std::vector<hdl::Signal> idles, clearings;
  std::vector<PeekedMemory> memories;
  std::vector<PeekedField> fields;
  std::vector<WordWindow> words;
};

/// The registers of Design.h behind AXI4-Lite, in the top module. The wire that reads as
/// Register::BuildId.
hdl::WireOp buildControlRegisters(hdl::Circuit &c, int addressBits, const ControlPorts &ports);

} // namespace nirc::fpga
