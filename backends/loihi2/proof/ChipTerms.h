//===- ChipTerms.h - a step of a compartment as terms -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/match/Model.h"
#include "backends/proof/Theory.h"

namespace nirc::loihi2 {

/// Numbers of ChipTerms.cpp have so many bits: more than any of a step needs.
constexpr int termBits = 64;

/// What a compartment is told, each a number of `termBits`.
struct RegisterTerms {
  mlir::Value du, dv, threshold, bias; ///< threshold and bias with their exponents
};

/// The registers of a compartment that is known.
RegisterTerms registersOf(proof::Theory &theory, const Compartment &compartment);

struct ChipStep {
  mlir::Value spike; ///< a Bool
  mlir::Value u, v;  ///< of `termBits`, after the step
};

/// What the chip makes of u and v, of `termBits`, and of a, the sum of the weights of the spikes
/// that arrive.
ChipStep chipStep(proof::Theory &theory, const RegisterTerms &registers, mlir::Value u,
                  mlir::Value v, mlir::Value a);

} // namespace nirc::loihi2
