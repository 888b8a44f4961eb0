//===- TargetOptions.h - what can be chosen of a design ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

namespace nirc::fpga {

/// Target::options() of fpga.
inline std::vector<TargetOption> targetOptions() {
  return {
      {"lanes",
       "auto|N",
       "neurons of a population that are computed in one cycle; auto: as many as are worth it",
       {"auto"},
       /*takesNumber=*/true},
      {"device",
       "NAME",
       "what the design is for: generic, ice40-up5k, ice40-hx8k, ecp5-25k, ecp5-85k, xc7a35t, "
       "xc7z020",
       {"generic", "ice40-up5k", "ice40-hx8k", "ecp5-25k", "ecp5-85k", "xc7a35t", "xc7z020"}},
      {"latency",
       "CYCLES",
       "the cycles that a step may take",
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
