//===- Choices.cpp - the choices of a semantics, by name ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Choices.h"

#include "ir/Wording.h"
#include "ir/choices/Presets.h"
#include "ir/choices/Stored.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nir {

namespace {

std::optional<double> numberOf(std::string_view text) {
  double value = 0.0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool isWhole = error == std::errc() && end == text.data() + text.size();
  return isWhole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<int> indexOf(const std::vector<Choice::Value> &values, std::string_view name) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i].name == name) {
      return static_cast<int>(i);
    }
  }
  return std::nullopt;
}

/// A choice of a family whose values are the enumerators of `Member`, or 0, 1, … of an int.
template <auto Member>
Choice ofRule(std::string_view name, std::string_view summary, std::vector<Choice::Value> values) {
  using Field = std::decay_t<decltype(std::declval<NeuronRule>().*Member)>;
  auto get = [values](const Semantics &semantics, Family family) {
    return std::string(values[static_cast<size_t>(semantics[family].*Member)].name);
  };
  auto set = [values](Semantics &semantics, Family family, std::string_view value) {
    std::optional<int> index = indexOf(values, value);
    if (index) {
      semantics[family].*Member = static_cast<Field>(*index);
    }
    return index.has_value();
  };
  return {name, summary, true, std::move(values), false, get, set};
}

/// The same where nothing, the first value, means that another choice is followed.
template <auto Member>
Choice followed(std::string_view name, std::string_view summary,
                std::vector<Choice::Value> values) {
  using Field = typename std::decay_t<decltype(std::declval<NeuronRule>().*Member)>::value_type;
  auto get = [values](const Semantics &semantics, Family family) {
    const auto &field = semantics[family].*Member;
    return std::string(values[field ? static_cast<size_t>(*field) + 1 : 0].name);
  };
  auto set = [values](Semantics &semantics, Family family, std::string_view value) {
    std::optional<int> index = indexOf(values, value);
    if (index) {
      semantics[family].*Member =
          *index == 0 ? std::nullopt : std::optional(static_cast<Field>(*index - 1));
    }
    return index.has_value();
  };
  return {name, summary, true, std::move(values), false, get, set};
}

/// A choice of the network.
template <auto Member>
Choice ofNetwork(std::string_view name, std::string_view summary,
                 std::vector<Choice::Value> values) {
  using Field = std::decay_t<decltype(std::declval<Semantics>().*Member)>;
  auto get = [values](const Semantics &semantics, Family) {
    return std::string(values[static_cast<size_t>(semantics.*Member)].name);
  };
  auto set = [values](Semantics &semantics, Family, std::string_view value) {
    std::optional<int> index = indexOf(values, value);
    if (index) {
      semantics.*Member = static_cast<Field>(*index);
    }
    return index.has_value();
  };
  return {name, summary, false, std::move(values), false, get, set};
}

std::string getFloor(const Semantics &semantics, Family family) {
  const Floor &floor = semantics[family].floor;
  return floor.kind == Floor::Kind::None             ? "none"
         : floor.kind == Floor::Kind::MinusThreshold ? "-threshold"
                                                     : fmt::format("{}", floor.value);
}

bool setFloor(Semantics &semantics, Family family, std::string_view text) {
  if (text == "none" || text == "-threshold") {
    semantics[family].floor = {text == "none" ? Floor::Kind::None : Floor::Kind::MinusThreshold,
                               0.0};
    return true;
  }
  std::optional<double> value = numberOf(text);
  if (value) {
    semantics[family].floor = {Floor::Kind::Value, *value};
  }
  return value.has_value();
}

constexpr std::pair<std::string_view, bool Ignored::*> ignorable[] = {
    {"r", &Ignored::r},
    {"w_in", &Ignored::wIn},
    {"v_leak", &Ignored::vLeak},
    {"v_reset", &Ignored::vReset}};

std::string getIgnored(const Semantics &semantics, Family family) {
  std::vector<std::string_view> names;
  for (const auto &[name, member] : ignorable) {
    if (semantics[family].ignore.*member) {
      names.push_back(name);
    }
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, "+"));
}

