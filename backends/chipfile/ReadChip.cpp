//===- ReadChip.cpp - chips from JSON -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/ReadChip.h"

#include "backends/chipfile/JsonObject.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace nirc;
using namespace nirc::chipfile;

/// Of what the file describes; a file of another version is refused.
static constexpr int64_t version = 1;
/// More than any chip has, and few enough for sums of them.
static constexpr int64_t million = 1 << 20, billion = 1 << 30;

const std::vector<std::string> &nirc::chipfile::knownPrimitives() {
  static const std::vector<std::string> all = {
      "Affine", "AvgPool2d", "Conv1d",   "Conv2d", "CubaLI", "CubaLIF",
      "Delay",  "Flatten",   "I",        "IF",     "Input",  "LI",
      "LIF",    "Linear",    "NIRGraph", "Output", "Scale",  "SumPool2d"};
  return all;
}

namespace {
class ChipReader {
public:
  ChipReader(const Json &json) : file(json, "", fault) {}

  nir::Result<Chip> read();
  const std::vector<std::string> &keys() const { return file.asked(); }

private:
  void readName();
  void readCores();
  CoreMemory readMemory(JsonObject &cores);
  void readNeuron();
  void readSynapse();
  void readPrimitives();
  void readFormat();
  void readSemantics();
  void readTimestep();

  nir::Status fault;
  JsonObject file;
  Chip chip;
};
} // namespace

void ChipReader::readName() {
  chip.name = file.text("name");
  if (nir::Status bad = nir::checkNewName(chip.name, "a chip"); bad && file.has("name")) {
    file.fail("name", nir::Cause::WrongValue, bad->message);
  }
  chip.summary = file.textIf("summary");
  chip.source = file.textIf("source");
  for (auto [key, text] : {std::pair("summary", &chip.summary), {"source", &chip.source}}) {
    if (text->find('\n') != std::string::npos) {
      file.fail(key, nir::Cause::WrongValue, "found several lines, expected one");
    }
  }
}

CoreMemory ChipReader::readMemory(JsonObject &cores) {
  JsonObject object = cores.object("memory");
  CoreMemory memory;
  memory.bytes = object.whole("bytes", 1, billion);
  memory.bitsPerNeuron = object.wholeIf("bits-per-neuron", 0, million).value_or(0);
  memory.bitsPerState = object.wholeIf("bits-per-state", 0, million).value_or(0);
  memory.bitsPerSynapse = object.wholeIf("bits-per-synapse", 0, million).value_or(0);
  memory.bitsPerInput = object.wholeIf("bits-per-input", 0, million).value_or(0);
  object.finish();
  cores.note(object);
  return memory;
}

void ChipReader::readCores() {
  constexpr int64_t side = 1 << 10, mostChips = 1 << 10;
  if (!file.has("cores")) {
    file.fail("cores", nir::Cause::MissingParameter, "found none, expected an object");
  }
  JsonObject cores = file.object("cores");
  chip.grid.columns = static_cast<int32_t>(cores.whole("columns", 1, side));
  chip.grid.rows = static_cast<int32_t>(cores.whole("rows", 1, side));
  chip.chips = cores.wholeIf("chips", 1, mostChips).value_or(1);
  chip.neurons = cores.whole("neurons", 1, million);
  chip.synapses = cores.wholeIf("synapses", 1, billion);
  chip.inputs = cores.wholeIf("inputs", 1, billion);
  chip.outputs = cores.wholeIf("outputs", 1, billion);
  if (cores.has("memory")) {
    chip.memory = readMemory(cores);
  } else {
    cores.find("memory");
  }
  cores.finish();
  file.note(cores);
}

void ChipReader::readNeuron() {
  constexpr int64_t least = 4, most = 32;
  JsonObject neuron = file.object("neuron");
  chip.fanIn = neuron.wholeIf("fan-in", 1, billion);
  chip.fanOut = neuron.wholeIf("fan-out", 1, billion);
  chip.stateBits = neuron.wholeIf("state-bits", least, most).value_or(most);
  chip.instructions = neuron.wholeIf("instructions", 1, million);
  neuron.finish();
  file.note(neuron);
}

