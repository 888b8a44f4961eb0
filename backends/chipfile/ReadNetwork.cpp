//===- ReadNetwork.cpp - a network on its cores, out of JSON --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Described.h"
#include "backends/chipfile/CoreNetwork.h"
#include "backends/chipfile/JsonObject.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::chipfile;

namespace {

constexpr int64_t most = std::numeric_limits<int32_t>::max();

class NetworkReader {
public:
  explicit NetworkReader(const Json &json) : file(json, "", fault) {}
  nir::Result<CoreNetwork> read();

private:
  /// Calls `take` with the object of each element.
  template <typename Take>
  void each(JsonObject &of, const char *key, const Take &take);
  template <typename T>
  std::vector<T> numbers(JsonObject &of, const char *key, int64_t least, int64_t most);
  nir::Shape shape(JsonObject &of, int64_t &elements);
  void wrong(JsonObject &of, const char *key, std::string message) {
    of.fail(key, nir::Cause::DamagedFile, std::move(message));
  }

  void readHead();
  void readInput(JsonObject &object);
  void readUpdate(JsonObject &object);
  NeuronInstruction instruction(JsonObject &of, const Json &json, int64_t values);
  void checkUpdate(JsonObject &object, const NeuronCode &code);
  void readPopulation(JsonObject &object);
  void readCore(JsonObject &object);
  CoreGroup group(JsonObject &object);
  CoreRow row(JsonObject &object, int64_t places);
  void checkNeurons();
  void readReadout(JsonObject &object);
  std::vector<double> scales(JsonObject &object, const nir::Shape &shape);

  nir::Status fault;
  JsonObject file;
  CoreNetwork network;
  int64_t sums = 0;
};

} // namespace

template <typename Take>
void NetworkReader::each(JsonObject &of, const char *key, const Take &take) {
  const Json *list = of.need(key);
  if (list && !list->is_array()) {
    wrong(of, key, foundText(*list) + ", expected a list");
    return;
  }
  for (size_t i = 0; list && i < list->size() && !fault; ++i) {
    JsonObject object((*list)[i], of.pathOf(fmt::format("{}[{}]", key, i)), fault);
    take(object);
  }
}

template <typename T>
std::vector<T> NetworkReader::numbers(JsonObject &of, const char *key, int64_t least,
                                      int64_t largest) {
  std::vector<T> all;
  const Json *list = of.need(key);
  if (list && !list->is_array()) {
    wrong(of, key, foundText(*list) + ", expected a list");
    return all;
  }
  for (size_t i = 0; list && i < list->size() && !fault; ++i) {
    const Json &value = (*list)[i];
    bool isWhole = value.is_number_integer() &&
                   !(value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX});
    if (!isWhole || value.get<int64_t>() < least || value.get<int64_t>() > largest) {
      wrong(of, key,
            fmt::format("{} at {}, expected a whole number from {} to {}", foundText(value), i,
                        least, largest));
      return all;
    }
    all.push_back(static_cast<T>(value.get<int64_t>()));
  }
  return all;
}

nir::Shape NetworkReader::shape(JsonObject &of, int64_t &elements) {
  auto dims = numbers<int64_t>(of, "shape", 1, most);
  constexpr size_t mostDims = 32;
  elements = 1;
  for (int64_t dim : dims) {
    elements = elements <= most / dim ? elements * dim : most + 1;
    if (elements > most || dims.size() > mostDims) {
      wrong(of, "shape", "has more elements than 2^31");
      elements = 1;
      return {1};
    }
  }
  return {dims.begin(), dims.end()};
}

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

void NetworkReader::readHead() {
  if (file.whole("nirc-cores", 1, 1) != 1) {
    return;
  }
  network.chip = file.text("chip");
  network.nirc = file.text("nirc");
  network.model = file.text("model");
  network.semantics = file.text("semantics");
  network.format = file.text("format");
  const Json *dt = file.need("dt");
  network.dtSeconds = dt && dt->is_number() ? dt->get<double>() : 0.0;
  if (fault) {
    return;
  }
  if (std::string wrong = problemOf(network.semantics, network.format, network.dtSeconds);
      !wrong.empty()) {
    fault = nir::Error(nir::Cause::DamagedFile, wrong);
  }
}

void NetworkReader::readInput(JsonObject &object) {
  SpikeInput input;
  int64_t elements = 0;
  input.node = object.text("node");
  input.shape = shape(object, elements);
  input.first = static_cast<int32_t>(object.whole("first", 0, most));
  if (input.first != network.inputElements || elements > mostSources - network.inputElements) {
    wrong(object, "first",
          "found more inputs than are taken, or another number than the elements before it have");
    return;
  }
  network.inputElements += static_cast<int32_t>(elements);
  network.inputs.push_back(std::move(input));
}