bool setIgnored(Semantics &semantics, Family family, std::string_view text) {
  Ignored ignored;
  while (text != "none" && !text.empty()) {
    size_t plus = std::min(text.find('+'), text.size());
    const auto *found = std::find_if(std::begin(ignorable), std::end(ignorable), [&](auto &entry) {
      return entry.first == text.substr(0, plus);
    });
    if (found == std::end(ignorable)) {
      return false;
    }
    ignored.*(found->second) = true;
    text.remove_prefix(std::min(plus + 1, text.size()));
  }
  semantics[family].ignore = ignored;
  return true;
}

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

/// A path without letters that mean something in a list of choices: "a b" is "a%20b".
std::string encoded(std::string_view path) {
  std::string text;
  for (char c : path) {
    text += isPlain(c) ? std::string(1, c)
                       : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<uint8_t>(c)));
  }
  return text;
}

/// No name that can be shown has the other letters, however they are written.
bool canBeShown(unsigned code) {
  constexpr unsigned space = 0x20, deletes = 0x7f;
  return code >= space && code != deletes;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string path;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!canBeShown(static_cast<uint8_t>(text[i]))) {
        return std::nullopt;
      }
      path += text[i];
      continue;
    }
    unsigned code = 0;
    const char *begin = text.data() + i + 1, *end = text.data() + std::min(i + 3, text.size());
    auto [stop, error] = std::from_chars(begin, end, code, 16);
    if (error != std::errc() || stop != begin + 2 || !canBeShown(code)) {
      return std::nullopt;
    }
    path += static_cast<char>(code);
    i += 2;
  }
  return path;
}

std::string getLate(const Semantics &semantics, Family) { return lateTextOf(semantics); }

bool setLate(Semantics &semantics, Family, std::string_view text) {
  std::vector<LateEdge> edges;
  for (bool isLast = text == "none"; !isLast;) {
    size_t plus = std::min(text.find('+'), text.size());
    std::string_view one = text.substr(0, plus);
    isLast = plus == text.size();
    text.remove_prefix(std::min(plus + 1, text.size()));
    size_t colon = one.find(':');
    if (colon == std::string_view::npos || one.find(':', colon + 1) != std::string_view::npos) {
      return false;
    }
    std::optional<std::string> source = decoded(one.substr(0, colon));
    std::optional<std::string> target = decoded(one.substr(colon + 1));
    if (!source || !target || source->empty() || target->empty()) {
      return false;
    }
    LateEdge edge{*std::move(source), *std::move(target)};
    if (std::find(edges.begin(), edges.end(), edge) == edges.end()) {
      edges.push_back(std::move(edge));
    }
  }
  semantics.late = std::move(edges);
  return true;
}

