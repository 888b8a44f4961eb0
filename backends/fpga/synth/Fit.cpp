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

std::vector<Attempt> nirc::fpga::attemptsFrom(int64_t widest, bool lanesAreFixed,
                                              const Device &device) {
  std::vector<Attempt> attempts;
  for (int64_t lanes = widest; lanes >= 1; lanes /= 2) {
    if (device.hasMultipliers() && lanes < widest) {
      attempts.push_back({lanes, true});
    }
    if (device.hasMultipliers() || lanes < widest) {
      attempts.push_back({lanes, false});
    }
    if (lanesAreFixed) {
      break;
    }
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
  std::string text =
      fmt::format("the design needs about {} {}, expected at most {} on {}",
                  count(needs.total.*worst->need), worst->what, device.*worst->limit, device.name);
  nir::Error error(nir::Cause::DoesNotFit, text);
  if (largest) {
    error = nir::Error(std::move(error)).note(fmt::format("the largest part of it, {} {}",
                                              count(largest->needs.*worst->need), worst->what),
                                  largest->name);
  }
  std::string_view larger;
  for (const Device &other : devices()) {
    // In LUTs of this family; those of others hold as much or more.
    if (larger.empty() && fits(needs.total, other)) {
      larger = other.name;
    }
  }
  std::string advice = lanes > 1 ? fmt::format("--lanes {}, ", lanes / 2) : "";
  advice += "a --format of fewer bits";
  advice += larger.empty() ? ", or a smaller network" : fmt::format(", or --device {}", larger);
  return std::move(error).note(advice);
}
