//===- Player.cpp - Mychip's cores at work --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"

#include "backends/run/Clock.h"
#include "backends/run/Recordable.h"
#include "backends/run/SpikeTrain.h"
#include "ir/recording/RunRecords.h"

#include <fmt/format.h>
#include <stdexcept>

namespace mychip {

class Player : public nirc::Executable {
public:
  Player(Program given, std::string file);
  const nirc::ProgramInfo &info() const override { return program.info; }
  nir::Result<nir::Recording> run(const nir::Recording &input,
                                  const nirc::RunOptions &options) override;
  nir::Result<std::unique_ptr<nirc::Stepper>> start(int64_t) const override {
    return nir::Error::usage(nir::Cause::UnsupportedByTarget, "Mychip cannot be stepped");
  }
  const nirc::Profile *profile() const override { return &measured; }

private:
  /// What changes of a neuron.
  struct State {
    std::vector<int64_t> sums, states; ///< what arrives in which step; its own
    int64_t passed = 0;                ///< on
  };
  struct Target {
    size_t neuron;
    nirc::Synapse synapse;
  };
  void check() const;
  void reset();
  void step(int64_t now);
  void update(size_t neuron, int64_t now);
  std::vector<double> read(const Readout &readout) const;

  Program program;
  std::string file;
  nirc::Profile measured;
  int64_t elements = 0;                  ///< of the inputs; neurons follow as sources
  std::vector<std::vector<Target>> rows; ///< of each source
  std::vector<State> now;
  std::vector<size_t> sent; ///< sources of the last step
};

static void require(bool isSound) {
  if (!isSound) {
    throw std::out_of_range("a number is out of range");
  }
}

static int64_t elementsOf(const nir::Shape &shape) {
  int64_t elements = 1;
  for (int64_t dim : shape) {
    require(dim > 0 && dim < 1 << 24);
    require((elements *= dim) < 1 << 24);
  }
  return elements;
}

/// Throws where a number of the file is out of range; after it none has to be looked at.
void Player::check() const {
  for (const nirc::NeuronCode &code : program.codes) {
    auto values = std::ssize(code.arguments);
    require(std::ranges::all_of(code.arguments, [](int bits) { return bits > 0 && bits <= 64; }));
    for (const nirc::NeuronInstruction &one : code.instructions) {
      require(one.op <= nirc::NeuronOp::LeadingZeros && one.bits > 0 && one.bits <= 64);
      require(std::ranges::all_of(one.operands, [&](int32_t v) { return v >= 0 && v < values; }));
      ++values;
    }
    require(std::ranges::all_of(code.results, [&](int32_t v) { return v >= 0 && v < values; }));
  }
  for (const Neuron &neuron : program.neurons) {
    const nirc::NeuronCode &code = program.codes.at(neuron.code);
    require(code.arguments.size() == 1 + neuron.states.size() + neuron.parameters.size());
    require(code.results.size() == 1 + neuron.states.size() && neuron.core >= 0 &&
            neuron.core < 64);
  }
  require(program.readouts.size() == program.info.outputs.size() + program.info.records.size());
  for (const Readout &readout : program.readouts) {
    require(elementsOf(readout.port.shape) == std::ssize(readout.neurons));
    require(readout.scales.size() == readout.neurons.size());
    for (int32_t neuron : readout.neurons) {
      require(readout.state < std::ssize(program.neurons.at(neuron).states));
    }
  }
}

Player::Player(Program given, std::string file) : program(std::move(given)), file(std::move(file)) {
  for (const nirc::PortInfo &input : program.info.inputs) {
    require((elements += elementsOf(input.shape)) < 1 << 24);
  }
  check();
  rows.resize(elements + program.neurons.size());
  now.resize(program.neurons.size());
  for (size_t n = 0; n < program.neurons.size(); ++n) {
    int32_t slots = 1;
    for (const nirc::Synapse &synapse : program.neurons[n].synapses) {
      require(synapse.delay >= 0 && synapse.delay < 1 << 10);
      rows.at(synapse.source).push_back({n, synapse});
      slots = std::max(slots, synapse.delay + 1);
    }
    now[n].sums.resize(slots);
  }
}

void Player::reset() {
  for (size_t n = 0; n < now.size(); ++n) {
    now[n] = {std::vector<int64_t>(now[n].sums.size()), program.neurons[n].states, 0};
  }
  sent.clear();
}

/// The chip executes the instructions of a neuron's update one after the other.
void Player::update(size_t number, int64_t step) {
  const Neuron &neuron = program.neurons[number];
  const nirc::NeuronCode &code = program.codes[neuron.code];
  State &own = now[number];
  std::vector<int64_t> values = {std::exchange(own.sums[step % own.sums.size()], 0)};
  if (step < neuron.start) {
    return;
  }
  for (const nirc::NeuronBias &bias : neuron.biases) {
    values[0] += bias.step <= step ? bias.added : 0;
  }
  values.insert(values.end(), own.states.begin(), own.states.end());
  values.insert(values.end(), neuron.parameters.begin(), neuron.parameters.end());
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = nirc::wrapped(values[i], code.arguments[i]);
  }
  for (const nirc::NeuronInstruction &one : code.instructions) {
    values.push_back(evaluate(one, code.bitsOf(one.operands[0]), values[one.operands[0]],
                              values[one.operands[1]], values[one.operands[2]]));
  }
  for (size_t i = 0; i < own.states.size(); ++i) {
    own.states[i] = values[code.results[i + 1]];
  }
  own.passed = neuron.spikes ? values[code.results[0]] != 0 : values[code.results[0]];
}

