//===- Pack.cpp - the synapses of a core in their words -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/map/Pack.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>
#include <map>

using namespace nirc::loihi2;

namespace {

/// The synapses of one axon that share a format.
struct Group {
  SynapseFormat format;
  std::vector<CoreSynapse> synapses;
};

class Packer {
public:
  Packer(const Model &model, std::span<const int32_t> compartments);
  PackedSynapses pack();

private:
  /// How far formats may differ; each differing one needs a place among the core's.
  struct Choice {
    bool splits = false;     ///< shorter indexes for the first compartments of an axon
    bool ownFields = false;  ///< indexes and delays of as many bits as the axon needs, not the core
    bool ownWeights = false; ///< as many bits as the axon's weights need, not 8
    bool plain = false;      ///< one format for each sign and exponent, see addPlainGroups
  };

  bool tryPack(const Choice &wanted);
  void packAxon(std::span<const CoreSynapse> ofAxon);
  bool addGroups(std::span<const CoreSynapse> ofAxon);
  void addPlainGroups(std::span<const CoreSynapse> ofAxon);
  bool hasPlaceFor(const SynapseFormat &format) const;
  void addGroup(const SynapseFormat &format, std::span<const CoreSynapse> ofGroup);
  void writeGroup(const Group &group, uint32_t &blocks);
  std::optional<SynapseFormat> formatOf(std::span<const CoreSynapse> ofGroup) const;

