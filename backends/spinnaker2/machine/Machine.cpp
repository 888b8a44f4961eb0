//===- Machine.cpp - chips at work ------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/machine/Machine.h"

#include "backends/spinnaker2/image/Router.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <unordered_map>
#include <utility>

using namespace nirc;
using namespace nirc::spinnaker2;

void CoreCounts::add(const CoreCounts &other) {
  spikes += other.spikes;
  packets += other.packets;
  taken += other.taken;
  unwanted += other.unwanted;
  events += other.events;
  packetInstructions += other.packetInstructions;
  updateInstructions += other.updateInstructions;
  mostInstructions = std::max(mostInstructions, other.mostInstructions);
}

void MachineCounts::add(const MachineCounts &other) {
  steps += other.steps;
  hasInstructions |= other.hasInstructions;
  cores.resize(std::max(cores.size(), other.cores.size()));
  inputSpikes.resize(std::max(inputSpikes.size(), other.inputSpikes.size()), 0);
  for (size_t i = 0; i < other.cores.size(); ++i) {
    cores[i].add(other.cores[i]);
  }
  for (size_t i = 0; i < other.inputSpikes.size(); ++i) {
    inputSpikes[i] += other.inputSpikes[i];
  }
}

//===----------------------------------------------------------------------===//
// Before the first step
//===----------------------------------------------------------------------===//

Machine::Machine(std::shared_ptr<const Loaded> from)
    : loaded(std::move(from)), coming(loaded->blocks.size()), waiting(1),
      answers(loaded->blocks.size()), expected(loaded->blocks.size(), 0),
      before(loaded->blocks.size()) {
  findTargets();
  findPieces();
  for (const CoreImage &core : loaded->image.cores) {
    spiked.emplace_back(core.data.places, 0);
  }
  counts.cores.resize(coming.size());
  counts.inputSpikes.assign(loaded->image.network.inputs.size(), 0);
}

void Machine::findTargets() {
  const NetworkImage &network = loaded->image.network;
  Router router(network);
  std::vector<std::unordered_map<uint32_t, uint32_t>> synapses; // of the cores, by key
  for (const CoreImage &core : loaded->image.cores) {
    std::unordered_map<uint32_t, uint32_t> &of = synapses.emplace_back();
    for (const KeyRange &range : core.data.keys) {
      for (size_t k = 0; k < range.count(); ++k) {
        size_t count = synapsesOf(core.data, range, k).size();
        if (count > 0) {
          of[static_cast<uint32_t>(range.key + k)] = static_cast<uint32_t>(count);
        }
      }
    }
  }
  auto targetsOf = [&](uint32_t key) {
    std::vector<PacketTarget> of;
    for (uint32_t core : router.coresOf(key)) {
      auto row = synapses[core].find(key);
      of.push_back({core, row == synapses[core].end() ? 0 : row->second});
    }
    return of;
  };
  for (size_t i = 0; i < network.cores.size(); ++i) {
    std::vector<std::vector<PacketTarget>> &of = targets.emplace_back();
    for (uint32_t place = 0; place < loaded->image.cores[i].data.places; ++place) {
      of.push_back(targetsOf(network.cores[i].firstKey + place));
    }
  }
  for (const NetworkImage::Input &input : network.inputs) {
    std::vector<std::vector<PacketTarget>> &of = inputTargets.emplace_back();
    for (uint32_t i = 0; i < nir::numElements(input.shape); ++i) {
      of.push_back(targetsOf(input.firstKey + i));
    }
    for (uint16_t delay : input.sendDelays) {
      waiting.resize(std::max<size_t>(waiting.size(), size_t{delay} + 1));
    }
  }
}

void Machine::findPieces() {
  for (const NetworkImage::Readout &readout : loaded->image.network.readouts) {
    std::vector<Piece> &of = pieces.emplace_back();
    for (size_t i = 0; i < readout.neurons.size() && !readout.isSpikes; ++i) {
      NeuronPlace at = readout.neurons[i];
      const CoreData &core = loaded->image.cores[at.core].data;
      const Slice *slice = sliceAt(core, at.place);
      Width width = slice->columns[readout.column].width;
      uint32_t column =
          loaded->blocks[at.core]
              .columns[static_cast<size_t>(slice - core.slices.data())][readout.column];
      uint32_t offset = column + (at.place - slice->first) * static_cast<uint32_t>(bytesOf(width));
      bool follows = !of.empty() && of.back().core == at.core && of.back().width == width &&
                     offset == of.back().offset +
                                   of.back().elements.size() * static_cast<size_t>(bytesOf(width));
      if (!follows) {
        of.push_back({at.core, offset, width, {}});
      }
      of.back().elements.push_back(i);
    }
  }
}

