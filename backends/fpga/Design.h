//===- Design.h - what a design shows of itself -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The contract between the part that writes a design and the parts that drive one: the streams, the
// registers and the memory images. report.json holds all of it.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::fpga {

/// Bits that number `count` things from 0; none for one thing.
inline int indexBits(int64_t count) {
  return count <= 1 ? 0 : static_cast<int>(std::bit_width(static_cast<uint64_t>(count - 1)));
}

/// Bits of packed coordinates.
inline int addressBitsOf(const nir::Shape &dims) {
  int bits = 0;
  for (int64_t size : dims) {
    bits += indexBits(size);
  }
  return bits;
}

/// A beat of an AXI4-Stream. Without tlast it is one event: an element's address, the port that the
/// element is of, and, where there are value bits, a signed number; from bit 0 on in this order. An
/// element that is not sent in a step is 0. With tlast it is the end of a step and holds nothing.
struct BeatLayout {
  int addressBits = 0, portBits = 0, valueBits = 0; ///< without value bits every event is a 1
  /// Other than 0: each beat is a whole step, with tlast, and has that many bits. It holds every
  /// element of every port (StreamPort::frameLow).
  int frameBits = 0;

  bool isFrame() const { return frameBits > 0; }
  int bits() const { return isFrame() ? frameBits : addressBits + portBits + valueBits; }
  /// Of tdata: whole bytes, one at least.
  int busBits() const { return std::max(8, (bits() + 7) / 8 * 8); }
};

/// A signal that crosses the edge of a design. Addresses are packed coordinates: of a signal [2,
/// 34, 34] the column stands in bits 0 to 5, the row in 6 to 11 and the channel in bit 12. A
/// dimension of one takes no bits.
struct StreamPort {
  PortInfo info;
  int number = 0;  ///< in the port bits of beats: its place among the inputs or outputs
  nir::Shape dims; ///< of the signal; info.shape has as many elements, in the same order
  int64_t least = 0, most = 1;        ///< the integers that an element can be
  std::vector<double> scales = {1.0}; ///< what 1 stands for: one, or one for each of dims[0]
  /// In a frame: element e has `frameBits` bits from frameLow + e frameBits on, signed where
  /// `least` is negative.
  int frameLow = 0, frameBits = 0;

  int addressBits() const { return addressBitsOf(dims); }
  /// The packed coordinates of an element, given by its row-major number, and back.
  uint64_t addressOf(int64_t element) const {
    uint64_t address = 0;
    int low = 0;
    for (size_t d = dims.size(); d-- > 0; element /= dims[d]) {
      address |= static_cast<uint64_t>(element % dims[d]) << low;
      low += indexBits(dims[d]);
    }
    return address;
  }
  /// -1 where the address is beyond a dimension.
  int64_t elementAt(uint64_t address) const {
    int64_t element = 0, stride = 1;
    for (size_t d = dims.size(); d-- > 0; stride *= dims[d]) {
      int bits = indexBits(dims[d]);
      auto coordinate = static_cast<int64_t>(address & ((uint64_t(1) << bits) - 1));
      if (coordinate >= dims[d]) {
        return -1;
      }
      element += coordinate * stride;
      address >>= bits;
    }
    return address == 0 ? element : -1;
  }
};

/// The states of a population, as AXI4-Lite reads them while the design is idle: one word of 32
/// bits for each neuron, with its sign.
struct StateWindow {
  PortInfo info;
  int64_t base = 0;     ///< byte address of the first neuron
  nir::Shape dims = {}; ///< of the layout; info.shape has as many elements, in the same order
  std::vector<int> order = {}; ///< dimensions of `dims` from the slowest in memory: {1, 2, 0}
  int64_t least = 0, most = 0;
  std::vector<double> scales = {1.0};

  /// The byte address of a neuron, given by its row-major number.
  int64_t addressOf(int64_t element) const;
};

/// A file that memories are filled from.
struct MemoryImage {
  std::string file; ///< "mem/fc1.hex"
  int64_t words = 0;
  int bits = 0;
  std::string sha256;
};

/// AXI4-Lite registers, by byte address. States come behind them (StateWindow).
enum Register : int64_t {
  Control = 0x00,  ///< bit 0: input is taken; bit 1, which falls by itself: back to before step 0
  Status = 0x04,   ///< bit 0: idle, no step is under way; bit 1: going back to before step 0
  StepsIn = 0x08,  ///< ends of steps that were taken
  StepsOut = 0x0c, ///< ends of steps that were given
  Cycles = 0x10,   ///< in which the design was not idle
  EventsIn = 0x14,
  EventsOut = 0x18,
  Stalls = 0x1c,  ///< cycles in which a beat waited for m_axis_tready
  BuildId = 0x20, ///< the first 32 bits of the hash of rtl and mem
  FirstState = 0x1000
};

/// The module `top` has, in this order and by these names: aclk, aresetn; s_axis_ and m_axis_
/// tvalid, tready, tdata, tlast; the AXI4-Lite signals s_axil_awaddr, awprot, awvalid, awready,
/// wdata, wstrb, wvalid, wready, bresp, bvalid, bready, araddr, arprot, arvalid, arready, rdata,
/// rresp, rvalid, rready. After aresetn it clears its memories and takes input when bit 0 of
/// Control is set.
struct Design {
  ProgramInfo info;
  std::string top; ///< of the module, and of its file in rtl/
  BeatLayout in, out;
  int controlAddressBits = 12;     ///< of s_axil_awaddr and araddr
  std::vector<StreamPort> inputs;  ///< as info.inputs
  std::vector<StreamPort> outputs; ///< as info.outputs, then the records that are signals
  std::vector<StateWindow> states; ///< as info.states
  std::vector<MemoryImage> memories;
  int64_t latency = 0, interval = 0; ///< of frames: cycles to a step's answer, and to the next step
  uint32_t buildId = 0;              ///< what reads as Register::BuildId
  std::vector<std::string> sources;  ///< of rtl/, those below before those above: "rtl/lif1.v"
};

} // namespace nirc::fpga
