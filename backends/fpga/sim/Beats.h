//===- Beats.h - events as the bits of a stream -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"

namespace nirc::fpga {

inline uint64_t lowBits(int count) {
  return count >= 64 ? ~uint64_t(0) : (uint64_t(1) << count) - 1;
}

/// tdata of an event. A layout has at most 64 bits.
inline uint64_t beatOf(const BeatLayout &layout, const StreamPort &port, int64_t element,
                       int64_t value) {
  uint64_t beat = port.addressOf(element);
  if (layout.portBits > 0) {
    beat |= static_cast<uint64_t>(port.number) << layout.addressBits;
  }
  if (layout.valueBits > 0) {
    uint64_t bits = static_cast<uint64_t>(value) & lowBits(layout.valueBits);
    beat |= bits << (layout.addressBits + layout.portBits);
  }
  return beat;
}

/// What an event says, and back.
struct BeatParts {
  uint64_t address, port;
  int64_t value;
};
inline BeatParts partsOf(const BeatLayout &layout, uint64_t beat) {
  int above = layout.addressBits + layout.portBits;
  BeatParts parts{beat & lowBits(layout.addressBits),
                  layout.portBits == 0 ? 0 : beat >> layout.addressBits & lowBits(layout.portBits),
                  1};
  if (layout.valueBits > 0) {
    int unused = 64 - layout.valueBits;
    parts.value = static_cast<int64_t>(beat >> above << unused) >> unused;
  }
  return parts;
}

} // namespace nirc::fpga
