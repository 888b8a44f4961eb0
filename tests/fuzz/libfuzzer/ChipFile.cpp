//===- ChipFile.cpp - chips and their programs, as JSON -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The first byte says which of the two it is. A program that is read runs.

#include "tests/fuzz/libfuzzer/Input.h"

#include "backends/chipfile/ChipTarget.h"
#include "backends/chipfile/ReadChip.h"
#include "backends/chipfile/Run.h"

using namespace nir;

static void runNetwork(nirc::chipfile::CoreNetwork network) {
  constexpr int64_t steps = 3, most = 1 << 16;
  if (network.inputElements > most || network.neurons > most) {
    return; // as slow as it is large
  }
  auto executable = nirc::chipfile::executableOf(std::move(network), "x.json", 0.0);
  auto stepper = executable->start(1);
  for (int64_t step = 0; stepper && step < steps; ++step) {
    const std::vector<nirc::PortInfo> &inputs = executable->info().inputs;
    for (size_t i = 0; i < inputs.size(); ++i) {
      std::vector<double> ones(static_cast<size_t>(numElements(inputs[i].shape)), 1.0);
      (void)(*stepper)->setInput(i, 0, ones);
    }
    if ((*stepper)->step()) {
      return;
    }
  }
}

NIRC_FUZZER(input) {
  if (input.byte() % 2) {
    auto network = nirc::chipfile::readNetwork(input.text());
    if (fuzz::isValue(network)) {
      runNetwork(*std::move(network));
    }
    return;
  }
  auto chip = nirc::chipfile::readChip(input.text());
  if (fuzz::isValue(chip)) {
    auto target = nirc::chipfile::targetOf(*chip);
    fuzz::require(!target->name().empty(), "a chip has a name");
    (void)target->describe();
    (void)target->options();
  }
}
