//===- Fit.cpp - whether a design goes on a device ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/synth/Fit.h"

#include <cmath>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::fpga;

namespace {

struct Limited {
  std::string_view what;
  double Resources::*need;
  int64_t Device::*limit;
};

} // namespace

static constexpr Limited limits[] = {
    {"LUTs", &Resources::luts, &Device::luts},
    {"block RAMs", &Resources::blocks, &Device::blocks},
    {"DSP blocks", &Resources::multipliers, &Device::multipliers},
};

bool nirc::fpga::fits(const Resources &needs, const Device &device) {
  return llvm::all_of(limits, [&](const Limited &each) {
    return needs.*each.need <= static_cast<double>(device.*each.limit);
  });
}

std::vector<Attempt> nirc::fpga::attemptsOn(const Device &device, int64_t widest,
                                            bool lanesAreFixed) {
  std::vector<Attempt> attempts;
  for (int64_t lanes = widest; lanes >= 1; lanes = lanesAreFixed ? 0 : lanes / 2) {
    if (device.hasMultipliers()) {
      attempts.push_back({lanes, true});
    }
    attempts.push_back({lanes, false});
  }
  return attempts;
}

nir::Error nirc::fpga::doesNotFit(const ResourcePrediction &needs, const Device &device,
                                  int64_t lanes) {
  // What exceeds its limit by most.
  const Limited *worst = nullptr;
  double excess = 0;
  for (const Limited &each : limits) {
    double limit = static_cast<double>(device.*each.limit);
    double over = needs.total.*each.need / std::max(limit, 1.0);
    if (needs.total.*each.need > limit && over > excess) {
      excess = over;
      worst = &each;
    }
  }
  assert(worst && "a design that does not fit needs too much of something");
  const ResourcePrediction::Part *largest = nullptr;
  for (const ResourcePrediction::Part &part : needs.parts) {
    if (part.isUnit && (!largest || part.needs.*worst->need > largest->needs.*worst->need)) {
      largest = &part;
    }
  }
  auto count = [](double number) { return std::lround(number); };
  std::string_view larger;
  for (const Device &other : devices()) {
    // Counted for this family; LUTs and blocks of the others hold as much or more.
    if (larger.empty() && fits(needs.total, other)) {
      larger = other.name;
    }
  }
  std::string advice = lanes > 1 ? fmt::format("--lanes {}, ", lanes / 2) : "";
  advice += "a --format of fewer bits";
  advice += larger.empty() ? ", or a smaller network" : fmt::format(", or --device {}", larger);
  nir::Error error(nir::Cause::DoesNotFit,
                   fmt::format("the design needs about {} {}, expected at most {} on {}",
                               count(needs.total.*worst->need), worst->what, device.*worst->limit,
                               device.name));
  if (largest) {
    error.notes.push_back(
        {largest->name, fmt::format("its unit is the largest part, {} {}",
                                    count(largest->needs.*worst->need), worst->what)});
  }
  return std::move(error).note(advice);
}
