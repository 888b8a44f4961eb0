//===- Run.cpp - recordings through the chips --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/machine/Run.h"

#include "backends/run/Progress.h"
#include "backends/run/Recordable.h"
#include "backends/run/SpikeTrain.h"
#include "backends/run/Team.h"
#include "backends/spinnaker2/machine/Account.h"
#include "backends/spinnaker2/machine/Machine.h"
#include "ir/Wording.h"
#include "ir/recording/RunRecords.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <mutex>
#include <numeric>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

/// Cores that were made once, and machines of them.
struct Works {
  std::shared_ptr<const Loaded> loaded;
  std::unique_ptr<CoreMachine> cores;
  uint64_t tick = 0; ///< in instructions
  std::vector<std::unique_ptr<Machine>> idle;

  nir::Result<std::unique_ptr<Machine>> machine() {
    if (idle.empty()) {
      nir::Result<std::unique_ptr<Machine>> made = Machine::start(loaded, *cores);
      if (made) {
        (*made)->limitSteps(tick);
      }
      return made;
    }
    std::unique_ptr<Machine> one = std::move(idle.back());
    idle.pop_back();
    return one;
  }
};

/// What goes into the chips and what comes out, for all samples.
struct Ports {
  nir::Extent extent;
  std::vector<SpikeTrain> inputs;
  std::vector<size_t> recorded; ///< readouts
  std::vector<nir::Record> records;

  nir::Status match(const NetworkImage &network, const nir::Recording &input, int64_t steps);
};

class OnChips : public Executable {
public:
  OnChips(Loaded loaded, MachineOptions options)
      : loaded(std::make_shared<const Loaded>(std::move(loaded))), options(std::move(options)),
        description(infoOf(this->loaded->image.network)) {
    measured.compilation.push_back({"compile", this->options.compileSeconds});
  }

  const ProgramInfo &info() const override { return description; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &run) override;
  nir::Result<std::unique_ptr<Stepper>> start(int64_t batch) const override;
  const Profile *profile() const override { return &measured; }
  std::vector<Artifact::File> files() const override { return loaded->files; }

private:
  nir::Result<std::shared_ptr<Works>> begin() const;
  nir::Status runAll(Ports &ports, const RunOptions &run);
  nir::Status runSample(Machine &machine, Ports &ports, int64_t sample, Progress &progress);

  std::shared_ptr<const Loaded> loaded;
  MachineOptions options;
  ProgramInfo description;
  Profile measured;
  std::shared_ptr<Works> works; ///< of the runs
};

} // namespace

nir::Status Ports::match(const NetworkImage &network, const nir::Recording &input, int64_t steps) {
  std::vector<nir::Entry> entries;
  for (const NetworkImage::Input &each : network.inputs) {
    entries.push_back({each.node, each.shape});
  }
  nir::Result<std::vector<nir::Drive>> drives = nir::matchInput(entries, input, steps, extent);
  if (!drives) {
    return drives.takeError();
  }
  for (const nir::Drive &drive : *drives) {
    nir::Result<SpikeTrain> train = SpikeTrain::of(drive, extent, "SpiNNaker2");
    if (!train) {
      return train.takeError();
    }
    inputs.push_back(*std::move(train));
  }
  nir::DType numbers = network.isFloat ? nir::DType::F32 : nir::DType::F64;
  for (size_t place : recorded) {
    const NetworkImage::Readout &readout = network.readouts[place];
    nir::Result<nir::Record> record =
        nir::makeRecord(readout.node, readout.observable,
                        readout.isSpikes ? nir::DType::U8 : numbers, readout.shape, extent);
    if (!record) {
      return record.takeError();
    }
    record->trace.latency = readout.latency;
    records.push_back(*std::move(record));
  }
  return {};
}

