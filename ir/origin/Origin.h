//===- Origin.h - who wrote a graph, and in which unit ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/origin/OriginClues.h"
#include "ir/origin/Reading.h"

#include <optional>
#include <string>
#include <vector>

namespace nir {

/// In what a graph counts time. `unit` is empty where nothing decides between the `candidates`;
/// that matters only where `dependsOnTime`.
struct TimeReading {
  std::optional<TimeUnit> unit;
  std::vector<TimeUnit> candidates;
  bool dependsOnTime = false; ///< whether the graph has a time constant or a delay at all
  std::string evidence;       ///< "tau of 'lif1' is 0.0025, less than a step"
};

/// What the platforms or the step were found by.
struct Clue {
  std::string evidence; ///< "r is tau/dt for dt 0.0001 in all neurons"
  Strength strength = Strength::Weak;
};

/// What a graph shows of where it comes from. Nothing is guessed: what the evidence leaves open is
/// left open.
struct Origin {
  std::vector<Platform> platforms; ///< those that write so; none or several where it is open
  /// One platform, found by something that no other platform writes; or the file names it.
  bool isSure = false;
  std::string stated; ///< the origin that the file's metadata names, or empty
  std::vector<Clue> clues;
  TimeReading time;
  /// The step that the parameters seem made for, as r = tau/dt is, and how far that can be relied
  /// on. Empty too where time is in steps.
  std::optional<double> impliedDtSeconds;
  Strength dtStrength = Strength::Weak;

  /// The same where it is beyond doubt: where clues that are independent of each other agree.
  std::optional<double> sureDtSeconds() const {
    return dtStrength == Strength::Sure ? impliedDtSeconds : std::nullopt;
  }
};

/// `reading` is what the file states (`readingOf`), or the user in its place: it comes before all
/// other evidence. Linear in the size of the graph; looks at no edge.
Origin originOf(const Graph &graph, const Reading &reading);

/// "as Norse writes it: r is 1 in all neurons, in float32; tau of 'lif' is 0.01", or that and why
/// it cannot be known.
std::string originText(const Origin &origin);
/// Those that write so, or the one that the file states, where it is known.
std::vector<Platform> writersOf(const Origin &origin);
/// Whether the file says who wrote it, or a clue does that is not weak.
bool isEvident(const Origin &origin);
/// What they were found by: "r is 1 in all neurons, in float32; tau of 'lif' is 0.01".
std::string evidenceText(const Origin &origin);
/// "in seconds: tau of 'lif' is 0.01".
std::string timeText(const Origin &origin);

/// Whether the parameters are those of Euler steps of `dtSeconds`, as snnTorch and others write
/// them.
bool isMadeForEuler(const Origin &origin, std::optional<double> dtSeconds);

/// The error where the unit is open and the graph depends on it: the readings, and how to decide.
Status undecidedUnit(const Origin &origin);

/// The reading completed by what the evidence decides beyond doubt.
Reading completed(const Reading &reading, const Origin &origin);

} // namespace nir
