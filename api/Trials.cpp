//===- Trials.cpp - the semantics that are worth a try --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Trials.h"

#include "api/io/Totals.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "ir/equations/Equations.h"
#include "ir/graph/Schedule.h"

#include <cassert>
#include <string_view>

namespace nirc {

Relevance::Relevance(const nir::Graph &graph, const nir::Semantics &base)
    : // Under the semantics in which every loop through a neuron has a late edge.
      hasLoops(!nir::loopsOf(graph, nir::Semantics(base.dtSeconds))->feedback.empty()),
      hasDuplicates(nir::hasDuplicates(graph)) {
  forEachNode(graph, {}, [&](const std::string &, const nir::Node &node, const nir::NodeShapes &) {
    if (nir::isNeuron(node)) {
      used.insert(nir::familyOf(node));
    }
  });
}

std::string Relevance::keyOf(const nir::Semantics &semantics) const {
  std::string key;
  for (const nir::Choice &choice : nir::choices()) {
    // A pipelined neuron finds in step 0 what the silent network sends it, over each edge.
    bool carries = hasLoops || semantics.timing == nir::Timing::Pipelined;
    bool matters = !choice.perFamily && (carries || choice.name != "feedback-start") &&
                   (hasDuplicates || choice.name != "duplicate-edges");
    key += matters ? choice.get(semantics, nir::Family::IF) + "\n" : "";
  }
  for (nir::Family family : used) {
    for (const std::string &line : nir::equations(semantics, family)) {
      key += line + "\n";
    }
  }
  return key;
}

std::vector<Trial> presetTrials(const nir::Graph &graph, const nir::Semantics &base) {
  std::vector<Trial> trials;
  for (const nir::Preset &preset : nir::presets()) {
    nir::Result<nir::Semantics> semantics = nir::presetSemantics(preset.name);
    assert(semantics && "a preset's own text is understood");
    nir::Semantics stepped = *semantics;
    stepped.dtSeconds = base.dtSeconds;
    semantics->late = nir::possibleLate(graph, stepped, base.late);
    trials.push_back({*semantics, std::string(preset.name), ""});
  }
  return trials;
}

/// `ignore` with one parameter more or fewer: "r+v_reset", "r" are "v_reset", "r+v_reset".
static std::string toggled(std::string_view names, std::string_view one) {
  std::string result;
  bool had = false;
  while (!names.empty() && names != "none") {
    size_t plus = std::min(names.find('+'), names.size());
    std::string_view name = names.substr(0, plus);
    had = had || name == one;
    if (name != one) {
      result += (result.empty() ? "" : "+") + std::string(name);
    }
    names.remove_prefix(std::min(plus + 1, names.size()));
  }
  if (!had) {
    result += (result.empty() ? "" : "+") + std::string(one);
  }
  return result.empty() ? "none" : result;
}

/// The semantics with one choice set to a value, in these families.
static nir::Semantics changed(nir::Semantics semantics, const nir::Choice &choice,
                              std::string_view value, const std::set<nir::Family> &families) {
  if (!choice.perFamily) {
    choice.set(semantics, nir::Family::IF, value);
    return semantics;
  }
  for (nir::Family family : families) {
    bool isSet = choice.name == "ignore" && value != "none";
    std::string text = isSet ? toggled(choice.get(semantics, family), value) : std::string(value);
    choice.set(semantics, family, text);
  }
  return semantics;
}

std::vector<Trial> variationsOf(const nir::Semantics &preset, const Relevance &relevance) {
  std::vector<Trial> trials;
  std::set<std::string> seen = {relevance.keyOf(preset)};
  auto isNew = [&](const nir::Semantics &semantics) {
    return !nir::checkSemantics(semantics) && semantics.timing != nir::Timing::Events &&
           seen.insert(relevance.keyOf(semantics)).second;
  };
  auto add = [&](const nir::Choice &choice, std::string_view value,
                 const std::set<nir::Family> &families) {
    nir::Semantics semantics = changed(preset, choice, value, families);
    if (isNew(semantics)) {
      // Families that the network lacks are changed too where that is shorter to write.
      nir::Semantics everywhere =
          changed(preset, choice, value, {nir::families.begin(), nir::families.end()});
      bool isShorter = families == relevance.families() && !nir::checkSemantics(everywhere) &&
                       everywhere.text().size() < semantics.text().size();
      semantics = isShorter ? everywhere : semantics;
      // Of the differences, "," is before each.
      trials.push_back({semantics, preset.preset, nir::differences(semantics, preset).substr(1)});
    }
  };
  for (const nir::Choice &choice : nir::choices()) {
    std::vector<std::string_view> values;
    values.reserve(choice.values.size() + 1);
    for (const nir::Choice::Value &value : choice.values) {
      values.push_back(value.name);
    }
    if (choice.name == "floor") {
      values.push_back("0"); // of the numbers that it takes the one that platforms have
    }
    for (std::string_view value : values) {
      add(choice, value, relevance.families());
      for (nir::Family family : relevance.families()) {
        if (choice.perFamily && relevance.families().size() > 1) {
          add(choice, value, {family});
        }
      }
    }
  }
  return trials;
}

std::vector<Trial> otherCutsOf(const nir::Semantics &preset, const nir::Graph &graph,
                               double dtSeconds, const Relevance &relevance) {
  constexpr size_t most = 64;
  nir::Semantics stepped = preset;
  stepped.dtSeconds = dtSeconds;
  if (preset.timing == nir::Timing::Events || !relevance.hasCycles()) {
    return {};
  }
  nir::Result<nir::LoopReport> loops = nir::loopsOf(graph, stepped);
  std::vector<std::vector<nir::LateEdge>> cuts = {{}};
  for (const nir::OrderedEdge &edge : loops ? loops->undecided : std::vector<nir::OrderedEdge>()) {
    std::vector<std::vector<nir::LateEdge>> choices = {{}};
    for (const nir::LateEdge &other : edge.others) {
      choices.push_back({other});
      choices.push_back({edge.edge, other});
    }
    std::vector<std::vector<nir::LateEdge>> more;
    for (const std::vector<nir::LateEdge> &cut : cuts) {
      for (const std::vector<nir::LateEdge> &choice : choices) {
        more.push_back(cut);
        more.back().insert(more.back().end(), choice.begin(), choice.end());
      }
    }
    more.resize(std::min(more.size(), most));
    cuts = std::move(more);
  }
  std::vector<Trial> trials;
  for (const std::vector<nir::LateEdge> &cut : cuts) {
    nir::Semantics semantics = preset;
    semantics.late.insert(semantics.late.end(), cut.begin(), cut.end());
    if (!cut.empty() && !nir::checkSemantics(semantics)) {
      trials.push_back({semantics, preset.preset, nir::differences(semantics, preset).substr(1)});
    }
  }
  return trials;
}

} // namespace nirc
