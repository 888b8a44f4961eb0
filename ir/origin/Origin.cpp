//===- Origin.cpp - who wrote a graph, and in which unit ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Origin.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nir {

/// Nobody uses longer steps than this: a shorter step that the parameters imply is in seconds.
static constexpr double longestStepSeconds = 0.01;
/// A time below this is not a number of milliseconds: 10 us is a tenth of the shortest step in use.
static constexpr double shortestMilliseconds = 0.01;

namespace {
/// The step that clues found, in the file's own unit.
struct ImpliedStep {
  double dt;
  Strength strength;
};
} // namespace

/// Two strong clues of different kinds that agree leave no doubt: of two gains, or of a gain and a
/// name that only the same platform gives. Where two contradict each other, none is taken.
static std::optional<ImpliedStep> impliedStep(const std::vector<Finding> &findings) {
  const Finding *first = nullptr;
  bool isSure = false;
  for (const Finding &finding : findings) {
    if (!finding.dt) {
      continue;
    }
    if (first && !near(*finding.dt, *first->dt)) {
      return std::nullopt;
    }
    isSure |= first && first->strength != Strength::Weak && finding.strength != Strength::Weak;
    first = first ? first : &finding;
  }
  if (!first) {
    return std::nullopt;
  }
  for (const Finding &finding : findings) {
    isSure |= !finding.dt && finding.strength != Strength::Weak &&
              first->strength != Strength::Weak && first->platforms.count() == 1 &&
              finding.platforms == first->platforms;
  }
  return ImpliedStep{*first->dt, isSure ? Strength::Sure : first->strength};
}

static TimeReading decided(TimeUnit unit, std::string evidence) {
  return {unit, {unit}, true, std::move(evidence)};
}

/// docs/units.md has these rules and why they are so.
static TimeReading unitOf(const GraphFacts &facts, const Reading &reading,
                          const std::optional<ImpliedStep> &clue) {
  if (facts.longest == 0.0) {
    return {TimeUnit::Seconds, {}, false, "no node has a time constant or a delay"};
  }
  if (reading.timeUnit) {
    return decided(*reading.timeUnit, "as stated");
  }
  if (clue && clue->strength != Strength::Weak && clue->dt <= longestStepSeconds) {
    return decided(TimeUnit::Seconds, fmt::format("r makes a step {:g}", clue->dt));
  }
  if (clue && clue->strength == Strength::Sure && clue->dt == 1.0) {
    return decided(TimeUnit::Steps, "r makes a step 1");
  }
  std::string longest = fmt::format("{} is {:g}", facts.longestName, facts.longest);
  std::string shortest = fmt::format("{} is {:g}", facts.shortestName, facts.shortest);
  if (facts.longest < 1.0) {
    return decided(TimeUnit::Seconds, longest + ", less than one step or millisecond");
  }
  if (facts.shortest < shortestMilliseconds) {
    return decided(TimeUnit::Seconds, shortest + ", too short for steps and milliseconds");
  }
  std::vector<TimeUnit> candidates = {TimeUnit::Seconds, TimeUnit::Milliseconds};
  if (facts.shortest >= 1.0) {
    candidates.push_back(TimeUnit::Steps);
  }
  return {std::nullopt, std::move(candidates), true, longest};
}

static void findPlatforms(const std::vector<Finding> &findings, Origin &origin) {
  Platforms left = Platforms().set();
  for (const Finding &finding : findings) {
    left &= finding.platforms;
  }
  bool isOpen = left.count() > 3; // no list that says "any"
  for (size_t i = 0; i < platformCount && !isOpen; ++i) {
    if (left.test(i)) {
      origin.platforms.push_back(static_cast<Platform>(i));
    }
  }
  for (const Finding &finding : findings) {
    origin.isSure |= finding.strength != Strength::Weak && origin.platforms.size() == 1;
    origin.clues.push_back({finding.evidence, finding.strength});
  }
}

