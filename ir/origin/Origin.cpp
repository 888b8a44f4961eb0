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

/// The step that a clue found, in the file's own unit.
static std::optional<double> impliedStep(const std::vector<Finding> &findings) {
  for (const Finding &finding : findings) {
    if (finding.dt) {
      return finding.dt;
    }
  }
  return std::nullopt;
}

static TimeReading decided(TimeUnit unit, std::string evidence) {
  return {unit, {unit}, true, std::move(evidence)};
}

/// docs/units.md has these rules and why they are so.
static TimeReading unitOf(const GraphFacts &facts, const Reading &reading,
                          std::optional<double> step) {
  if (facts.longest == 0.0) {
    return {TimeUnit::Seconds, {}, false, "no node has a time constant or a delay"};
  }
  if (reading.timeUnit) {
    return decided(*reading.timeUnit, "as stated");
  }
  if (step && *step <= longestStepSeconds) {
    return decided(TimeUnit::Seconds, fmt::format("r makes a step {:g}", *step));
  }
  if (step && *step == 1.0) {
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
    origin.isSure |= finding.telling && origin.platforms.size() == 1;
    origin.evidence.push_back(finding.evidence);
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
  std::optional<double> step = impliedStep(findings);
  origin.time = unitOf(facts, reading, step);
  if (step && origin.time.unit == TimeUnit::Seconds) {
    origin.impliedDtSeconds = step;
  } else if (step && origin.time.unit == TimeUnit::Milliseconds) {
    origin.impliedDtSeconds = *step / 1000.0;
  }
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

std::string originText(const Origin &origin) {
  if (!origin.stated.empty()) {
    return fmt::format("{}, as the file states", origin.stated);
  }
  std::vector<std::string_view> titles;
  titles.reserve(origin.platforms.size());
  for (Platform platform : origin.platforms) {
    titles.push_back(title(platform));
  }
  std::string evidence = fmt::format("{}", fmt::join(origin.evidence, "; "));
  if (titles.empty()) {
    return evidence.empty() ? "cannot be known: nothing in the graph is one platform's habit"
                            : "cannot be known: no platform is known to write so: " + evidence;
  }
  return fmt::format("as {} {} it: {}", list(titles), titles.size() == 1 ? "writes" : "write",
                     evidence);
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
  return Error(fmt::format("{}, and nothing says whether in {}: each gives different spikes",
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
    result.dtSeconds = origin.impliedDtSeconds;
  }
  return result;
}

} // namespace nir