nir::Error Machine::atCore(nir::Error error, size_t core) const {
  error.message =
      fmt::format("{}, step {}: {}", nameOf(loaded->image.network, core), steps, error.message);
  return error;
}

nir::Result<std::unique_ptr<Machine>> Machine::start(std::shared_ptr<const Loaded> loaded,
                                                     CoreMachine &machine) {
  std::unique_ptr<Machine> made(new Machine(std::move(loaded)));
  const Loaded &from = *made->loaded;
  for (size_t i = 0; i < from.blocks.size(); ++i) {
    nir::Result<std::unique_ptr<RunningCore>> started = machine.start(from.image.cores[i]);
    if (!started) {
      return made->atCore(started.takeError(), i);
    }
    made->cores.push_back(*std::move(started));
    if (nir::Status failed = made->cores.back()->load(0, from.blocks[i].bytes)) {
      return made->atCore(std::move(*failed), i);
    }
  }
  return made;
}

nir::Status Machine::reset() {
  for (size_t i = 0; i < cores.size(); ++i) {
    const DataBlock &block = loaded->blocks[i];
    std::string_view bytes = block.bytes;
    nir::Status failed = cores[i]->load(0, bytes.substr(0, block.head));
    failed =
        failed ? std::move(failed) : cores[i]->load(block.changing, bytes.substr(block.changing));
    if (failed) {
      return atCore(std::move(*failed), i);
    }
    coming[i].clear();
    std::ranges::fill(spiked[i], 0);
    expected[i] = 0;
  }
  for (auto &each : waiting) {
    each.clear();
  }
  steps = 0;
  return {};
}

//===----------------------------------------------------------------------===//
// A step
//===----------------------------------------------------------------------===//

void Machine::send(std::span<const PacketTarget> to, uint32_t key) {
  for (PacketTarget each : to) {
    ++expected[each.core];
    counts.cores[each.core].events += each.synapses;
    if (sent++ != lost) {
      coming[each.core].push_back(key);
    }
  }
}

/// Those of this step, and those that have waited for it.
void Machine::sendInputs(const InputSpikes &inputs) {
  const NetworkImage &network = loaded->image.network;
  for (size_t i = 0; i < inputs.size(); ++i) {
    counts.inputSpikes[i] += std::ssize(inputs[i]);
    for (uint32_t element : inputs[i]) {
      size_t delay =
          network.inputs[i].sendDelays.empty() ? 0 : network.inputs[i].sendDelays[element];
      waiting[delay].push_back({static_cast<uint32_t>(i), element});
    }
  }
  for (auto [input, element] : waiting.front()) {
    send(inputTargets[input][element], network.inputs[input].firstKey + element);
  }
  waiting.front().clear();
  std::ranges::rotate(waiting, waiting.begin() + 1);
}

/// Takes a core's answer, and what it counted.
nir::Status Machine::finish(size_t core) {
  StepAnswer &answer = answers[core];
  for (uint16_t place : answer.spikes) {
    spiked[core][place] = 0; // of the step before
  }
  if (nir::Status failed = cores[core]->finish(answer)) {
    return failed;
  }
  if (answer.step != static_cast<uint32_t>(steps)) {
    return nir::Error(nir::Cause::ProgramFailed,
                      fmt::format("it is at step {}, expected {}", answer.step, steps));
  }
  for (const std::vector<uint16_t> *places : {&answer.spikes, &answer.packets}) {
    for (uint16_t place : *places) {
      if (place >= spiked[core].size()) {
        return nir::Error(
            nir::Cause::ProgramFailed,
            fmt::format("it answers a spike of place {}, and has {}", place, spiked[core].size()));
      }
    }
  }
  for (uint16_t place : answer.spikes) {
    spiked[core][place] = 1;
  }
  CoreCounts &count = counts.cores[core];
  count.spikes += std::ssize(answer.spikes);
  count.packets += std::ssize(answer.packets);
  uint64_t took = 0;
  if (std::optional<Instructions> now = cores[core]->instructions()) {
    Instructions was = std::exchange(before[core], *now);
    took = now->total() - was.total();
    counts.hasInstructions = true;
    count.packetInstructions += now->packets - was.packets;
    count.updateInstructions += now->update - was.update;
    count.mostInstructions = std::max(count.mostInstructions, took);
  }
  if (answer.isOverrun || (mostInstructions > 0 && took > mostInstructions)) {
    return nir::Error(nir::Cause::Overrun,
                      fmt::format("it had not finished its step when the next tick came: {} "
                                  "instructions, expected at most {}",
                                  took, mostInstructions))
        .note("a longer --tick, a higher --clock, or fewer neurons on a core: compile it with "
              "--neurons-per-core; --profile says what steps take");
  }
  return {};
}

