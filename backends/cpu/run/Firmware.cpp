//===- Firmware.cpp - a network on a microcontroller ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Firmware.h"

#include "backends/cortexm/Emulator.h"
#include "backends/cpu/run/Ports.h"
#include "backends/run/Clock.h"
#include "backends/run/Progress.h"
#include "backends/run/Recordable.h"
#include "backends/run/Team.h"

#include "llvm/Support/MemoryBuffer.h"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>

using namespace nirc;
using namespace nirc::cpu;

constexpr uint32_t mebibyte = uint32_t(1) << 20;
constexpr std::array<Board, 7> boards = {{
    {"cortex-m0", "mps2-an386", 0, 0x20000000, 4 * mebibyte, 4 * mebibyte},
    {"cortex-m0plus", "mps2-an386", 0, 0x20000000, 4 * mebibyte, 4 * mebibyte},
    {"cortex-m3", "mps2-an385", 0, 0x20000000, 4 * mebibyte, 4 * mebibyte},
    {"cortex-m4", "mps2-an386", 0, 0x20000000, 4 * mebibyte, 4 * mebibyte},
    {"cortex-m7", "mps2-an500", 0, 0x20000000, 4 * mebibyte, 4 * mebibyte},
    {"cortex-m23", "mps2-an505", 0x10000000, 0x38000000, 4 * mebibyte, 4 * mebibyte},
    {"cortex-m33", "mps2-an505", 0x10000000, 0x38000000, 4 * mebibyte, 4 * mebibyte},
}};

const Board *nirc::cpu::boardOf(std::string_view processor) {
  const auto *found = std::find_if(boards.begin(), boards.end(), [&](const Board &board) {
    return board.processor == processor;
  });
  return found == boards.end() ? nullptr : &*found;
}

//===----------------------------------------------------------------------===//
// One program in QEMU
//===----------------------------------------------------------------------===//

namespace {

/// What the steps took.
struct Instructions {
  uint64_t sum = 0, least = ~uint64_t(0), most = 0;
  int64_t steps = 0;
  void add(uint64_t step) {
    sum += step;
    least = std::min(least, step);
    most = std::max(most, step);
    ++steps;
  }
  void add(const Instructions &other) {
    sum += other.sum;
    least = std::min(least, other.least);
    most = std::max(most, other.most);
    steps += other.steps;
  }
};

/// A program that runs, and the memory that its numbers go through.
class Running {
public:
  Running(const Description &description, std::unique_ptr<cortexm::Emulator> emulator)
      : description(description), emulator(std::move(emulator)),
        arena(static_cast<size_t>(description.arenaBytes)) {}

  /// Which of the recorded ports behind the outputs to send.
  nir::Status choose(const std::vector<size_t> &records);
  nir::Status reset() { return order("r"); }
  /// A step with the inputs in `memory`, which then has its results.
  nir::Status step();
  char *memory() { return arena.data(); }
  Instructions instructions;

private:
  nir::Status order(const std::string &message);
  nir::Status receive(size_t port);

  const Description &description;
  std::unique_ptr<cortexm::Emulator> emulator;
  std::vector<char> arena;
  std::vector<size_t> chosen; ///< of description.recorded
};

} // namespace

/// Sends it, and waits until it is carried out.
nir::Status Running::order(const std::string &message) {
  if (nir::Status failed = emulator->send(message)) {
    return failed;
  }
  char answer = 0;
  if (nir::Status failed = emulator->receive({&answer, 1})) {
    return failed;
  }
  if (answer != message[0]) {
    return nir::Error(nir::Cause::ProgramFailed, "the program gave another answer than its order");
  }
  return {};
}

nir::Status Running::choose(const std::vector<size_t> &records) {
  std::string flags(description.recorded.size() - description.outputs, '\0');
  chosen.clear();
  for (size_t record : records) {
    flags[record] = 1;
  }
  for (size_t i = 0; i < flags.size(); ++i) { // in which order they come
    if (flags[i]) {
      chosen.push_back(description.outputs + i);
    }
  }
  return order("w" + flags);
}

nir::Status Running::receive(size_t number) {
  const Slot &slot = description.recorded[number].slot;
  return emulator->receive({arena.data() + slot.offset, static_cast<size_t>(slot.bytes())});
}

