//===- DamagedFirmwareTest.cpp - ten thousand damaged cores ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Damaged copies of the files of SpiNNaker2's cores, from fixed seeds. A copy is refused, or it is
// still a core: then the firmware runs it, in memory of the size of its data, and every place in it
// must be in range.
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/image/DataBlock.h"
#include "backends/spinnaker2/image/Image.h"
#include "backends/spinnaker2/map/MapNetwork.h"
#include "tests/fuzz/Cases.h"
#include "tests/fuzz/Damage.h"

#include <cstring>
#include <gtest/gtest.h>

// tests/fuzz/firmware, and backends/spinnaker2/firmware/pe.c.
extern "C" {
struct FirmwareCounts {
  uint32_t spikes, packets;
};
void pe_packets(uint8_t *data, const uint32_t *keys, uint32_t count);
FirmwareCounts pe_update(uint8_t *data);
extern const uint32_t update_count;
extern const char *const update_columns[];
}

using namespace nirc;
using namespace nirc::spinnaker2;
using nir::test::damage, nir::test::DamageRandom;

namespace {

constexpr uint64_t firstSeed = 20261130;
const int copies = static_cast<int>(nir::test::fuzzCases(10'000));

/// Three cores, with delays where spikes are sent and where they come, a bias that changes, and
/// rows of all kinds.
Image soundImage() {
  DamageRandom random{std::mt19937_64(1)};
  Model model;
  model.dtSeconds = 1e-3;
  model.inputs = {{"a", {2, 3}, 0}};
  model.inputElements = 6;
  model.updates.push_back({"", {}, "hw", 200});
  model.sends = {true, false};
  for (int32_t p = 0; p < 2; ++p) {
    Population population;
    population.node = p == 0 ? "first" : "second";
    population.shape = {30};
    population.first = 30 * p;
    population.count = 30;
    population.columns = {{"v", Width::Int16, {0}, true}, {"bias", Width::Int32, {3}, true}};
    population.bias = 1;
    population.start = p;
    population.changes = {{2, 5, 40}, {3, 7, -9}};
    model.populations.push_back(population);
  }
  for (int32_t n = 0; n < 60; ++n) {
    std::vector<Synapse> &of = model.synapses.emplace_back();
    for (int32_t source = 0; source < 36; ++source) {
      bool isDense = source < 10;
      bool isThere = isDense || random.below(8) == 0;
      auto weight = static_cast<int64_t>(random.below(isDense ? 200 : 600)) - (isDense ? 100 : 300);
      if (isThere && weight != 0) {
        of.push_back({source, source % 5 == 4 ? static_cast<int32_t>(random.below(4)) : 0, weight});
      }
    }
  }
  model.sendDelays.assign(66, 0);
  model.sendDelays[3] = 2;
  model.sendDelays[12] = 7;
  model.readouts = {{"second", "spikes", Readout::Kind::Spikes, {2}, {}, {31, 59}},
                    {"second", "v", Readout::Kind::Voltage, {2}, {0.5}, {31, 59}}};
  model.sources.resize(2);
  Site site;
  site.neuronsPerCore = 25;
  nir::Result<Mapping> mapping = mapToCores(model, site, {});
  EXPECT_TRUE(mapping);
  return makeImage(model, *mapping, 1, 1);
}

/// Some steps in memory of exactly the size of the data.
void run(const CoreData &core) {
  std::vector<std::string_view> columns(update_columns, update_columns + update_count);
  // What the data are for stands in them, and is checked where a program is chosen.
  if (!fitsProgram(core, columns) || core.ringBits != 16) {
    return;
  }
  std::string bytes = blockOf(core).bytes;
  std::vector<uint64_t> memory((bytes.size() + 7) / 8);
  std::memcpy(memory.data(), bytes.data(), bytes.size());
  auto *data = reinterpret_cast<uint8_t *>(memory.data());
  std::vector<uint32_t> keys = {0, 0xffffffff};
  for (const KeyRange &range : core.keys) {
    for (uint32_t k = 0; k < std::min<uint32_t>(range.count(), 200); ++k) {
      keys.push_back(range.key + k);
    }
  }
  for (int step = 0; step < 5; ++step) {
    pe_packets(data, keys.data(), static_cast<uint32_t>(keys.size()));
    FirmwareCounts counts = pe_update(data);
    EXPECT_LE(counts.spikes, core.places);
    EXPECT_LE(counts.packets, core.places);
  }
}

TEST(DamagedFirmware, IsRefusedOrRuns) {
  Image sound = soundImage();
  ASSERT_FALSE(checkImage(sound));
  ASSERT_GT(sound.cores.size(), 2U);
  std::vector<std::string> files = {writeNetwork(sound.network)};
  for (const CoreImage &core : sound.cores) {
    files.push_back(writeCore(core));
    run(core.data);
  }
  int refused = 0;
  for (int i = 0; i < copies; ++i) {
    DamageRandom random{std::mt19937_64(firstSeed + static_cast<uint64_t>(i))};
    size_t which = random.below(files.size());
    std::string bytes = files[which];
    damage(bytes, random);
    Image image = sound;
    nir::Status wrong;
    if (which == 0) {
      nir::Result<NetworkImage> network = readNetwork(bytes);
      if (network) {
        image.network = *std::move(network);
      } else {
        wrong = network.takeError();
      }
    } else {
      nir::Result<CoreImage> core = readCore(bytes);
      if (core) {
        image.cores[which - 1] = *std::move(core);
      } else {
        wrong = core.takeError();
      }
    }
    bool isWhole = !wrong && image.network.cores.size() == image.cores.size();
    wrong = isWhole ? checkImage(image) : std::move(wrong);
    if (wrong || !isWhole) {
      ++refused;
      ASSERT_TRUE(!wrong || !wrong->message.empty()) << "seed " << firstSeed + i;
      continue;
    }
    for (const CoreImage &core : image.cores) {
      run(core.data);
    }
  }
  // Weights, states and names may be any.
  EXPECT_GT(refused, copies / 4);
  EXPECT_LT(refused, copies);
}

TEST(DamagedFirmware, EveryCutIsRefused) {
  Image sound = soundImage();
  std::string network = writeNetwork(sound.network), core = writeCore(sound.cores[0]);
  for (size_t length = 0; length < network.size(); length += 1 + length / 100) {
    EXPECT_FALSE(readNetwork(std::string_view(network).substr(0, length))) << length << " bytes";
  }
  for (size_t length = 0; length < core.size(); length += 1 + length / 100) {
    EXPECT_FALSE(readCore(std::string_view(core).substr(0, length))) << length << " bytes";
  }
}

} // namespace
