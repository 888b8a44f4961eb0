//===- Phrases.cpp - what a choice does, in words ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Phrases.h"

#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <string_view>

namespace nirc::conformance {

namespace {
/// What a program does that makes the choice so; it goes on "a simulator that".
struct Phrase {
  std::string_view choice, value, words;
};
} // namespace

static constexpr Phrase phrases[] = {
    {"integrator", "euler", "integrates by Euler's rule"},
    {"integrator", "exp-euler", "lets each equation decay by exp(-dt/tau)"},
    {"integrator", "exact", "solves the equations of a step exactly"},
    {"gain", "integrator", "scales the drive of the membrane as its integrator does"},
    {"gain", "euler", "scales the drive of the membrane by dt/tau, whatever the leak is"},
    {"gain", "unit", "does not scale the drive of the membrane, and scales the threshold instead"},
    {"gain", "raw", "does not scale the drive of the membrane"},
    {"drive", "held", "takes an input as a current that lasts a step"},
    {"drive", "impulse", "takes an input as a jump of the state, without dt"},
    {"enters", "after-decay", "adds the input to what has decayed"},
    {"enters", "before-decay", "lets the input decay in its own step"},
    {"synapse-integrator", "same", "integrates synaptic currents as membranes"},
    {"synapse-integrator", "euler", "integrates synaptic currents by Euler's rule"},
    {"synapse-integrator", "exp-euler", "lets synaptic currents decay by exp(-dt/tau_syn)"},
    {"synapse-gain", "same", "scales the drive of synaptic currents as that of membranes"},
    {"synapse-gain", "integrator",
     "scales the drive of synaptic currents as their integrator does"},
    {"synapse-gain", "euler", "scales the drive of synaptic currents by dt/tau_syn"},
    {"synapse-gain", "unit", "does not scale the drive of synaptic currents, but the threshold"},
    {"synapse-gain", "raw", "does not scale the drive of synaptic currents"},
    {"current", "new", "drives a Cuba membrane by the current of this step"},
    {"current", "old", "drives a Cuba membrane by the current of the step before"},
    {"spike-test", "new", "tests the v of this step"},
    {"spike-test", "old", "tests the v of the step before, so that a spike comes a step later"},
    {"spike-when", "gt", "spikes above the threshold"},
    {"spike-when", "ge", "spikes at the threshold"},
    {"spikes-per-step", "single", "spikes once in a step at most"},
    {"spikes-per-step", "multi", "spikes as often in a step as the threshold fits into v"},
    {"reset", "to-value", "resets to v_reset"},
    {"reset", "subtract", "resets by subtraction"},
    {"reset-delay", "0", "resets in the step of the spike"},
    {"reset-delay", "1", "resets in the step after the spike"},
    {"late-reset", "after-update", "resets after the update of the next step"},
    {"late-reset", "before-update", "resets before the update of the next step"},
    {"after-spike", "whole-step", "integrates all of the step after a spike"},
    {"after-spike", "rest", "integrates after a spike what was left of its step"},
    {"start", "zero", "starts v at 0"},
    {"start", "v_leak", "starts v at v_leak"},
    {"start", "v_reset", "starts v at v_reset"},
    {"floor", "none", "lets v be as low as it comes"},
    {"floor", "-threshold", "does not let v below -v_threshold"},
    {"ignore", "none", "reads every parameter"},
    {"ignore", "r", "ignores r"},
    {"ignore", "w_in", "ignores w_in"},
    {"ignore", "v_leak", "ignores v_leak"},
    {"ignore", "v_reset", "ignores v_reset"},
    {"schedule", "sequential", "sends spikes on within the step"},
    {"schedule", "pipelined", "sends spikes on in the next step"},
    {"schedule", "events", "has no steps"},
    {"feedback-start", "bias", "has biases on cycles in the first step"},
    {"feedback-start", "zero", "has no bias on cycles in the first step"},
    {"duplicate-edges", "each", "counts an edge as often as it is listed"},
    {"duplicate-edges", "once", "counts an edge once that is listed several times"},
    {"late", "none", "has the cycles' late edges where structure puts them"},
};

std::string phraseOf(const std::string &choice, const std::string &value) {
  if (choice == "ignore" && value.find('+') != std::string::npos) {
    std::string names = value;
    size_t last = names.rfind('+');
    names.replace(last, 1, " and ");
    std::replace(names.begin(), names.end(), '+', ',');
    return "ignores " + names;
  }
  for (const Phrase &phrase : phrases) {
    if (phrase.choice == choice && phrase.value == value) {
      return std::string(phrase.words);
    }
  }
  return choice == "floor"  ? fmt::format("does not let v below {}", value)
         : choice == "late" ? fmt::format("has other edges of cycles late: {}", value)
                            : "";
}

/// "v > v_threshold", as it stands in the table of choices; empty where that has no more than the
/// value.
static std::string meaningOf(const nir::Choice &choice, const std::string &value) {
  for (const nir::Choice::Value &one : choice.values) {
    if (one.name == value) {
      return std::string(one.meaning);
    }
  }
  return "";
}

static std::string wordsOf(const ChangedChoice &change, const nir::Semantics &preset) {
  const std::vector<nir::Choice> &all = nir::choices();
  auto choice = std::find_if(all.begin(), all.end(),
                             [&](const nir::Choice &one) { return one.name == change.choice; });
  if (choice == all.end()) {
    return "";
  }
  nir::Family family = nir::Family::LIF;
  for (nir::Family one : nir::families) {
    family = nir::name(one) == change.family ? one : family;
  }
  std::string was = choice->get(preset, family);
  std::string phrase = phraseOf(change.choice, change.value);
  std::string now = meaningOf(*choice, change.value), before = meaningOf(*choice, was);
  return now.empty() || before.empty()
             ? fmt::format("{}, where {} {}", phrase, preset.preset, phraseOf(change.choice, was))
             : fmt::format("{}: {}, where {} has {}", phrase, now, preset.preset, before);
}

std::vector<ChangedChoice> changesOf(const nir::Semantics &semantics) {
  std::vector<ChangedChoice> changes;
  nir::Result<nir::Semantics> preset = nir::presetSemantics(semantics.preset);
  if (!preset) {
    return changes;
  }
  std::string rest = nir::differences(semantics, *preset); // ",A.reset=subtract,start=v_leak"
  while (!rest.empty()) {
    size_t end = std::min(rest.find(',', 1), rest.size());
    std::string one = rest.substr(1, end - 1);
    rest.erase(0, end);
    size_t equal = one.find('='), dot = one.substr(0, equal).find('.');
    bool isOfFamily = dot != std::string::npos;
    size_t begin = isOfFamily ? dot + 1 : 0;
    ChangedChoice change{isOfFamily ? one.substr(0, dot) : "", one.substr(begin, equal - begin),
                         one.substr(equal + 1), ""};
    change.words = wordsOf(change, *preset);
    changes.push_back(std::move(change));
  }
  return changes;
}

std::string shiftText(int64_t steps) {
  if (steps == 0) {
    return "";
  }
  int64_t many = std::abs(steps);
  return fmt::format("{} {}", many == 1 ? "one step" : fmt::format("{} steps", many),
                     steps > 0 ? "late" : "early");
}

} // namespace nirc::conformance
