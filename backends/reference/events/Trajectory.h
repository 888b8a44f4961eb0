//===- Trajectory.h - a neuron between two events ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// While its input is held, a neuron of NIR is a linear system with a solution in closed form:
//
//     I, IF             v stays: what enters is an impulse
//     LI, LIF           tau_mem dv/dt = v_leak - v + r u
//     CubaLI, CubaLIF   tau_syn di/dt = -i + w_in u,  tau_mem dv/dt = v_leak - v + r i
//
// and with at most one extremum of v, also in closed form. So the first crossing of a threshold is
// found without stepping: it is the one root between two times that bracket it.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>

namespace nir {

/// The equations of one neuron. Times in seconds.
struct Dynamics {
  enum class Form : uint8_t { Integrator, Leaky, Cuba };
  Form form = Form::Integrator;
  double tauMem = 1.0, tauSyn = 1.0; ///< positive; tauMem is the tau of a LI or LIF
  double r = 1.0, leak = 0.0, wIn = 1.0;
};

struct NeuronState {
  double v = 0.0;
  double i = 0.0; ///< the current of a CubaLI or CubaLIF, else 0
};

/// The state after `seconds` of the held input `u`. Accurate for any length, long or short against
/// the time constants, and for any ratio of these, 1 included.
NeuronState after(const Dynamics &dynamics, const NeuronState &state, double u, double seconds);

/// Seconds from `state` until v, under the held input `u`, is strictly above `threshold`: 0 where
/// it is above, or at the threshold and rising; infinity where it never is. An extremum that only
/// touches the threshold is no crossing.
double firstCrossing(const Dynamics &dynamics, const NeuronState &state, double u,
                     double threshold);

} // namespace nir