NeuronInstruction NetworkReader::instruction(JsonObject &of, const Json &json, int64_t values) {
  NeuronInstruction made;
  bool begins = json.is_array() && json.size() >= 2 && json[0].is_string() &&
                json[1].is_number_unsigned() && json[1].get<uint64_t>() >= 1 &&
                json[1].get<uint64_t>() <= 64;
  std::optional<NeuronOp> op = begins ? findNeuronOp(json[0].get<std::string>()) : std::nullopt;
  bool isConstant = op == NeuronOp::Constant;
  if (!op || json.size() != 2 + static_cast<size_t>(isConstant ? 1 : operandsOf(*op))) {
    wrong(of, "instructions",
          foundText(json) + ", expected [name, bits of 1 to 64, operands or a constant]");
    return made;
  }
  made.op = *op;
  made.bits = json[1].get<uint8_t>();
  for (size_t i = 2; i < json.size(); ++i) {
    bool isWhole = json[i].is_number_integer() &&
                   !(json[i].is_number_unsigned() && json[i].get<uint64_t>() > uint64_t{INT64_MAX});
    int64_t number = isWhole ? json[i].get<int64_t>() : -1;
    if (!isWhole || (!isConstant && (number < 0 || number >= values))) {
      wrong(of, "instructions",
            fmt::format("{}, expected values from 0 to {}", foundText(json[i]), values - 1));
      return made;
    }
    if (isConstant) {
      made.constant = wrapped(number, made.bits);
    } else {
      made.operands[i - 2] = static_cast<int32_t>(number);
    }
  }
  return made;
}

void NetworkReader::readUpdate(JsonObject &object) {
  NeuronCode code;
  code.arguments = numbers<uint8_t>(object, "arguments", 1, 64);
  const Json *list = object.need("instructions");
  if (list && !list->is_array()) {
    wrong(object, "instructions", foundText(*list) + ", expected a list");
  }
  auto values = std::ssize(code.arguments);
  for (size_t i = 0; list && i < list->size() && !fault; ++i) {
    code.instructions.push_back(instruction(object, (*list)[i], values + static_cast<int64_t>(i)));
  }
  values += std::ssize(code.instructions);
  code.results = numbers<int32_t>(object, "results", 0, values - 1);
  if (!fault && (code.arguments.empty() || code.results.empty())) {
    wrong(object, "results", "found none, expected what is passed on and the states");
  }
  network.updates.push_back(std::move(code));
}

void NetworkReader::readPopulation(JsonObject &object) {
  CorePopulation population;
  int64_t elements = 0;
  population.node = object.text("node");
  population.shape = shape(object, elements);
  population.first = static_cast<int32_t>(object.whole("first", 0, most));
  population.update =
      static_cast<size_t>(object.whole("update", 0, std::ssize(network.updates) - 1));
  population.start = object.whole("start", 0, most);
  const Json *spikes = object.need("spikes");
  population.states = object.texts("states");
  population.parameters = object.texts("parameters");
  if (fault) {
    return;
  }
  if (!spikes->is_boolean()) {
    wrong(object, "spikes", foundText(*spikes) + ", expected true or false");
    return;
  }
  population.spikes = spikes->get<bool>();
  bool fits = population.first == network.neurons &&
              elements <= mostSources - network.inputElements - network.neurons;
  if (!fits) {
    wrong(object, "first",
          "found more neurons than are taken, or another number than those before it have");
    return;
  }
  const NeuronCode &code = network.updates[population.update];
  bool isItsUpdate =
      code.arguments.size() == 1 + population.states.size() + population.parameters.size() &&
      code.results.size() == 1 + population.states.size() &&
      (code.bitsOf(code.results[0]) == 1) == population.spikes;
  if (!isItsUpdate) {
    wrong(object, "update", "has other states and parameters than the population");
    return;
  }
  population.count = static_cast<int32_t>(elements);
  network.neurons += population.count;
  network.populations.push_back(std::move(population));
}

//===----------------------------------------------------------------------===//
// Cores
//===----------------------------------------------------------------------===//

