//===- Pack.cpp -----------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/Pack.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>
#include <map>
#include <optional>
#include <span>
#include <tuple>

using namespace nirc::loihi2;

namespace {

/// The synapses of one axon that share a format.
struct Group {
  SynapseFormat format;
  std::vector<CoreSynapse> synapses;
};

class Packer {
public:
  Packer(const Model &model, int32_t first, int32_t count);
  PackedSynapses pack();

private:
  bool tryPack(bool anyFormat);
  void packAxon(std::span<const CoreSynapse> synapses, bool anyFormat);
  bool addGroups(std::span<const CoreSynapse> synapses);
  void addPlainGroups(std::span<const CoreSynapse> synapses);
  void writeGroup(const Group &group, uint32_t &blocks);
  std::optional<SynapseFormat> formatFor(std::span<const CoreSynapse> synapses) const;

  std::vector<int32_t> sources; ///< of each axon
  std::vector<std::vector<CoreSynapse>> ofAxon;
  int indexBits = 6, delayBits = 0; ///< the same in the whole core
  std::vector<Group> groups;        ///< of one axon
  PackedSynapses packed;
};

/// Appends fields to words, from the lowest bit upwards.
class BitWriter {
public:
  explicit BitWriter(std::vector<uint64_t> &words) : words(words) {}
  void add(uint64_t field, int bits) {
    if (used == 64) {
      words.push_back(0);
      used = 0;
    }
    words.back() |= field << used;
    int fit = std::min(bits, 64 - used);
    used += fit;
    if (fit < bits) {
      words.push_back(field >> fit);
      used = bits - fit;
    }
  }

private:
  std::vector<uint64_t> &words;
  int used = 64; ///< of the last word
};

} // namespace

Packer::Packer(const Model &model, int32_t first, int32_t count) {
  struct Sourced {
    int32_t source;
    CoreSynapse synapse;
  };
  std::vector<Sourced> all;
  int32_t longest = 0;
  for (int32_t n = 0; n < count; ++n) {
    for (const Synapse &each : model.synapses[static_cast<size_t>(first) + n]) {
      all.push_back({each.source, {n, each.delay, each.weight}});
      longest = std::max(longest, each.delay);
    }
  }
  std::sort(all.begin(), all.end(), [](const Sourced &a, const Sourced &b) {
    return std::tie(a.source, a.synapse.compartment, a.synapse.delay) <
           std::tie(b.source, b.synapse.compartment, b.synapse.delay);
  });
  for (const Sourced &each : all) {
    if (sources.empty() || sources.back() != each.source) {
      sources.push_back(each.source);
      ofAxon.emplace_back();
    }
    ofAxon.back().push_back(each.synapse);
  }
  auto bitsOf = [](int32_t most) { return static_cast<int>(std::bit_width(uint32_t(most))); };
  indexBits = std::max(indexBits, bitsOf(count - 1));
  delayBits = bitsOf(longest);
}

PackedSynapses Packer::pack() {
  if (!tryPack(/*anyFormat=*/true)) {
    [[maybe_unused]] bool fits = tryPack(/*anyFormat=*/false);
    assert(fits && "there are 16 plain formats");
  }
  return std::move(packed);
}

/// Whether the core has a place for all formats.
bool Packer::tryPack(bool anyFormat) {
  packed = {};
  for (size_t axon = 0; axon < sources.size(); ++axon) {
    packed.axons.push_back({sources[axon], static_cast<uint32_t>(packed.words.size()), 0});
    packAxon(ofAxon[axon], anyFormat);
    if (std::ssize(packed.formats) > synapseFormats) {
      return false;
    }
  }
  return true;
}

void Packer::packAxon(std::span<const CoreSynapse> synapses, bool anyFormat) {
  groups.clear();
  if (!anyFormat || !addGroups(synapses)) {
    addPlainGroups(synapses);
  }
  for (const Group &group : groups) {
    writeGroup(group, packed.axons.back().blocks);
  }
}

//===----------------------------------------------------------------------===//
// Which formats
//===----------------------------------------------------------------------===//

