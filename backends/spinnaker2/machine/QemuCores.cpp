//===- QemuCores.cpp - cores under QEMU ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cortexm/Emulator.h"
#include "backends/spinnaker2/Limits.h"
#include "backends/spinnaker2/firmware/Program.h"
#include "backends/spinnaker2/machine/Cores.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <numeric>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

// As firmware/core.c has them.
enum Command : uint32_t { Load = 'L', Read = 'R', Step = 'S', Tick = 'T' };
constexpr uint32_t overrunFlag = 1;
/// One of its clock's counts, of 25 MHz, is so many instructions.
constexpr uint64_t instructionsPerCount = 40;

struct Answer {
  uint32_t step, flags, spikes, packets;
};

template <typename Number>
std::string_view bytesOf(std::span<const Number> numbers) {
  return {reinterpret_cast<const char *>(numbers.data()), numbers.size_bytes()};
}

template <typename Number>
std::span<char> roomOf(std::span<Number> numbers) {
  return {reinterpret_cast<char *>(numbers.data()), numbers.size_bytes()};
}

class QemuCore : public RunningCore {
public:
  QemuCore(std::unique_ptr<cortexm::Emulator> emulator, bool listsPackets)
      : emulator(std::move(emulator)), listsPackets(listsPackets) {}

  nir::Status setTick(uint32_t counts) { return command({Tick, counts}); }
  nir::Status load(uint32_t offset, std::string_view bytes) override {
    nir::Status failed = command({Load, static_cast<uint32_t>(bytes.size()), offset});
    return failed ? std::move(failed) : emulator->send(bytes);
  }
  nir::Status read(uint32_t offset, std::span<char> bytes) override {
    nir::Status failed = command({Read, static_cast<uint32_t>(bytes.size()), offset});
    return failed ? std::move(failed) : emulator->receive(bytes);
  }
  nir::Status begin(std::span<const uint32_t> keys) override {
    std::vector<uint32_t> words = {Step, static_cast<uint32_t>(keys.size())};
    words.insert(words.end(), keys.begin(), keys.end());
    return emulator->send(bytesOf(std::span<const uint32_t>(words)));
  }
  nir::Status finish(StepAnswer &answer) override;
  std::optional<Instructions> instructions() const override {
    std::vector<uint64_t> counts = emulator->counts();
    // Of pe_packets; of pe_update and what it calls; and at last of what stands for the chip.
    return Instructions{counts[0],
                        std::accumulate(counts.begin() + 1, counts.end() - 1, uint64_t{})};
  }

private:
  nir::Status command(std::vector<uint32_t> words) {
    return emulator->send(bytesOf(std::span<const uint32_t>(words)));
  }

  std::unique_ptr<cortexm::Emulator> emulator;
  bool listsPackets;
};

class QemuMachine : public CoreMachine {
public:
  QemuMachine(std::shared_ptr<Workplace> place, uint64_t tick)
      : place(std::move(place)), tick(tick) {}
  nir::Status add(const Artifact::File &elf);
  nir::Result<std::unique_ptr<RunningCore>> start(const CoreImage &core) override;

private:
  std::shared_ptr<Workplace> place;
  uint64_t tick;
  std::map<std::string, std::vector<cortexm::AddressRange>> ranges; ///< by the ELF's file
};

} // namespace

nir::Status QemuCore::finish(StepAnswer &answer) {
  Answer head{};
  if (nir::Status failed = emulator->receive(roomOf(std::span(&head, 1)))) {
    return failed;
  }
  constexpr uint32_t most = mostPlaces;
  if (head.spikes > most || head.packets > most) {
    return nir::Error(nir::Cause::ProgramFailed,
                      fmt::format("it answered {} spikes and {} packets, expected at most {}",
                                  head.spikes, head.packets, most));
  }
  answer.step = head.step;
  answer.isOverrun = (head.flags & overrunFlag) != 0;
  answer.spikes.resize(head.spikes);
  if (nir::Status failed = emulator->receive(roomOf(std::span(answer.spikes)))) {
    return failed;
  }
  if (!listsPackets) {
    answer.packets = answer.spikes;
    return {};
  }
  answer.packets.resize(head.packets);
  return emulator->receive(roomOf(std::span(answer.packets)));
}

/// Instructions are counted by what they are for.
nir::Status QemuMachine::add(const Artifact::File &elf) {
  nir::Result<cortexm::Elf> read = cortexm::readElf(elf.bytes);
  if (!read) {
    nir::Error error = read.takeError();
    error.message = fmt::format("{}: {}", elf.name, error.message);
    return error;
  }
  std::vector<cortexm::AddressRange> &counted = ranges[elf.name];
  for (const char *function : {"pe_packets", "pe_update"}) {
    auto found = read->symbols.find(function);
    if (found == read->symbols.end()) {
      return nir::Error(nir::Cause::DamagedFile, fmt::format("{} has no {}", elf.name, function));
    }
    counted.push_back(found->second);
  }
  // The functions that pe_update calls through a table.
  for (const auto &[name, range] : read->symbols) {
    if (name.starts_with("update_")) {
      counted.push_back(range);
    }
  }
  return place->write(elf.name, elf.bytes);
}

nir::Result<std::unique_ptr<RunningCore>> QemuMachine::start(const CoreImage &image) {
  std::string elf = elfOf(image.program);
  auto known = ranges.find(elf);
  if (known == ranges.end()) {
    return nir::Error(nir::Cause::DamagedFile, fmt::format("{} is not there", elf));
  }
  cortexm::EmulatorOptions options;
  options.counted = known->second;
  options.isTimed = tick > 0;
  nir::Result<std::unique_ptr<cortexm::Emulator>> emulator =
      cortexm::Emulator::start(place, elf, options);
  if (!emulator) {
    return emulator.takeError();
  }
  auto core = std::make_unique<QemuCore>(*std::move(emulator), image.data.listsPackets());
  if (tick > 0) {
    // Some more than the tick: what stands for the chip runs in the core, too. Who counts
    // instructions says exactly.
    constexpr uint64_t mostCounts = 1 << 24, more = 100; // of the timer
    uint64_t counts = std::min(tick / instructionsPerCount + more, mostCounts);
    if (nir::Status failed = core->setTick(static_cast<uint32_t>(counts))) {
      return std::move(*failed);
    }
  }
  return std::unique_ptr<RunningCore>(std::move(core));
}

nir::Result<std::unique_ptr<CoreMachine>>
nirc::spinnaker2::qemuCores(const std::vector<Artifact::File> &files, uint64_t tick) {
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  auto machine = std::make_unique<QemuMachine>(*std::move(place), tick);
  for (const Artifact::File &file : files) {
    if (!file.name.ends_with("/core.elf")) {
      continue;
    }
    if (nir::Status failed = machine->add(file)) {
      return std::move(*failed);
    }
  }
  return std::unique_ptr<CoreMachine>(std::move(machine));
}