nir::Result<std::shared_ptr<Works>> OnChips::begin() const {
  auto made = std::make_shared<Works>();
  made->loaded = loaded;
  constexpr size_t mostEmulated = 512; // QEMU takes about 17 MB for each
  if (!options.onHost && loaded->blocks.size() > mostEmulated) {
    return nir::Error::usage(nir::Cause::NoMemory,
                             fmt::format("the network has {} cores, expected at most {} under QEMU",
                                         loaded->blocks.size(), mostEmulated))
        .in(options.file)
        .note("--emulate=host");
  }
  made->tick = static_cast<uint64_t>(
      std::floor(options.tickSeconds * static_cast<double>(options.clock) + 1e-6));
  nir::Result<std::unique_ptr<CoreMachine>> cores = options.onHost
                                                        ? hostCores(loaded->files, options.cache)
                                                        : qemuCores(loaded->files, made->tick);
  if (!cores) {
    return cores.takeError().in(options.file);
  }
  made->cores = *std::move(cores);
  return made;
}

nir::Status OnChips::runSample(Machine &machine, Ports &ports, int64_t sample, Progress &progress) {
  if (nir::Status failed = machine.reset()) {
    return failed;
  }
  std::vector<double> values;
  for (int64_t t = 0; t < ports.extent.steps; ++t) {
    InputSpikes spikes;
    for (const SpikeTrain &input : ports.inputs) {
      spikes.push_back(input.at(sample, t));
    }
    if (nir::Status failed = machine.step(spikes)) {
      return failed;
    }
    for (size_t i = 0; i < ports.records.size(); ++i) {
      const NetworkImage::Readout &readout = loaded->image.network.readouts[ports.recorded[i]];
      values.resize(readout.neurons.size());
      if (nir::Status failed = machine.read(ports.recorded[i], values)) {
        return failed;
      }
      int64_t row = sample * ports.extent.steps + t;
      if (loaded->image.network.isFloat) { // a record is of the type that it was made for
        nir::write(ports.records[i], std::vector<float>(values.begin(), values.end()), row);
      } else {
        nir::write(ports.records[i], values, row);
      }
    }
    progress.advance(1);
    if (nir::Status stopped = progress.stopped()) {
      return stopped;
    }
  }
  return {};
}

/// This computer's cores are as many as it has threads; of QEMU's there is one set.
nir::Status OnChips::runAll(Ports &ports, const RunOptions &run) {
  int64_t wanted = run.threads > 0 ? run.threads : coresAvailable();
  auto threads =
      static_cast<int>(options.onHost ? std::clamp<int64_t>(ports.extent.batch, 1, wanted) : 1);
  std::vector<std::unique_ptr<Machine>> machines;
  for (int i = 0; i < threads; ++i) {
    nir::Result<std::unique_ptr<Machine>> machine = works->machine();
    if (!machine) {
      return machine.takeError();
    }
    machines.push_back(*std::move(machine));
  }
  std::atomic<int64_t> next = 0;
  std::mutex adding;
  nir::Status failed;
  MachineCounts counts;
  inParallel(threads, [&](int64_t part, int64_t parts) {
    RunOptions silent{.stop = run.stop};
    Progress progress(part == 0 ? run : silent,
                      (ports.extent.batch + parts - 1) / parts * ports.extent.steps);
    nir::Status wrong;
    Machine &machine = *machines[static_cast<size_t>(part)];
    for (int64_t sample; !wrong && (sample = next++) < ports.extent.batch;) {
      wrong = runSample(machine, ports, sample, progress);
      nir::Result<MachineCounts> did =
          wrong ? nir::Result<MachineCounts>(MachineCounts()) : machine.takeCounts();
      std::scoped_lock lock(adding);
      if (!did) {
        wrong = did.takeError();
      } else {
        counts.add(*did);
      }
      if (wrong) {
        failed = std::move(wrong);
        next = ports.extent.batch;
        return;
      }
    }
  });
  if (failed) {
    return failed; // machines in the middle of a step are of no use
  }
  std::ranges::move(machines, std::back_inserter(works->idle));
  measured.steps = counts.steps;
  measured.counts = countTable(loaded->image, counts);
  measured.estimates = estimates(loaded->image, counts);
  return {};
}