/// The format of the fewest bits that has all these weights.
std::optional<SynapseFormat> Packer::formatFor(std::span<const CoreSynapse> synapses) const {
  int64_t least = 0, most = 0;
  uint64_t digits = 0;
  for (const CoreSynapse &each : synapses) {
    least = std::min(least, each.weight);
    most = std::max(most, each.weight);
    digits |= static_cast<uint64_t>(std::abs(each.weight));
  }
  SignMode mode = least >= 0  ? SignMode::Excitatory
                  : most <= 0 ? SignMode::Inhibitory
                              : SignMode::Mixed;
  for (int weightBits : {1, 2, 3, 4, 5, 6, 8}) {
    for (int exponent = leastWeightExponent; exponent <= largestWeightExponent; ++exponent) {
      SynapseFormat format{mode, weightBits, delayBits, indexBits, exponent};
      int shift = format.shift();
      if (shift < 0 || std::countr_zero(digits) < shift) {
        continue;
      }
      int64_t low = least >> shift, high = most >> shift, room = int64_t{1} << weightBits;
      bool fits = mode == SignMode::Mixed ? low >= -room / 2 && high < room / 2
                                          : -low < room && high < room;
      if (fits) {
        return format;
      }
    }
  }
  return std::nullopt;
}

/// In one format, or in one for each sign; whether that is possible.
bool Packer::addGroups(std::span<const CoreSynapse> synapses) {
  if (std::optional<SynapseFormat> format = formatFor(synapses)) {
    groups.push_back({*format, {synapses.begin(), synapses.end()}});
    return true;
  }
  std::vector<CoreSynapse> ofSign[2];
  for (const CoreSynapse &each : synapses) {
    ofSign[each.weight < 0].push_back(each);
  }
  for (std::vector<CoreSynapse> &each : ofSign) {
    std::optional<SynapseFormat> format = formatFor(each);
    if (each.empty()) {
      continue;
    }
    if (!format) {
      groups.clear();
      return false;
    }
    groups.push_back({*format, std::move(each)});
  }
  return true;
}

/// In formats of 8 bits, one for each sign and exponent from 0 to 7, and weights that have no such
/// mantissa as a large and a small one.
void Packer::addPlainGroups(std::span<const CoreSynapse> synapses) {
  groups.clear();
  std::map<SynapseFormat, std::vector<CoreSynapse>> byFormat;
  for (const CoreSynapse &each : synapses) {
    SignMode mode = each.weight < 0 ? SignMode::Inhibitory : SignMode::Excitatory;
    int64_t size = std::abs(each.weight), sign = each.weight < 0 ? -1 : 1;
    int exponent = std::max(0, static_cast<int>(std::bit_width(uint64_t(size))) - 8);
    int64_t rest = size & ((int64_t{1} << exponent) - 1);
    CoreSynapse large = each, small = each;
    large.weight = sign * (size - rest);
    small.weight = sign * rest;
    byFormat[{mode, 8, delayBits, indexBits, exponent}].push_back(large);
    if (rest != 0) {
      byFormat[{mode, 8, delayBits, indexBits, 0}].push_back(small);
    }
  }
  for (auto &[format, ofFormat] : byFormat) {
    groups.push_back({format, std::move(ofFormat)});
  }
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

void Packer::writeGroup(const Group &group, uint32_t &blocks) {
  auto found = std::find(packed.formats.begin(), packed.formats.end(), group.format);
  auto index = static_cast<uint64_t>(found - packed.formats.begin());
  if (found == packed.formats.end()) {
    packed.formats.push_back(group.format);
  }
  const SynapseFormat &format = group.format;
  std::span<const CoreSynapse> rest = group.synapses;
  while (!rest.empty()) {
    size_t count = std::min<size_t>(rest.size(), mostInBlock);
    BitWriter writer(packed.words);
    writer.add(index % synapseFormats, blockFormatBits);
    writer.add(count - 1, blockCountBits);
    for (const CoreSynapse &each : rest.first(count)) {
      int64_t field = each.weight >> format.shift();
      field = format.mode == SignMode::Inhibitory ? -field : field;
      writer.add(static_cast<uint64_t>(field) & ((uint64_t{1} << format.weightBits) - 1),
                 format.weightBits);
      writer.add(static_cast<uint64_t>(each.delay), format.delayBits);
      writer.add(static_cast<uint64_t>(each.compartment), format.indexBits);
    }
    rest = rest.subspan(count);
    ++blocks;
  }
}

PackedSynapses nirc::loihi2::packSynapses(const Model &model, int32_t first, int32_t count) {
  return Packer(model, first, count).pack();
}
