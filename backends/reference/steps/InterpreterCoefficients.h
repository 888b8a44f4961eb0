//===- InterpreterCoefficients.h - what a step multiplies by ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The coefficients of a neuron's step: docs/semantics.md, "Update of a neuron", in float64 whatever
// the run computes in. One value a neuron in each list.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"

#include <cmath>
#include <optional>
#include <vector>

namespace nir {

/// What an integrator makes of k = dt/tau: the share of a state that stays in a step, and the share
/// of what drives it that comes in. After a spike it is a step's work, in the type of the run.
template <typename Number>
struct Shares {
  Shares(Number k, Integrator integrator)
      : stays(integrator == Integrator::Euler ? 1 - k : std::exp(-k)),
        comes(integrator == Integrator::Euler ? k : -std::expm1(-k)) {}
  Number stays, comes;
};

/// I, IF: v := v + g u. `leftOut`, of each family: the factor by which v and its threshold are
/// smaller, 1 but for gain=unit.
struct IntegratingCoefficients {
  template <typename Params> // I or IF
  IntegratingCoefficients(const Params &params, size_t count, const NeuronRule &rule, double dt)
      : IntegratingCoefficients(params.r, count, rule, dt) {}
  IntegratingCoefficients(const Tensor &r, size_t count, const NeuronRule &rule, double dt);
  std::vector<double> g, leftOut;
};

/// LI, LIF: v := p v + g u + d. The first three are for the rest of a step after a spike.
struct LeakyCoefficients {
  template <typename Params> // LI or LIF
  LeakyCoefficients(const Params &params, size_t count, const NeuronRule &rule, double dt)
      : LeakyCoefficients(params.tau, params.r, params.v_leak, count, rule, dt) {}
  LeakyCoefficients(const Tensor &tau, const Tensor &r, const Tensor &vLeak, size_t count,
                    const NeuronRule &rule, double dt);
  std::vector<double> r, leak, k, p, g, d, leftOut;
};

/// CubaLI, CubaLIF: i := p_ii i + g_i u and v := p_vv v + p_vi i + g_v u + d, where g_v is there
/// for `exact` alone, and empty where the membrane does not read u.
struct CubaCoefficients {
  template <typename Params> // CubaLI or CubaLIF
  CubaCoefficients(const Params &params, size_t count, const NeuronRule &rule, double dt)
      : CubaCoefficients(params.tau_syn, params.tau_mem, params.r, params.v_leak, params.w_in,
                         count, rule, dt) {}
  CubaCoefficients(const Tensor &tauSyn, const Tensor &tauMem, const Tensor &r, const Tensor &vLeak,
                   const std::optional<Tensor> &wIn, size_t count, const NeuronRule &rule,
                   double dt);
  std::vector<double> r, leak, a, pii, gi, pvv, pvi, gv, d, leftOut;
};

/// v before the first step, in the units of v.
Result<std::vector<double>> startCoefficients(const std::optional<Tensor> &vLeak,
                                              const std::optional<Tensor> &vReset,
                                              const std::vector<double> &leftOut,
                                              const NeuronRule &rule);

/// Threshold, reset and how far they are apart, in the units of v.
struct FiringCoefficients {
  std::vector<double> threshold, reset, span;
};
/// Refuses what the rule cannot be applied to.
Result<FiringCoefficients> firingCoefficients(const Tensor &threshold,
                                              const std::optional<Tensor> &reset,
                                              const std::vector<double> &leftOut,
                                              const NeuronRule &rule);

} // namespace nir
