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

/// An element's number in a frame.
inline uint64_t frameFieldOf(const StreamPort &port, int64_t element, int64_t value) {
  uint64_t bits = static_cast<uint64_t>(value) & lowBits(port.frameBits);
  return bits << (port.frameLow + element * port.frameBits);
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

/// Calls take(port, element, value) for what a beat holds, and returns false where it holds what
/// there is not.
template <typename Take>
bool takeBeat(const BeatLayout &layout, const std::vector<StreamPort> &ports, uint64_t beat,
              Take take) {
  if (!layout.isFrame()) {
    BeatParts parts = partsOf(layout, beat);
    int64_t element = parts.port < ports.size() ? ports[parts.port].elementAt(parts.address) : -1;
    return element >= 0 && (take(static_cast<size_t>(parts.port), element, parts.value), true);
  }
  for (size_t p = 0; p < ports.size(); ++p) {
    const StreamPort &port = ports[p];
    int64_t elements = 1;
    for (int64_t size : port.dims) {
      elements *= size;
    }
    for (int64_t e = 0; e < elements; ++e) {
      uint64_t bits = beat >> (port.frameLow + e * port.frameBits) & lowBits(port.frameBits);
      int unused = 64 - port.frameBits;
      auto value = port.least < 0 ? static_cast<int64_t>(bits << unused) >> unused
                                  : static_cast<int64_t>(bits);
      if (value != 0) {
        take(p, e, value);
      }
    }
  }
  return true;
}

} // namespace nirc::fpga
