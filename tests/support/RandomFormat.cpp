//===- RandomFormat.cpp - number formats from a seed ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/RandomFormat.h"

#include <cassert>

namespace nir::test {

static std::string randomValue(const FormatField &field, Random &random) {
  if (field.name == "weight-range" || field.name == "signal-range") {
    return random.pick<std::string>({"max", "mse", "percentile:99"});
  }
  const std::pair<std::string_view, std::vector<std::string>> numbers[] = {
      {"weight-bits", {"1", "2", "3", "5", "8", "12", "16"}},
      {"scale", {"auto", "auto", "auto", "64", "3.5"}},
      {"accumulator-bits", {"8", "12", "16", "24", "32"}},
      {"signal-bits", {"2", "4", "8", "12", "16"}},
      {"state-bits", {"4", "8", "12", "16", "24", "31", "32"}},
      {"fraction-bits", {"auto", "auto", "0", "3", "6"}},
      {"multiplier-bits", {"2", "8", "12", "16", "24"}},
      {"seed", {"0", "1", "12345"}},
      {"threshold-step", {"1", "4", "64"}},
      {"bias-bits", {"0", "4", "13"}},
      {"kept-bits", {"all", "all", "4", "6", "8", "16"}}};
  for (const auto &[name, values] : numbers) {
    if (field.name == name) {
      return random.pick(values);
    }
  }
  return std::string(random.pick(field.values).name);
}

NumberFormat randomFormat(Random &random) {
  while (true) {
    std::string text(random.pick(formatPresets()).name);
    for (const FormatField &field : formatFields()) {
      if (random.chance(0.25)) {
        text += "," + std::string(field.name) + "=" + randomValue(field, random);
      }
    }
    Result<NumberFormat> format = numberFormatOf(text);
    if (format) {
      return *format;
    }
  }
}

} // namespace nir::test
