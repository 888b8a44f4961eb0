//===- TargetOptions.h - what can be chosen of a design ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/fpga/synth/Devices.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc::fpga {

/// Target::options() of fpga.
inline std::vector<TargetOption> targetOptions() {
  std::vector<std::string_view> names = {"generic"};
  for (const Device &device : devices()) {
    names.push_back(device.name);
  }
  static const std::string device =
      fmt::format("what the design is for: {}", fmt::join(names, ", "));
  return {
      {"lanes",
       "auto|N",
       "sums that an event is added to in one cycle, a power of two up to 64; auto: as many as "
       "are worth it",
       {"auto"},
       /*takesNumber=*/true},
      {"device", "NAME", device, names},
      {"latency",
       "CYCLES",
       "all neurons at once, for tiny networks: the cycles that a step may take at most",
       {},
       /*takesNumber=*/true},
      {"trace",
       "FILE.fst",
       "where a run writes the waves of all signals, for GTKWave",
       {},
       /*takesNumber=*/false,
       /*isOfRuns=*/true},
  };
}

} // namespace nirc::fpga