std::vector<Choice> makeChoices() {
  return {
      ofRule<&NeuronRule::integrator>(
          "integrator", "how a differential equation becomes an update",
          {{"euler", "x += dt/tau (...)"},
           {"exp-euler", "each equation decays by exp(-dt/tau) on its own"},
           {"exact", "the whole system is solved for an input held over the step"}}),
      ofRule<&NeuronRule::gain>(
          "gain", "the factor of what drives the membrane",
          {{"integrator", "that of the integrator: dt/tau, or 1 - exp(-dt/tau)"},
           {"euler", "dt/tau, whatever the leak is"},
           {"unit", "1; threshold, reset and leak are divided by the factor instead"},
           {"raw", "1, and nothing else changes"}}),
      ofRule<&NeuronRule::input>("drive", "what an input of 1 means",
                                 {{"held", "a current of 1 for the length of the step"},
                                  {"impulse", "a charge of 1: the state jumps, without dt"}}),
      ofRule<&NeuronRule::enters>("enters", "where in the step the input enters",
                                  {{"after-decay", "it is added to what has decayed"},
                                   {"before-decay", "it decays with the rest in the same step"}}),
      followed<&NeuronRule::synapseIntegrator>(
          "synapse-integrator", "the integrator of the synaptic current of Cuba neurons",
          {{"same", "as `integrator`"}, {"euler", ""}, {"exp-euler", ""}}),
      followed<&NeuronRule::synapseGain>(
          "synapse-gain", "the factor of what drives the synaptic current of Cuba neurons",
          {{"same", "as `gain`"}, {"integrator", ""}, {"euler", ""}, {"unit", ""}, {"raw", ""}}),
      ofRule<&NeuronRule::current>("current", "which synaptic current drives a Cuba membrane",
                                   {{"new", "that of this step"}, {"old", "that of the last"}}),
      ofRule<&NeuronRule::spikeTest>("spike-test", "which v is compared with the threshold",
                                     {{"new", "that of this step, after the update"},
                                      {"old", "that of the last: a spike comes a step later"}}),
      ofRule<&NeuronRule::spikeWhen>("spike-when", "what crosses the threshold",
                                     {{"gt", "v > v_threshold"}, {"ge", "v >= v_threshold"}}),
      ofRule<&NeuronRule::spikesPerStep>(
          "spikes-per-step", "how often a neuron can spike in a step",
          {{"single", "once"}, {"multi", "as often as the threshold fits into v"}}),
      ofRule<&NeuronRule::reset>(
          "reset", "what a spike does to v",
          {{"to-value", "v = v_reset"}, {"subtract", "v = v - (v_threshold - v_reset)"}}),
      ofRule<&NeuronRule::resetDelay>("reset-delay", "steps from a spike to its reset",
                                      {{"0", "in the same step"}, {"1", "in the next"}}),
      ofRule<&NeuronRule::lateReset>("late-reset",
                                     "a reset that does not follow its test at once: when it acts",
                                     {{"after-update", "on the updated v: it does not decay"},
                                      {"before-update", "before the update: it decays"}}),
      ofRule<&NeuronRule::afterSpike>(
          "after-spike", "how much of the step after a spike is integrated",
          {{"whole-step", "all of it"},
           {"rest", "as much as was left of the step when v crossed the threshold"}}),
      ofRule<&NeuronRule::start>("start", "v before the first step",
                                 {{"zero", "0"}, {"v_leak", "v_leak"}, {"v_reset", "v_reset"}}),
      {"floor",
       "the lowest v",
       true,
       {{"none", ""}, {"-threshold", "-v_threshold"}},
       true,
       getFloor,
       setFloor},
      {"ignore",
       "parameters read as 1 (r, w_in) or 0 (v_leak, v_reset)",
       true,
       {{"none", ""}, {"r", ""}, {"w_in", ""}, {"v_leak", ""}, {"v_reset", ""}},
       true,
       getIgnored,
       setIgnored},
      ofNetwork<&Semantics::timing>(
          "schedule", "how spikes travel in time",
          {{"sequential", "within the step, over a feedback edge in one step"},
           {"pipelined", "every edge into a neuron takes one step"},
           {"events", "no steps: a spike happens when v crosses the threshold"}}),
      ofNetwork<&Semantics::feedbackStart>(
          "feedback-start", "what late edges carry into the first step",
          {{"bias", "what follows from a silent network: a bias on the way acts in step 0"},
           {"zero", "nothing, up to the next neuron"}}),
      ofNetwork<&Semantics::duplicateEdges>("duplicate-edges",
                                            "an edge that the file lists several times",
                                            {{"each", "each counts"}, {"once", "one counts"}}),
      {"late",
       "edges of cycles that are late by choice, as SOURCE:TARGET, beside those that structure "
       "gives",
       false,
       {{"none", ""}},
       true,
       getLate,
       setLate}};
}

/// "lif.reset" is two names, "reset" is one.
struct ScopedName {
  std::optional<Family> family;
  std::string_view choice;
};

std::optional<ScopedName> split(std::string_view name) {
  size_t dot = name.find('.');
  if (dot == std::string_view::npos) {
    return ScopedName{std::nullopt, name};
  }
  for (Family family : families) {
    if (nir::name(family) == name.substr(0, dot)) {
      return ScopedName{family, name.substr(dot + 1)};
    }
  }
  return std::nullopt;
}

