//===- ConvWindows.h - connections that slide over a signal -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Synapses alone do not tell that they are those of a convolution. The network does: here is with
// which kernel, strides and padding, and `kernelOf` holds that against the synapses.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/match/Model.h"

#include <array>
#include <optional>
#include <span>

namespace snn {
class NetworkOp;
} // namespace snn

namespace nirc::loihi2 {

/// A place p of the result sees the places p stride + k dilation - pad of the signal.
struct ConvWindow {
  struct Dimension {
    int64_t kernel = 1, stride = 1, pad = 0, dilation = 1;
  };
  using Sizes = std::array<int64_t, 3>; ///< channels, rows, columns
  Sizes from{}, to{};
  Dimension rows, columns;
  int64_t groups = 1;

  int64_t taps() const { return rows.kernel * columns.kernel; }
  int64_t channelsOfGroup() const { return from[0] / groups; }
};

/// For each population, in the model's order, the window through which it sees one input or one
/// other population, of several convolutions and pools in a row if need be. Nothing where anything
/// else lies between.
std::vector<std::optional<ConvWindow>> windowsOf(snn::NetworkOp network);

/// The weights [to, from / groups, rows, columns] with which the window has these synapses and no
/// others, or nothing. `synapses` are those of the window's compartments, from sources that begin
/// with `first`. Also nothing where padding that is the same on both sides gives another size.
std::optional<std::vector<int64_t>>
kernelOf(const ConvWindow &window, std::span<const std::vector<Synapse>> synapses, int32_t first);

} // namespace nirc::loihi2
