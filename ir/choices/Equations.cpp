//===- Equations.cpp - a neuron's update, written out ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What backends/reference/steps/InterpreterNeurons.cpp does under a rule, in words of algebra. Two
// rules that give the same text give the same numbers (tests/ir/choices/EquationsTest.cpp).
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Presets.h"

#include <fmt/format.h>

namespace nir {

namespace {

/// "x y", where either may be empty for 1.
std::string times(std::string_view x, std::string_view y) {
  return x.empty() || y.empty() ? fmt::format("{}{}", x, y) : fmt::format("{} {}", x, y);
}

/// A factor of one variable: "(r / tau)", where it is a quotient.
std::string asFactor(const std::string &text) {
  return text.find('/') == std::string::npos ? text : fmt::format("({})", text);
}

/// What a state of time constant `tau` keeps in a step, and the share of its drive that comes in.
struct ShareText {
  ShareText(const std::string &k, Integrator integrator)
      : stays(integrator == Integrator::Euler ? fmt::format("(1 - {})", k)
                                              : fmt::format("exp(-{})", k)),
        comes(integrator == Integrator::Euler ? k : fmt::format("(1 - exp(-{}))", k)) {}
  std::string stays, comes;
};

/// The factor of a drive, and what gain=unit leaves out of it; empty for 1.
struct FactorText {
  FactorText(Gain gain, const std::string &own, const std::string &euler) {
    if (gain == Gain::Integrator || gain == Gain::Euler) {
      value = gain == Gain::Integrator ? own : euler;
    } else if (gain == Gain::Unit) {
      leftOut = own;
    }
  }
  std::string value, leftOut;
};

/// Collects the lines of one neuron.
class Update {
public:
  Update(const NeuronRule &rule, Family family) : rule(rule), family(family) {}