CoreGroup NetworkReader::group(JsonObject &object) {
  CoreGroup made;
  made.population =
      static_cast<size_t>(object.whole("population", 0, std::ssize(network.populations) - 1));
  const Json *ranges = object.need("neurons"), *states = object.need("states"),
             *parameters = object.need("parameters"), *biases = object.need("biases");
  if (fault) {
    return made;
  }
  const CorePopulation &population = network.populations[made.population];
  auto tuple = [&](const char *key, const Json &json, size_t size) {
    bool isSound = json.is_array() && json.size() == size;
    for (size_t i = 0; isSound && i < size; ++i) {
      isSound = json[i].is_number_integer() &&
                !(json[i].is_number_unsigned() && json[i].get<uint64_t>() > uint64_t{INT64_MAX});
    }
    if (!isSound) {
      wrong(object, key, fmt::format("{}, expected {} whole numbers", foundText(json), size));
    }
    return isSound;
  };
  for (const Json &range : *ranges) {
    if (!tuple("neurons", range, 2)) {
      return made;
    }
    auto first = range[0].get<int64_t>(), end = range[1].get<int64_t>();
    if (first < 0 || first >= end || end > population.count) {
      wrong(object, "neurons", "found a range beyond the population");
      return made;
    }
    made.neurons.push_back({static_cast<int32_t>(first), static_cast<int32_t>(end)});
  }
  int64_t size = made.size();
  auto columns = [&](const char *key, const Json &json, size_t count) {
    std::vector<std::vector<int64_t>> all;
    if (!json.is_array() || json.size() != count) {
      wrong(object, key, fmt::format("{}, expected {} lists", foundText(json), count));
      return all;
    }
    for (const Json &column : json) {
      std::vector<int64_t> &values = all.emplace_back();
      size_t length = column.is_array() ? column.size() : 0;
      bool fits = length == 1 || static_cast<int64_t>(length) == size;
      if (!fits || !tuple(key, column, length)) {
        wrong(object, key, "found a list that is not one number, or one a neuron");
        return all;
      }
      for (const Json &value : column) {
        values.push_back(value.get<int64_t>());
      }
    }
    return all;
  };
  made.states = columns("states", *states, population.states.size());
  made.parameters = columns("parameters", *parameters, population.parameters.size());
  for (const Json &bias : *biases) {
    if (!tuple("biases", bias, 3)) {
      return made;
    }
    auto step = bias[0].get<int64_t>(), neuron = bias[1].get<int64_t>();
    bool isLate = !made.biases.empty() && made.biases.back().step > step;
    if (step < 0 || isLate || neuron < 0 || neuron >= size) {
      wrong(object, "biases", "found one of no neuron, or not in the order of steps");
      return made;
    }
    made.biases.push_back({step, static_cast<int32_t>(neuron), bias[2].get<int64_t>()});
  }
  return made;
}

CoreRow NetworkReader::row(JsonObject &object, int64_t places) {
  constexpr int64_t longest = 1 << 20;
  CoreRow made;
  made.source = static_cast<int32_t>(
      object.whole("source", 0, int64_t{network.inputElements} + network.neurons - 1));
  made.places = numbers<int32_t>(object, "places", 0, places - 1);
  made.weights = numbers<int64_t>(object, "weights", -most, most);
  if (object.has("delays")) {
    made.delays = numbers<int32_t>(object, "delays", 0, longest);
  }
  bool isSame = made.places.size() == made.weights.size() &&
                (made.delays.empty() || made.delays.size() == made.weights.size());
  if (!fault && !isSame) {
    wrong(object, "weights", "found other numbers of places, weights and delays");
  }
  if (!fault && made.source >= network.inputElements) {
    int32_t neuron = made.source - network.inputElements;
    auto after = std::ranges::upper_bound(network.populations, neuron, {}, &CorePopulation::first);
    if (!std::prev(after)->spikes) {
      wrong(object, "source", "found a neuron that sends no spikes");
    }
  }
  return made;
}

void NetworkReader::readCore(JsonObject &object) {
  Core core;
  auto at = numbers<int32_t>(object, "at", 0, most);
  if (!fault && at.size() != 3) {
    wrong(object, "at", "expected a chip, a column and a row");
  }
  if (fault) {
    return;
  }
  core.chip = at[0];
  core.column = at[1];
  core.row = at[2];
  each(object, "groups", [&](JsonObject &one) { core.groups.push_back(group(one)); });
  int64_t places = core.places();
  each(object, "rows", [&](JsonObject &one) { core.rows.push_back(row(one, places)); });
  bool fits = places <= mostSums && slotsOf(core) <= mostSums / std::max<int64_t>(places, 1);
  sums += fits ? places * slotsOf(core) : 0;
  if (!fits || sums > mostSums) {
    wrong(object, "rows", "has delays that need more memory than all cores are given here");
  }
  network.cores.push_back(std::move(core));
}

