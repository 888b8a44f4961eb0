//===- PackRows.cpp - rows of synapses in their words ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/map/PackRows.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

using namespace nirc;
using namespace nirc::spinnaker2;

// Bits of a block's word.
constexpr int countShift = 12, delayShift = 20, kindShift = 28, lastShift = 31;
constexpr uint32_t firstMask = 0xfff, countMask = 0xff, delayMask = 0xff, kindMask = 7;
constexpr uint32_t perFour = 4, mostEntries = 256, mostInRun = perFour * mostEntries;

static bool isRun(BlockKind kind) { return kind < BlockKind::List8; }

uint32_t Block::word() const {
  uint32_t many = isRun(kind) ? count / perFour : count;
  return first / perFour | (many - 1) << countShift | delay << delayShift |
         static_cast<uint32_t>(kind) << kindShift | (isLast ? 1U << lastShift : 0);
}

Block Block::of(uint32_t word) {
  Block block;
  block.kind = static_cast<BlockKind>(word >> kindShift & kindMask);
  block.first = (word & firstMask) * perFour;
  block.count = (word >> countShift & countMask) + 1;
  block.count *= isRun(block.kind) ? perFour : 1;
  block.delay = word >> delayShift & delayMask;
  block.isLast = word >> lastShift != 0;
  return block;
}

