//===- WriteScript.cpp - a network as a script for py-spinnaker2 ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names and parameters are those of py-spinnaker2's public examples and of s2_nir. A spike of a
// source in tick t is in v of its targets in tick t + 1 + delay, there as here, so a tick is a
// step.
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/script/WriteScript.h"

#include "backends/python/Npz.h"
#include "backends/python/PythonText.h"
#include "backends/spinnaker2/Limits.h"
#include "ir/recording/FileName.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

using namespace nirc;
using namespace nirc::spinnaker2;
using nir::Tensor;

namespace {

class ScriptWriter {
public:
  ScriptWriter(const ScriptModel &model, int64_t mostPerCore)
      : model(model), mostPerCore(mostPerCore) {}

  nir::Result<Script> write();

private:
  void addInputs();
  nir::Status addOutputs();
  void addPopulation(size_t index);
  void addProjections();
  std::string parameter(size_t population, const char *name, const std::vector<float> &values);
  const std::string &sourceOf(int32_t source, int32_t &first) const;

  template <typename... Args>
  void line(fmt::format_string<Args...> text, Args &&...args) {
    script += fmt::format(text, std::forward<Args>(args)...) + '\n';
  }

  const ScriptModel &model;
  int64_t mostPerCore;
  std::string script;
  std::vector<std::pair<std::string, Tensor>> arrays;
};

} // namespace

//===----------------------------------------------------------------------===//
// What is the same in every script
//===----------------------------------------------------------------------===//

static constexpr std::string_view usage = R"(
    python3 THIS.py input.npy output.npz                          in Brian2, on this computer
    python3 THIS.py input.npy output.npz --hardware ETH_IP        on a chip
    python3 THIS.py input.npy output.npz --board STM_IP ETH_IP    on a board of 48 chips

The input is the spikes, 0 and 1, as [steps, shape...] or [samples, steps, shape...]; of several
inputs an .npz with an array for each, by name. The output file has an array for each name in OUTPUTS
and for each --record. A spike arrives one step after it was sent, plus its delay. The synapses, and
the parameters that differ between neurons, are in the .npz file beside this script.
)";

static constexpr std::string_view imports = R"(
import argparse
import math
import pathlib
import sys
import zipfile

import numpy

from spinnaker2 import snn

data = numpy.load(pathlib.Path(__file__).with_suffix(".npz"))
)";

static constexpr std::string_view ending = R"(

def neurons_per_core(node, steps, record):
    """As many as fit, by an estimate: the memory that py-spinnaker2's programs need is not published."""
    size = math.prod(POPULATIONS[node]["shape"])
    into = [data[key] for key, (source, target) in PROJECTIONS.items() if target == node]
    rows = sum(len(numpy.unique(synapses[:, 0])) for synapses in into)
    fan_in = sum((numpy.bincount(synapses[:, 1], minlength=size) for synapses in into), numpy.zeros(size, int))
    sums = 1 if POPULATIONS[node]["neuron_model"].endswith("no_delay") else 8
    for count in range(min(size, MOST_PER_CORE), 0, -1):
        synapses = numpy.add.reduceat(fan_in, range(0, size, count)).max()
        recorded = 4 * count * ("v" in record) + (count + 7) // 8 * ("spikes" in record)
        if 2 * synapses + 4 * rows + count * (32 + 4 * sums) + steps * recorded <= CORE_BYTES:
            return count
    sys.exit(f"node {node!r}: one neuron, recorded for {steps} steps, needs more than the {CORE_BYTES} bytes of a core")


def network(spikes, steps, record, is_on_chip):
    """The network with these input spikes, and its populations by node. `record`: what each one records."""
    made = {}
    for node, values in spikes.items():
        values = values.reshape(steps, -1)
        times = {i: numpy.flatnonzero(column).tolist() for i, column in enumerate(values.T)}
        made[node] = snn.Population(size=len(times), neuron_model="spike_list", params=times, name=node)
    for node, population in POPULATIONS.items():
        made[node] = snn.Population(size=math.prod(population["shape"]), neuron_model=population["neuron_model"],
                                    params=dict(population["params"]), name=node, record=record[node])
        if is_on_chip:
            made[node].set_max_atoms_per_core(neurons_per_core(node, steps, record[node]))
    projections = [snn.Projection(pre=made[source], post=made[target], connections=data[key].tolist())
                   for key, (source, target) in PROJECTIONS.items()]
    net = snn.Network("network")
    net.add(*made.values(), *projections)
    return net, made


