//===- SpikeDistance.h - how far two spike trains are apart -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A spike train is the ascending times of one neuron's spikes in seconds; a time that stands there
// k times is k spikes in one step.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace nirc {

/// The square of van Rossum's distance: both trains are filtered by exp(-t/tau), t >= 0, and
///
///     D^2 = 1/tau * integral over all t of (f(t) - g(t))^2
///         = 1/2 * sum over i, j of w_i w_j exp(-|t_i - t_j| / tau)
///
/// over the spikes of both trains, with w = 1 for those of `a` and -1 for those of `b`. It is 1/2
/// for a spike too many. Source: van Rossum 2001, Neural Computation 13:751. One pass over the
/// times in order, as Houghton & Kreuz 2012 (Network 23:48) have it, but over the difference f - g
/// itself: equal spikes cancel before anything is rounded, so equal trains have distance 0.
double vanRossumSquared(std::span<const double> a, std::span<const double> b, double tauSeconds);

/// Victor and Purpura's distance: the least cost of turning `a` into `b`, where removing or adding
/// a spike costs 1 and moving one costs `costPerSecond` times the seconds it moves.
///
///     G(i, j) = min(G(i-1, j) + 1, G(i, j-1) + 1, G(i-1, j-1) + q |a_i - b_j|)
///
/// Source: Victor & Purpura 1996, J. Neurophysiology 76:1310. Two rows of the table are kept, and
/// what the trains begin and end with in common is left out first: pairing it costs nothing.
/// `budget`, in cells of the table, is what the caller still allows: it goes down by what was used,
/// and nothing is returned where it does not suffice.
std::optional<double> victorPurpura(std::span<const double> a, std::span<const double> b,
                                    double costPerSecond, int64_t &budget);

/// a.b / (|a| |b|): 1 for the same direction, 0 for none in common. 1 where both are zero, 0 where
/// one is.
class Cosine {
public:
  void add(double a, double b) {
    dot += a * b;
    squareA += a * a;
    squareB += b * b;
  }
  double value() const;

private:
  double dot = 0.0, squareA = 0.0, squareB = 0.0;
};

} // namespace nirc
