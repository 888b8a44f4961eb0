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

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

using namespace nirc::loihi2;

namespace {

constexpr uint64_t firstSeed = 20261121;
const int copies = static_cast<int>(nir::test::fuzzCases(12'000));

struct Random {
  std::mt19937_64 bits;
  size_t below(size_t bound) { return bits() % bound; }
};

/// Three cores, with delays, loops and weights of all formats.
std::string soundImage() {
  Random random{std::mt19937_64(1)};
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

void damage(std::string &bytes, Random &random) {
  size_t at = random.below(bytes.size());
  switch (random.below(6)) {
  case 0:
    for (size_t i = 1 + random.below(16); i > 0; --i) {
      bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
    }
    return;
  case 1: // one bit: what only its own check finds
    bytes[at] ^= static_cast<char>(1 << random.below(8));
    return;
  case 2:
    bytes.resize(at);
    return;
  case 3: { // an index of 32 bits, far out or a little
    at &= ~size_t{3};
    uint32_t value = random.below(2) ? static_cast<uint32_t>(random.bits())
                                     : static_cast<uint32_t>(random.below(64));
    bytes.replace(at, std::min<size_t>(4, bytes.size() - at),
                  reinterpret_cast<const char *>(&value), std::min<size_t>(4, bytes.size() - at));
    return;
  }
  case 4: {
    size_t length = std::min(bytes.size() - at, 1 + random.below(64));
    std::fill_n(bytes.begin() + std::ptrdiff_t(at), length, random.below(2) ? '\xff' : '\0');
    return;
  }
  default: {
    size_t length = std::min(bytes.size() - at, 1 + random.below(64));
    size_t from = random.below(bytes.size() - length + 1);
    bytes.replace(at, length, bytes.substr(from, length));
    return;
  }
  }
}

TEST(DamagedImages, AreRefusedOrRun) {
  const std::string sound = soundImage();
  ASSERT_TRUE(readImage(sound));
  int refused = 0;
  for (int i = 0; i < copies; ++i) {
    Random random{std::mt19937_64(firstSeed + static_cast<uint64_t>(i))};
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
