//===- Layers.h - a network as one row of layers ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What lava-dl's .net can hold: an input, then populations of which each is driven by the one
// before and perhaps by itself.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/lava/ConvWindows.h"
#include "ir/Error.h"

namespace nirc::loihi2 {

/// A population and what drives it.
struct Layer {
  const Population *population = nullptr; ///< of the model, which must live as long
  int64_t sources = 0;                    ///< neurons, or inputs, of the layer before
  /// The layer before as [channels, rows, columns], and `weights` is then the kernel
  /// [to, from / groups, rows, columns]. Else `weights` is [neurons, sources].
  std::optional<ConvWindow> window;
  std::vector<int16_t> weights;
  std::vector<uint8_t> delays;    ///< [neurons, sources], or none where all are 0
  std::vector<int16_t> recurrent; ///< [neurons, neurons], or none
};

/// The most elements that `weights` may have.
constexpr int64_t mostLayerWeights = int64_t{1} << 28;

/// The layers from the input to the output. `windows` are those of the network that the model was
/// built from. What makes it no row of layers is an error that names the node.
nir::Result<std::vector<Layer>> layersOf(const Model &model,
                                         const std::vector<std::optional<ConvWindow>> &windows);

/// An error about what .net files cannot hold, with the other way.
nir::Error notInNet(const std::string &node, std::string found);
/// The same about weights that are too large.
nir::Error weightsNotInNet(const std::string &node, std::string found);

} // namespace nirc::loihi2