void ChipReader::readSynapse() {
  constexpr int64_t mostBits = 16, mostDelay = 1 << 12;
  if (!file.has("synapse")) {
    file.fail("synapse", nir::Cause::MissingParameter, "found none, expected an object");
  }
  JsonObject synapse = file.object("synapse");
  chip.weightBits = synapse.whole("weight-bits", 1, mostBits);
  chip.longestDelay = synapse.wholeIf("delay", 0, mostDelay).value_or(0);
  synapse.finish();
  file.note(synapse);
}

void ChipReader::readPrimitives() {
  chip.primitives = file.texts("primitives");
  const std::vector<std::string> &known = knownPrimitives();
  for (size_t i = 0; i < chip.primitives.size(); ++i) {
    if (std::ranges::find(known, chip.primitives[i]) == known.end()) {
      std::string meant = nir::nearest(chip.primitives[i], known);
      file.fail(fmt::format("primitives[{}]", i), nir::Cause::WrongValue,
                fmt::format("{}, expected one of {}", foundText(Json(chip.primitives[i])),
                            fmt::join(known, ", ")),
                meant.empty() ? "" : fmt::format("did you mean '{}'?", meant));
    }
  }
  if (chip.primitives.empty()) {
    chip.primitives = known;
  }
  for (const char *always : {"Input", "Output", "NIRGraph"}) {
    if (std::ranges::find(chip.primitives, always) == chip.primitives.end()) {
      chip.primitives.emplace_back(always);
    }
  }
  std::ranges::sort(chip.primitives);
}

/// A choice's value as --format and --semantics take it; nothing where it is a list or an object.
static std::optional<std::string> valueText(const Json &value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  return value.is_number() ? std::optional(value.dump()) : std::nullopt;
}

/// Goes through the keys of an object but `base`: "weight-bits" and "6", as texts.
template <typename Take>
static void eachChoice(JsonObject &object, const Take &take) {
  if (!object.all().is_object()) {
    return;
  }
  for (const auto &[key, value] : object.all().items()) {
    std::optional<std::string> text = valueText(value);
    if (key == "base") {
      continue;
    }
    if (!text || text->find(',') != std::string::npos || key.find('=') != std::string::npos) {
      object.fail(key, nir::Cause::WrongType,
                  fmt::format("{}, expected a text or a number", foundText(value)));
      return;
    }
    if (nir::Status bad = take(key, *text)) {
      object.fail(key,
                  bad->code == nir::kindOf(nir::Cause::UnknownName).code
                      ? nir::Cause::UnknownParameter
                      : nir::Cause::WrongValue,
                  bad->message, bad->notes.empty() ? "" : bad->notes.front().message);
      return;
    }
  }
}

void ChipReader::readFormat() {
  JsonObject object = file.object("format");
  std::string base = object.textIf("base");
  nir::Result<nir::NumberFormat> format = nir::numberFormatOf(base.empty() ? "int8" : base);
  if (!format) {
    object.fail("base", nir::Cause::UnknownName, format.error().message);
    format = nir::NumberFormat();
  }
  format->weightBits = static_cast<int>(std::min<int64_t>(format->weightBits, chip.weightBits));
  format->stateBits = static_cast<int>(std::min<int64_t>(format->stateBits, chip.stateBits));
  eachChoice(object, [&](const std::string &key, const std::string &value) {
    return nir::chooseAll(*format, key + "=" + value);
  });
  if (nir::Status bad = nir::checkNumberFormat(*format)) {
    object.fail("base", nir::Cause::ChoiceConflict, bad->message);
  }
  if (nir::largestWeight(*format) > chip.largestWeight()) {
    object.fail("weight-bits", nir::Cause::WrongValue,
                fmt::format("the format has weights up to {}, expected at most {}, of "
                            "synapse.weight-bits {}",
                            nir::largestWeight(*format), chip.largestWeight(), chip.weightBits));
  }
  if (format->states != nir::StateArithmetic::Integer) {
    object.fail("states", nir::Cause::WrongValue,
                "found float32, expected integer: the generic model computes in integers");
  }
  if (format->stateBits > chip.stateBits) {
    object.fail("state-bits", nir::Cause::WrongValue,
                fmt::format("found {}, expected at most {}, the neuron.state-bits",
                            format->stateBits, chip.stateBits));
  }
  chip.format = nir::differences(*format, nir::NumberFormat());
  chip.format.erase(0, 1); // the comma
  file.note(object);
}