  std::vector<std::string> write() {
    readUnits();
    if (!unit.empty()) {
      line("c = {}   (v is in units of c)", unit);
    }
    bool startsAtLeak = rule.start == Start::VLeak && family != Family::IF && !rule.ignore.vLeak;
    bool startsAtReset = rule.start == Start::VReset && !rule.ignore.vReset;
    if (startsAtLeak || startsAtReset) {
      line("v = {}   (before step 0)", inUnits(startsAtLeak ? "v_leak" : "v_reset"));
    }
    if (rule.spikeTest == SpikeTest::Old) {
      test("s");
    } else if (rule.resetDelay == 1) {
      test("late");
    }
    if (isLate() && rule.lateReset == LateReset::BeforeUpdate) {
      reset();
    }
    update();
    if (isLate() && rule.lateReset == LateReset::AfterUpdate) {
      reset();
    }
    if (rule.floor.kind != Floor::Kind::None) {
      line("v = max(v, {})", rule.floor.kind == Floor::Kind::Value
                                 ? fmt::format("{}", rule.floor.value)
                                 : "-" + threshold());
    }
    if (rule.spikeTest == SpikeTest::New) {
      test("s");
    }
    if (!isLate()) {
      if (rest()) {
        line("w = {} if s and it is between 0 and 1, else 1", restAfter());
      }
      reset();
    }
    return std::move(lines);
  }

private:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args &&...args) {
    lines.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  bool isLate() const { return rule.spikeTest == SpikeTest::Old || rule.resetDelay == 1; }
  bool isExactPair() const {
    return family == Family::CubaLIF && rule.integrator == Integrator::Exact;
  }
  bool held() const { return rule.input == InputMeaning::Held; }
  bool rest() const { return rule.afterSpike == AfterSpike::Rest; }
  std::string r() const { return rule.ignore.r ? "" : "r"; }
  std::string wIn() const { return rule.ignore.wIn ? "" : "w_in"; }

  /// A value of the file in the units of v.
  std::string inUnits(const std::string &text) const { return unit.empty() ? text : text + " / c"; }
  std::string threshold() const { return inUnits("v_threshold"); }
  /// How far v is from its reset to its threshold.
  std::string span() const {
    return inUnits(rule.ignore.vReset ? "v_threshold" : "(v_threshold - v_reset)");
  }

  /// "own / tau", or "1 / tau" for an empty one: the jump of an impulse.
  static std::string jump(const std::string &own, std::string_view tau) {
    return fmt::format("{} / {}", own.empty() ? "1" : own, tau);
  }

  FactorText membrane() const {
    if (family == Family::IF) {
      std::string own = held() ? times("dt", r()) : r();
      return {rule.gain, own, own};
    }
    std::string k = family == Family::LIF ? "k" : "a";
    if (family == Family::LIF && !held()) {
      return {rule.gain, jump(r(), "tau"), jump(r(), "tau")};
    }
    return {rule.gain, times(ShareText(k, rule.integrator).comes, r()), times(k, r())};
  }
  FactorText synapse() const {
    Gain gain = rule.synapseGain.value_or(rule.gain);
    if (!held()) {
      return {gain, jump(wIn(), "tau_syn"), jump(wIn(), "tau_syn")};
    }
    ShareText share("b", rule.synapseIntegrator.value_or(rule.integrator));
    return {gain, times(share.comes, wIn()), times("b", wIn())};
  }

  void readUnits() {
    unit = membrane().leftOut;
    if (family == Family::CubaLIF) {
      std::string in = synapse().leftOut;
      unit = in.empty() || unit.empty() ? in + unit : times(asFactor(in), unit);
    }
  }

  /// "stays x + factor u", or "stays (x + factor u)" where the input decays with the rest.
  std::string driven(const std::string &stays, std::string_view x,
                     const std::string &factor) const {
    std::string input = times(asFactor(factor), "u");
    return rule.enters == Enters::BeforeDecay ? fmt::format("{} ({} + {})", stays, x, input)
                                              : fmt::format("{} {} + {}", stays, x, input);
  }
  std::string leak(const std::string &comes) const {
    return rule.ignore.vLeak ? "" : inUnits(fmt::format(" + {} v_leak", comes));
  }

  void update() {
    if (family == Family::IF) {
      line("v = v + {}", times(rest() ? "w" : "", times(asFactor(membrane().value), "u")));
    } else if (family == Family::LIF) {
      ShareText share(rest() ? "w k" : "k", rule.integrator);
      std::string factor = rest() ? times(share.comes, r()) : membrane().value;
      line("v = {}{}", driven(share.stays, "v", factor), leak(share.comes));
    } else if (isExactPair()) {
      updateExactly();
    } else if (rule.current == Current::Old) {
      updateMembrane();
      updateSynapse();
    } else {
      updateSynapse();
      updateMembrane();
    }
  }
  void updateSynapse() {
    ShareText share("b", rule.synapseIntegrator.value_or(rule.integrator));
    line("i = {}", driven(share.stays, "i", synapse().value));
  }
  void updateMembrane() {
    ShareText share(rest() ? "w a" : "a", rule.integrator);
    std::string factor = rest() ? times(share.comes, r()) : membrane().value;
    line("v = {} v + {}{}", share.stays, times(factor, "i"), leak(share.comes));
  }
  /// Current and membrane as one: v reads the current from before the step.
  void updateExactly() {
    line("q = a exp(-min(a, b)) (1 - exp(-|a - b|)) / |a - b|   (a exp(-a) where a = b)");
    ShareText mem("a", rule.integrator), syn("b", rule.integrator);
    std::string direct;
    if (held()) {
      direct = fmt::format(" + {} u", times(times(r(), wIn()), "(1 - exp(-a) - q)"));
    } else if (rule.enters == Enters::BeforeDecay) {
      direct = fmt::format(" + {} ({}) u", times(r(), "q"), jump(wIn(), "tau_syn"));
    }
    line("v = {} v + {} i{}{}", mem.stays, times(r(), "q"), direct, leak(mem.comes));
    updateSynapse();
  }

  void test(std::string_view spike) {
    bool strict = rule.spikeWhen == SpikeWhen::Greater;
    std::string crosses = fmt::format("v {} {}", strict ? ">" : ">=", threshold());
    if (rule.spikesPerStep == SpikesPerStep::Single) {
      line("{} = 1 if {}, else 0", spike, crosses);
      return;
    }
    std::string above = rule.ignore.vReset ? "v" : fmt::format("(v - {})", inUnits("v_reset"));
    std::string fits = fmt::format("{} / {}", above, asFactor(span()));
    line("{} = {} if {}, else 0", spike,
         strict ? fmt::format("max(1, ceil({}) - 1)", fits)
                : fmt::format("max(1, floor({}))", fits),
         crosses);
  }
  void reset() {
    std::string_view spike =
        isLate() && rule.spikeTest == SpikeTest::New ? std::string_view("late") : "s";
    if (rule.reset == Reset::Subtract) {
      line("v = v - {} {}", spike, span());
    } else {
      line("v = {} if {} > 0", rule.ignore.vReset ? "0" : inUnits("v_reset"), spike);
    }
  }
  /// The share of the step that was left when v crossed the threshold.
  std::string restAfter() const {
    if (family == Family::IF) {
      return fmt::format("(v - v_threshold) / ({})", times(membrane().value, "u"));
    }
    std::string drive = times(r(), family == Family::LIF ? "u" : "i");
    return fmt::format("-log(1 - (v - v_threshold) / ({}{} - v_threshold)) / {}", drive,
                       rule.ignore.vLeak ? "" : " + v_leak", family == Family::LIF ? "k" : "a");
  }

  const NeuronRule &rule;
  Family family;
  std::string unit; ///< what gain=unit leaves out; empty for 1
  std::vector<std::string> lines;
};

} // namespace

std::vector<std::string> equations(const NeuronRule &rule, Family family) {
  return Update(rule, family).write();
}

/// Of the choices only the reset counts where there are no steps.
static std::vector<std::string> eventEquations(const NeuronRule &rule, Family family) {
  std::vector<std::string> lines;
  if (family == Family::IF) {
    lines = {"v = v + r u at the time of each input and spike that reaches it"};
  } else if (family == Family::LIF) {
    lines = {"v(t) = v_inf + (v - v_inf) exp(-t/tau)   with v_inf = v_leak + r u, t since the last "
             "event"};
  } else {
    lines = {"i(t) = w_in u + (i - w_in u) exp(-t/tau_syn)   t since the last event",
             "v(t) = v_inf + (v - v_inf) exp(-t/tau_mem) + r (i - w_in u) g(t)   with v_inf = "
             "v_leak + r w_in u",
             "g(t) = x exp(-min(x, y)) (1 - exp(-|x - y|)) / |x - y|   with x = t/tau_mem, y = "
             "t/tau_syn; x exp(-x) where x = y"};
  }
  lines.emplace_back("s = 1 at the time from which on v > v_threshold");
  lines.emplace_back(rule.reset == Reset::Subtract ? "v = v - (v_threshold - v_reset) at a spike"
                                                   : "v = v_reset at a spike");
  return lines;
}

std::vector<std::string> equations(const Semantics &semantics, Family family) {
  return semantics.timing == Timing::Events ? eventEquations(semantics[family], family)
                                            : equations(semantics[family], family);
}

std::string_view symbols(Family family) {
  constexpr std::string_view texts[] = {
      "u: the sum of the inputs, s: the spikes sent",
      "u: the sum of the inputs, s: the spikes sent, k = dt/tau",
      "u: the sum of the inputs, s: the spikes sent, a = dt/tau_mem, b = dt/tau_syn"};
  return texts[static_cast<size_t>(family)];
}

} // namespace nir