uint32_t Block::words() const {
  switch (kind) {
  case BlockKind::Run8:
    return count / 4;
  case BlockKind::Run16:
  case BlockKind::List8:
    return (count + 1) / 2;
  case BlockKind::Run32:
  case BlockKind::List16:
    return count;
  case BlockKind::List32:
    return 2 * count;
  }
  return 0;
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

using Synapses = std::span<const PartSynapse>;

/// 0: all weights have 8 bits; 1: 16; 2: 32.
static int widthOf(Synapses synapses) {
  int width = 0;
  for (const PartSynapse &each : synapses) {
    int needed = each.weight == static_cast<int8_t>(each.weight)    ? 0
                 : each.weight == static_cast<int16_t>(each.weight) ? 1
                                                                    : 2;
    width = std::max(width, needed);
  }
  return width;
}

static uint32_t downToFour(int32_t place) {
  return static_cast<uint32_t>(place) / perFour * perFour;
}

/// Cuts synapses of one delay into runs: a gap that costs more than another block ends one.
static std::vector<Block> cutIntoRuns(Synapses synapses, int width) {
  const uint32_t mostGap = 2 * perFour >> width; // of places, beside those of fours
  std::vector<Block> blocks;
  for (const PartSynapse &each : synapses) {
    uint32_t four = downToFour(each.place);
    bool follows = !blocks.empty() && four <= blocks.back().first + blocks.back().count + mostGap &&
                   four + perFour - blocks.back().first <= mostInRun;
    if (!follows) {
      blocks.push_back({static_cast<BlockKind>(width), four, 0, static_cast<uint32_t>(each.delay)});
    }
    blocks.back().count = four + perFour - blocks.back().first;
  }
  return blocks;
}

static std::vector<Block> cutIntoLists(Synapses synapses, int width) {
  constexpr uint32_t reach = 256; // of places, of which an entry of 16 bits has 8
  std::vector<Block> blocks;
  for (const PartSynapse &each : synapses) {
    auto place = static_cast<uint32_t>(each.place);
    bool follows = !blocks.empty() && blocks.back().count < mostEntries &&
                   (width > 0 || place - blocks.back().first < reach);
    if (!follows) {
      blocks.push_back({static_cast<BlockKind>(width + static_cast<int>(BlockKind::List8)),
                        downToFour(each.place), 0, static_cast<uint32_t>(each.delay)});
    }
    ++blocks.back().count;
  }
  return blocks;
}

static uint32_t wordsOf(const std::vector<Block> &blocks) {
  uint32_t words = 0;
  for (const Block &each : blocks) {
    words += 1 + each.words();
  }
  return words;
}

/// Where the weight of the place `at` of a run is: its word, and its lowest bit there.
static std::pair<uint32_t, int> placeInRun(BlockKind kind, uint32_t at) {
  constexpr std::array<int, 4> order = {0, 16, 8, 24}; // as the core takes two at a time
  switch (kind) {
  case BlockKind::Run8:
    return {at / 4, order[at % 4]};
  case BlockKind::Run16:
    return {at / 2, at % 2 == 0 ? 0 : 16};
  default:
    return {at, 0};
  }
}

static void writeEntry(const Block &block, const PartSynapse &synapse, uint32_t entry,
                       uint32_t *words) {
  auto weight = static_cast<uint32_t>(synapse.weight);
  uint32_t at = static_cast<uint32_t>(synapse.place) - block.first;
  switch (block.kind) {
  case BlockKind::List8:
    words[entry / 2] |= (at << 8 | (weight & 0xff)) << (entry % 2 == 0 ? 0 : 16);
    return;
  case BlockKind::List16:
    words[entry] = at << 16 | (weight & 0xffff);
    return;
  case BlockKind::List32:
    words[size_t{2} * entry] = weight;
    words[size_t{2} * entry + 1] = at;
    return;
  default: {
    auto [word, shift] = placeInRun(block.kind, at);
    uint32_t mask = block.kind == BlockKind::Run8    ? 0xff
                    : block.kind == BlockKind::Run16 ? 0xffff
                                                     : 0xffffffff;
    words[word] |= (weight & mask) << shift;
  }
  }
}

void nirc::spinnaker2::packRow(Synapses synapses, std::vector<uint32_t> &words) {
  size_t lastBlock = words.size();
  while (!synapses.empty()) {
    int32_t delay = synapses.front().delay;
    auto end = std::ranges::find_if(synapses,
                                    [&](const PartSynapse &each) { return each.delay != delay; });
    Synapses group = synapses.first(static_cast<size_t>(end - synapses.begin()));
    synapses = synapses.subspan(group.size());
    int width = widthOf(group);
    std::vector<Block> blocks = cutIntoRuns(group, width), lists = cutIntoLists(group, width);
    if (wordsOf(lists) < wordsOf(blocks)) {
      blocks = std::move(lists);
    }
    for (const Block &block : blocks) {
      lastBlock = words.size();
      words.push_back(block.word());
      words.resize(words.size() + block.words(), 0);
      for (uint32_t entry = 0; !group.empty(); ++entry) {
        bool isInside = isRun(block.kind)
                            ? static_cast<uint32_t>(group.front().place) < block.first + block.count
                            : entry < block.count;
        if (!isInside) {
          break;
        }
        writeEntry(block, group.front(), entry, words.data() + lastBlock + 1);
        group = group.subspan(1);
      }
    }
  }
  words[lastBlock] |= 1U << lastShift;
}

bool Matrix::cover(Synapses row) {
  constexpr uint32_t mostLonger = 2 * perFour; // of places, beside what a row's own word takes
  auto kind = static_cast<BlockKind>(widthOf(row));
  uint32_t first = downToFour(row.front().place), end = downToFour(row.back().place) + perFour;
  auto delay = static_cast<uint32_t>(row.front().delay);
  bool isOne = row.front().delay == row.back().delay && end - first <= mostInRun &&
               row.size() * 2 >= end - first;
  if (isEmpty && isOne) {
    run = {kind, first, end - first, delay, /*isLast=*/true};
    isEmpty = false;
    return true;
  }
  uint32_t low = std::min(first, run.first), high = std::max(end, run.first + run.count);
  if (!isOne || kind != run.kind || delay != run.delay || high - low > run.count + mostLonger ||
      high - low > end - first + mostLonger || high - low > mostInRun) {
    return false;
  }
  run.first = low;
  run.count = high - low;
  return true;
}

void Matrix::write(std::span<const Synapses> rows, std::vector<uint32_t> &words) const {
  words.push_back(run.words());
  words.push_back(run.word());
  for (Synapses row : rows) {
    size_t at = words.size();
    words.resize(at + run.words(), 0);
    for (const PartSynapse &each : row) {
      writeEntry(run, each, 0, words.data() + at);
    }
  }
}

//===----------------------------------------------------------------------===//
// Unpacking
//===----------------------------------------------------------------------===//

/// The lowest bits as a number in two's complement.
static int64_t signedOf(uint32_t bits, int width) {
  int unused = 32 - width;
  return static_cast<int32_t>(bits << unused) >> unused;
}

static int64_t weightOf(BlockKind kind, std::span<const uint32_t> words, uint32_t at) {
  auto [word, shift] = placeInRun(kind, at);
  uint32_t bits = words[word] >> shift;
  return signedOf(bits, kind == BlockKind::Run8 ? 8 : kind == BlockKind::Run16 ? 16 : 32);
}

static PartSynapse entryOf(const Block &block, std::span<const uint32_t> words, uint32_t entry) {
  uint32_t place = block.first;
  int64_t weight = 0;
  if (block.kind == BlockKind::List8) {
    uint32_t bits = words[entry / 2] >> (entry % 2 == 0 ? 0 : 16);
    place += bits >> 8 & 0xff;
    weight = signedOf(bits, 8);
  } else if (block.kind == BlockKind::List16) {
    place += words[entry] >> 16;
    weight = signedOf(words[entry], 16);
  } else if (block.kind == BlockKind::List32) {
    weight = signedOf(words[size_t{2} * entry], 32);
    place += words[size_t{2} * entry + 1];
  } else {
    place += entry;
    weight = weightOf(block.kind, words, entry);
  }
  return {static_cast<int32_t>(place), static_cast<int32_t>(block.delay), weight};
}

/// Takes the block at the beginning of the words, and its weights, off them. None where they end
/// before it does.
static std::optional<std::pair<Block, std::span<const uint32_t>>>
takeBlock(std::span<const uint32_t> &words) {
  if (words.empty()) {
    return std::nullopt;
  }
  Block block = Block::of(words[0]);
  words = words.subspan(1);
  if (block.kind > BlockKind::List32 || block.words() > words.size()) {
    return std::nullopt;
  }
  std::pair taken{block, words.first(block.words())};
  words = words.subspan(block.words());
  return taken;
}

std::vector<PartSynapse> nirc::spinnaker2::unpackRow(std::span<const uint32_t> words) {
  std::vector<PartSynapse> synapses;
  while (auto taken = takeBlock(words)) {
    auto [block, weights] = *taken;
    for (uint32_t entry = 0; entry < block.count; ++entry) {
      PartSynapse synapse = entryOf(block, weights, entry);
      if (synapse.weight != 0) {
        synapses.push_back(synapse);
      }
    }
    if (block.isLast) {
      break;
    }
  }
  return synapses;
}

bool nirc::spinnaker2::isSoundRow(std::span<const uint32_t> words, uint32_t places,
                                  uint32_t slots) {
  while (auto taken = takeBlock(words)) {
    auto [block, weights] = *taken;
    if (block.delay >= slots || block.first + (isRun(block.kind) ? block.count : 0) > places) {
      return false;
    }
    // A core takes entries of 16 bits two at a time.
    uint32_t entries = block.kind == BlockKind::List8 ? 2 * block.words() : block.count;
    for (uint32_t entry = 0; !isRun(block.kind) && entry < entries; ++entry) {
      if (static_cast<uint32_t>(entryOf(block, weights, entry).place) >= places) {
        return false;
      }
    }
    if (block.isLast) {
      return true;
    }
  }
  return false;
}