nir::Result<nir::Recording> OnChips::run(const nir::Recording &input, const RunOptions &run) {
  auto started = Clock::now();
  nir::Result<std::vector<size_t>> chosen = chosenRecords(description, run);
  if (!chosen) {
    return chosen.takeError();
  }
  Ports ports;
  ports.recorded.resize(description.outputs.size());
  std::iota(ports.recorded.begin(), ports.recorded.end(), 0);
  for (size_t record : *chosen) {
    ports.recorded.push_back(description.outputs.size() + record);
  }
  if (nir::Status wrong = ports.match(loaded->image.network, input, run.steps)) {
    return std::move(*wrong).in(options.file);
  }
  if (!works) {
    nir::Result<std::shared_ptr<Works>> begun = begin();
    if (!begun) {
      return begun.takeError();
    }
    works = *std::move(begun);
    if (options.onHost) {
      measured.code = works->cores->origin();
    }
  }
  if (nir::Status failed = runAll(ports, run)) {
    return std::move(*failed).in(options.file);
  }
  nir::Recording out{description.dtSeconds, {}};
  for (nir::Record &record : ports.records) {
    out.traces.push_back(std::move(record.trace));
  }
  measured.seconds = secondsSince(started);
  return out;
}

//===----------------------------------------------------------------------===//
// Stepping
//===----------------------------------------------------------------------===//

namespace {
class MachineStepper : public Stepper {
public:
  MachineStepper(std::shared_ptr<Works> works, std::vector<std::unique_ptr<Machine>> machines,
                 std::string file);

  nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) override;
  nir::Status step() override;
  void readOutput(size_t output, int64_t sample, std::span<double> values) const override {
    read(output, sample, values);
  }
  void readState(size_t state, int64_t sample, std::span<double> values) const override {
    read(states[state], sample, values);
  }
  nir::Status writeState(size_t state, int64_t sample, std::span<const double> values) override {
    return machines[static_cast<size_t>(sample)]->write(states[state], values);
  }
  void reset() override;
  std::string snapshot() const override;
  nir::Status restore(std::string_view snapshot) override;

private:
  using Spikes = std::vector<std::vector<uint32_t>>; ///< of each input, the elements that spike

  /// A machine that has failed is silent; its next step says why.
  void read(size_t readout, int64_t sample, std::span<double> values) const {
    if (machines[static_cast<size_t>(sample)]->read(readout, values)) {
      std::ranges::fill(values, 0.0);
    }
  }
  const NetworkImage &network() const { return works->loaded->image.network; }

  std::shared_ptr<Works> works;
  std::vector<std::unique_ptr<Machine>> machines; ///< of the samples
  std::string file;
  std::vector<Spikes> spikes; ///< of the samples
  std::vector<size_t> states; ///< readouts
};
} // namespace

MachineStepper::MachineStepper(std::shared_ptr<Works> from,
                               std::vector<std::unique_ptr<Machine>> made, std::string file)
    : works(std::move(from)), machines(std::move(made)), file(std::move(file)),
      spikes(machines.size(), Spikes(network().inputs.size())) {
  for (size_t i = network().outputs; i < network().readouts.size(); ++i) {
    if (network().readouts[i].isState()) {
      states.push_back(i);
    }
  }
}

nir::Status MachineStepper::setInput(size_t input, int64_t sample, std::span<const double> values) {
  std::vector<uint32_t> elements;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0.0 && values[i] != 1.0) {
      return nir::Error::atNode(nir::Cause::InputValue, network().inputs[input].node,
                                fmt::format("found {} in element {}, expected 0 or 1: SpiNNaker2 "
                                            "takes spikes",
                                            values[i], i));
    }
    if (values[i] == 1.0) {
      elements.push_back(static_cast<uint32_t>(i));
    }
  }
  spikes[static_cast<size_t>(sample)][input] = std::move(elements);
  return {};
}

