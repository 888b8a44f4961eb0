//===- Trajectory.cpp - a neuron between two events -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/Trajectory.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nir {

static constexpr double never = std::numeric_limits<double>::infinity();

/// φ(d) = (1 - e^-d)/d, which is 1 at d = 0.
static double phi(double d) { return d == 0.0 ? 1.0 : -std::expm1(-d) / d; }

/// From x towards its rest, by the share 1 - e^(-t/tau). The difference form keeps the digits of a
/// short time; a state at rest stays there to the bit.
static double relax(double x, double rest, double timeInTaus) {
  return x - (rest - x) * std::expm1(-timeInTaus);
}

NeuronState after(const Dynamics &dynamics, const NeuronState &state, double u, double seconds) {
  switch (dynamics.form) {
  case Dynamics::Form::Integrator:
    return state;
  case Dynamics::Form::Leaky:
    return {relax(state.v, dynamics.leak + dynamics.r * u, seconds / dynamics.tauMem), 0.0};
  case Dynamics::Form::Cuba:
    break;
  }
  // v = v_inf + (v0 - v_inf) e^-a + r (i0 - i_inf) g, where the coupling g = a e^-min(a,b) φ(|a-b|)
  // is τ_syn/(τ_syn - τ_mem) (e^-b - e^-a) without its cancellation, and a e^-a at τ_syn = τ_mem.
  double a = seconds / dynamics.tauMem, b = seconds / dynamics.tauSyn;
  double current = dynamics.wIn * u;
  double g = a * std::exp(-std::min(a, b)) * phi(std::abs(a - b));
  double rest = dynamics.leak + dynamics.r * current;
  return {relax(state.v, rest, a) + dynamics.r * (state.i - current) * g,
          relax(state.i, current, b)};
}

/// τ dv/dt = (v_inf - v) reaches the threshold at τ ln((v_inf - v)/(v_inf - θ)).
static double leakyCrossing(const Dynamics &dynamics, double v, double u, double threshold) {
  double rest = dynamics.leak + dynamics.r * u;
  if (!(rest > threshold)) {
    return never;
  }
  return dynamics.tauMem * std::log1p((threshold - v) / (rest - threshold));
}

namespace {

/// The membrane of a Cuba neuron from a state on.
struct CubaMembrane {
  CubaMembrane(const Dynamics &dynamics, const NeuronState &state, double u)
      : dynamics(dynamics), state(state), u(u),
        rest(dynamics.leak + dynamics.r * (dynamics.wIn * u)), slope(drive(state)),
        excess(dynamics.r * (state.i - dynamics.wIn * u)) {}

  /// τ_mem v'.
  double drive(const NeuronState &at) const { return dynamics.leak - at.v + dynamics.r * at.i; }

  double at(double t) const { return after(dynamics, state, u, t).v; }

  /// At an extremum the slope is 0 and changes by -excess/τ_syn.
  bool rises() const { return slope > 0.0 || (slope == 0.0 && excess < 0.0); }

  /// The time of the only extremum, or `never`. With δ = 1/τ_mem - 1/τ_syn the slope is 0 where
  /// e^(δt) - 1 = δ s, s = τ_syn slope/excess; at δ = 0 that is t = s.
  double extremum() const {
    double s = dynamics.tauSyn * (slope / excess);
    double scaled = (1.0 / dynamics.tauMem - 1.0 / dynamics.tauSyn) * s;
    if (!(s > 0.0) || !(scaled > -1.0)) {
      return never;
    }
    double t = scaled == 0.0 ? s : s * (std::log1p(scaled) / scaled);
    return std::isfinite(t) ? t : never;
  }

  const Dynamics &dynamics;
  NeuronState state;
  double u;
  double rest;   ///< v after long
  double slope;  ///< τ_mem v' now
  double excess; ///< r (i - i_inf): what of the current will fade
};

} // namespace

/// The root of v(t) = threshold between `low`, where v is at most that, and `high`, where it is
/// above; v rises in between. Newton's method, halving where it leaves the bracket.
static double crossingBetween(const CubaMembrane &membrane, double threshold, double low,
                              double high) {
  constexpr int mostRounds = 200; // halving alone ends in fewer
  double t = 0.5 * (low + high);
  for (int round = 0; round < mostRounds; ++round) {
    NeuronState then = after(membrane.dynamics, membrane.state, membrane.u, t);
    double above = then.v - threshold;
    (above > 0.0 ? high : low) = t;
    double next = t - above * membrane.dynamics.tauMem / membrane.drive(then);
    if (!(next > low && next < high)) {
      next = 0.5 * (low + high);
    }
    constexpr double lastBits = 2 * std::numeric_limits<double>::epsilon();
    if (std::abs(next - t) <= lastBits * t || next == low || next == high) {
      return next;
    }
    t = next;
  }
  return t;
}

/// v rises from `low` on, to a rest above the threshold: a time at which it is above.
static double aboveFrom(const CubaMembrane &membrane, double threshold, double low) {
  double width = membrane.dynamics.tauMem + membrane.dynamics.tauSyn;
  constexpr int mostDoublings = 20; // e^-2^20 is 0 long before
  for (int doubling = 0; doubling < mostDoublings; ++doubling, width *= 2) {
    if (membrane.at(low + width) > threshold) {
      return low + width;
    }
  }
  return never; // rest and threshold differ by less than the rounding of v
}

static double cubaCrossing(const CubaMembrane &membrane, double threshold) {
  double extremum = membrane.extremum();
  if (membrane.rises()) {
    if (membrane.state.v == threshold) {
      return 0.0;
    }
    if (extremum != never) { // the top
      return membrane.at(extremum) > threshold ? crossingBetween(membrane, threshold, 0.0, extremum)
                                               : never;
    }
  } else if (extremum == never) {
    return never; // falls for good
  }
  if (!(membrane.rest > threshold)) {
    return never;
  }
  double low = extremum == never ? 0.0 : extremum; // the bottom
  double high = aboveFrom(membrane, threshold, low);
  return high == never ? never : crossingBetween(membrane, threshold, low, high);
}

double firstCrossing(const Dynamics &dynamics, const NeuronState &state, double u,
                     double threshold) {
  if (state.v > threshold) {
    return 0.0;
  }
  switch (dynamics.form) {
  case Dynamics::Form::Integrator:
    return never;
  case Dynamics::Form::Leaky:
    return leakyCrossing(dynamics, state.v, u, threshold);
  case Dynamics::Form::Cuba:
    return cubaCrossing(CubaMembrane(dynamics, state, u), threshold);
  }
  return never;
}

} // namespace nir
