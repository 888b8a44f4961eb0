//===- Forms.h - in which forms a signal is needed --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A signal can be kept as an array of all its elements, as the list of those that are not zero (its
// events), and, between a convolution and its neurons, as an array with the channels innermost.
// Which of them are written is decided by who reads. In compact code each signal has one form:
// spikes are bits, and numbers an array.

#pragma once

#include "dialects/snn/Snn.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace nirc::cpu {

/// Signals [channels, positions...] with the channels innermost: element (c, p) lies at
/// p * pitch + c. What lies between the channels and the pitch means nothing.
struct ChannelsLast {
  int64_t channels = 0, positions = 0, pitch = 0;
  int64_t elements() const { return positions * pitch; }
};

/// The order of a signal of that type, for vectors of `lanes` elements: the pitch is a whole number
/// of vectors, or a power of two below one.
ChannelsLast channelsLast(mlir::Type signal, int64_t lanes);

struct Forms {
  bool array = false;
  bool events = false;
  bool channelsLast = false;
  bool bits = false; ///< one an element, in words of 32
  bool any() const { return array || events || channelsLast || bits; }
};

using FormsOf = llvm::DenseMap<mlir::Value, Forms>;

/// The forms in which the signals of `network` are read. `compact`: by compact code.
FormsOf formsOf(snn::NetworkOp network, bool compact = false);

/// Whether the neurons lie with their channels innermost: they spike, and all that they read are
/// convolutions of their shape.
bool isChannelsLast(snn::PopulationOp op);

/// Whether the delay hands on lists of events as they are: spikes, the same number of steps for all
/// elements, at least one.
bool delaysEvents(snn::DelayOp op);

} // namespace nirc::cpu
