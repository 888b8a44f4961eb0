//===- Run.cpp - recordings through the cores -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/Run.h"

#include "backends/chipfile/Cores.h"
#include "backends/run/Clock.h"
#include "backends/run/Progress.h"
#include "backends/run/Recordable.h"
#include "backends/run/SpikeTrain.h"
#include "ir/recording/RunRecords.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <numeric>

using namespace nirc;
using namespace nirc::chipfile;

namespace {

using InputSpikes = std::vector<std::vector<uint32_t>>; ///< of each input, the elements that spike

class CoreStepper : public Stepper {
public:
  CoreStepper(const std::shared_ptr<const Wiring> &wiring, int64_t batch)
      : wiring(wiring), samples(static_cast<size_t>(batch), Cores(wiring)),
        inputs(samples.size(), InputSpikes(wiring->network.inputs.size())) {
    for (size_t i = wiring->network.outputs; i < wiring->network.readouts.size(); ++i) {
      if (wiring->network.readouts[i].state) {
        states.push_back(i);
      }
    }
  }

  nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) override;
  nir::Status step() override;
  void readOutput(size_t output, int64_t sample, std::span<double> values) const override {
    samples[static_cast<size_t>(sample)].read(output, values);
  }
  void readState(size_t state, int64_t sample, std::span<double> values) const override {
    samples[static_cast<size_t>(sample)].read(states[state], values);
  }
  nir::Status writeState(size_t state, int64_t sample, std::span<const double> values) override {
    samples[static_cast<size_t>(sample)].write(states[state], values);
    return {};
  }
  void reset() override;
  std::string snapshot() const override;
  nir::Status restore(std::string_view snapshot) override;

private:
  std::shared_ptr<const Wiring> wiring;
  std::vector<Cores> samples;
  std::vector<InputSpikes> inputs; ///< of the samples
  std::vector<size_t> states;      ///< readouts
};

/// What goes in and comes out, for all samples.
struct Ports {
  nir::Extent extent;
  std::vector<SpikeTrain> inputs;
  std::vector<size_t> recorded; ///< readouts
  std::vector<nir::Record> records;

  nir::Status match(const CoreNetwork &network, const nir::Recording &input, int64_t steps);
};

class OnCores : public Executable {
public:
  OnCores(CoreNetwork network, std::string file, double compileSeconds)
      : wiring(std::make_shared<const Wiring>(std::move(network))), file(std::move(file)),
        description(infoOf(wiring->network)) {
    measured.compilation.push_back({"compile", compileSeconds});
  }

  const ProgramInfo &info() const override { return description; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override;
  nir::Result<std::unique_ptr<Stepper>> start(int64_t batch) const override {
    return std::unique_ptr<Stepper>(std::make_unique<CoreStepper>(wiring, batch));
  }
  const Profile *profile() const override { return &measured; }

private:
  void count(const Cores &cores);

  std::shared_ptr<const Wiring> wiring;
  std::string file;
  ProgramInfo description;
  Profile measured;
};

} // namespace

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

nir::Status Ports::match(const CoreNetwork &network, const nir::Recording &input, int64_t steps) {
  std::vector<nir::Entry> entries;
  for (const SpikeInput &each : network.inputs) {
    entries.push_back({each.node, each.shape});
  }
  nir::Result<std::vector<nir::Drive>> drives = nir::matchInput(entries, input, steps, extent);
  if (!drives) {
    return drives.takeError();
  }
  for (const nir::Drive &drive : *drives) {
    nir::Result<SpikeTrain> train = SpikeTrain::of(drive, extent, "chip '" + network.chip + "'");
    if (!train) {
      return train.takeError();
    }
    inputs.push_back(*std::move(train));
  }
  for (size_t place : recorded) {
    const CoreReadout &readout = network.readouts[place];
    nir::Result<nir::Record> record =
        nir::makeRecord(readout.node, readout.observable,
                        readout.isSpikes ? nir::DType::U8 : nir::DType::F64, readout.shape, extent);
    if (!record) {
      return record.takeError();
    }
    record->trace.latency = readout.latency;
    records.push_back(*std::move(record));
  }
  return {};
}

/// "0: lif1, lif2", the core and the nodes on it.
static std::string titleOf(const CoreNetwork &network, size_t core) {
  std::string title = fmt::format("core {}", core);
  for (size_t g = 0; g < network.cores[core].groups.size(); ++g) {
    title +=
        (g == 0 ? ": " : ", ") + network.populations[network.cores[core].groups[g].population].node;
  }
  return title;
}

/// Adds what a sample did.
void OnCores::count(const Cores &cores) {
  const CoreNetwork &network = wiring->network;
  CountTable &table = measured.counts;
  if (table.rows.empty()) {
    table.names = {"neurons", "updates", "spikes", "messages", "spikes in", "events"};
    for (const SpikeInput &input : network.inputs) {
      table.rows.push_back({input.node, std::vector<int64_t>(table.names.size(), 0)});
    }
    for (size_t c = 0; c < network.cores.size(); ++c) {
      table.rows.push_back({titleOf(network, c), std::vector<int64_t>(table.names.size(), 0)});
      table.rows.back().values[0] = network.cores[c].places();
    }
  }
  size_t inputs = network.inputs.size();
  for (size_t i = 0; i < inputs; ++i) {
    table.rows[i].values[2] += cores.inputSpikes()[i];
  }
  for (size_t c = 0; c < network.cores.size(); ++c) {
    const CoreCounts &did = cores.counts()[c];
    std::vector<int64_t> &values = table.rows[inputs + c].values;
    size_t at = 1;
    for (int64_t each : {did.updates, did.spikes, did.messages, did.taken, did.events}) {
      values[at++] += each;
    }
  }
}