nir::Status MachineStepper::step() {
  for (size_t i = 0; i < machines.size(); ++i) {
    if (nir::Status failed = machines[i]->step(InputSpikes(spikes[i].begin(), spikes[i].end()))) {
      return std::move(*failed).in(file);
    }
  }
  return {};
}

void MachineStepper::reset() {
  for (size_t i = 0; i < machines.size(); ++i) {
    (void)machines[i]->reset(); // what fails here fails in the next step
    for (std::vector<uint32_t> &each : spikes[i]) {
      each.clear();
    }
  }
}

std::string MachineStepper::snapshot() const {
  std::string all;
  for (size_t i = 0; i < machines.size(); ++i) {
    nir::Result<std::string> saved = machines[i]->save();
    std::string bytes = saved ? *saved : std::string();
    all += fmt::format("{} ", bytes.size()) + bytes;
    for (const std::vector<uint32_t> &each : spikes[i]) {
      all += fmt::format("{} ", each.size());
      for (uint32_t element : each) {
        all += fmt::format("{} ", element);
      }
    }
  }
  return all;
}

/// Takes a number and the space behind it off the text.
static bool takeNumber(std::string_view &text, uint64_t &number) {
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  auto length = static_cast<size_t>(end - text.data());
  if (failed != std::errc() || length == text.size()) {
    return false;
  }
  text.remove_prefix(length + 1);
  return true;
}

nir::Status MachineStepper::restore(std::string_view snapshot) {
  nir::Error other =
      nir::Error::usage(fmt::format("found a snapshot of {}: it is of another program or batch",
                                    nir::counted(snapshot.size(), "byte")));
  std::vector<std::string_view> saved;
  std::vector<Spikes> inputs(machines.size(), Spikes(network().inputs.size()));
  for (size_t i = 0; i < machines.size(); ++i) {
    uint64_t bytes = 0;
    if (!takeNumber(snapshot, bytes) || bytes > snapshot.size()) {
      return other;
    }
    saved.push_back(snapshot.substr(0, bytes));
    snapshot.remove_prefix(bytes);
    for (size_t input = 0; input < inputs[i].size(); ++input) {
      auto elements = static_cast<uint64_t>(nir::numElements(network().inputs[input].shape));
      uint64_t count = 0, element = 0;
      if (!takeNumber(snapshot, count) || count > elements) {
        return other;
      }
      for (; count > 0; --count) {
        if (!takeNumber(snapshot, element) || element >= elements) {
          return other;
        }
        inputs[i][input].push_back(static_cast<uint32_t>(element));
      }
    }
  }
  if (!snapshot.empty()) {
    return other;
  }
  for (size_t i = 0; i < machines.size(); ++i) {
    nir::Result<bool> isRestored = machines[i]->restore(saved[i]);
    if (!isRestored) {
      return isRestored.takeError();
    }
    if (!*isRestored) {
      return other;
    }
  }
  spikes = std::move(inputs);
  return {};
}

nir::Result<std::unique_ptr<Stepper>> OnChips::start(int64_t batch) const {
  nir::Result<std::shared_ptr<Works>> begun = begin();
  if (!begun) {
    return begun.takeError();
  }
  std::vector<std::unique_ptr<Machine>> machines;
  for (int64_t i = 0; i < batch; ++i) {
    nir::Result<std::unique_ptr<Machine>> machine = (*begun)->machine();
    if (!machine) {
      return machine.takeError().in(options.file);
    }
    machines.push_back(*std::move(machine));
  }
  return std::unique_ptr<Stepper>(
      std::make_unique<MachineStepper>(*std::move(begun), std::move(machines), options.file));
}

nir::Result<std::unique_ptr<Executable>> nirc::spinnaker2::executableOf(Loaded loaded,
                                                                        MachineOptions options) {
  return std::unique_ptr<Executable>(
      std::make_unique<OnChips>(std::move(loaded), std::move(options)));
}
