//===- Outcomes.h - what a case gives under each semantics ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/suite/Case.h"
#include "ir/Error.h"
#include "ir/choices/Semantics.h"

#include <string>
#include <vector>

namespace nirc::conformance {

/// A recording and the presets under which a case gives it.
struct Outcome {
  std::vector<std::string> presets; ///< in the order of nir::presets()
  std::string choices;              ///< of the first, as files hold them
  nir::Recording recording;         ///< each Output, then v and i of each neuron, in float64
};

struct Outcomes {
  std::vector<Outcome> all;         ///< the first is that of the preset nir
  std::vector<std::string> choices; ///< that the Outputs tell apart, in the order of nir::choices()
};

/// Values closer than this share of the largest one count as equal when choices are told apart, so
/// that who computes in float32 can tell them apart too.
inline constexpr double toldApart = 1e-3;

/// Runs a case on the target reference under every preset that the case and the target take, and
/// under each change of a single choice of nir. A choice that has no meaning there is changed on
/// top of what gives it one: `late-reset` of reset-delay=1, `after-spike` of integrator=exp-euler
/// and drive=held.
nir::Result<Outcomes> outcomesOf(const Case &one);

/// One run of it in that type, with all states. `semantics` needs no dt.
nir::Result<nir::Recording> runCase(const Case &one, nir::Semantics semantics,
                                    nir::DType dtype = nir::DType::F64);

} // namespace nirc::conformance
