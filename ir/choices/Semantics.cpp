//===- Semantics.cpp - the choices by name --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Semantics.h"

#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <vector>

namespace nir {

Semantics::Semantics() {
  // Every published file reads so: a spike adds its weight to v, without dt.
  (*this)[Family::IF].input = InputMeaning::Impulse;
}

Semantics::Semantics(double dtSeconds, Integrator integrator, Reset reset) : Semantics() {
  this->dtSeconds = dtSeconds;
  for (NeuronRule &rule : rules) {
    rule.integrator = integrator;
    rule.reset = reset;
  }
}

std::string differences(const Semantics &semantics, const Semantics &base) {
  std::string out;
  for (const Choice &choice : choices()) {
    std::vector<Family> differ;
    for (Family family : families) {
      if (choice.get(semantics, family) != choice.get(base, family)) {
        differ.push_back(family);
      }
    }
    std::string value = choice.get(semantics, Family::IF);
    bool isOne = std::all_of(families.begin(), families.end(),
                             [&](Family family) { return choice.get(semantics, family) == value; });
    if (!differ.empty() && isOne) {
      out += fmt::format(",{}={}", choice.name, value);
      continue;
    }
    for (Family family : differ) {
      out += fmt::format(",{}.{}={}", name(family), choice.name, choice.get(semantics, family));
    }
  }
  return out;
}

std::string Semantics::text() const {
  Semantics base;
  if (Result<Semantics> known = presetSemantics(preset)) {
    base = *known;
  }
  return preset + differences(*this, base);
}

std::string Semantics::str() const { return fmt::format("{},dt={}", text(), dtSeconds); }

static Status checkRule(const NeuronRule &rule, Family family) {
  auto contradiction = [&](std::string_view a, std::string_view b, std::string_view fix) {
    return Error(Cause::ChoiceConflict,
                 fmt::format("{}: {} does not go with {}", name(family), a, b))
        .note(std::string(fix));
  };
  if (rule.spikeTest == SpikeTest::Old && rule.resetDelay != 0) {
    return contradiction("reset-delay=1", "spike-test=old",
                         "spike-test=old delays spike and reset alike; take reset-delay=0");
  }
  if (rule.integrator == Integrator::Exact && family == Family::CubaLIF) {
    std::string_view fix = "exact solves current and membrane as one; take exp-euler";
    if (rule.synapseIntegrator || rule.synapseGain || rule.gain != Gain::Integrator) {
      return contradiction("a gain or a synapse of its own", "integrator=exact", fix);
    }
    if (rule.current == Current::Old) {
      return contradiction("current=old", "integrator=exact", fix);
    }
    if (rule.input == InputMeaning::Held && rule.enters == Enters::BeforeDecay) {
      return contradiction("a held input that enters before-decay", "integrator=exact", fix);
    }
  }
  if (rule.afterSpike == AfterSpike::Rest) {
    if (rule.spikeTest == SpikeTest::Old || rule.resetDelay != 0 ||
        rule.spikesPerStep == SpikesPerStep::Multi || rule.reset == Reset::Subtract) {
      return contradiction("after-spike=rest", "a spike that is not reset to a value at once",
                           "take after-spike=whole-step");
    }
    if (rule.current == Current::Old && family == Family::CubaLIF) {
      return contradiction("after-spike=rest", "current=old",
                           "the rest follows from the current that is there at the crossing; take "
                           "current=new");
    }
    if (rule.gain != Gain::Integrator || rule.synapseGain == Gain::Unit ||
        rule.enters != Enters::AfterDecay || rule.input != InputMeaning::Held ||
        (rule.integrator == Integrator::Euler && family != Family::IF) ||
        (rule.integrator == Integrator::Exact && family == Family::CubaLIF)) {
      return contradiction("after-spike=rest", "anything but integrator=exp-euler and a held input",
                           "take after-spike=whole-step");
    }
  }
  return {};
}

Status checkSemantics(const Semantics &semantics) {
  if (semantics.dtSeconds != 0.0 &&
      (!(semantics.dtSeconds > 0.0) || !std::isfinite(semantics.dtSeconds))) {
    return Error(Cause::BadOption, fmt::format("dt is {}, expected a positive number of seconds",
                                               semantics.dtSeconds));
  }
  for (Family family : families) {
    if (Status bad = checkRule(semantics[family], family)) {
      return bad;
    }
  }
  return {};
}

} // namespace nir
