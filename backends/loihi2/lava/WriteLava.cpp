//===- WriteLava.cpp - a network as a script for Lava ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The processes are those of Lava b6822fb. A spike of a source at step t is in u of its targets in
// step t + 1 there as here: Sparse and DelaySparse keep sums for a step.
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/WriteLava.h"

#include "backends/loihi2/lava/LavaConnections.h"
#include "backends/python/Npz.h"
#include "backends/python/PythonText.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace nirc;
using namespace nirc::loihi2;
using nir::Tensor;

namespace {

class ScriptWriter {
public:
  explicit ScriptWriter(const Model &model) : model(model) {}

  nir::Result<LavaScript> write();

private:
  void begin();
  void addPorts();
  void addNetwork();
  void addPopulation(int index);
  void addConnection(int index, const LavaConnection &connection);
  void addSinks();

  template <typename... Args>
  void line(fmt::format_string<Args...> text, Args &&...args) {
    script += fmt::format(text, std::forward<Args>(args)...) + '\n';
  }
  void array(const std::string &key, Tensor values) { arrays.emplace_back(key, std::move(values)); }
  std::string variableOf(int from) const {
    auto inputs = static_cast<int>(model.inputs.size());
    return from < inputs ? fmt::format("in{}", from) : fmt::format("p{}", from - inputs);
  }
  const std::string &nodeOf(int from) const {
    size_t at = static_cast<size_t>(from), inputs = model.inputs.size();
    return at < inputs ? model.inputs[at].node : model.populations[at - inputs].node;
  }

  const Model &model;
  std::string script;
  std::vector<std::pair<std::string, Tensor>> arrays;
};

} // namespace

//===----------------------------------------------------------------------===//
// What is the same in every script
//===----------------------------------------------------------------------===//

static constexpr std::string_view imports = R"(
import pathlib
import sys
import zipfile

import numpy
from scipy.sparse import csr_matrix

from lava.magma.core.run_conditions import RunSteps
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.proc.io.sink import RingBuffer as Sink
from lava.proc.io.source import RingBuffer as Source
from lava.proc.lif.process import LIF
from lava.proc.sparse.process import DelaySparse, Sparse
from lava.utils.weightutils import SignMode

data = numpy.load(pathlib.Path(__file__).with_suffix(".npz"))
)";

static constexpr std::string_view helpers = R"(

def lif(key):
    constants = {name: data[f"{key}.{name}"] for name in ("du", "dv", "vth", "bias_mant", "bias_exp", "u", "v")}
    return LIF(shape=constants["du"].shape, **constants)


def matrix(key, values, shape):
    return csr_matrix((data[f"{key}.{values}"].astype(int), (data[f"{key}.row"], data[f"{key}.column"])), shape)


def connect(source, target, key, shape, sign_mode, weight_exp, max_delay=None):
    """Of this shape, [target, source]; with max_delay each synapse has a delay of its own."""
    options = dict(weights=matrix(key, "weight", shape), weight_exp=weight_exp, sign_mode=sign_mode,
                   num_weight_bits=8, num_message_bits=0)
    if max_delay is None:
        synapses = Sparse(**options)
    else:
        synapses = DelaySparse(delays=matrix(key, "delay", shape), max_delay=max_delay, **options)
    source.s_out.connect(synapses.s_in)
    synapses.a_out.connect(target.a_in)


def sink(source, steps):
    spikes = Sink(shape=source.s_out.shape, buffer=steps)
    source.s_out.connect(spikes.a_in)
    return spikes


def source(spikes):
    return Source(data=spikes.reshape(len(spikes), -1).T.astype(numpy.int32))


)";

static constexpr std::string_view ending = R"(

