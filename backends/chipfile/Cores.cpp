//===- Cores.cpp - cores at work ------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/Cores.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace nirc;
using namespace nirc::chipfile;

static int64_t added(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

Wiring::Wiring(CoreNetwork from) : network(std::move(from)) {
  size_t sources =
      static_cast<size_t>(network.inputElements) + static_cast<size_t>(network.neurons);
  first.assign(sources + 1, 0);
  places.resize(static_cast<size_t>(network.neurons));
  for (size_t c = 0; c < network.cores.size(); ++c) {
    const Core &core = network.cores[c];
    slots.push_back(slotsOf(core));
    for (const CoreRow &row : core.rows) {
      ++first[static_cast<size_t>(row.source) + 1];
    }
    for (size_t g = 0; g < core.groups.size(); ++g) {
      int32_t place = 0, before = network.populations[core.groups[g].population].first;
      for (Mapping::Range range : core.groups[g].neurons) {
        for (int32_t neuron = range.first; neuron < range.end; ++neuron) {
          places[static_cast<size_t>(before) + static_cast<size_t>(neuron)] = {
              static_cast<int32_t>(c), static_cast<int32_t>(g), place++};
        }
      }
    }
  }
  for (size_t i = 1; i < first.size(); ++i) {
    first[i] += first[i - 1];
  }
  hits.resize(first.back());
  std::vector<size_t> next = first;
  for (size_t c = 0; c < network.cores.size(); ++c) {
    for (size_t r = 0; r < network.cores[c].rows.size(); ++r) {
      auto source = static_cast<size_t>(network.cores[c].rows[r].source);
      hits[next[source]++] = {static_cast<int32_t>(c), static_cast<int32_t>(r)};
    }
  }
}

/// How many neurons go through an update together.
static constexpr size_t block = 128;

Cores::Cores(std::shared_ptr<const Wiring> from) : wiring(std::move(from)) {
  size_t values = 0;
  for (const NeuronCode &code : wiring->network.updates) {
    values = std::max(values, code.arguments.size() + code.instructions.size());
  }
  registers.assign(values, std::vector<int64_t>(block));
  reset();
}

void Cores::reset() {
  const CoreNetwork &network = wiring->network;
  works.assign(network.cores.size(), {});
  for (size_t c = 0; c < works.size(); ++c) {
    works[c].sums.assign(static_cast<size_t>(wiring->slots[c] * network.cores[c].places()), 0);
    for (const CoreGroup &group : network.cores[c].groups) {
      auto size = static_cast<size_t>(group.size());
      Group &made = works[c].groups.emplace_back();
      for (const std::vector<int64_t> &state : group.states) {
        made.states.push_back(state.size() == size ? state
                                                   : std::vector<int64_t>(size, state.front()));
      }
      made.passed.assign(size, 0);
      made.bias.assign(size, 0);
    }
  }
  sent.clear();
  now = 0;
  counted.assign(works.size(), {});
  countedInputs.assign(network.inputs.size(), 0);
}

//===----------------------------------------------------------------------===//
// A step
//===----------------------------------------------------------------------===//

/// Adds the weights of a source that spiked in the step before.
void Cores::deliver(int32_t source) {
  for (auto [c, r] : wiring->hitsOf(source)) {
    const CoreRow &row = wiring->network.cores[static_cast<size_t>(c)].rows[static_cast<size_t>(r)];
    std::vector<int64_t> &sums = works[static_cast<size_t>(c)].sums;
    int64_t slots = wiring->slots[static_cast<size_t>(c)];
    int64_t places = std::ssize(sums) / slots;
    for (size_t i = 0; i < row.places.size(); ++i) {
      int64_t slot = (now + row.delayOf(i)) % slots;
      int64_t &sum = sums[static_cast<size_t>(slot * places + row.places[i])];
      sum = added(sum, row.weights[i]);
    }
    CoreCounts &counts = counted[static_cast<size_t>(c)];
    ++counts.taken;
    counts.events += std::ssize(row.places);
  }
}

/// The update of the group's neurons; `sums` are theirs, and zeros afterwards.
void Cores::update(const CoreGroup &group, Group &work, std::span<int64_t> sums) {
  const CorePopulation &population = wiring->network.populations[group.population];
  const NeuronCode &code = wiring->network.updates[population.update];
  auto take = [&](size_t argument, const std::vector<int64_t> &from, size_t at, size_t count) {
    std::vector<int64_t> &to = registers[argument];
    for (size_t i = 0; i < count; ++i) {
      to[i] = wrapped(from[from.size() == 1 ? 0 : at + i], code.arguments[argument]);
    }
  };
  for (size_t at = 0; at < sums.size(); at += block) {
    size_t count = std::min(block, sums.size() - at);
    for (size_t i = 0; i < count; ++i) {
      registers[0][i] = wrapped(added(sums[at + i], work.bias[at + i]), code.arguments[0]);
      sums[at + i] = 0;
    }
    size_t argument = 1;
    for (const std::vector<int64_t> &state : work.states) {
      take(argument++, state, at, count);
    }
    for (const std::vector<int64_t> &parameter : group.parameters) {
      take(argument++, parameter, at, count);
    }
    for (size_t n = 0; n < code.instructions.size(); ++n) {
      const NeuronInstruction &instruction = code.instructions[n];
      auto operand = [&](size_t i) {
        return registers[static_cast<size_t>(instruction.operands[i])].data();
      };
      const int64_t *a = operand(0), *b = operand(1), *c = operand(2);
      unsigned bits = code.bitsOf(instruction.operands[0]);
      int64_t *to = registers[code.arguments.size() + n].data();
      for (size_t i = 0; i < count; ++i) {
        to[i] = evaluate(instruction, bits, a[i], b[i], c[i]);
      }
    }
    auto result = [&](size_t i) { return registers[static_cast<size_t>(code.results[i])].data(); };
    for (size_t i = 0; i < count; ++i) {
      work.passed[at + i] = population.spikes ? result(0)[i] != 0 : result(0)[i];
    }
    for (size_t s = 0; s < work.states.size(); ++s) {
      std::copy_n(result(s + 1), count, work.states[s].begin() + static_cast<ptrdiff_t>(at));
    }
  }
}

/// A core's neurons, on what has been added up for this step.
void Cores::update(size_t c) {
  const Core &core = wiring->network.cores[c];
  Work &work = works[c];
  int64_t slots = wiring->slots[c], places = std::ssize(work.sums) / slots;
  std::span<int64_t> sums = std::span(work.sums).subspan(static_cast<size_t>(now % slots * places),
                                                         static_cast<size_t>(places));
  for (size_t g = 0; g < core.groups.size(); ++g) {
    const CoreGroup &group = core.groups[g];
    Group &own = work.groups[g];
    const CorePopulation &population = wiring->network.populations[group.population];
    for (; own.nextBias < group.biases.size() && group.biases[own.nextBias].step <= now;
         ++own.nextBias) {
      const NeuronBias &bias = group.biases[own.nextBias];
      int64_t &to = own.bias[static_cast<size_t>(bias.neuron)];
      to = added(to, bias.added);
    }
    std::span<int64_t> mine = sums.first(own.passed.size());
    sums = sums.subspan(own.passed.size());
    if (now < population.start) {
      std::ranges::fill(mine, 0);
      continue;
    }
    counted[c].updates += std::ssize(mine);
    update(group, own, mine);
    if (!population.spikes) {
      continue;
    }
    size_t place = 0;
    int32_t before = wiring->network.inputElements + population.first;
    for (Mapping::Range range : group.neurons) {
      for (int32_t neuron = range.first; neuron < range.end; ++neuron, ++place) {
        if (own.passed[place] != 0) {
          sent.push_back(before + neuron);
          ++counted[c].spikes;
          counted[c].messages += std::ssize(wiring->hitsOf(before + neuron));
        }
      }
    }
  }
}

void Cores::step(std::span<const std::span<const uint32_t>> spikes) {
  for (int32_t source : sent) {
    deliver(source);
  }
  sent.clear();
  for (size_t i = 0; i < spikes.size(); ++i) {
    for (uint32_t element : spikes[i]) {
      sent.push_back(wiring->network.inputs[i].first + static_cast<int32_t>(element));
    }
    countedInputs[i] += std::ssize(spikes[i]);
  }
  for (size_t c = 0; c < works.size(); ++c) {
    update(c);
  }
  ++now;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

void Cores::read(size_t number, std::span<double> values) const {
  const CoreReadout &readout = wiring->network.readouts[number];
  int32_t first = wiring->network.populations.empty() || readout.isSpikes
                      ? 0
                      : wiring->network.populations[readout.population].first;
  size_t perScale = std::max<size_t>(values.size() / std::max<size_t>(readout.scales.size(), 1), 1);
  for (size_t i = 0; i < values.size(); ++i) {
    int32_t neuron = readout.isSpikes ? readout.neurons[i] : first + static_cast<int32_t>(i);
    Wiring::Place at = wiring->places[static_cast<size_t>(neuron)];
    const Group &group = works[static_cast<size_t>(at.core)].groups[static_cast<size_t>(at.group)];
    const std::vector<int64_t> &from = readout.state ? group.states[*readout.state] : group.passed;
    values[i] = static_cast<double>(from[static_cast<size_t>(at.place)]);
    values[i] *= readout.isSpikes ? 1.0 : readout.scales[i / perScale];
  }
}

void Cores::write(size_t number, std::span<const double> values) {
  const CoreReadout &readout = wiring->network.readouts[number];
  const CorePopulation &population = wiring->network.populations[readout.population];
  size_t perScale = std::max<size_t>(values.size() / std::max<size_t>(readout.scales.size(), 1), 1);
  unsigned bits = wiring->network.updates[population.update].arguments[1 + *readout.state];
  double largest = std::ldexp(1.0, static_cast<int>(bits) - 1);
  for (size_t i = 0; i < values.size(); ++i) {
    double value = std::nearbyint(values[i] / readout.scales[i / perScale]);
    value = std::isnan(value) ? 0.0 : std::clamp(value, -largest, std::nextafter(largest, 0.0));
    Wiring::Place at = wiring->places[static_cast<size_t>(population.first) + i];
    works[static_cast<size_t>(at.core)]
        .groups[static_cast<size_t>(at.group)]
        .states[*readout.state][static_cast<size_t>(at.place)] = static_cast<int64_t>(value);
  }
}

/// All numbers that steps change, a piece after the other.
template <typename Visit>
void Cores::visitMemory(auto &self, const Visit &visit) {
  for (auto &work : self.works) {
    visit(work.sums.data(), work.sums.size());
    for (auto &group : work.groups) {
      for (auto &state : group.states) {
        visit(state.data(), state.size());
      }
      visit(group.passed.data(), group.passed.size());
      visit(group.bias.data(), group.bias.size());
      visit(&group.nextBias, 1);
    }
  }
  visit(&self.now, 1);
}

std::string Cores::snapshot() const {
  std::string bytes;
  auto add = [&](const auto *from, size_t count) {
    if (count == 0) {
      return; // no address
    }
    bytes.append(reinterpret_cast<const char *>(from), count * sizeof *from);
  };
  visitMemory(*this, add);
  add(sent.data(), sent.size());
  return bytes;
}

bool Cores::restore(std::string_view snapshot) {
  size_t size = 0;
  visitMemory(*this, [&](auto *from, size_t count) { size += count * sizeof *from; });
  if (snapshot.size() < size || (snapshot.size() - size) % sizeof(int32_t) != 0) {
    return false;
  }
  std::vector<int32_t> sources((snapshot.size() - size) / sizeof(int32_t));
  if (!sources.empty()) {
    std::memcpy(sources.data(), snapshot.data() + size, sources.size() * sizeof(int32_t));
  }
  int64_t step = 0;
  std::memcpy(&step, snapshot.data() + size - sizeof step, sizeof step);
  auto all = std::ssize(wiring->first) - 1;
  if (step < 0 ||
      std::ranges::any_of(sources, [&](int32_t each) { return each < 0 || each >= all; })) {
    return false;
  }
  const char *from = snapshot.data();
  visitMemory(*this, [&](auto *to, size_t count) {
    if (count > 0) {
      std::memcpy(to, from, count * sizeof *to);
    }
    from += count * sizeof *to;
  });
  sent = std::move(sources);
  return true;
}
