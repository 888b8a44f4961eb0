//===- NetxWeights.h - what lava-dl makes of weights ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <span>

namespace nirc::loihi2 {

/// Whether lava-dl's netx, which finds bits, exponent and sign of a dense layer's weights for
/// itself, keeps them as they are: all and each, to the last digit. `recurrent` may be empty. The
/// reader is lava-dl d825ac5 (netx/utils.py, optimize_weight_bits) before Lava b6822fb
/// (utils/weightutils.py, clip_weights and truncate_weights).
bool netxKeeps(std::span<const int16_t> weights, std::span<const int16_t> recurrent);

} // namespace nirc::loihi2
