//===- Loihi2Image.cpp - images of Loihi 2 --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// An image that is read runs for three steps, with a spike of every input in each.

#include "tests/fuzz/libfuzzer/Input.h"

#include "backends/loihi2/chip/Chip.h"

using namespace nir;
using namespace nirc::loihi2;

NIRC_FUZZER(input) {
  Result<Image> image = readImage(input.text());
  if (!fuzz::isValue(image)) {
    return;
  }
  Chip chip(*std::move(image));
  std::vector<std::vector<double>> spikes;
  for (const Image::Input &port : chip.contents().inputs) {
    spikes.emplace_back(static_cast<size_t>(numElements(port.shape)), 1.0);
  }
  std::vector<double> values;
  constexpr int steps = 3;
  for (int t = 0; t < steps; ++t) {
    chip.step(spikes);
    for (const Image::Readout &readout : chip.contents().readouts) {
      chip.read(readout, values);
    }
  }
}
