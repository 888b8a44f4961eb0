//===- DamagedFilesTest.cpp - ten thousand damaged files ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Damaged copies of small valid files, from fixed seeds, through the confined readers. Whatever
// happens to the reading process, the caller gets a value or an error, and soon.
//
//===----------------------------------------------------------------------===//

#include "Hdf5Fixture.h"
#include "ShdFixture.h"
#include "ir/file/Confined.h"
#include "ir/file/NirData.h"
#include "ir/file/Reader.h"
#include "ir/file/ShdFile.h"
#include "ir/file/Writer.h"
#include "tests/fuzz/Cases.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <thread>

using namespace nir;
using namespace nir::test;

namespace {

constexpr uint64_t firstSeed = 20250117;
const int copies = static_cast<int>(nir::test::fuzzCases(3'500));
constexpr double maxSeconds = 1.0;

using Bytes = std::vector<char>;

Bytes load(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void store(const std::string &path, const Bytes &bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), std::ssize(bytes));
}

/// Standard generators give the same numbers everywhere; standard distributions do not.
struct Random {
  std::mt19937_64 bits;
  size_t below(size_t bound) { return bound == 0 ? 0 : bits() % bound; }
};

/// Damages the bytes and says how.
std::string damage(Bytes &bytes, Random &random) {
  size_t at = random.below(bytes.size());
  switch (random.below(6)) {
  case 0: {
    size_t flips = 1 + random.below(16);
    for (size_t i = 0; i < flips; ++i) {
      bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
    }
    return fmt::format("{} bits flipped", flips);
  }
  case 1: { // what a header holds is at the start: hit it more often than the data
    size_t hits = 1 + random.below(8), front = std::min<size_t>(bytes.size(), 2048);
    for (size_t i = 0; i < hits; ++i) {
      bytes[random.below(front)] = static_cast<char>(random.below(256));
    }
    return fmt::format("{} bytes of the front replaced", hits);
  }
  case 2:
    bytes.resize(at);
    return fmt::format("cut at {}", at);
  case 3: {
    size_t length = std::min(bytes.size() - at, 1 + random.below(512));
    std::fill_n(bytes.begin() + std::ptrdiff_t(at), length, '\0');
    return fmt::format("{} bytes from {} zeroed", length, at);
  }
  case 4: {
    size_t length = std::min(bytes.size() - at, 1 + random.below(256));
    size_t from = random.below(bytes.size() - length + 1);
    std::copy_n(Bytes(bytes).begin() + std::ptrdiff_t(from), length,
                bytes.begin() + std::ptrdiff_t(at));
    return fmt::format("{} bytes from {} copied to {}", length, from, at);
  }
  default: { // an address or a size becomes an extreme one
    static constexpr uint64_t extremes[] = {0, 1, 0x7FFFFFFF, 0xFFFFFFFF, ~uint64_t(0) - 1};
    uint64_t value = extremes[random.below(std::size(extremes))];
    size_t where = random.below(bytes.size()) / 8 * 8;
    size_t width = std::min<size_t>(size_t(1) << random.below(4), bytes.size() - where);
    std::memcpy(bytes.data() + where, &value, width);
    return fmt::format("{} bytes at {} set to {:#x}", width, where, value);
  }
  }
}

struct Outcome {
  std::atomic<int> values = 0, errors = 0, crashes = 0, timeouts = 0;
  std::mutex mutex;
  std::vector<std::string> failures;

  void fail(const std::string &text) {
    std::lock_guard lock(mutex);
    failures.push_back(text);
  }
};

/// Reads one damaged file and looks at what comes back.
template <typename T>
void judge(const Result<T> &result, const std::string &what, Outcome &outcome) {
  if (result) {
    ++outcome.values;
    return;
  }
  std::string message = result.error().message;
  ++(message.find("crashed") != std::string::npos       ? outcome.crashes
     : message.find("took longer") != std::string::npos ? outcome.timeouts
                                                        : outcome.errors);
  if (message.empty() || result.error().file.empty() ||
      message.find("cannot be read safely") != std::string::npos) {
    outcome.fail(fmt::format("{}: {}", what, result.error().str()));
  }
}

TEST(DamagedFiles, giveAValueOrAnError) {
  TemporaryFolder folder;
  struct Original {
    std::string name;
    Bytes bytes;
    confined::Content content;
  };
  std::vector<Original> originals;
  for (int level : {0, 4}) {
    std::string path = folder.file(fmt::format("graph{}", level));
    Model model = smallModel();
    model.graph.nodes.push_back(
        {"weights", Linear{Tensor::of<float>({20, 20}, std::vector<float>(400, 1.5F))}, {}});
    ASSERT_FALSE(write(model, path, {level}));
    originals.push_back({path, load(path), confined::Content::Graph});
    // Tracked order: the other form of groups that HDF5 knows.
    std::reverse(model.graph.nodes.begin(), model.graph.nodes.end());
    ASSERT_FALSE(write(model, path, {level}));
    originals.push_back({path + " in another order", load(path), confined::Content::Graph});
  }
  NIRGraphData data;
  TimeGriddedData grid{Tensor::of<double>({1, 20, 10}, std::vector<double>(200, 1.0)), 1e-3};
  data.nodes.push_back({"lif", NIRNodeData{{{"v", grid}, {"spikes", toEvents(grid)}}}});
  std::string path = folder.file("data");
  ASSERT_FALSE(writeData(data, path, {{{"tool", "test"}}}));
  originals.push_back({path, load(path), confined::Content::Data});
  path = folder.file("shd");
  writeShd(path, {{0.1, 0.5}, {}, {1.25, 1.5, 1.5}}, {{3, 699}, {}, {7, 8, 9}}, {4, 0, 19});
  originals.push_back({path, load(path), confined::Content::Shd});

  ReadLimits limits;
  limits.maxSeconds = maxSeconds;
  limits.maxTensorBytes = limits.maxWorkBytes = int64_t(64) << 20;
  limits.maxTotalBytes = int64_t(128) << 20;
  Outcome outcome;
  std::atomic<int> next = 0;
  auto work = [&](unsigned worker) {
    for (int copy = next++; copy < copies; copy = next++) {
      uint64_t seed = firstSeed + static_cast<uint64_t>(copy);
      Random random{std::mt19937_64(seed)};
      const Original &original = originals[static_cast<size_t>(copy) % originals.size()];
      Bytes bytes = original.bytes;
      std::string what = fmt::format("seed {}, {}: {}", seed, original.name, damage(bytes, random));
      std::string damaged = folder.file(fmt::format("damaged{}", worker));
      store(damaged, bytes);
      if (original.content == confined::Content::Shd) {
        judge(readShd(damaged, 0, 3, limits), what, outcome);
      } else if (original.content == confined::Content::Data) {
        Result<NIRGraphData> result = readData(damaged, limits);
        judge(result, what, outcome);
      } else {
        Result<Model> result = nir::read(damaged, limits);
        judge(result, what, outcome);
        // What was read can be written; a NaN or a strange name may be refused, but not crash.
        if (result && copy % 8 == 0) {
          (void)write(*result, damaged);
        }
      }
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::clamp(std::thread::hardware_concurrency(), 2U, 8U); ++i) {
    threads.emplace_back(work, i);
  }
  for (std::thread &thread : threads) {
    thread.join();
  }
  std::printf("seeds %llu to %llu: %d read, %d refused, %d crashed the reading process, %d kept it "
              "busy\n",
              static_cast<unsigned long long>(firstSeed),
              static_cast<unsigned long long>(firstSeed + copies - 1), outcome.values.load(),
              outcome.errors.load(), outcome.crashes.load(), outcome.timeouts.load());
  EXPECT_TRUE(outcome.failures.empty()) << fmt::format("{}", fmt::join(outcome.failures, "\n"));
  EXPECT_EQ(outcome.values + outcome.errors + outcome.crashes + outcome.timeouts, copies);
  // The damage is real, and not all of it fatal.
  EXPECT_GT(outcome.values, copies / 20);
  EXPECT_GT(outcome.errors, copies / 5);
}

} // namespace
