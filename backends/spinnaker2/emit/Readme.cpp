//===- Readme.cpp - an artifact for people --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/emit/Readme.h"

#include "backends/cortexm/Elf.h"
#include "backends/spinnaker2/firmware/Program.h"
#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

using namespace nirc;
using namespace nirc::spinnaker2;

CoreBytes nirc::spinnaker2::memoryOf(const Loaded &loaded, size_t core) {
  CoreBytes bytes = bytesOf(loaded.image.cores[core].data);
  bytes.program = loaded.image.cores[core].dataBegin;
  return bytes;
}

static int64_t neuronCount(const CoreData &core) {
  int64_t neurons = 0;
  for (const Slice &each : core.slices) {
    neurons += std::ssize(each.neurons);
  }
  return neurons;
}

std::vector<std::string> nirc::spinnaker2::summaryOf(const Loaded &loaded) {
  const Image &image = loaded.image;
  int64_t entries = 0, most = 0, neurons = 0;
  for (const std::vector<RouteEntry> &each : image.network.chips) {
    entries = std::max(entries, std::ssize(each));
  }
  std::set<std::string> programs;
  for (size_t i = 0; i < image.cores.size(); ++i) {
    most = std::max(most, memoryOf(loaded, i).total());
    neurons += neuronCount(image.cores[i].data);
    programs.insert(image.cores[i].program);
  }
  return {fmt::format("cores: {} on {} with {} each, for {}; {}",
                      nir::counted(std::ssize(image.cores), "core"),
                      nir::counted(std::ssize(image.network.chips), "chip"), coresPerChip,
                      nir::counted(neurons, "neuron"),
                      nir::counted(std::ssize(programs), "program")),
          fmt::format("memory: at most {} of {} bytes of a core", most, coreBytes),
          fmt::format("multicast: at most {} of {} entries of a chip", entries, multicastEntries)};
}

/// A node's name within a cell of a table.
static std::string cellText(const std::string &name) {
  std::string text;
  for (char each : name) {
    bool isControl = static_cast<unsigned char>(each) < ' ';
    text += each == '|' ? "\\|" : isControl ? std::string(" ") : std::string(1, each);
  }
  return text;
}

std::string nirc::spinnaker2::readmeOf(const Loaded &loaded, std::string_view name) {
  const Image &image = loaded.image;
  std::string text = fmt::format(
      "# {}\n\nA network for SpiNNaker2, compiled by nirc {}: {} in {}, steps of {:g} s.\n\n"
      "    nirc run . --input spikes.npy\n    nirc run . --input spikes.npy --emulate=host\n"
      "    make -C firmware\n\n",
      name, image.network.nirc, image.network.semantics, image.network.format,
      image.network.dtSeconds);
  for (const std::string &each : summaryOf(loaded)) {
    text += fmt::format("* {}\n", each);
  }
  text += fmt::format(
      "\n| file | holds |\n| --- | --- |\n"
      "| `{0}` | inputs, outputs, places of the cores and multicast tables (FlatBuffers) |\n"
      "| `cores/` | what each core holds: rows, tables, states and parameters (FlatBuffers) |\n"
      "| `programs/` | what cores run: sources and ELFs |\n"
      "| `firmware/` | the sources that all programs have, and a Makefile |\n"
      "| `{1}` | digests of all files: `sha256sum -c`; a file that was changed is not run |\n\n"
      "`firmware/pe.c` and `programs/` are what a core computes. `core.c` and `boot.c` stand for "
      "the chip "
      "under QEMU: steps, packets and\nmemory come by semihosting. On a chip the platform's timer, "
      "network and loader take their place; nothing here was run on one.\n\n"
      "nirc runs what it wrote. After a change of yours, write the digests again:\n\n"
      "    sha256sum $(cut -c67- {1}) > sums && mv sums {1}\n\n"
      "Bytes of each core. `program` is kept free for its program; `all` has {2} of stack in "
      "it.\n\n"
      "| core | chip | nodes | neurons | program | tables | rows | states | parameters | sums | "
      "spikes | waiting | all |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
      networkFile, sumsFile, stackBytes);
  for (size_t i = 0; i < image.cores.size(); ++i) {
    CoreBytes bytes = memoryOf(loaded, i);
    std::string nodes;
    for (const Slice &each : image.cores[i].data.slices) {
      nodes += (nodes.empty() ? "" : ", ") + cellText(each.node);
    }
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", i,
                        image.network.cores[i].chip, nodes, neuronCount(image.cores[i].data),
                        bytes.program, bytes.tables, bytes.rows, bytes.states, bytes.parameters,
                        bytes.ring, bytes.spikes, bytes.history, bytes.total());
  }
  return text;
}