def run(spikes):
    """The outputs' spikes for one sample: of each input an array [steps, shape...] of 0 and 1."""
    steps = len(next(iter(spikes.values()))) if spikes else 0
    for node, shape in INPUTS.items():
        if node not in spikes or spikes[node].shape != (steps, *shape):
            found = spikes[node].shape if node in spikes else "nothing"
            sys.exit(f"input {node!r}: found {found}, expected [steps, *{list(shape)}]")
        if not numpy.isin(spikes[node], (0, 1)).all():
            sys.exit(f"input {node!r}: found other numbers than 0 and 1, which no spikes are")
    if steps == 0:
        return {node: numpy.zeros((0, *shape), numpy.uint8) for node, (key, shape) in OUTPUTS.items()}
    populations, sinks = network(spikes, steps)
    started = []
    for population in populations:
        if population.runtime is None:  # not connected to one that was run
            population.run(condition=RunSteps(num_steps=steps), run_cfg=Loihi2SimCfg(select_tag="fixed_pt"))
            started.append(population)
    recorded = numpy.zeros((COMPARTMENTS, steps), numpy.uint8)
    for first, buffer in sinks:
        values = buffer.data.get()
        recorded[first:first + len(values)] = values
    for population in started:
        population.stop()
    return {node: recorded[data[key]].T.reshape(steps, *shape) for node, (key, shape) in OUTPUTS.items()}


def main():
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} input.npy output.npz")
    spikes = numpy.load(sys.argv[1])
    if isinstance(spikes, numpy.ndarray):
        if len(INPUTS) != 1:
            sys.exit(f"found one array, expected an .npz with {list(INPUTS)}")
        spikes = dict.fromkeys(INPUTS, spikes)
    else:
        spikes = {node: spikes[node] for node in spikes.files}
    if all(values.ndim == len(INPUTS[node]) + 1 for node, values in spikes.items() if node in INPUTS):
        outputs = run(spikes)
    elif len({len(values) for values in spikes.values()}) != 1:
        sys.exit("found different numbers of samples in the inputs")
    else:
        samples = [run(dict(zip(spikes, sample))) for sample in zip(*spikes.values())]
        outputs = {node: numpy.stack([sample[node] for sample in samples]) for node in OUTPUTS}
    with zipfile.ZipFile(sys.argv[2], "w") as archive:  # not numpy.savez, to which some names are options
        for node, values in outputs.items():
            with archive.open(f"{node}.npy", "w") as file:
                numpy.lib.format.write_array(file, values)


if __name__ == "__main__":
    main()
)";

//===----------------------------------------------------------------------===//
// What is this network's
//===----------------------------------------------------------------------===//

void ScriptWriter::begin() {
  line("\"\"\"A network on Lava, in its bit-accurate arithmetic of Loihi; written by nirc.");
  script += R"(
    python3 THIS.py input.npy output.npz

The input is the spikes, 0 and 1, as [steps, shape...] or [samples, steps, shape...]; of several
inputs an .npz with an array each, by their names. The output has an array for each output node. A
step lasts )";
  line("{} s. The constants and weights are in the .npz file beside this script.\n\"\"\"",
       model.dtSeconds);
  script += imports;
}

void ScriptWriter::addPorts() {
  line("\n# What enters, with its shape; and what is read, with the compartments and the shape.");
  line("INPUTS = {{");
  for (const SpikeInput &input : model.inputs) {
    line("    {}: {},", pythonText(input.node), pythonTuple(input.shape));
  }
  line("}}\nOUTPUTS = {{");
  int count = 0;
  for (const Readout &readout : model.readouts) {
    std::string key = fmt::format("o{}", count++);
    line("    {}: (\"{}\", {}),", pythonText(readout.node), key, pythonTuple(readout.shape));
    array(key, Tensor::vector(readout.neurons));
  }
  line("}}\nCOMPARTMENTS = {}", model.synapses.size());
}

void ScriptWriter::addPopulation(int index) {
  const Population &population = model.populations[static_cast<size_t>(index)];
  auto put = [&](const char *constant, int32_t Compartment::*field) {
    std::vector<int32_t> values;
    values.reserve(population.compartments.size());
    for (const Compartment &each : population.compartments) {
      values.push_back(each.*field);
    }
    array(fmt::format("p{}.{}", index, constant), Tensor::vector(values));
  };
  put("du", &Compartment::du);
  put("dv", &Compartment::dv);
  put("vth", &Compartment::threshold);
  put("bias_mant", &Compartment::biasMantissa);
  put("bias_exp", &Compartment::biasExponent);
  put("u", &Compartment::current);
  put("v", &Compartment::voltage);
  line("    p{0} = lif(\"p{0}\")  # {1}, neurons: {2}", index, pythonText(population.node),
       population.compartments.size());
}

