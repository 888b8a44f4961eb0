//===- NetworkClaims.h - what holds of any target ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "dialects/snn/Snn.h"

namespace nirc::proof {

/// What the types of a network of integers say: of each population that its states and what it
/// passes on stay in their ranges, by induction over the steps, and that no op of its body
/// overflows; of each connection that its sums are in the range of its result. Of a network of
/// floats, why there is nothing to ask.
std::vector<Claim> networkClaims(snn::NetworkOp network);

} // namespace nirc::proof