/// Spikes of the step before reach the cores, and all neurons update.
void Player::step(int64_t step) {
  for (size_t source : std::exchange(sent, {})) {
    for (const Target &to : rows[source]) {
      std::vector<int64_t> &sums = now[to.neuron].sums;
      sums[(step + to.synapse.delay) % sums.size()] += to.synapse.weight;
      ++measured.counts.rows[program.neurons[to.neuron].core].values[2];
    }
  }
  for (size_t n = 0; n < now.size(); ++n) {
    update(n, step);
    if (program.neurons[n].spikes && now[n].passed != 0) {
      sent.push_back(elements + n);
      ++measured.counts.rows[program.neurons[n].core].values[1];
    }
  }
}

std::vector<double> Player::read(const Readout &readout) const {
  std::vector<double> values;
  for (size_t i = 0; i < readout.neurons.size(); ++i) {
    const State &from = now[readout.neurons[i]];
    int64_t value = readout.state < 0 ? from.passed : from.states[readout.state];
    values.push_back(static_cast<double>(value) * readout.scales[i]);
  }
  return values;
}

nir::Result<nir::Recording> Player::run(const nir::Recording &input,
                                        const nirc::RunOptions &options) {
  auto started = nirc::Clock::now();
  nir::Extent extent;
  auto drives = nir::matchInput(entriesOf(info()), input, options.steps, extent);
  auto chosen = chosenRecords(info(), options);
  if (!drives || !chosen) {
    return (drives ? chosen.takeError() : drives.takeError()).in(file);
  }
  std::vector<nirc::SpikeTrain> trains;
  for (const nir::Drive &drive : *drives) {
    auto train = nirc::SpikeTrain::of(drive, extent, "Mychip");
    if (!train) {
      return train.takeError().in(file);
    }
    trains.push_back(*std::move(train));
  }
  std::vector<const Readout *> read;
  std::vector<nir::Record> records;
  for (size_t i = 0; i < info().outputs.size() + chosen->size(); ++i) {
    size_t outputs = info().outputs.size();
    read.push_back(&program.readouts[i < outputs ? i : outputs + (*chosen)[i - outputs]]);
    const nirc::PortInfo &port = read.back()->port;
    auto record = nir::makeRecord(port.node, port.observable, port.dtype, port.shape, extent);
    if (!record) {
      return record.takeError().in(file);
    }
    record->trace.latency = port.latency;
    records.push_back(*std::move(record));
  }
  measured.counts = {{"neurons", "spikes", "events"}, {}};
  for (const Neuron &neuron : program.neurons) {
    for (auto &all = measured.counts.rows; std::ssize(all) <= neuron.core;) {
      all.push_back({fmt::format("core {}", all.size()), {0, 0, 0}});
    }
    ++measured.counts.rows[neuron.core].values[0];
  }
  for (int64_t row = 0; row < extent.batch * extent.steps; ++row) {
    int64_t sample = row / extent.steps, t = row % extent.steps, first = 0;
    t == 0 ? reset() : void();
    step(t);
    for (size_t i = 0; i < trains.size(); ++i) {
      for (uint32_t element : trains[i].at(sample, t)) {
        sent.push_back(first + element);
      }
      first += nir::numElements(info().inputs[i].shape);
    }
    for (size_t i = 0; i < records.size(); ++i) {
      nir::write(records[i], this->read(*read[i]), row);
    }
    if (nir::Status stopped = nir::checkStop(options.stop)) {
      return std::move(*stopped).in(file);
    }
  }
  measured.steps = extent.batch * extent.steps;
  measured.seconds = nirc::secondsSince(started);
  nir::Recording out{info().dtSeconds, {}};
  for (nir::Record &record : records) {
    out.traces.push_back(std::move(record.trace));
  }
  return out;
}

nir::Result<std::unique_ptr<nirc::Executable>> executableOf(Program program, std::string file) {
  try {
    return std::unique_ptr<nirc::Executable>(std::make_unique<Player>(std::move(program), file));
  } catch (const std::out_of_range &error) {
    return nir::Error(nir::Cause::DamagedFile,
                      fmt::format("is a damaged program of Mychip: {}", error.what()))
        .in(file);
  }
}

} // namespace mychip