void ScriptWriter::addConnection(int index, const LavaConnection &connection) {
  using Sign = LavaConnection::Sign;
  std::string key = fmt::format("c{}", index);
  array(key + ".row", Tensor::vector(connection.rows));
  array(key + ".column", Tensor::vector(connection.columns));
  array(key + ".weight", Tensor::vector(connection.weights));
  std::string delay;
  if (!connection.delays.empty()) {
    array(key + ".delay", Tensor::vector(connection.delays));
    auto longest = std::max_element(connection.delays.begin(), connection.delays.end());
    delay = fmt::format(", max_delay={}", static_cast<int>(*longest));
  }
  std::string_view sign = connection.sign == Sign::Mixed        ? "MIXED"
                          : connection.sign == Sign::Excitatory ? "EXCITATORY"
                                                                : "INHIBITORY";
  auto inputs = static_cast<int>(model.inputs.size());
  int64_t sources =
      connection.from < inputs
          ? nir::numElements(model.inputs[static_cast<size_t>(connection.from)].shape)
          : std::ssize(
                model.populations[static_cast<size_t>(connection.from - inputs)].compartments);
  line("    connect({}, p{}, \"{}\", ({}, {}), SignMode.{}, {}{})  # {} to {}, synapses: {}",
       variableOf(connection.from), connection.to, key,
       model.populations[static_cast<size_t>(connection.to)].compartments.size(), sources, sign,
       connection.exponent, delay, pythonText(nodeOf(connection.from)),
       pythonText(model.populations[static_cast<size_t>(connection.to)].node),
       connection.weights.size());
}

/// The populations that are read.
void ScriptWriter::addSinks() {
  std::vector<std::string> populations, sinks;
  for (size_t p = 0; p < model.populations.size(); ++p) {
    const Population &population = model.populations[p];
    auto end = population.first + std::ssize(population.compartments);
    bool isRead =
        std::any_of(model.readouts.begin(), model.readouts.end(), [&](const Readout &readout) {
          return std::any_of(readout.neurons.begin(), readout.neurons.end(),
                             [&](int32_t each) { return each >= population.first && each < end; });
        });
    populations.push_back(fmt::format("p{}", p));
    if (isRead) {
      sinks.push_back(fmt::format("({}, sink(p{}, steps))", population.first, p));
    }
  }
  line("    return [{}], [{}]", fmt::join(populations, ", "), fmt::join(sinks, ", "));
}

void ScriptWriter::addNetwork() {
  line("def network(spikes, steps):");
  line("    \"\"\"The populations, and what records those that are read, with their first "
       "compartment.\"\"\"");
  for (size_t i = 0; i < model.inputs.size(); ++i) {
    line("    in{} = source(spikes[{}])", i, pythonText(model.inputs[i].node));
  }
  for (int p = 0; p < std::ssize(model.populations); ++p) {
    addPopulation(p);
  }
  std::vector<LavaConnection> connections = lavaConnections(model);
  for (int c = 0; c < std::ssize(connections); ++c) {
    addConnection(c, connections[static_cast<size_t>(c)]);
  }
  addSinks();
}

nir::Result<LavaScript> ScriptWriter::write() {
  begin();
  addPorts();
  script += helpers;
  addNetwork();
  script += ending;
  nir::Result<std::string> bytes = npzBytes(arrays);
  if (!bytes) {
    return bytes.takeError();
  }
  return LavaScript{std::move(script), *std::move(bytes)};
}

nir::Result<LavaScript> loihi2::writeLava(const Model &model) {
  for (const Readout &readout : model.readouts) {
    if (readout.kind != Readout::Kind::Spikes) {
      return nir::Error::atNode(nir::Cause::UnsupportedByTarget, readout.node,
                                "is read as a state of neurons, expected spikes: the "
                                "script for Lava records nothing else")
          .note("--emit=image, or connect the output to spiking neurons");
    }
  }
  return ScriptWriter(model).write();
}
