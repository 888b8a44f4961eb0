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
  return {{"platforms", std::move(platforms)},
          {"sure", origin.isSure},
          {"stated", origin.stated.empty() ? Json() : Json(origin.stated)},
          {"evidence", origin.evidence}};
}

Json timeJson(const FileReading &reading) {
  const nir::TimeReading &time = reading.origin.time;
  Json candidates = Json::array();
  for (nir::TimeUnit unit : time.candidates) {
    candidates.push_back(nir::name(unit));
  }
  std::optional<double> dt = reading.dtSeconds();
  std::string semantics(nir::labelOf(reading.reading.semantics));
  return {{"unit", time.unit && time.dependsOnTime ? Json(nir::name(*time.unit)) : Json()},
          {"candidates", std::move(candidates)},
          {"evidence", time.evidence},
          {"dt", dt ? Json(*dt) : Json()},
          {"dt_from", dt ? Json(reading.dtFrom) : Json()},
          {"semantics", semantics.empty() ? Json() : Json(semantics)}};
}

} // namespace nirc