nir::Result<nir::Recording> OnCores::run(const nir::Recording &input, const RunOptions &options) {
  auto started = Clock::now();
  nir::Result<std::vector<size_t>> chosen = chosenRecords(description, options);
  if (!chosen) {
    return chosen.takeError();
  }
  Ports ports;
  ports.recorded.resize(wiring->network.outputs);
  std::iota(ports.recorded.begin(), ports.recorded.end(), 0);
  for (size_t record : *chosen) {
    ports.recorded.push_back(wiring->network.outputs + record);
  }
  if (nir::Status wrong = ports.match(wiring->network, input, options.steps)) {
    return std::move(*wrong).in(file);
  }
  measured.counts = {};
  Progress progress(options, ports.extent.batch * ports.extent.steps);
  Cores cores(wiring);
  std::vector<double> values;
  for (int64_t sample = 0; sample < ports.extent.batch; ++sample) {
    cores.reset();
    for (int64_t t = 0; t < ports.extent.steps; ++t) {
      std::vector<std::span<const uint32_t>> spikes;
      for (const SpikeTrain &train : ports.inputs) {
        spikes.push_back(train.at(sample, t));
      }
      cores.step(spikes);
      for (size_t i = 0; i < ports.records.size(); ++i) {
        const CoreReadout &readout = wiring->network.readouts[ports.recorded[i]];
        values.resize(static_cast<size_t>(nir::numElements(readout.shape)));
        cores.read(ports.recorded[i], values);
        nir::write(ports.records[i], values, sample * ports.extent.steps + t);
      }
      progress.advance(1);
      if (nir::Status stopped = progress.stopped()) {
        return std::move(*stopped).in(file);
      }
    }
    count(cores);
  }
  progress.finish();
  nir::Recording out{description.dtSeconds, {}};
  for (nir::Record &record : ports.records) {
    out.traces.push_back(std::move(record.trace));
  }
  measured.steps = ports.extent.batch * ports.extent.steps;
  measured.seconds = secondsSince(started);
  return out;
}

//===----------------------------------------------------------------------===//
// Stepping
//===----------------------------------------------------------------------===//

nir::Status CoreStepper::setInput(size_t input, int64_t sample, std::span<const double> values) {
  std::vector<uint32_t> elements;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0.0 && values[i] != 1.0) {
      return nir::Error::atNode(
          nir::Cause::InputValue, wiring->network.inputs[input].node,
          fmt::format("found {} in element {}, expected 0 or 1: chip '{}' takes spikes", values[i],
                      i, wiring->network.chip));
    }
    if (values[i] == 1.0) {
      elements.push_back(static_cast<uint32_t>(i));
    }
  }
  inputs[static_cast<size_t>(sample)][input] = std::move(elements);
  return {};
}

nir::Status CoreStepper::step() {
  for (size_t i = 0; i < samples.size(); ++i) {
    std::vector<std::span<const uint32_t>> spikes(inputs[i].begin(), inputs[i].end());
    samples[i].step(spikes);
  }
  return {};
}

void CoreStepper::reset() {
  for (size_t i = 0; i < samples.size(); ++i) {
    samples[i].reset();
    inputs[i].assign(inputs[i].size(), {});
  }
}

/// A piece of a snapshot: its length, then its bytes.
static void append(std::string &all, std::string_view bytes) {
  uint64_t size = bytes.size();
  all.append(reinterpret_cast<const char *>(&size), sizeof size);
  all.append(bytes);
}

static std::optional<std::string_view> take(std::string_view &all) {
  uint64_t size = 0;
  if (all.size() < sizeof size) {
    return std::nullopt;
  }
  std::memcpy(&size, all.data(), sizeof size);
  all.remove_prefix(sizeof size);
  if (all.size() < size) {
    return std::nullopt;
  }
  std::string_view bytes = all.substr(0, size);
  all.remove_prefix(size);
  return bytes;
}

std::string CoreStepper::snapshot() const {
  std::string all;
  for (size_t i = 0; i < samples.size(); ++i) {
    append(all, samples[i].snapshot());
    for (const std::vector<uint32_t> &elements : inputs[i]) {
      append(all,
             {reinterpret_cast<const char *>(elements.data()), elements.size() * sizeof(uint32_t)});
    }
  }
  return all;
}

nir::Status CoreStepper::restore(std::string_view snapshot) {
  nir::Error other = nir::Error::usage(fmt::format(
      "found a snapshot of {} bytes: it is of another program or batch", snapshot.size()));
  std::vector<Cores> restored = samples;
  std::vector<InputSpikes> spikes = inputs;
  for (size_t i = 0; i < samples.size(); ++i) {
    std::optional<std::string_view> own = take(snapshot);
    if (!own || !restored[i].restore(*own)) {
      return other;
    }
    for (size_t input = 0; input < inputs[i].size(); ++input) {
      std::optional<std::string_view> bytes = take(snapshot);
      if (!bytes || bytes->size() % sizeof(uint32_t) != 0) {
        return other;
      }
      auto elements = nir::numElements(wiring->network.inputs[input].shape);
      std::vector<uint32_t> &to = spikes[i][input];
      to.resize(bytes->size() / sizeof(uint32_t));
      if (!to.empty()) {
        std::memcpy(to.data(), bytes->data(), bytes->size());
      }
      if (std::ranges::any_of(to, [&](uint32_t each) { return each >= elements; })) {
        return other;
      }
    }
  }
  if (!snapshot.empty()) {
    return other;
  }
  samples = std::move(restored);
  inputs = std::move(spikes);
  return {};
}

std::unique_ptr<Executable> nirc::chipfile::executableOf(CoreNetwork network, std::string file,
                                                         double compileSeconds) {
  return std::make_unique<OnCores>(std::move(network), std::move(file), compileSeconds);
}
