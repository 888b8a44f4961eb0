//===- Spinnaker2ImageTest.cpp - what cores hold, and damaged files --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cortexm/Elf.h"
#include "backends/spinnaker2/firmware/Program.h"
#include "backends/spinnaker2/machine/Machine.h"
#include "ir/choices/Choices.h"
#include "tests/support/RandomLayers.h"
#include "tests/support/ReferenceData.h"
#include "tests/support/TemporaryFolder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>

using namespace nirc;
using namespace nirc::spinnaker2;
using nir::test::Random;
using testing::HasSubstr;

namespace {

std::vector<Artifact::File> filesOf(const nir::Graph &graph, const char *neuronsPerCore) {
  nir::Recording input = nir::test::spikesFor(graph, 1e-3, 20, 1);
  Job job;
  job.graph = &graph;
  job.file = "net.nir";
  job.semantics = *nir::semanticsOf("spinnaker2");
  job.semantics.dtSeconds = 1e-3;
  auto calibration = std::make_shared<Calibration>();
  calibration->input = input;
  calibration->inputsOnly = true;
  job.quantization = QuantizationOptions{*nir::numberFormatOf("int8"), calibration};
  job.settings["neurons-per-core"] = neuronsPerCore;
  nir::Result<Artifact> artifact = (*findTarget("spinnaker2"))->emit(job, {});
  EXPECT_TRUE(artifact) << artifact.error().str();
  return artifact ? artifact->files : std::vector<Artifact::File>();
}

nir::Graph layers(uint64_t seed) { return nir::test::Layers(seed).build(); }

/// From the ELF and the image alone.
void expectToFit(const std::vector<Artifact::File> &files) {
  nir::Result<Loaded> loaded = loadFiles(files);
  ASSERT_TRUE(loaded) << loaded.error().str();
  for (size_t i = 0; i < loaded->blocks.size(); ++i) {
    const CoreImage &core = loaded->image.cores[i];
    auto elf = std::ranges::find(files, elfOf(core.program), &Artifact::File::name);
    ASSERT_NE(elf, files.end());
    nir::Result<cortexm::Elf> read = cortexm::readElf(elf->bytes);
    ASSERT_TRUE(read) << read.error().str();
    EXPECT_LE(read->end, core.dataBegin) << "core " << i;
    EXPECT_EQ(read->symbols.at("data_begin").first, core.dataBegin);
    EXPECT_LE(core.dataBegin + loaded->blocks[i].bytes.size(), 128 * 1024U - 4096U) << "core " << i;
    EXPECT_EQ(std::ssize(loaded->blocks[i].bytes), bytesOf(core.data).data()) << "core " << i;
  }
}

using Spinnaker2Published = nir::test::ReferenceData;

TEST_F(Spinnaker2Published, CoresHoldWhatTheyAreGiven) {
  for (const char *name : {"cnn_sinabs.nir", "braille_noDelay_bias_zero.nir", "lif_norse.nir"}) {
    expectToFit(filesOf(graph(name), "16384"));
  }
}

TEST(Spinnaker2Image, CoresHoldWhatTheyAreGiven) {
  for (uint64_t seed = 0; seed < 6; ++seed) {
    expectToFit(filesOf(layers(seed), seed % 2 ? "5" : "16384"));
  }
}

/// With their digests no mutation is run; of a core the error names its nodes.
TEST(Spinnaker2Image, SaysWhichCoreWasDamaged) {
  std::vector<Artifact::File> files = filesOf(layers(3), "4");
  nir::test::TemporaryFolder folder;
  auto write = [&](const Artifact::File &file) {
    std::filesystem::path path = std::filesystem::path(folder.path) / file.name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << file.bytes;
  };
  for (const Artifact::File &file : files) {
    write(file);
  }
  std::string path = folder.path + "/" + std::string(networkFile);
  ASSERT_TRUE(loadFolder(path));
  Random random(2);
  for (const Artifact::File &file : files) {
    if (file.name == "README.md" || file.name == sumsFile) {
      continue;
    }
    Artifact::File damaged = file;
    auto at = static_cast<size_t>(random.between(0, std::ssize(file.bytes) - 1));
    damaged.bytes[at] = static_cast<char>(damaged.bytes[at] ^ 1);
    write(damaged);
    nir::Result<Loaded> loaded = loadFolder(path);
    ASSERT_FALSE(loaded) << file.name;
    EXPECT_EQ(loaded.error().code, "damaged-file");
    bool isCore = file.name.starts_with("cores/");
    EXPECT_THAT(loaded.error().message, HasSubstr(isCore ? "('" : file.name));
    write(file);
  }
}

/// A table without one of its entries: the packets would be lost in silence.
TEST(Spinnaker2Image, SaysWhichPacketsAreMissing) {
  std::vector<Artifact::File> files = filesOf(layers(3), "4");
  nir::Result<Loaded> loaded = loadFiles(files);
  ASSERT_TRUE(loaded);
  for (size_t entry = 0; entry < loaded->image.network.chips[0].size(); ++entry) {
    Image image = loaded->image;
    image.network.chips[0].erase(image.network.chips[0].begin() + static_cast<long>(entry));
    nir::Status wrong = checkImage(image);
    ASSERT_TRUE(wrong);
    EXPECT_THAT(wrong->message, HasSubstr("are missing in core"));
    EXPECT_THAT(wrong->message, HasSubstr("no multicast entry leads there"));
  }
}

/// A packet that the network loses while it runs.
TEST(Spinnaker2Machine, SaysWhichCoreMissesAPacket) {
  nir::Result<Loaded> read = loadFiles(filesOf(layers(3), "4"));
  ASSERT_TRUE(read);
  auto loaded = std::make_shared<const Loaded>(*std::move(read));
  nir::Result<std::unique_ptr<CoreMachine>> cores = hostCores(loaded->files, std::nullopt);
  ASSERT_TRUE(cores) << cores.error().str();
  nir::Result<std::unique_ptr<Machine>> machine = Machine::start(loaded, **cores);
  ASSERT_TRUE(machine) << machine.error().str();
  std::vector<std::vector<uint32_t>> all;
  for (const NetworkImage::Input &input : loaded->image.network.inputs) {
    all.emplace_back(static_cast<size_t>(nir::numElements(input.shape)));
    std::iota(all.back().begin(), all.back().end(), 0);
  }
  InputSpikes spikes(all.begin(), all.end());
  for (int step = 0; step < 5; ++step) {
    ASSERT_FALSE((*machine)->step(spikes));
  }
  nir::Result<MachineCounts> counts = (*machine)->takeCounts();
  ASSERT_TRUE(counts) << counts.error().str();
  ASSERT_FALSE((*machine)->reset());
  nir::Status failed;
  (*machine)->losePacket((*machine)->sentSoFar() + 2);
  for (int step = 0; step < 5 && !failed; ++step) {
    failed = (*machine)->step(spikes);
  }
  counts = (*machine)->takeCounts();
  ASSERT_FALSE(counts);
  EXPECT_THAT(counts.error().message, HasSubstr("core "));
  EXPECT_THAT(counts.error().message,
              HasSubstr("1 of the packets that were sent to it are missing"));
}

} // namespace