Error unknownChoice(std::string_view name) {
  std::vector<std::string> known;
  for (const Choice &choice : choices()) {
    known.emplace_back(choice.name);
  }
  known.emplace_back("dt");
  Error error(Cause::UnknownName,
              fmt::format("no choice is called '{}', there are {}", name, fmt::join(known, ", ")));
  std::string meant = nearest(name, known);
  if (!meant.empty()) {
    return std::move(error).note(fmt::format("did you mean '{}'?", meant));
  }
  return std::move(error).note("IF., LIF. or CubaLIF. before a name makes the choice for these "
                               "neurons alone");
}

} // namespace

const std::vector<Choice> &choices() {
  static const std::vector<Choice> all = makeChoices();
  return all;
}

std::string lateTextOf(const Semantics &semantics) {
  std::vector<std::string> edges;
  for (const LateEdge &edge : semantics.late) {
    edges.push_back(fmt::format("{}:{}", encoded(edge.source), encoded(edge.target)));
  }
  return edges.empty() ? "none" : fmt::format("{}", fmt::join(edges, "+"));
}

std::string_view name(Family family) {
  constexpr std::string_view names[] = {"IF", "LIF", "CubaLIF"};
  return names[static_cast<size_t>(family)];
}

Status choose(Semantics &semantics, std::string_view name, std::string_view value) {
  if (name == "dt") {
    std::optional<double> seconds = numberOf(value);
    if (!seconds || !(*seconds > 0.0)) {
      return Error(Cause::BadOption,
                   fmt::format("dt is '{}', expected a positive number of seconds", value));
    }
    semantics.dtSeconds = *seconds;
    return {};
  }
  std::optional<ScopedName> scoped = split(name);
  const auto choice = std::find_if(choices().begin(), choices().end(), [&](const Choice &c) {
    return scoped && c.name == scoped->choice;
  });
  if (choice == choices().end() || (scoped->family && !choice->perFamily)) {
    return unknownChoice(name);
  }
  bool understood = true;
  for (Family family : families) {
    if (!scoped->family || *scoped->family == family) {
      understood &= choice->set(semantics, family, value);
    }
  }
  if (!understood) {
    std::vector<std::string_view> known;
    for (const Choice::Value &each : choice->values) {
      known.push_back(each.name);
    }
    std::string_view more = choice->name == "floor"    ? " or a number"
                            : choice->name == "ignore" ? " and several joined by +"
                            : choice->name == "late"
                                ? " and edges as SOURCE:TARGET, several joined by +, a letter "
                                  "that means something in them as %2B"
                                : "";
    return Error(Cause::UnknownName,
                 fmt::format("no {} is called '{}', there are {}{}", choice->name, value,
                             fmt::join(known, ", "), more));
  }
  return {};
}

Status chooseAll(Semantics &semantics, std::string_view choices) {
  while (!choices.empty()) {
    size_t comma = std::min(choices.find(','), choices.size());
    std::string_view item = choices.substr(0, comma);
    choices.remove_prefix(std::min(comma + 1, choices.size()));
    size_t equal = item.find('=');
    if (equal == std::string_view::npos) {
      return Error(Cause::BadOption,
                   fmt::format("found '{}', expected CHOICE=VALUE: only the first word is the name "
                               "of a preset",
                               item));
    }
    if (Status bad = choose(semantics, item.substr(0, equal), item.substr(equal + 1))) {
      return bad;
    }
  }
  return {};
}

Result<Semantics> semanticsOf(std::string_view text) {
  if (!isByName(text)) {
    return storedSemantics(text);
  }
  std::string_view first = text.substr(0, text.find(','));
  bool isPreset = !text.empty() && first.find('=') == std::string_view::npos;
  Result<Semantics> semantics = isPreset ? presetSemantics(first) : Semantics();
  if (!semantics) {
    return semantics;
  }
  text.remove_prefix(isPreset ? std::min(first.size() + 1, text.size()) : 0);
  Status bad = chooseAll(*semantics, text);
  return bad ? Result<Semantics>(std::move(*bad)) : std::move(semantics);
}

} // namespace nir