def spikes_of(population, steps):
    values = numpy.zeros((steps, population.size), numpy.uint8)
    for neuron, times in population.get_spikes().items():
        values[numpy.asarray(times, int), neuron] = 1
    return values


def voltages_of(population, steps):
    values = numpy.zeros((steps, population.size), numpy.float32)
    for neuron, voltages in population.get_voltages().items():
        values[:, neuron] = voltages[:steps]
    return values


def run_machine(net, steps, options):
    if options.hardware or options.board:
        from spinnaker2 import hardware
        if options.hardware:
            machine = hardware.SpiNNaker2Chip(eth_ip=options.hardware)
        else:
            machine = hardware.SpiNNcloud48NodeBoard(stm_ip=options.board[0], eth_ip=options.board[1])
        machine.run(net, steps, sys_tick_in_s=options.tick)
    else:
        from spinnaker2 import brian2_sim
        brian2_sim.Brian2Backend().run(net, steps)


def run(spikes, outputs, options):
    """The outputs for one sample. `spikes`: for each input an array [steps, shape...] of 0 and 1."""
    steps = len(next(iter(spikes.values()))) if spikes else 0
    for node, shape in INPUTS.items():
        if node not in spikes or spikes[node].shape != (steps, *shape):
            found = spikes[node].shape if node in spikes else "nothing"
            sys.exit(f"input {node!r}: found {found}, expected [steps, *{list(shape)}]")
        if not numpy.isin(spikes[node], (0, 1)).all():
            sys.exit(f"input {node!r}: found numbers other than 0 and 1, expected spikes")
    unknown = [node for node in spikes if node not in INPUTS]
    if unknown:
        sys.exit(f"found the inputs {unknown}, which the network does not have; it has {list(INPUTS)}")
    record = {node: sorted({kind for other, kind, shape in outputs.values() if other == node}) for node in POPULATIONS}
    made = {}
    if steps > 0:
        net, made = network(spikes, steps, record, is_on_chip=options.hardware or options.board)
        run_machine(net, steps, options)
    read = {}
    for name, (node, kind, shape) in outputs.items():
        if steps == 0:
            values = numpy.zeros((0, math.prod(shape)), numpy.uint8 if kind == "spikes" else numpy.float32)
        else:
            values = spikes_of(made[node], steps) if kind == "spikes" else voltages_of(made[node], steps)
        read[name] = values.reshape(steps, *shape)
    return read


def options_of_command_line():
    parser = argparse.ArgumentParser(description="Runs this network on SpiNNaker2, or in Brian2 if no address is given.")
    parser.add_argument("input", help="spikes as .npy, or .npz with an array for each input")
    parser.add_argument("output", help="the .npz to write")
    parser.add_argument("--hardware", metavar="ETH_IP", help="run on the chip with this address")
    parser.add_argument("--board", nargs=2, metavar=("STM_IP", "ETH_IP"), help="run on a board of 48 chips")
    parser.add_argument("--tick", type=float, default=1e-3, metavar="SECONDS", help="time of a step on hardware; 1e-3")
    parser.add_argument("--record", action="append", default=[], metavar="NODE:v",
                        help="write the v, or the spikes, of this node too; repeat it")
    return parser.parse_args()


def outputs_with(records):
    """OUTPUTS, and what --record adds."""
    outputs = dict(OUTPUTS)
    for record in records:
        node, _, kind = record.rpartition(":")
        if node not in POPULATIONS or kind not in ("v", "spikes"):
            sys.exit(f"--record {record}: expected v or spikes, as NODE:v, of a node of {list(POPULATIONS)}")
        outputs[f"{POPULATIONS[node]['output']}.{kind}"] = (node, kind, POPULATIONS[node]["shape"])
    return outputs