nir::Status Machine::step(const InputSpikes &inputs) {
  for (size_t i = 0; i < cores.size(); ++i) {
    nir::Status failed = cores[i]->begin(coming[i]);
    if (failed) {
      return atCore(std::move(*failed), i);
    }
    coming[i].clear();
  }
  for (size_t i = 0; i < cores.size(); ++i) {
    if (nir::Status failed = finish(i)) {
      return atCore(std::move(*failed), i);
    }
  }
  const NetworkImage &network = loaded->image.network;
  for (size_t i = 0; i < cores.size(); ++i) {
    for (uint16_t place : answers[i].packets) {
      send(targets[i][place], network.cores[i].firstKey + place);
    }
  }
  sendInputs(inputs);
  ++steps;
  ++counts.steps;
  return {};
}

//===----------------------------------------------------------------------===//
// What is read and written
//===----------------------------------------------------------------------===//

static double numberAt(const char *bytes, Width width) {
  switch (width) {
  case Width::Int8:
    return static_cast<int8_t>(*bytes);
  case Width::Int16: {
    int16_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return number;
  }
  case Width::Int32: {
    int32_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return number;
  }
  case Width::Float32: {
    float number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return number;
  }
  }
  return 0;
}

/// To nearest, ties to even, and saturated; NaN is 0.
static void putNumber(double number, Width width, std::string &bytes) {
  uint32_t bits = 0;
  if (width == Width::Float32) {
    bits = std::bit_cast<uint32_t>(static_cast<float>(number));
  } else {
    double most = std::ldexp(1.0, static_cast<int>(8 * bytesOf(width)) - 1) - 1;
    double whole = std::isnan(number) ? 0.0 : std::clamp(std::nearbyint(number), -most - 1, most);
    bits = static_cast<uint32_t>(static_cast<int64_t>(whole));
  }
  bytes.append(reinterpret_cast<const char *>(&bits), static_cast<size_t>(bytesOf(width)));
}

nir::Status Machine::read(size_t which, std::span<double> values) {
  const NetworkImage::Readout &readout = loaded->image.network.readouts[which];
  if (readout.isSpikes) {
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = spiked[readout.neurons[i].core][readout.neurons[i].place];
    }
    return {};
  }
  size_t perScale = values.size() / std::max<size_t>(readout.scales.size(), 1);
  for (const Piece &piece : pieces[which]) {
    auto width = static_cast<size_t>(bytesOf(piece.width));
    std::vector<char> bytes(piece.elements.size() * width);
    if (nir::Status failed = cores[piece.core]->read(piece.offset, bytes)) {
      return atCore(std::move(*failed), piece.core);
    }
    for (size_t i = 0; i < piece.elements.size(); ++i) {
      size_t element = piece.elements[i];
      values[element] =
          numberAt(bytes.data() + i * width, piece.width) * readout.scales[element / perScale];
    }
  }
  return {};
}

nir::Status Machine::write(size_t which, std::span<const double> values) {
  const NetworkImage::Readout &readout = loaded->image.network.readouts[which];
  size_t perScale = values.size() / std::max<size_t>(readout.scales.size(), 1);
  for (const Piece &piece : pieces[which]) {
    std::string bytes;
    for (size_t element : piece.elements) {
      putNumber(values[element] / readout.scales[element / perScale], piece.width, bytes);
    }
    if (nir::Status failed = cores[piece.core]->load(piece.offset, bytes)) {
      return atCore(std::move(*failed), piece.core);
    }
  }
  return {};
}

/// What a core counts: packets with and without a row.
struct Counters {
  uint32_t taken = 0, unwanted = 0;
};

nir::Result<MachineCounts> Machine::takeCounts() {
  for (size_t i = 0; i < cores.size(); ++i) {
    Counters counted;
    std::span<char> bytes(reinterpret_cast<char *>(&counted), sizeof counted);
    nir::Status failed = cores[i]->read(countsOffset, bytes);
    failed = failed ? std::move(failed)
                    : cores[i]->load(countsOffset, std::string(sizeof counted, '\0'));
    if (failed) {
      return atCore(std::move(*failed), i);
    }
    // Those of the last step come in the next one.
    int64_t arrived = int64_t{counted.taken} + counted.unwanted;
    int64_t should = expected[i] - std::ssize(coming[i]);
    if (arrived != should) {
      return atCore(nir::Error(nir::Cause::ProgramFailed,
                               fmt::format("{} of the packets that were sent to it are missing: {} "
                                           "came, expected {}",
                                           should - arrived, arrived, should)),
                    i);
    }
    expected[i] = std::ssize(coming[i]);
    counts.cores[i].taken += counted.taken;
    counts.cores[i].unwanted += counted.unwanted;
  }
  MachineCounts taken;
  std::swap(taken, counts);
  counts.cores.resize(cores.size());
  counts.inputSpikes.assign(loaded->image.network.inputs.size(), 0);
  return taken;
}

