//===- Values.cpp - what the value of an option can be --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/manual/Values.h"

#include "api/Advice.h"
#include "api/stats/Energy.h"
#include "backends/Target.h"
#include "ir/Cause.h"
#include "ir/choices/Choices.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace nirc {

using Word = Values::Word;

//===----------------------------------------------------------------------===//
// From the tables that commands read
//===----------------------------------------------------------------------===//

/// Of anything with a name and a line about it.
template <typename List>
static std::vector<Word> named(const List &list) {
  std::vector<Word> words;
  for (const auto &one : list) {
    words.push_back({std::string(one.name), std::string(one.summary)});
  }
  return words;
}

template <typename List>
static std::vector<Word> meaning(const List &list) {
  std::vector<Word> words;
  for (const auto &one : list) {
    words.push_back({std::string(one.name), std::string(one.meaning)});
  }
  return words;
}

static Values ofTargets() {
  Values values;
  for (const Target *target : targets()) {
    values.words.push_back({std::string(target->name()), std::string(target->summary())});
  }
  return values;
}

static Values ofProvers() {
  Values values = ofTargets();
  values.words.push_back({"all", "all of them"});
  return values;
}

static Values ofMaps() {
  Values values;
  for (const Target *target : targets()) {
    if (target->describe().maps) {
      values.words.push_back({std::string(target->name()), std::string(target->summary())});
    }
  }
  return values;
}

/// Every kind of artifact of every target.
static Values ofArtifacts() {
  Values values;
  std::set<std::string_view> seen;
  for (const Target *target : targets()) {
    for (const ArtifactKind &kind : target->artifacts()) {
      if (seen.insert(kind.name).second) {
        values.words.push_back({std::string(kind.name), std::string(kind.summary)});
      }
    }
  }
  return values;
}

/// Several of them, or all.
static Values ofJudgedTargets() {
  Values values = ofTargets();
  values.words.insert(values.words.begin(), {"all", "every one but reference"});
  values.isList = true;
  return values;
}

static Values ofSemantics() {
  Values values{.words = named(nir::presets())};
  for (const nir::Choice &choice : nir::choices()) {
    values.fields.push_back(
        {std::string(choice.name), std::string(choice.summary), meaning(choice.values)});
  }
  return values;
}

static Values ofFormats() {
  Values values{.words = named(nir::formatPresets())};
  for (const nir::FormatField &field : nir::formatFields()) {
    values.fields.push_back(
        {std::string(field.name), std::string(field.summary), meaning(field.values)});
  }
  return values;
}

/// For a table of formats: float, too.
static Values ofFormatNames() {
  Values values{.words = named(nir::formatPresets())};
  values.words.insert(values.words.begin(), {"float", "no number format"});
  return values;
}

static Values ofRoundings() {
  Values values{.isList = true};
  for (const nir::FormatField &field : nir::formatFields()) {
    if (field.name == "rounding") {
      values.words = meaning(field.values);
    }
  }
  return values;
}

static Values ofEnergyTables() {
  Values values{.words = {{"list", "all tables, with their sources"}}};
  for (Word &word : named(energyTables())) {
    values.words.push_back(std::move(word));
  }
  return values;
}

static Values ofBuffers() { return {.words = named(bufferConventions())}; }

static Values ofAdvice() {
  Values values;
  for (const AdviceKind &kind : adviceKinds()) {
    values.words.push_back({std::string(kind.name), std::string(kind.summary)});
  }
  return values;
}

/// What `nirc explain` takes.
static Values ofCodes() {
  Values values{.words = {{"errors", "every error"}, {"advice", "every advice"}}};
  for (const nir::CauseKind &kind : nir::causeKinds()) {
    values.words.push_back({std::string(kind.code), std::string(kind.summary)});
  }
  for (Word &word : ofAdvice().words) {
    values.words.push_back(std::move(word));
  }
  return values;
}

//===----------------------------------------------------------------------===//
// Files and words
//===----------------------------------------------------------------------===//

static Values ofModels() { return {.endings = {".nir", ".mlir", ".mlirbc"}}; }

/// And what `nirc compile` wrote.
static Values ofPrograms() {
  return {.endings = {".nir", ".mlir", ".mlirbc", ".so", ".loihi2", ".elf"}};
}

static Values ofInputs() {
  return {.words = {{"constant:", "the same value in every step"},
                    {"poisson:", "spikes at random, as poisson:50Hz"},
                    {"events:", "a file of events by any name"}},
          .endings = {".npy", ".npz", ".csv", ".nird", ".h5", ".bin", ".aedat", ".aedat2",
                      ".aedat4", ".raw", ".dat", ".gz"}};
}