def main():
    options = options_of_command_line()
    outputs = outputs_with(options.record)
    spikes = numpy.load(options.input)
    if isinstance(spikes, numpy.ndarray):
        if len(INPUTS) != 1:
            sys.exit(f"found one array, expected an .npz with {list(INPUTS)}")
        spikes = dict.fromkeys(INPUTS, spikes)
    else:
        spikes = {node: spikes[node] for node in spikes.files}
    for node, shape in INPUTS.items():
        if node in spikes and spikes[node].ndim == 1 and math.prod(shape) == 1:
            spikes[node] = spikes[node].reshape(-1, *shape)  # of a single element
    if all(values.ndim == len(INPUTS[node]) + 1 for node, values in spikes.items() if node in INPUTS):
        read = run(spikes, outputs, options)
    elif len({len(values) for values in spikes.values()}) != 1:
        sys.exit("found different numbers of samples in the inputs")
    else:
        samples = [run(dict(zip(spikes, sample)), outputs, options) for sample in zip(*spikes.values())]
        read = {name: numpy.stack([sample[name] for sample in samples]) for name in outputs}
    with zipfile.ZipFile(options.output, "w") as archive:  # not numpy.savez, to which some names are options
        for name, values in read.items():
            with archive.open(f"{name}.npy", "w") as file:
                numpy.lib.format.write_array(file, values)


if __name__ == "__main__":
    main()
)";

//===----------------------------------------------------------------------===//
// What is this network's
//===----------------------------------------------------------------------===//

void ScriptWriter::addInputs() {
  line("\n# Inputs and their shapes.\nINPUTS = {{");
  for (const SpikeInput &input : model.inputs) {
    line("    {}: {},", pythonText(input.node), pythonTuple(input.shape));
  }
  line("}}");
}

nir::Status ScriptWriter::addOutputs() {
  line("\n# Outputs: the node that is read, what is read, and the shape.\nOUTPUTS = {{");
  for (const Readout &readout : model.readouts) {
    auto isWhole = [&](const ScriptPopulation &population) {
      int32_t next = population.first;
      return std::ssize(readout.neurons) == population.count &&
             std::ranges::all_of(readout.neurons, [&](int32_t each) { return each == next++; });
    };
    auto population = std::ranges::find_if(model.populations, isWhole);
    if (population == model.populations.end()) {
      return nir::Error::atNode(
                 nir::Cause::UnsupportedByTarget, readout.node,
                 "reads part of a population, expected all its neurons in order: the script for "
                 "py-spinnaker2 reads whole populations")
          .note("connect the output directly to the neurons");
    }
    bool isSpikes = readout.kind == Readout::Kind::Spikes;
    line("    {}: ({}, \"{}\", {}),",
         pythonText(nir::fileNameFor(readout.node) + "." + readout.observable),
         pythonText(population->node), isSpikes ? "spikes" : "v", pythonTuple(readout.shape));
  }
  line("}}");
  return {};
}

/// A number for all neurons where they share it, else an array.
std::string ScriptWriter::parameter(size_t population, const char *name,
                                    const std::vector<float> &values) {
  if (std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end()) {
    return fmt::format("\"{}\": {}", name, pythonNumber(values.empty() ? 0.0 : values.front()));
  }
  std::string key = fmt::format("p{}.{}", population, name);
  arrays.emplace_back(key, Tensor::vector(values));
  return fmt::format("\"{}\": data[\"{}\"]", name, key);
}

