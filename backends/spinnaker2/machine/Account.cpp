//===- Account.cpp - what a run did, and what it would take -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/machine/Account.h"

#include "backends/spinnaker2/Limits.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

/// Cycles of an instruction: loads and most others take one, taken branches up to four. Arm,
/// Cortex-M4 Technical Reference Manual (DDI 0439), section 3.3.1.
constexpr double leastCycles = 1.0, mostCycles = 4.0;
constexpr const char *cycleSource = "Arm DDI 0439, Cortex-M4 TRM, 3.3.1";
constexpr const char *powerSource =
    "arXiv:2607.24396, all cores running CoreMark, as cited by a survey of 2026-08";
constexpr const char *counted = "instructions counted by QEMU, which models no pipeline";

struct Clock {
  int64_t hertz;
  double watts; ///< of all cores
};
constexpr Clock clocks[] = {{slowClock, slowWatts}, {fastClock, fastWatts}};

double perStep(uint64_t number, int64_t steps) {
  return static_cast<double>(number) / static_cast<double>(std::max<int64_t>(steps, 1));
}

uint64_t instructionsOf(const CoreCounts &core) {
  return core.packetInstructions + core.updateInstructions;
}

} // namespace

/// The nodes that share a core: "lif1", "lif1, lif2".
static std::string nodesOf(const CoreImage &core) {
  std::string names;
  for (const Slice &each : core.data.slices) {
    names += (names.empty() ? "" : ", ") + each.node;
  }
  return names;
}

CountTable nirc::spinnaker2::countTable(const Image &image, const MachineCounts &counts) {
  CountTable table{{"cores", "neurons", "spikes", "packets in", "without a row", "events"}, {}};
  if (counts.hasInstructions) {
    table.names.emplace_back("instructions");
  }
  std::vector<int64_t> none(table.names.size(), 0);
  for (size_t i = 0; i < image.network.inputs.size(); ++i) {
    table.rows.push_back({image.network.inputs[i].node, none});
    table.rows.back().values[2] = counts.inputSpikes[i];
  }
  auto first = std::ssize(table.rows);
  for (size_t i = 0; i < image.cores.size(); ++i) {
    std::string nodes = nodesOf(image.cores[i]);
    auto row = std::find_if(table.rows.begin() + first, table.rows.end(),
                            [&](const CountTable::Row &each) { return each.node == nodes; });
    if (row == table.rows.end()) {
      row = table.rows.insert(row, {nodes, none});
    }
    const CoreCounts &did = counts.cores[i];
    int64_t neurons = 0;
    for (const Slice &slice : image.cores[i].data.slices) {
      neurons += std::ssize(slice.neurons);
    }
    std::vector<int64_t> values = {1,
                                   neurons,
                                   did.spikes,
                                   did.taken,
                                   did.unwanted,
                                   did.events,
                                   static_cast<int64_t>(instructionsOf(did))};
    for (size_t v = 0; v < row->values.size(); ++v) {
      row->values[v] += values[v];
    }
  }
  return table;
}

//===----------------------------------------------------------------------===//
// Estimates
//===----------------------------------------------------------------------===//

/// The core that takes longest for one of its steps.
static size_t bottleneckOf(const MachineCounts &counts) {
  auto most = std::ranges::max_element(counts.cores, {}, &CoreCounts::mostInstructions);
  return static_cast<size_t>(most - counts.cores.begin());
}

static Estimate exactly(std::string name, double number, std::string basis) {
  return {std::move(name), "", number, number, std::move(basis), counted, "this run"};
}

static void addInstructions(const Image &image, const MachineCounts &counts,
                            std::vector<Estimate> &all) {
  uint64_t packets = 0, updates = 0;
  int64_t events = 0, neurons = 0;
  for (size_t i = 0; i < counts.cores.size(); ++i) {
    packets += counts.cores[i].packetInstructions;
    updates += counts.cores[i].updateInstructions;
    events += counts.cores[i].events;
    for (const Slice &slice : image.cores[i].data.slices) {
      neurons += std::ssize(slice.neurons);
    }
  }
  if (events > 0) {
    double each = static_cast<double>(packets) / static_cast<double>(events);
    all.push_back(exactly("instructions of an event", each,
                          fmt::format("{} instructions for {} synaptic events, packets and rows "
                                      "included",
                                      packets, events)));
    // A core spends all its time on events.
    double rate = static_cast<double>(coresPerChip) * fastClock / each;
    all.push_back({"events of a chip", "/s", rate / mostCycles, rate / leastCycles,
                   fmt::format("{} cores at 300 MHz that do nothing else; published are {:.2g}",
                               coresPerChip, publishedEvents),
                   cycleSource, "SpiNNaker2"});
  }
  all.push_back(exactly(
      "instructions of an update",
      perStep(updates, counts.steps) / static_cast<double>(std::max<int64_t>(neurons, 1)),
      fmt::format("{} instructions for {} neurons in {} steps", updates, neurons, counts.steps)));
}

static void addTicks(const Image &image, const MachineCounts &counts, std::vector<Estimate> &all) {
  size_t core = bottleneckOf(counts);
  auto most = static_cast<double>(counts.cores[core].mostInstructions);
  for (const Clock &clock : clocks) {
    auto hertz = static_cast<double>(clock.hertz);
    all.push_back(
        {fmt::format("tick at {} MHz", clock.hertz / 1'000'000), "s", most * leastCycles / hertz,
         most * mostCycles / hertz,
         fmt::format("{:.0f} instructions of {:.0f} to {:.0f} cycles, the most of a step, "
                     "in {}",
                     most, leastCycles, mostCycles, nameOf(image.network, core)),
         cycleSource, "SpiNNaker2"});
  }
}

/// Energy of the cycles in which cores work, by what all cores take when they do.
static void addEnergy(const MachineCounts &counts, std::vector<Estimate> &all) {
  uint64_t instructions = 0;
  for (const CoreCounts &each : counts.cores) {
    instructions += instructionsOf(each);
  }
  double ofStep = perStep(instructions, counts.steps);
  for (const Clock &clock : clocks) {
    double joule = clock.watts / (measuredCores * static_cast<double>(clock.hertz));
    all.push_back(
        {fmt::format("energy at {} MHz", clock.hertz / 1'000'000), "J",
         ofStep * leastCycles * joule, ofStep * mostCycles * joule,
         fmt::format("{:.0f} instructions of {:.0f} to {:.0f} cycles of {:.3g} pJ, without "
                     "waiting cores, the network and memory outside",
                     ofStep, leastCycles, mostCycles, joule * 1e12),
         powerSource, "SpiNNaker2"});
  }
}

std::vector<Estimate> nirc::spinnaker2::estimates(const Image &image, const MachineCounts &counts) {
  std::vector<Estimate> all;
  if (counts.hasInstructions && !counts.cores.empty()) {
    addInstructions(image, counts, all);
    addTicks(image, counts, all);
    addEnergy(counts, all);
  }
  return all;
}