static Values ofRecordings() { return {.endings = {".npy", ".npz", ".csv", ".nird", ".txt"}}; }
static Values ofResults() { return {.endings = {".npy", ".npz", ".csv", ".nird"}}; }
static Values ofImages() { return {.endings = {".gz", "-ubyte", ".npy", ".npz"}}; }
static Values ofLabels() {
  return {.words = {{"names", "the number that the name of a sample's file starts with"},
                    {"folders", "the folder that a sample is in"}},
          .endings = {".gz", "-ubyte", ".npy", ".npz", ".csv"}};
}
static Values ofNetworks() { return {.endings = {".mlirbc", ".mlir"}}; }
static Values ofTables() { return {.endings = {".csv"}}; }
static Values ofReports() { return {.endings = {".json"}}; }
static Values ofPages() { return {.endings = {".html"}}; }
static Values ofTestReports() { return {.endings = {".xml"}}; }
static Values ofMarkdown() { return {.endings = {".md"}}; }
static Values ofPictures() { return {.endings = {".svg"}}; }
static Values ofFigures() { return {.endings = {".svg", ".pdf"}}; }
static Values ofRunFigures() {
  return {.words = {{"raster=", "spikes of each neuron"},
                    {"voltages=", "v of some neurons, with thresholds"},
                    {"rates=", "spikes a second of each node"},
                    {"roofline=", "how fast weights are read, of --profile"}},
          .endings = {".svg", ".pdf"}};
}
static Values ofFigureWidths() { return {.words = {{"column", "85 mm"}, {"page", "180 mm"}}}; }
static Values ofDot() { return {.endings = {".dot"}}; }
static Values ofBackends() { return {.endings = {".so", ".json"}}; }
static Values ofArtifactPaths() { return {.endings = {".fmu"}}; } // and folders
static Values ofFolders() { return {.isFolder = true}; }
static Values ofText() { return {}; }

static Values ofDtypes() { return {.words = {{"float32", ""}, {"float64", ""}}}; }
static Values ofFolds() {
  return {.words = {{"none", "nodes stay as they are"},
                    {"exact", "no bit changes"},
                    {"all", "also where it rounds differently"}}};
}
static Values ofTimeUnits() { return {.words = {{"s", ""}, {"ms", ""}, {"steps", ""}}}; }
static Values ofLayouts() {
  return {.words = {{"auto", "what the shapes say"},
                    {"TN", "steps first"},
                    {"BTN", "samples, then steps"},
                    {"TBN", "steps, then samples"},
                    {"BN", "values without steps"}}};
}
static Values ofLayoutsAndEvents() {
  Values values{ofLayouts()};
  values.words.back() = {"events", "a list of spikes"};
  return values;
}
static Values ofFrames() {
  return {.words = {{"time", "the events in a step"},
                    {"count:", "the next N events"},
                    {"voxel", "each event shared by the two steps around it"},
                    {"voxel:", "N steps over the recording"}}};
}
static Values ofPolarities() {
  return {.words = {{"both", "two channels, off and on"},
                    {"on", ""},
                    {"off", ""},
                    {"signed", "on 1, off -1"},
                    {"merged", "both 1"}}};
}
static Values ofTimeZeros() {
  return {.words = {{"first", "the first event"}, {"file", "0 of the file's clock"}}};
}
static Values ofEncodings() {
  return {.words = {{"direct", "the values as they are"},
                    {"rate", "the probability of a spike"},
                    {"latency", "one spike, sooner for larger values"},
                    {"latency:", "with a time constant"},
                    {"delta", "a spike a change"},
                    {"delta:", "with a threshold"}}};
}
static Values ofCpus() {
  return {.words = {{"native", "this machine"},
                    {"generic", "the oldest of the platform"},
                    {"x86-64-v2", ""},
                    {"x86-64-v3", "AVX2"},
                    {"x86-64-v4", "AVX-512"},
                    {"cortex-m0", ""},
                    {"cortex-m0plus", ""},
                    {"cortex-m3", ""},
                    {"cortex-m4", ""},
                    {"cortex-m7", ""},
                    {"cortex-m23", ""},
                    {"cortex-m33", ""}}};
}
static Values ofTriples() {
  return {.words = {{"x86_64-linux-gnu", ""},
                    {"aarch64-linux-gnu", ""},
                    {"arm-none-eabi", ""},
                    {"riscv64-linux-gnu", ""}}};
}
static Values ofSuiteActions() {
  return {.words = {{"export", "write all cases to a folder"},
                    {"list", "the names of all cases"},
                    {"features", "what cases are about"}}};
}
static Values ofSolvers() {
  return {.words = {{"any", "the first that answers"},
                    {"both", "each must answer"},
                    {"cvc5", ""},
                    {"z3", ""}}};
}
static Values ofForms() {
  return {.words = {{"json", "semantics.schema.json describes it"},
                    {"latex", "equations of amsmath"},
                    {"sympy", "a module of Python"},
                    {"smtlib", "functions over the real numbers"}}};
}
static Values ofFormPaths() { return {.endings = {".json", ".tex", ".py", ".smt2"}}; }
static Values ofFamilies() {
  return {.words = {{"IF", "and I"}, {"LIF", "and LI"}, {"CubaLIF", "and CubaLI"}}};
}
static Values ofShells() { return {.words = {{"bash", ""}, {"fish", ""}, {"zsh", ""}}}; }

