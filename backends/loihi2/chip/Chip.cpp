//===- Chip.cpp - the chip, as far as its results go ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Chip.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace nirc::loihi2;

void ChipCounts::add(const ChipCounts &other) {
  steps += other.steps;
  inputSpikes.resize(std::max(inputSpikes.size(), other.inputSpikes.size()));
  for (size_t i = 0; i < other.inputSpikes.size(); ++i) {
    inputSpikes[i] += other.inputSpikes[i];
  }
  spikes += other.spikes;
  messages += other.messages;
  synapticOperations += other.synapticOperations;
  slowestOperations += other.slowestOperations;
  cores.resize(std::max(cores.size(), other.cores.size()));
  for (size_t i = 0; i < other.cores.size(); ++i) {
    cores[i].spikes += other.cores[i].spikes;
    cores[i].messages += other.cores[i].messages;
    cores[i].operations += other.cores[i].operations;
  }
}

Chip::Program::Program(Image contents) : image(std::move(contents)) {
  cores.reserve(image.cores.size());
  for (const Image::Core &core : image.cores) {
    cores.emplace_back(core);
  }
}

Chip::Chip(Image image) : Chip(std::make_shared<const Program>(std::move(image))) {}

Chip::Chip(std::shared_ptr<const Program> shared) : program(std::move(shared)) {
  for (const CoreTables &tables : program->cores) {
    cores.emplace_back(tables);
  }
  counted.inputSpikes.resize(program->image.inputs.size());
}

void Chip::reset() {
  for (Core &core : cores) {
    core.reset();
  }
}

/// The largest cores first, each to whom has least: threads that wait for one another should have
/// the same to do.
Chip::Share Chip::share(int64_t part, int64_t parts, int64_t steps) const {
  constexpr int64_t synapsesPerOperation = 32; // a few in a hundred see a spike in a step
  std::vector<int64_t> work;
  for (size_t i = 0; i < cores.size(); ++i) {
    const CoreTables &tables = program->cores[i];
    int64_t operations = steps > 0 ? cores[i].counts().operations / steps
                                   : std::ssize(tables.effects) / synapsesPerOperation;
    work.push_back(std::ssize(tables.bias) + 2 * operations);
  }
  std::vector<size_t> order(cores.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return work[a] != work[b] ? work[a] > work[b] : a < b; });
  std::vector<int64_t> has(static_cast<size_t>(parts), 0);
  Share mine{{}, std::vector<bool>(cores.size(), false)};
  for (size_t core : order) {
    auto least = std::min_element(has.begin(), has.end());
    *least += work[core];
    if (least - has.begin() == part) {
      mine.cores.push_back(static_cast<uint32_t>(core));
      mine.has[core] = true;
    }
  }
  return mine;
}

void Chip::advance(const Share &mine) {
  for (uint32_t core : mine.cores) {
    cores[core].advance();
  }
}

/// Every thread looks at all spikes and takes the messages to its own cores, so that none writes
/// where another one does.
void Chip::deliver(const Share &mine, const InputSpikes &inputs) {
  for (uint32_t core : mine.cores) {
    cores[core].startReceiving();
  }
  auto send = [&](const RouteTable &table, std::span<const uint32_t> sources) {
    for (uint32_t source : sources) {
      for (uint32_t i = table.first[source]; i < table.first[source + 1]; ++i) {
        Route route = table.routes[i];
        if (mine.has[route.core]) {
          cores[route.core].receive(route.axon);
        }
      }
    }
  };
  for (size_t i = 0; i < inputs.size(); ++i) {
    send(program->image.inputs[i].routes, inputs[i]);
  }
  for (size_t i = 0; i < cores.size(); ++i) {
    send(program->image.cores[i].routes, cores[i].fired());
  }
}

void Chip::finishStep(const InputSpikes &inputs) {
  int64_t most = 0;
  for (const Core &core : cores) {
    most = std::max(most, core.operationsOfStep());
  }
  counted.slowestOperations += most;
  for (size_t i = 0; i < inputs.size(); ++i) {
    counted.inputSpikes[i] += std::ssize(inputs[i]);
  }
  ++counted.steps;
}

void Chip::step(const InputSpikes &inputs) {
  Share all = share(0, 1);
  advance(all);
  deliver(all, inputs);
  finishStep(inputs);
}

void Chip::step(std::span<const std::vector<double>> spikes) {
  std::vector<std::vector<uint32_t>> elements(spikes.size());
  InputSpikes inputs;
  for (size_t i = 0; i < spikes.size(); ++i) {
    for (size_t element = 0; element < spikes[i].size(); ++element) {
      if (spikes[i][element] != 0.0) {
        elements[i].push_back(static_cast<uint32_t>(element));
      }
    }
    inputs.emplace_back(elements[i]);
  }
  step(inputs);
}

void Chip::read(const Image::Readout &readout, std::vector<double> &values) const {
  values.resize(readout.places.size());
  size_t perScale = readout.scales.empty() ? 1 : values.size() / readout.scales.size();
  for (size_t i = 0; i < values.size(); ++i) {
    const Core &core = cores[readout.places[i].core];
    uint32_t n = readout.places[i].compartment;
    switch (readout.kind) {
    case Readout::Kind::Spikes:
      values[i] = core.spiked(n);
      break;
    case Readout::Kind::Voltage:
      values[i] = static_cast<double>(core.v(n)) * readout.scales[i / perScale];
      break;
    case Readout::Kind::Current:
      values[i] = static_cast<double>(core.u(n)) * readout.scales[i / perScale];
      break;
    }
  }
}

ChipCounts Chip::counts() const {
  ChipCounts all = before;
  ChipCounts mine = counted;
  for (const Core &core : cores) {
    const CoreCounts &each = core.counts();
    mine.cores.push_back(each);
    mine.spikes += each.spikes;
    mine.messages += each.messages;
    mine.synapticOperations += each.operations;
  }
  all.add(mine);
  return all;
}

void Chip::forgetCounts() {
  before = counted = {};
  counted.inputSpikes.resize(program->image.inputs.size());
  for (Core &core : cores) {
    core.forgetCounts();
  }
}

void Chip::write(const Image::Readout &state, std::span<const double> values) {
  size_t perScale = state.places.size() / std::max<size_t>(state.scales.size(), 1);
  for (size_t i = 0; i < state.places.size(); ++i) {
    double whole = std::nearbyint(values[i] / state.scales[i / perScale]);
    constexpr double most = stateLimit - 1;
    auto value = static_cast<int32_t>(std::isnan(whole) ? 0.0 : std::clamp(whole, -most, most));
    Core &core = cores[state.places[i].core];
    if (state.kind == Readout::Kind::Current) {
      core.setU(state.places[i].compartment, value);
    } else {
      core.setV(state.places[i].compartment, value);
    }
  }
}

std::string Chip::save() const {
  std::string saved;
  for (const Core &core : cores) {
    core.save(saved);
  }
  return saved;
}

bool Chip::load(std::string_view saved) {
  size_t expected = 0;
  for (const Core &core : cores) {
    expected += core.savedBytes();
  }
  if (saved.size() != expected) {
    return false;
  }
  const char *from = saved.data();
  for (Core &core : cores) {
    core.load(from);
    from += core.savedBytes();
  }
  return true;
}