nir::Status Running::step() {
  std::string message = "s";
  for (const Port &port : description.inputs) {
    message.append(arena.data() + port.slot.offset, static_cast<size_t>(port.slot.bytes()));
  }
  uint64_t before = emulator->counts().back();
  if (nir::Status failed = order(message)) {
    return failed;
  }
  for (size_t output = 0; output < description.outputs; ++output) {
    if (nir::Status failed = receive(output)) {
      return failed;
    }
  }
  for (size_t record : chosen) {
    if (nir::Status failed = receive(record)) {
      return failed;
    }
  }
  // What the program does meanwhile is counted apart.
  instructions.add(emulator->counts().back() - before);
  return {};
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

namespace {

/// Functions of a program that are nothing of the network's: they bring its numbers.
constexpr std::array<const char *, 5> carriers = {"main", "host_read", "host_write", "transfer",
                                                  "call"};

class FirmwareExecutable : public Executable {
public:
  FirmwareExecutable(Description description, std::string bytes, std::string path, cortexm::Elf elf)
      : description(std::move(description)), bytes(std::move(bytes)), path(std::move(path)),
        elf(std::move(elf)) {}

  const ProgramInfo &info() const override { return description.info; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override;
  nir::Result<std::unique_ptr<Stepper>> start(int64_t) const override {
    return nir::Error(nir::Cause::UnsupportedByTarget,
                      "a program in an emulator is run, and not stepped")
        .in(path);
  }
  const Profile *profile() const override { return &measured; }

private:
  nir::Result<std::unique_ptr<Running>> boot() const;
  /// The samples from `first` on, by `of`.
  nir::Status runSamples(RunPorts &ports, const std::vector<size_t> &records, int64_t first,
                         int64_t of, Progress &progress, std::mutex &mutex,
                         Instructions &instructions) const;

  Description description;
  std::string bytes, path;
  cortexm::Elf elf;
  Profile measured;
};

} // namespace

nir::Result<std::unique_ptr<Running>> FirmwareExecutable::boot() const {
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  if (nir::Status failed = (*place)->write("program.elf", bytes)) {
    return std::move(*failed);
  }
  cortexm::EmulatorOptions options;
  options.machine = boardOf(description.firmware->processor)->machine;
  for (const char *carrier : carriers) {
    if (auto found = elf.symbols.find(carrier); found != elf.symbols.end()) {
      options.counted.push_back(found->second);
    }
  }
  std::string program = (*place)->pathOf("program.elf");
  nir::Result<std::unique_ptr<cortexm::Emulator>> emulator =
      cortexm::Emulator::start(std::shared_ptr<Workplace>(*std::move(place)), program, options);
  if (!emulator) {
    return emulator.takeError();
  }
  return std::make_unique<Running>(description, *std::move(emulator));
}

nir::Status FirmwareExecutable::runSamples(RunPorts &ports, const std::vector<size_t> &records,
                                           int64_t first, int64_t of, Progress &progress,
                                           std::mutex &mutex, Instructions &instructions) const {
  nir::Result<std::unique_ptr<Running>> running = boot();
  if (!running) {
    return running.takeError();
  }
  if (nir::Status failed = (*running)->choose(records)) {
    return failed;
  }
  for (int64_t sample = first; sample < ports.batch(); sample += of) {
    if (nir::Status failed = (*running)->reset()) {
      return failed;
    }
    for (int64_t t = 0; t < ports.steps(); ++t) {
      if (nir::Status stopped = progress.stopped()) {
        return stopped;
      }
      ports.write((*running)->memory(), sample, t);
      if (nir::Status failed = (*running)->step()) {
        return failed;
      }
      ports.read((*running)->memory(), sample, t);
    }
    std::lock_guard lock(mutex);
    progress.advance(ports.steps());
  }
  std::lock_guard lock(mutex);
  instructions.add((*running)->instructions);
  return {};
}

nir::Result<nir::Recording> FirmwareExecutable::run(const nir::Recording &input,
                                                    const RunOptions &options) {
  nir::Result<std::vector<size_t>> records = chosenRecords(description.info, options);
  if (!records) {
    return records.takeError();
  }
  std::vector<Port> recorded(description.recorded.begin(),
                             description.recorded.begin() +
                                 static_cast<ptrdiff_t>(description.outputs));
  for (size_t record : *records) {
    recorded.push_back(description.recorded[description.outputs + record]);
  }
  nir::Result<RunPorts> ports = RunPorts::match(description.inputs, recorded, input, options.steps,
                                                description.info.dtSeconds);
  if (!ports) {
    return ports.takeError();
  }
  auto start = Clock::now();
  int available = options.threads > 0 ? options.threads : coresAvailable();
  auto threads = static_cast<int>(std::clamp<int64_t>(ports->batch(), 1, available));
  Progress progress(options, ports->batch() * ports->steps());
  std::mutex mutex;
  Instructions instructions;
  nir::Status failed;
  inParallel(threads, [&](int64_t part, int64_t parts) {
    nir::Status mine = runSamples(*ports, *records, part, parts, progress, mutex, instructions);
    std::lock_guard lock(mutex);
    if (mine && !failed) {
      failed = std::move(mine);
    }
  });
  if (failed) {
    return std::move(*failed);
  }
  progress.finish();
  measured.steps = ports->batch() * ports->steps();
  measured.seconds = secondsSince(start);
  measured.figures.clear();
  if (instructions.steps > 0) {
    measured.figures.push_back(
        {"instructions", description.firmware->processor + " in QEMU",
         static_cast<double>(instructions.sum) / static_cast<double>(instructions.steps),
         static_cast<double>(instructions.least), static_cast<double>(instructions.most)});
  }
  return ports->takeRecording();
}

nir::Result<std::unique_ptr<Executable>> nirc::cpu::loadFirmware(const std::string &path,
                                                                 const Description &description) {
  if (!boardOf(description.firmware->processor)) {
    return nir::Error(nir::Cause::UnsupportedByTarget,
                      fmt::format("is a program for {}, of which QEMU has no board that nirc knows",
                                  description.firmware->processor))
        .in(path);
  }
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file) {
    return nir::Error(nir::Cause::NotAProgram, file.getError().message()).in(path);
  }
  std::string bytes = (*file)->getBuffer().str();
  nir::Result<cortexm::Elf> elf = cortexm::readElf(bytes);
  if (!elf) {
    return elf.takeError().in(path);
  }
  std::unique_ptr<Executable> made =
      std::make_unique<FirmwareExecutable>(description, std::move(bytes), path, *std::move(elf));
  return made;
}
