//===- Fit.cpp - whether a design goes on a device ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/synth/Fit.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::fpga;

namespace {

/// A kind of part that a device may have too few of.
struct Limited {
  std::string_view what;
  double need;
  int64_t limit;
};

} // namespace

/// The share of a device that a design may fill: more is seldom routed, and a prediction may be a
/// fifth too low.
constexpr double mostFilled = 0.85;

/// An iCE40 cell holds a LUT and the register behind it. About half of the registers of a design
/// have no LUT before them and take a cell of their own.
static double logicOf(const Resources &needs, const Device &device) {
  return needs.luts + (device.family == Family::Ice40 ? needs.flipFlops / 2 : 0);
}

static std::array<Limited, 3> limitsOf(const Resources &needs, const Device &device) {
  std::string_view logic = device.family == Family::Ice40 ? "logic cells" : "LUTs";
  auto cells = static_cast<int64_t>(mostFilled * static_cast<double>(device.luts));
  return {{{logic, logicOf(needs, device), cells},
           {"block RAMs", needs.blocks, device.blocks},
           {"DSP blocks", needs.multipliers, device.multipliers}}};
}

bool nirc::fpga::fits(const Resources &needs, const Device &device) {
  return llvm::all_of(limitsOf(needs, device), [](const Limited &each) {
    return each.need <= static_cast<double>(each.limit);
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
  auto excessOf = [](const Limited &each) {
    return each.need / std::max(static_cast<double>(each.limit), 1.0);
  };
  auto all = limitsOf(needs.total, device);
  size_t worst = 0;
  for (size_t k = 1; k < all.size(); ++k) {
    worst = excessOf(all[k]) > excessOf(all[worst]) ? k : worst;
  }
  auto needOf = [&](const ResourcePrediction::Part &part) {
    return limitsOf(part.needs, device)[worst].need;
  };
  const ResourcePrediction::Part *largest = nullptr;
  for (const ResourcePrediction::Part &part : needs.parts) {
    if (part.isUnit && (!largest || needOf(part) > needOf(*largest))) {
      largest = &part;
    }
  }
  std::string_view larger;
  for (const Device &other : devices()) {
    // LUTs of this family are counted; those of the others hold as much or more.
    Resources there = needs.total;
    there.blocks *= static_cast<double>(device.blockBits) / static_cast<double>(other.blockBits);
    if (larger.empty() && fits(there, other)) {
      larger = other.name;
    }
  }
  std::string advice = lanes > 1 ? fmt::format("--lanes {}, ", lanes / 2) : "";
  advice += "a --format of fewer bits";
  advice += larger.empty() ? ", or a smaller network" : fmt::format(", or --device {}", larger);
  nir::Error error(
      nir::Cause::DoesNotFit,
      fmt::format("the design needs about {} {}, expected at most {} on {}{}",
                  std::lround(all[worst].need), all[worst].what, all[worst].limit, device.name,
                  worst == 0 ? fmt::format(", {:.0f} % of its {}", 100 * mostFilled, device.luts)
                             : ""));
  if (largest) {
    error.notes.push_back(
        {largest->name, fmt::format("its unit is the largest part, {} {}",
                                    std::lround(needOf(*largest)), all[worst].what)});
  }
  return std::move(error).note(advice);
}