//===----------------------------------------------------------------------===//
// Snapshots
//===----------------------------------------------------------------------===//

namespace {
class Saver {
public:
  template <typename Number>
  void put(const std::vector<Number> &numbers) {
    uint64_t count = numbers.size();
    bytes.append(reinterpret_cast<const char *>(&count), sizeof count);
    bytes.append(reinterpret_cast<const char *>(numbers.data()), count * sizeof(Number));
  }
  std::string bytes;
};

class Restorer {
public:
  explicit Restorer(std::string_view bytes) : bytes(bytes) {}
  template <typename Number>
  bool take(std::vector<Number> &numbers) {
    uint64_t count = 0;
    if (bytes.size() < sizeof count) {
      return false;
    }
    std::memcpy(&count, bytes.data(), sizeof count);
    bytes.remove_prefix(sizeof count);
    if (count > bytes.size() / sizeof(Number)) {
      return false;
    }
    numbers.resize(count);
    std::string_view taken = bytes.substr(0, count * sizeof(Number));
    std::copy(taken.begin(), taken.end(), reinterpret_cast<char *>(numbers.data()));
    bytes.remove_prefix(count * sizeof(Number));
    return true;
  }
  bool isAtEnd() const { return bytes.empty(); }

private:
  std::string_view bytes;
};
} // namespace

nir::Result<std::string> Machine::save() {
  Saver saver;
  saver.put(std::vector<int64_t>{steps});
  for (size_t i = 0; i < cores.size(); ++i) {
    const DataBlock &block = loaded->blocks[i];
    std::vector<char> head(block.head), changing(block.bytes.size() - block.changing);
    nir::Status failed = cores[i]->read(0, head);
    failed = failed ? std::move(failed) : cores[i]->read(block.changing, changing);
    if (failed) {
      return atCore(std::move(*failed), i);
    }
    saver.put(head);
    saver.put(changing);
    saver.put(coming[i]);
    saver.put(answers[i].spikes);
    saver.put(std::vector<int64_t>{expected[i]});
  }
  for (const auto &each : waiting) {
    saver.put(each);
  }
  return std::move(saver.bytes);
}

nir::Result<bool> Machine::restore(std::string_view saved) {
  struct Core {
    std::vector<char> head, changing;
    std::vector<uint32_t> coming;
    std::vector<uint16_t> spikes;
    std::vector<int64_t> expected;
  };
  Restorer restorer(saved);
  std::vector<int64_t> at;
  bool isSound = restorer.take(at) && at.size() == 1;
  std::vector<Core> all(cores.size());
  for (size_t i = 0; i < cores.size() && isSound; ++i) {
    Core &core = all[i];
    const DataBlock &block = loaded->blocks[i];
    isSound =
        restorer.take(core.head) && restorer.take(core.changing) && restorer.take(core.coming) &&
        restorer.take(core.spikes) && restorer.take(core.expected) &&
        core.head.size() == block.head &&
        core.changing.size() == block.bytes.size() - block.changing && core.expected.size() == 1 &&
        std::ranges::all_of(core.spikes, [&](uint16_t place) { return place < spiked[i].size(); });
  }
  std::vector<std::vector<Late>> late(waiting.size());
  for (auto &each : late) {
    isSound = isSound && restorer.take(each);
  }
  if (!isSound || !restorer.isAtEnd()) {
    return false;
  }
  for (size_t i = 0; i < cores.size(); ++i) {
    Core &core = all[i];
    nir::Status failed = cores[i]->load(0, {core.head.data(), core.head.size()});
    failed = failed ? std::move(failed)
                    : cores[i]->load(loaded->blocks[i].changing,
                                     {core.changing.data(), core.changing.size()});
    if (failed) {
      return atCore(std::move(*failed), i);
    }
    coming[i] = std::move(core.coming);
    answers[i].spikes = std::move(core.spikes);
    std::ranges::fill(spiked[i], 0);
    for (uint16_t place : answers[i].spikes) {
      spiked[i][place] = 1;
    }
    expected[i] = core.expected[0];
  }
  waiting = std::move(late);
  steps = at[0];
  return true;
}
