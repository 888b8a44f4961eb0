//===- ReadingJson.cpp - how a file is read, for programs -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/ReadingJson.h"

#include "ir/choices/Stored.h"

namespace nirc {

Json originJson(const FileReading &reading) {
  const nir::Origin &origin = reading.origin;
  Json platforms = Json::array();
  for (nir::Platform platform : origin.platforms) {
    platforms.push_back(nir::name(platform));
  }
  Json evidence = Json::array(), strengths = Json::array();
  for (const nir::Clue &clue : origin.clues) {
    evidence.push_back(clue.evidence);
    strengths.push_back(nir::name(clue.strength));
  }
  return {{"platforms", std::move(platforms)},
          {"sure", origin.isSure},
          {"stated", origin.stated.empty() ? Json() : Json(origin.stated)},
          {"evidence", std::move(evidence)},
          {"strength", std::move(strengths)}};
}

Json timeJson(const FileReading &reading) {
  const nir::TimeReading &time = reading.origin.time;
  Json candidates = Json::array();
  for (nir::TimeUnit unit : time.candidates) {
    candidates.push_back(nir::name(unit));
  }
  std::optional<double> dt = reading.dtSeconds();
  std::optional<double> clue = reading.origin.impliedDtSeconds;
  std::string semantics(nir::labelOf(reading.reading.semantics));
  return {{"unit", time.unit && time.dependsOnTime ? Json(nir::name(*time.unit)) : Json()},
          {"candidates", std::move(candidates)},
          {"evidence", time.evidence},
          {"dt", dt ? Json(*dt) : Json()},
          {"dt_from", dt ? Json(reading.dtFrom) : Json()},
          {"dt_clue", clue ? Json(*clue) : Json()},
          {"dt_clue_strength", clue ? Json(nir::name(reading.origin.dtStrength)) : Json()},
          {"semantics", semantics.empty() ? Json() : Json(semantics)}};
}

} // namespace nirc