  std::vector<int32_t> sources;      ///< of each axon
  std::vector<uint32_t> firstOf;     ///< of each axon in `synapses`, and how many there are
  std::vector<CoreSynapse> synapses; ///< by axon, compartment and delay
  int indexBits = leastIndexBits, delayBits = 0; ///< that any synapse of the core needs
  Choice choice;
  std::vector<Group> groups; ///< of one axon
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

static int bitsOf(int32_t most) { return static_cast<int>(std::bit_width(uint32_t(most))); }

/// Sorts synapses by their source, by counting: those of a compartment are sorted, and compartments
/// come in their order.
Packer::Packer(const Model &model, std::span<const int32_t> compartments) {
  std::vector<uint32_t> next(model.inputElements + model.synapses.size() + 1, 0);
  for (int32_t compartment : compartments) {
    for (const Synapse &each : model.synapses[compartment]) {
      ++next[each.source + 1];
    }
  }
  for (size_t source = 0; source + 1 < next.size(); ++source) {
    if (next[source + 1] > 0) {
      sources.push_back(static_cast<int32_t>(source));
      firstOf.push_back(next[source]);
    }
    next[source + 1] += next[source];
  }
  firstOf.push_back(next.back());
  synapses.resize(next.back());
  int32_t longest = 0;
  for (size_t n = 0; n < compartments.size(); ++n) {
    for (const Synapse &each : model.synapses[compartments[n]]) {
      synapses[next[each.source]++] = {static_cast<int32_t>(n), each.delay, each.weight};
      longest = std::max(longest, each.delay);
    }
  }
  indexBits = std::max(indexBits, bitsOf(static_cast<int32_t>(compartments.size()) - 1));
  delayBits = bitsOf(longest);
}

/// The first choice takes the fewest bits, if its formats have a place; of the others the best.
PackedSynapses Packer::pack() {
  if (tryPack({.splits = true, .ownFields = true, .ownWeights = true})) {
    return std::move(packed);
  }
  PackedSynapses best;
  for (Choice each : {Choice{.splits = true, .ownFields = true},
                      {.ownFields = true, .ownWeights = true},
                      {.ownFields = true},
                      {.ownWeights = true},
                      {},
                      {.plain = true}}) {
    bool fits = tryPack(each);
    assert((fits || !each.plain) && "there are 16 plain formats");
    if (fits && (best.formats.empty() || packed.bits() < best.bits())) {
      best = std::move(packed);
    }
  }
  return best;
}

/// Whether the core has a place for all formats.
bool Packer::tryPack(const Choice &wanted) {
  choice = wanted;
  packed = {};
  for (size_t axon = 0; axon < sources.size(); ++axon) {
    packed.axons.push_back({sources[axon], static_cast<uint32_t>(packed.words.size()), 0});
    packAxon(std::span(synapses).subspan(firstOf[axon], firstOf[axon + 1] - firstOf[axon]));
    if (std::ssize(packed.formats) > synapseFormats) {
      return false;
    }
  }
  return true;
}

void Packer::packAxon(std::span<const CoreSynapse> ofAxon) {
  groups.clear();
  if (choice.plain || !addGroups(ofAxon)) {
    addPlainGroups(ofAxon);
  }
  for (const Group &group : groups) {
    writeGroup(group, packed.axons.back().blocks);
  }
}

//===----------------------------------------------------------------------===//
// Which formats
//===----------------------------------------------------------------------===//

std::optional<SynapseFormat> nirc::loihi2::formatFor(std::span<const int64_t> weights,
                                                     int leastBits) {
  int64_t least = 0, most = 0;
  uint64_t digits = 0;
  for (int64_t weight : weights) {
    least = std::min(least, weight);
    most = std::max(most, weight);
    digits |= static_cast<uint64_t>(std::abs(weight));
  }
  SignMode mode = least >= 0  ? SignMode::Excitatory
                  : most <= 0 ? SignMode::Inhibitory
                              : SignMode::Mixed;
  for (int weightBits : {1, 2, 3, 4, 5, 6, 8}) {
    if (weightBits < leastBits) {
      continue;
    }
    for (int exponent = leastWeightExponent; exponent <= largestWeightExponent; ++exponent) {
      SynapseFormat format{mode, weightBits, 0, 0, exponent};
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

std::optional<SynapseFormat> Packer::formatOf(std::span<const CoreSynapse> ofGroup) const {
  std::vector<int64_t> weights;
  int32_t furthest = 0, longest = 0;
  for (const CoreSynapse &each : ofGroup) {
    weights.push_back(each.weight);
    furthest = std::max(furthest, each.compartment);
    longest = std::max(longest, each.delay);
  }
  std::optional<SynapseFormat> format = formatFor(weights, choice.ownWeights ? 1 : 8);
  if (format) {
    format->delayBits = choice.ownFields ? bitsOf(longest) : delayBits;
    format->indexBits = choice.ownFields ? std::max(leastIndexBits, bitsOf(furthest)) : indexBits;
  }
  return format;
}

/// Words of n synapses in blocks.
static int64_t wordsFor(int64_t n, int synapseBits) {
  auto ofBlock = [&](int64_t count) {
    return (blockFormatBits + blockCountBits + count * synapseBits + 63) / 64;
  };
  return n / mostInBlock * ofBlock(mostInBlock) +
         (n % mostInBlock > 0 ? ofBlock(n % mostInBlock) : 0);
}

/// Splitting is worth a format as long as half of them are left to those that cannot do without.
bool Packer::hasPlaceFor(const SynapseFormat &format) const {
  return std::ssize(packed.formats) < synapseFormats / 2 ||
         std::find(packed.formats.begin(), packed.formats.end(), format) != packed.formats.end();
}

/// All in one, or, where that takes fewer words, those of the first 2^b compartments with indexes
/// of b bits and the others on their own.
void Packer::addGroup(const SynapseFormat &format, std::span<const CoreSynapse> ofGroup) {
  auto size = std::ssize(ofGroup);
  int64_t fewest = wordsFor(size, format.synapseBits()), near = size;
  SynapseFormat shorter = format;
  for (int bits = format.indexBits - 1; choice.splits && bits >= leastIndexBits; --bits) {
    auto first = std::partition_point(ofGroup.begin(), ofGroup.end(), [&](const CoreSynapse &each) {
      return each.compartment < 1 << bits;
    });
    int64_t count = first - ofGroup.begin();
    int64_t words = wordsFor(count, format.synapseBits() - format.indexBits + bits) +
                    wordsFor(size - count, format.synapseBits());
    SynapseFormat wanted = format;
    wanted.indexBits = bits;
    if (count > 0 && words < fewest && hasPlaceFor(wanted)) {
      fewest = words;
      near = count;
      shorter = wanted;
    }
  }
  auto split = ofGroup.begin() + near;
  groups.push_back({near == size ? format : shorter, {ofGroup.begin(), split}});
  if (near < size) {
    groups.push_back({format, {split, ofGroup.end()}});
  }
}

/// In one format, or in one for each sign; whether that is possible.
bool Packer::addGroups(std::span<const CoreSynapse> ofAxon) {
  if (std::optional<SynapseFormat> format = formatOf(ofAxon)) {
    addGroup(*format, ofAxon);
    return true;
  }
  std::vector<CoreSynapse> ofSign[2];
  for (const CoreSynapse &each : ofAxon) {
    ofSign[each.weight < 0].push_back(each);
  }
  for (std::vector<CoreSynapse> &each : ofSign) {
    std::optional<SynapseFormat> format = formatOf(each);
    if (each.empty()) {
      continue;
    }
    if (!format) {
      groups.clear();
      return false;
    }
    addGroup(*format, each);
  }
  return true;
}

/// In formats of 8 bits, one for each sign and exponent from 0 to 7, and weights that have no such
/// mantissa as a large and a small one.
void Packer::addPlainGroups(std::span<const CoreSynapse> ofAxon) {
  groups.clear();
  std::map<SynapseFormat, std::vector<CoreSynapse>> byFormat;
  for (const CoreSynapse &each : ofAxon) {
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

PackedSynapses nirc::loihi2::packSynapses(const Model &model,
                                          std::span<const int32_t> compartments) {
  return Packer(model, compartments).pack();
}