Origin originOf(const Graph &graph, const Reading &reading) {
  std::vector<Diagnostic> ignored; // `check` reports them
  FlatGraph flat = FlatGraph::of(graph, ignored);
  GraphFacts facts = factsOf(flat);
  std::vector<Finding> findings = findClues(facts);
  Origin origin;
  findPlatforms(findings, origin);
  if (!reading.origin.empty()) {
    origin.stated = reading.origin;
    origin.isSure = true;
  }
  std::optional<ImpliedStep> step = impliedStep(findings);
  origin.time = unitOf(facts, reading, step);
  if (step && origin.time.unit == TimeUnit::Seconds) {
    origin.impliedDtSeconds = step->dt;
  } else if (step && origin.time.unit == TimeUnit::Milliseconds) {
    origin.impliedDtSeconds = step->dt / 1000.0;
  }
  origin.dtStrength = step ? step->strength : Strength::Weak;
  return origin;
}

static std::string list(const std::vector<std::string_view> &names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    text += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

bool isEvident(const Origin &origin) {
  return !origin.stated.empty() ||
         std::any_of(origin.clues.begin(), origin.clues.end(),
                     [](const Clue &clue) { return clue.strength != Strength::Weak; });
}

std::vector<Platform> writersOf(const Origin &origin) {
  if (origin.stated.empty()) {
    return origin.platforms;
  }
  for (size_t i = 0; i < platformCount; ++i) {
    auto platform = static_cast<Platform>(i);
    if (name(platform) == origin.stated) {
      return {platform};
    }
  }
  return {};
}

static std::string platformsText(const Origin &origin) {
  std::vector<std::string_view> titles;
  titles.reserve(origin.platforms.size());
  for (Platform platform : origin.platforms) {
    titles.push_back(title(platform));
  }
  return list(titles);
}

std::string evidenceText(const Origin &origin) {
  std::string text;
  for (const Clue &clue : origin.clues) {
    text += (text.empty() ? "" : "; ") + clue.evidence;
  }
  return text;
}

std::string originText(const Origin &origin) {
  if (!origin.stated.empty()) {
    return fmt::format("{}, as the file states", origin.stated);
  }
  std::string evidence = evidenceText(origin);
  if (origin.platforms.empty()) {
    return evidence.empty() ? "cannot be known: nothing in the graph is one platform's habit"
                            : "cannot be known: no platform is known to write so: " + evidence;
  }
  return fmt::format("as {} {} it: {}", platformsText(origin),
                     origin.platforms.size() == 1 ? "writes" : "write", evidence);
}

std::string timeText(const Origin &origin) {
  const TimeReading &time = origin.time;
  if (!time.dependsOnTime) {
    return "no unit: " + time.evidence;
  }
  if (time.unit) {
    return fmt::format("in {}: {}", inWords(*time.unit), time.evidence);
  }
  std::vector<std::string_view> names;
  names.reserve(time.candidates.size());
  for (TimeUnit unit : time.candidates) {
    names.push_back(inWords(unit));
  }
  return fmt::format("cannot be known: {}, in {}", time.evidence, list(names));
}

Status undecidedUnit(const Origin &origin) {
  const TimeReading &time = origin.time;
  if (time.unit || !time.dependsOnTime) {
    return std::nullopt;
  }
  std::vector<std::string_view> words, names;
  for (TimeUnit unit : time.candidates) {
    words.push_back(inWords(unit));
    names.push_back(name(unit));
  }
  return Error(Cause::TimeUnit,
               fmt::format("{}, and nothing says whether in {}: each gives different spikes",
                           time.evidence, list(words)))
      .note(fmt::format("--time-unit {} decides; NIR's own unit is the second, Sinabs counts steps",
                        fmt::join(names, "|")));
}

bool isMadeForEuler(const Origin &origin, std::optional<double> dtSeconds) {
  bool isRockpool = !origin.platforms.empty() && origin.platforms.front() == Platform::Rockpool;
  return dtSeconds && origin.impliedDtSeconds && near(*dtSeconds, *origin.impliedDtSeconds) &&
         !isRockpool;
}

Reading completed(const Reading &reading, const Origin &origin) {
  Reading result = reading;
  if (result.origin.empty() && origin.isSure) {
    result.origin = name(origin.platforms.front());
  }
  if (!result.timeUnit && origin.time.dependsOnTime) {
    result.timeUnit = origin.time.unit;
  }
  if (!result.dtSeconds) {
    result.dtSeconds = origin.sureDtSeconds();
  }
  return result;
}

} // namespace nir
