//===- Neurons.h - neurons with numbers that are exact ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/suite/Build.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::conformance {

/// The parameters of any neuron; a primitive takes those that it has.
struct NeuronNumbers {
  nir::Tensor tauMem, tauSyn, r, vLeak, vThreshold;
  std::optional<nir::Tensor> vReset, wIn;
};

/// Numbers of that primitive under which, with nir's choices and steps of `exactDt`, an input of 1
/// adds 1 to its first state in the same step:
///
///     I, IF             v := v + u
///     LI, LIF           v := 7/8 v + u + v_leak/8
///     CubaLI, CubaLIF   i := 3/4 i + u    v := 7/8 v + i + v_leak/8
///
/// The threshold is 1, v_leak and v_reset are 0. Each parameter has that shape.
NeuronNumbers numbersOf(std::string_view type, const nir::Shape &shape = {1});

/// The neurons of a primitive: "LIF".
nir::Params neuronOf(std::string_view type, const NeuronNumbers &numbers);
inline nir::Params neuronOf(std::string_view type, const nir::Shape &shape = {1}) {
  return neuronOf(type, numbersOf(type, shape));
}

inline constexpr std::array<std::string_view, 3> spikingTypes = {"IF", "LIF", "CubaLIF"};
inline constexpr std::array<std::string_view, 3> analogTypes = {"I", "LI", "CubaLI"};
inline constexpr std::array<std::string_view, 6> neuronTypes = {"I",   "IF",     "LI",
                                                                "LIF", "CubaLI", "CubaLIF"};

bool hasLeak(std::string_view type);    ///< tau, v_leak
bool hasSynapse(std::string_view type); ///< tau_syn, w_in
bool spikes(std::string_view type);

/// NIR's equation of the primitive, and where it spikes, when.
std::string equationOf(std::string_view type);
/// "nodes/lif/NAME".
std::string nodeCase(std::string_view type, std::string_view name);

/// The numbers and then zeros, to that many steps.
std::vector<double> steps(std::vector<double> values, size_t count = 12);

} // namespace nirc::conformance