void ChipReader::readSemantics() {
  JsonObject object = file.object("semantics");
  std::string base = object.textIf("base");
  nir::Result<nir::Semantics> semantics = nir::semanticsOf(base.empty() ? "nir" : base);
  if (!semantics) {
    object.fail("base", nir::Cause::UnknownName, semantics.error().message);
    semantics = nir::Semantics();
  }
  semantics->timing = nir::Timing::Pipelined;
  eachChoice(object, [&](const std::string &key, const std::string &value) {
    return key == "dt" ? nir::Error(nir::Cause::UnknownName, "expected timestep, beside semantics")
                       : nir::choose(*semantics, key, value);
  });
  if (nir::Status bad = nir::checkSemantics(*semantics)) {
    object.fail("base", nir::Cause::ChoiceConflict, bad->message);
  }
  if (semantics->timing != nir::Timing::Pipelined) {
    object.fail("schedule", nir::Cause::WrongValue,
                "found another than pipelined: in the generic model a spike takes a step");
  }
  chip.semantics = nir::differences(*semantics, nir::Semantics());
  chip.semantics.erase(0, 1);
  file.note(object);
}

/// "1ms", "100us", "2e-3": seconds, or nothing.
static std::optional<double> secondsOf(const std::string &text) {
  double number = 0.0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  double factor = unit.empty() || unit == "s" ? 1.0
                  : unit == "ms"              ? 1e-3
                  : unit == "us"              ? 1e-6
                  : unit == "ns"              ? 1e-9
                                              : 0.0;
  bool isSound = failed == std::errc() && factor > 0.0 && std::isfinite(number) && number > 0.0;
  return isSound ? std::optional(unit == "ms"   ? number / 1e3
                                 : unit == "us" ? number / 1e6
                                 : unit == "ns" ? number / 1e9
                                                : number)
                 : std::nullopt;
}

void ChipReader::readTimestep() {
  std::string text = file.textIf("timestep");
  if (text.empty() && !file.has("timestep")) {
    return;
  }
  std::optional<double> seconds = secondsOf(text);
  if (!seconds) {
    file.fail("timestep", nir::Cause::WrongValue,
              fmt::format("{}, expected a time as 1ms, 100us or 1e-3", foundText(Json(text))));
  }
  chip.dtSeconds = seconds.value_or(0.0);
}

nir::Result<Chip> ChipReader::read() {
  const Json *number = file.need("nirc-chip");
  if (number && *number != version) {
    file.fail(
        "nirc-chip", nir::Cause::OtherVersion,
        fmt::format("{}, expected {}, the version of such files", foundText(*number), version));
  }
  readName();
  readCores();
  readNeuron();
  readSynapse();
  readPrimitives();
  readFormat();
  readSemantics();
  readTimestep();
  file.finish();
  return fault ? nir::Result<Chip>(std::move(*fault)) : std::move(chip);
}

nir::Result<Chip> nirc::chipfile::readChip(std::string_view bytes) {
  nir::Result<Json> json = parseJson(bytes);
  return json ? ChipReader(*json).read() : json.takeError();
}

std::vector<std::string> nirc::chipfile::chipKeys() {
  Json all = Json::parse(R"({"cores": {"memory": {}}, "neuron": {}, "synapse": {}})");
  ChipReader reader(all);
  (void)reader.read(); // what is wrong with it matters to nobody
  return reader.keys();
}