void ScriptWriter::addPopulation(size_t index) {
  const ScriptPopulation &population = model.populations[index];
  const NeuronParameters &neurons = population.neurons;
  line("    {}: {{", pythonText(population.node));
  line("        \"neuron_model\": \"{}{}\", \"shape\": {},",
       neurons.hasCurrent ? "lif_curr_exp" : "lif", population.hasDelays ? "" : "_no_delay",
       pythonTuple(population.shape));
  line("        \"output\": {},  # name in the output file",
       pythonText(nir::fileNameFor(population.node)));
  line("        \"params\": {{");
  line("            {}{}", parameter(index, "threshold", neurons.threshold),
       neurons.spikes ? "," : ",  # never spikes");
  line("            {}, {},", parameter(index, "alpha_decay", neurons.alphaDecay),
       parameter(index, "i_offset", neurons.offset));
  if (neurons.hasCurrent) {
    line("            {}, {}, \"t_refrac\": 0,",
         parameter(index, "exc_decay", neurons.currentDecay),
         parameter(index, "inh_decay", neurons.currentDecay));
  }
  line("            {}, {}, \"reset\": \"{}\",", parameter(index, "v_init", neurons.start),
       parameter(index, "v_reset", neurons.resetTo),
       neurons.subtracts ? "reset_by_subtraction" : "reset_to_v_reset");
  line("        }},\n    }},");
}

/// The node of a source, and its first element among all sources.
const std::string &ScriptWriter::sourceOf(int32_t source, int32_t &first) const {
  if (source < model.inputElements) {
    auto after = std::ranges::upper_bound(model.inputs, source, {}, &SpikeInput::first);
    first = (after - 1)->first;
    return (after - 1)->node;
  }
  int32_t neuron = source - model.inputElements;
  auto after = std::ranges::upper_bound(model.populations, neuron, {}, &ScriptPopulation::first);
  first = model.inputElements + (after - 1)->first;
  return (after - 1)->node;
}

void ScriptWriter::addProjections() {
  line("\n# Lists of synapses in the .npz, rows of [source, target, weight, delay], and the nodes "
       "that "
       "they connect.\nPROJECTIONS = {{");
  int count = 0;
  for (const ScriptPopulation &population : model.populations) {
    std::map<int32_t, std::pair<std::string, std::vector<int32_t>>> lists; // by their first source
    for (int32_t n = 0; n < population.count; ++n) {
      for (const Synapse &each :
           model.synapses[static_cast<size_t>(population.first) + static_cast<size_t>(n)]) {
        int32_t first = 0;
        const std::string &node = sourceOf(each.source, first);
        auto &[from, list] = lists[first];
        from = node;
        list.insert(list.end(),
                    {each.source - first, n, static_cast<int32_t>(each.weight), each.delay});
      }
    }
    for (auto &[first, joined] : lists) {
      auto &[node, list] = joined;
      std::string key = fmt::format("c{}", count++);
      int64_t rows = std::ssize(list) / 4;
      arrays.emplace_back(key, Tensor::of<int32_t>({rows, 4}, list));
      line("    \"{}\": ({}, {}),  # synapses: {}", key, pythonText(node),
           pythonText(population.node), rows);
    }
  }
  line("}}");
}

nir::Result<Script> ScriptWriter::write() {
  line("\"\"\"A network as neurons and synapses of py-spinnaker2; written by nirc.");
  script += usage;
  line("A step lasts {} s of the model's time.\n\"\"\"", model.dtSeconds);
  script += imports;
  addInputs();
  if (nir::Status wrong = addOutputs()) {
    return std::move(*wrong);
  }
  line("\n# Neurons: the model, and its parameters, one for all neurons or one for each.");
  line("POPULATIONS = {{");
  for (size_t index = 0; index < model.populations.size(); ++index) {
    addPopulation(index);
  }
  line("}}");
  addProjections();
  line("\n# Memory of a core without its program, and the most neurons per core.");
  line("CORE_BYTES = {}\nMOST_PER_CORE = {}", bytesBesideProgram, mostPerCore);
  script += ending;
  nir::Result<std::string> bytes = npzBytes(arrays);
  if (!bytes) {
    return bytes.takeError();
  }
  return Script{std::move(script), *std::move(bytes)};
}

nir::Result<Script> nirc::spinnaker2::writeScript(const ScriptModel &model, int64_t mostPerCore) {
  return ScriptWriter(model, mostPerCore).write();
}
