//===- Loihi2Models.h - small models of networks on Loihi -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/image/Image.h"
#include "tests/support/Random.h"

#include <gtest/gtest.h>

namespace nirc::loihi2 {

/// One population behind one input, without synapses.
inline Model smallModel(int64_t inputs, std::vector<Compartment> compartments) {
  Model model;
  model.dtSeconds = 1e-3;
  model.inputElements = static_cast<int32_t>(inputs);
  model.inputs.push_back({"in", {inputs}, 0});
  model.synapses.resize(compartments.size());
  auto count = static_cast<int64_t>(compartments.size());
  model.populations.push_back({"cells", 0, std::move(compartments)});
  for (auto [name, kind] :
       {std::pair("spikes", Readout::Kind::Spikes), std::pair("v", Readout::Kind::Voltage),
        std::pair("i", Readout::Kind::Current)}) {
    Readout readout{"cells", name, kind, {count}, {}, {}};
    if (kind != Readout::Kind::Spikes) {
      readout.scales = {1.0};
    }
    for (int32_t i = 0; i < count; ++i) {
      readout.neurons.push_back(i);
    }
    model.readouts.push_back(readout);
  }
  return model;
}

/// Synapses from inputs and from the population itself.
inline Model randomModel(uint64_t seed, int64_t inputs, int64_t cells, int64_t largest,
                         double density) {
  nir::test::Random random(seed);
  std::vector<Compartment> compartments;
  for (int64_t n = 0; n < cells; ++n) {
    compartments.push_back({static_cast<int32_t>(random.between(0, 4095)),
                            static_cast<int32_t>(random.between(0, 4095)),
                            static_cast<int32_t>(random.between(0, 131071)),
                            static_cast<int32_t>(random.between(-4096, 4095)),
                            static_cast<int32_t>(random.between(0, 7)),
                            static_cast<int32_t>(random.between(-8388607, 8388607)),
                            static_cast<int32_t>(random.between(-8388607, 8388607))});
  }
  Model model = smallModel(inputs, compartments);
  bool oneSign = random.chance(0.3);
  for (std::vector<Synapse> &each : model.synapses) {
    for (int32_t source = 0; source < inputs + cells; ++source) {
      int64_t weight = random.between(oneSign ? 0 : -largest, largest);
      if (weight != 0 && random.chance(density)) {
        each.push_back({source, static_cast<int32_t>(random.between(0, 62)), weight});
      }
    }
  }
  return model;
}

inline Image imageOf(const Model &model, const CoreLimits &limits = loihi2Core) {
  nir::Result<std::string> bytes = writeImage(model, limits);
  EXPECT_TRUE(bytes) << bytes.error().str();
  nir::Result<Image> image = readImage(*bytes);
  EXPECT_TRUE(image) << image.error().str();
  return *std::move(image);
}

} // namespace nirc::loihi2
