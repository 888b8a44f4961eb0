//===- Options.cpp - how the cores are executed -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/Limits.h"
#include "backends/spinnaker2/machine/Run.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::spinnaker2;

std::vector<TargetOption> nirc::spinnaker2::machineOptionList() {
  return {
      {"emulate",
       "qemu|host",
       "who runs the cores' programs: QEMU's Cortex-M4, or this computer, faster and without "
       "counts of instructions",
       {"qemu", "host"},
       /*takesNumber=*/false,
       /*isOfRuns=*/true,
       /*isFlag=*/true},
      {"tick",
       "TIME",
       "what a step may take, as 1ms; at one cycle an instruction, the least that there is, a core "
       "that takes longer is an error",
       {},
       /*takesNumber=*/false,
       /*isOfRuns=*/true},
      {"clock",
       "150|300",
       "of the cores, in MHz, for --tick; 300 where nothing is said",
       {"150", "300"},
       false,
       true},
  };
}

/// "1ms", "250us", "0.001".
static std::optional<double> secondsIn(std::string_view text) {
  double number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  constexpr std::array<std::pair<std::string_view, double>, 5> units = {
      {{"", 1.0}, {"s", 1.0}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}}};
  for (auto [name, seconds] : units) {
    if (failed == std::errc() && unit == name && std::isfinite(number) && number > 0) {
      return number * seconds;
    }
  }
  return std::nullopt;
}

nir::Result<MachineOptions> nirc::spinnaker2::machineOptions(const Settings &settings) {
  MachineOptions options;
  auto of = [&](std::string_view name) {
    auto found = settings.find(name);
    return found == settings.end() ? std::string() : found->second;
  };
  options.onHost = of("emulate") == "host";
  options.clock = of("clock") == "150" ? slowClock : fastClock;
  if (std::string tick = of("tick"); !tick.empty()) {
    std::optional<double> seconds = secondsIn(tick);
    constexpr double longest = 2.0; // the timer of a core counts to 2^24
    bool isShort = seconds && *seconds * static_cast<double>(options.clock) < 1.0 - 1e-6;
    if (!seconds || *seconds > longest || isShort) {
      return nir::Error::usage(
          nir::Cause::BadOption,
          fmt::format("--tick is '{}', expected a time from a cycle up to 2s, as 1ms", tick));
    }
    options.tickSeconds = *seconds;
  }
  bool hasClock = !of("clock").empty();
  if (hasClock && options.tickSeconds == 0) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --clock without --tick, which it is for")
        .note("--tick 1ms");
  }
  if (options.onHost && options.tickSeconds > 0) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --tick with --emulate=host, which counts no instructions")
        .note("--emulate=qemu");
  }
  return options;
}