//===----------------------------------------------------------------------===//
// Which option has which
//===----------------------------------------------------------------------===//

using Table = std::map<std::string, Values (*)(), std::less<>>;

/// Where an option of one command is another thing than those of its name elsewhere.
static const Table &ofSingleCommands() {
  static const Table table = {{"compare --layout", ofLayoutsAndEvents},
                              {"compile --out", ofArtifactPaths},
                              {"conform --json", ofReports},
                              {"conform --junit", ofTestReports},
                              {"conform --markdown", ofMarkdown},
                              {"conformance action", ofSuiteActions},
                              {"conformance folder", ofFolders},
                              {"convert from", ofModels},
                              {"convert to", ofModels},
                              {"compare sides", ofResults},
                              {"eval model", ofPrograms},
                              {"explain name", ofCodes},
                              {"explore --rounding", ofRoundings},
                              {"formats format", ofFormats},
                              {"manual --out", ofFolders},
                              {"map --out", ofNetworks},
                              {"map --target", ofMaps},
                              {"match --layout", ofLayoutsAndEvents},
                              {"prove --certificate", ofFolders},
                              {"prove --target", ofProvers},
                              {"quantize --out", ofNetworks},
                              {"report --out", ofPages},
                              {"run --figure", ofRunFigures},
                              {"run --out", ofResults},
                              {"run model", ofPrograms},
                              {"semantics --emit", ofForms},
                              {"semantics --out", ofFormPaths},
                              {"semantics semantics", ofSemantics}};
  return table;
}

static const Table &ofAllCommands() {
  static const Table table = {{"--accept", ofAdvice},
                              {"--answers", ofTables},
                              {"--badge", ofReports},
                              {"--bin", ofText},
                              {"--buffers", ofBuffers},
                              {"--calibrate", ofInputs},
                              {"--compare", ofText},
                              {"--cost", ofText},
                              {"--cpu", ofCpus},
                              {"--crop", ofText},
                              {"--csv", ofTables},
                              {"--dt", ofText},
                              {"--dtype", ofDtypes},
                              {"--dot", ofDot},
                              {"--emit", ofArtifacts},
                              {"--encoding", ofEncodings},
                              {"--energy", ofEnergyTables},
                              {"--expect", ofRecordings},
                              {"--external", ofText},
                              {"--external-batch", ofText},
                              {"--family", ofFamilies},
                              {"--figure", ofFigures},
                              {"--figure-width", ofFigureWidths},
                              {"--fold", ofFolds},
                              {"--format", ofFormats},
                              {"--formats", ofFormatNames},
                              {"--frames", ofFrames},
                              {"--images", ofImages},
                              {"--input", ofInputs},
                              {"--labels", ofLabels},
                              {"--late", ofText},
                              {"--layout", ofLayouts},
                              {"--load-backend", ofBackends},
                              {"--model", ofModels},
                              {"--name", ofText},
                              {"--node", ofText},
                              {"--only", ofText},
                              {"--polarity", ofPolarities},
                              {"--record", ofText},
                              {"--semantics", ofSemantics},
                              {"--sensor", ofText},
                              {"--shape", ofText},
                              {"--state-bits", ofText},
                              {"--svg", ofPictures},
                              {"--solver", ofSolvers},
                              {"--target", ofTargets},
                              {"--targets", ofJudgedTargets},
                              {"--tau", ofText},
                              {"--time-limit", ofText},
                              {"--time-unit", ofTimeUnits},
                              {"--timeout", ofText},
                              {"--time-zero", ofTimeZeros},
                              {"--triple", ofTriples},
                              {"--weight-bits", ofText},
                              {"model", ofModels},
                              {"shell", ofShells}};
  return table;
}

static std::optional<Values> ofTable(const Table &table, const std::string &name) {
  auto found = table.find(name);
  return found == table.end() ? std::nullopt : std::optional(found->second());
}

/// As an option --reset has it.
static std::optional<Values> ofChoice(const std::string &option) {
  for (const nir::Choice &choice : nir::choices()) {
    if (option == "--" + std::string(choice.name)) {
      return Values{.words = meaning(choice.values)};
    }
  }
  return std::nullopt;
}

static std::optional<Values> ofTargetOption(const std::string &option) {
  std::optional<Values> values;
  for (const Target *target : targets()) {
    for (const TargetOption &one : target->options()) {
      if (option != "--" + std::string(one.name)) {
        continue;
      }
      values = values ? std::move(values) : Values();
      for (std::string_view value : one.values) {
        Word word{std::string(value), ""};
        bool isNew =
            std::find(values->words.begin(), values->words.end(), word) == values->words.end();
        if (isNew) {
          values->words.push_back(std::move(word));
        }
      }
    }
  }
  return values;
}

std::optional<Values> valuesOf(const std::string &command, const std::string &option) {
  std::optional<Values> values = ofTable(ofSingleCommands(), command + " " + option);
  values = values ? values : ofTable(ofAllCommands(), option);
  values = values ? values : ofChoice(option);
  return values ? values : ofTargetOption(option);
}

} // namespace nirc
