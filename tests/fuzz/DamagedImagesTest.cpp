//===- DamagedImagesTest.cpp - ten thousand damaged images ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Damaged copies of an image of Loihi 2, from fixed seeds. A copy is refused, or it is still an
// image: then it runs, and every index in it must be in range.
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Chip.h"
#include "tests/fuzz/Cases.h"
#include "tests/fuzz/Damage.h"

#include <gtest/gtest.h>

using namespace nirc::loihi2;
using nir::test::damage, nir::test::DamageRandom;

namespace {

constexpr uint64_t firstSeed = 20261121;
const int copies = static_cast<int>(nir::test::fuzzCases(12'000));

/// Three cores, with delays, loops and weights of all formats.
std::string soundImage() {
  DamageRandom random{std::mt19937_64(1)};
  Model model;
  model.dtSeconds = 1e-3;
  model.inputs = {{"a", {2, 3}, 0}, {"b", {4}, 6}};
  model.inputElements = 10;
  Readout spikes{"cells", "spikes", Readout::Kind::Spikes, {5, 4}, {}, {}};
  Readout v{"cells", "v", Readout::Kind::Voltage, {5, 4}, {1, 2, 3, 4, 5}, {}};
  model.populations = {{"cells", 0, {}}};
  for (int32_t n = 0; n < 20; ++n) {
    model.populations[0].compartments.push_back(
        {n * 100, n, 10 * n, n - 10, n % 8, n * 1000, n - 5});
    model.synapses.emplace_back();
    for (int32_t source = 0; source < 30; ++source) {
      auto weight = static_cast<int64_t>(random.below(1000)) - 500;
      model.synapses.back().push_back({source, static_cast<int32_t>(random.below(63)), weight | 1});
    }
    spikes.neurons.push_back(n);
    v.neurons.push_back(n);
  }
  model.readouts = {spikes, v};
  return *writeImage(model, {8, 64 * 1000, 4096, 4096});
}

TEST(DamagedImages, AreRefusedOrRun) {
  const std::string sound = soundImage();
  ASSERT_TRUE(readImage(sound));
  int refused = 0;
  for (int i = 0; i < copies; ++i) {
    DamageRandom random{std::mt19937_64(firstSeed + static_cast<uint64_t>(i))};
    std::string bytes = sound;
    damage(bytes, random);
    nir::Result<Image> image = readImage(bytes);
    if (!image) {
      ++refused;
      ASSERT_FALSE(image.error().message.empty()) << "seed " << firstSeed + i;
      continue;
    }
    Chip chip(*std::move(image));
    std::vector<std::vector<double>> spikes;
    for (const Image::Input &input : chip.contents().inputs) {
      spikes.emplace_back(static_cast<size_t>(nir::numElements(input.shape)), 1.0);
    }
    std::vector<double> values;
    for (int t = 0; t < 3; ++t) {
      chip.step(spikes);
      for (const Image::Readout &readout : chip.contents().readouts) {
        chip.read(readout, values);
      }
    }
  }
  // Weights, thresholds and names may be any.
  EXPECT_GT(refused, copies / 4);
  EXPECT_LT(refused, copies);
}

TEST(DamagedImages, EveryCutIsRefused) {
  const std::string sound = soundImage();
  for (size_t length = 0; length < sound.size(); length += 1 + length / 100) {
    EXPECT_FALSE(readImage(std::string_view(sound).substr(0, length))) << length << " bytes";
  }
}

} // namespace
