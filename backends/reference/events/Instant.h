//===- Instant.h - a time, as a step and the rest ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A float64 of seconds loses digits as a run goes on, and n dt + delay misses the grid by a bit
// where the delay is whole steps. A step and the time in it keep both: what is due at the start of
// a step meets there, and the last step of a run is as accurate as its first.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>

namespace nir {

struct Instant {
  int64_t step = 0;
  double offset = 0.0; ///< [s], from the start of the step; 0 <= offset < dt

  friend auto operator<=>(const Instant &, const Instant &) = default;
};

/// Later than all that a run reaches.
inline constexpr Instant neverInstant{std::numeric_limits<int64_t>::max(), 0.0};

/// A duration as whole steps, at most 2^52, and the rest.
struct Lag {
  int64_t steps = 0;
  double rest = 0.0; ///< [s], 0 <= rest < dt
};

/// Reckons with instants of steps of dt.
class Clock {
public:
  explicit Clock(double dtSeconds) : dt(dtSeconds) {}

  double seconds(const Instant &t) const { return static_cast<double>(t.step) * dt + t.offset; }
  double between(const Instant &from, const Instant &to) const {
    return static_cast<double>(to.step - from.step) * dt + (to.offset - from.offset);
  }

  /// `seconds` (>= 0, or infinity) after `t`.
  Instant after(const Instant &t, double seconds) const {
    constexpr double mostSteps = 0x1p52;
    double sum = t.offset + seconds;
    if (!(sum < mostSteps * dt)) {
      return neverInstant;
    }
    double whole = std::floor(sum / dt);
    return carried(t.step + static_cast<int64_t>(whole), std::fma(-whole, dt, sum));
  }

  /// A duration to be added many times. One that is whole steps within the last digit of a float32
  /// is whole steps: files store 0.0006 as 0.000600000028.
  Lag lag(double seconds) const {
    constexpr double mostSteps = 0x1p52;
    double steps = seconds / dt, nearest = std::round(steps);
    if (!(steps < mostSteps)) {
      return {static_cast<int64_t>(mostSteps), 0.0};
    }
    if (std::abs(steps - nearest) <= 0x1p-23 * steps) {
      return {static_cast<int64_t>(nearest), 0.0};
    }
    double whole = std::floor(steps);
    Instant rest = carried(static_cast<int64_t>(whole), std::fma(-whole, dt, seconds));
    return {rest.step, rest.offset};
  }

  /// `t` later by `lag`. A sum of rests that comes to a whole step but for rounding is one.
  Instant after(const Instant &t, const Lag &lag) const {
    constexpr double rounding = 0x1p-40;
    double sum = t.offset + lag.rest, whole = std::round(sum / dt);
    if (lag.rest != 0.0 && std::abs(sum - whole * dt) <= rounding * dt) {
      return {t.step + lag.steps + static_cast<int64_t>(whole), 0.0};
    }
    return carried(t.step + lag.steps, sum);
  }

private:
  /// Brings an offset between -dt and 2 dt into its range.
  Instant carried(int64_t step, double offset) const {
    if (offset < 0.0) {
      --step, offset += dt;
    }
    if (offset >= dt) {
      ++step, offset -= dt;
    }
    return {step, offset};
  }

  double dt;
};

} // namespace nir