/// Each is on one core.
void NetworkReader::checkNeurons() {
  int64_t there = 0;
  for (const Core &core : network.cores) {
    there += core.places();
  }
  if (fault || there != network.neurons) {
    if (!fault) {
      wrong(file, "cores", fmt::format("have {} neurons, expected {}", there, network.neurons));
    }
    return;
  }
  std::vector<bool> has(static_cast<size_t>(network.neurons), false);
  for (const Core &core : network.cores) {
    for (const CoreGroup &group : core.groups) {
      int32_t first = network.populations[group.population].first;
      for (Mapping::Range range : group.neurons) {
        for (int32_t neuron = first + range.first; neuron < first + range.end; ++neuron) {
          if (has[static_cast<size_t>(neuron)]) {
            wrong(file, "cores", fmt::format("have neuron {} twice", neuron));
            return;
          }
          has[static_cast<size_t>(neuron)] = true;
        }
      }
    }
  }
}

//===----------------------------------------------------------------------===//
// Readouts
//===----------------------------------------------------------------------===//

std::vector<double> NetworkReader::scales(JsonObject &object, const nir::Shape &shape) {
  std::vector<double> all;
  const Json *list = object.need("scales");
  bool isSound = list && list->is_array();
  for (size_t i = 0; isSound && i < list->size(); ++i) {
    isSound = (*list)[i].is_number() && std::isfinite((*list)[i].get<double>());
    all.push_back(isSound ? (*list)[i].get<double>() : 0.0);
  }
  size_t channels = shape.empty() ? 1 : static_cast<size_t>(shape.front());
  if (!isSound || (all.size() != 1 && all.size() != channels)) {
    wrong(object, "scales", "expected a number, or one a channel");
  }
  return all;
}

void NetworkReader::readReadout(JsonObject &object) {
  CoreReadout readout;
  int64_t elements = 0;
  readout.node = object.text("node");
  readout.observable = object.text("observable");
  readout.shape = shape(object, elements);
  readout.latency = object.whole("latency", 0, most);
  readout.isSpikes = object.has("neurons");
  if (readout.isSpikes) {
    readout.neurons = numbers<int32_t>(object, "neurons", 0, int64_t{network.neurons} - 1);
    if (!fault && std::ssize(readout.neurons) != elements) {
      wrong(object, "neurons", "found other than one an element");
    }
    for (int32_t neuron : readout.neurons) {
      auto after =
          std::ranges::upper_bound(network.populations, neuron, {}, &CorePopulation::first);
      if (!fault && !std::prev(after)->spikes) {
        wrong(object, "neurons", "found a neuron that sends no spikes");
      }
    }
  } else {
    readout.population =
        static_cast<size_t>(object.whole("population", 0, std::ssize(network.populations) - 1));
    readout.scales = scales(object, readout.shape);
    if (fault) {
      return;
    }
    const CorePopulation &population = network.populations[readout.population];
    if (population.count != elements) {
      wrong(object, "shape", "has other elements than the population");
    }
    if (std::optional<int64_t> state =
            object.wholeIf("state", 0, std::ssize(population.states) - 1)) {
      readout.state = static_cast<size_t>(*state);
    } else if (population.spikes) {
      wrong(object, "population", "found one that passes on spikes, expected one of numbers");
    }
  }
  network.readouts.push_back(std::move(readout));
}

nir::Result<CoreNetwork> NetworkReader::read() {
  readHead();
  each(file, "inputs", [&](JsonObject &object) { readInput(object); });
  each(file, "updates", [&](JsonObject &object) { readUpdate(object); });
  each(file, "populations", [&](JsonObject &object) { readPopulation(object); });
  each(file, "cores", [&](JsonObject &object) { readCore(object); });
  checkNeurons();
  each(file, "readouts", [&](JsonObject &object) { readReadout(object); });
  auto readouts = std::ssize(network.readouts);
  network.outputs = static_cast<size_t>(file.whole("outputs", 0, readouts));
  network.records = static_cast<size_t>(
      file.whole("records", 0, readouts - static_cast<int64_t>(network.outputs)));
  for (size_t i = network.outputs + network.records; i < network.readouts.size() && !fault; ++i) {
    if (!network.readouts[i].state) {
      wrong(file, "readouts", "found one that is neither an output, a record nor a state");
    }
  }
  return fault ? nir::Result<CoreNetwork>(std::move(*fault)) : std::move(network);
}

nir::Result<CoreNetwork> nirc::chipfile::readNetwork(std::string_view bytes) {
  nir::Result<Json> json = parseJson(bytes);
  return json ? NetworkReader(*json).read() : json.takeError();
}
