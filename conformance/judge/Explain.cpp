//===- Explain.cpp - which semantics a simulator follows instead ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Explain.h"

#include "api/Trials.h"
#include "conformance/judge/Fit.h"
#include "conformance/judge/Parallel.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <tuple>

namespace nirc::conformance {

std::string Explanation::headline() const {
  std::vector<std::string> parts;
  if (preset != "nir" || (changes.empty() && shift == 0)) {
    parts.push_back("computes as " + preset);
  }
  for (const ChangedChoice &change : changes) {
    std::string phrase = phraseOf(change.choice, change.value);
    parts.push_back(change.family.empty() ? phrase : fmt::format("{} ({})", phrase, change.family));
  }
  if (shift != 0) {
    parts.push_back("is " + shiftText(shift));
  }
  return fmt::format("{}", fmt::join(parts, " and "));
}

namespace {

/// A semantics with a shift, and how it did.
struct Scored {
  nir::Semantics semantics;
  int64_t shift = 0;
  int size = 0;          ///< of what there is to say: choices, a preset, steps
  int64_t explained = 0; ///< cases
  double share = 0.0;    ///< the mean, where nothing is explained
  size_t place = 0;      ///< among the trials
  /// Of all, by their places in the search. `open` are failing cases that could be so, and in which
  /// nothing tells.
  std::vector<size_t> cases, open, contradicted;
  int64_t score() const {
    return static_cast<int64_t>(cases.size()) - static_cast<int64_t>(contradicted.size());
  }
};

/// By what is explained; then by how close it comes, to the digits that are no accident; then the
/// shorter one.
bool isBetter(const Scored &a, const Scored &b) {
  constexpr double digits = 1e6;
  auto key = [&](const Scored &one) {
    return std::tuple(-one.explained, -std::llround(one.share * digits), one.size, one.place);
  };
  return key(a) < key(b);
}

bool isTruer(const Scored &a, const Scored &b) {
  auto key = [](const Scored &one) { return std::pair(-one.score(), one.size); };
  return key(a) < key(b);
}

class Search {
public:
  Search(std::deque<Answered> &answers, nir::Semantics claimed, int jobs)
      : answers(answers), claimed(std::move(claimed)), jobs(jobs), relevance(everything(), step()) {
    for (size_t i = 0; i < answers.size(); ++i) {
      (answers[i].isFailure() ? failing : passing).push_back(i);
    }
  }

  Explanations run();

private:
  static nir::Semantics step() { return nir::Semantics(1e-3); }
  /// A graph in which every choice can make a difference.
  static nir::Graph everything();

  /// How the trials do on some cases, each at its best shift; the best first.
  std::vector<Scored> screen(const std::vector<Trial> &trials, const std::vector<size_t> &on) const;
  /// Fills in all cases.
  void judge(Scored &scored) const;
  /// Judges the first few and returns the truest.
  Scored bestOf(std::vector<Scored> scored) const;
  std::vector<Trial> firstTrials() const;
  std::vector<Trial> variations(const std::vector<Scored> &beam) const;
  std::vector<size_t> spread(const std::vector<size_t> &cases, size_t most) const;
  int sizeOf(const nir::Semantics &semantics) const;
  Explanation describe(const Scored &scored) const;
  void addAlike(const Scored &best, Explanation &explanation) const;
  std::vector<size_t> without(const std::vector<size_t> &cases,
                              const std::vector<size_t> &explained) const;

  std::deque<Answered> &answers;
  nir::Semantics claimed;
  int jobs;
  Relevance relevance;
  std::vector<size_t> failing, passing; ///< places in `answers`
};

nir::Graph Search::everything() {
  auto one = [] { return nir::Tensor::of<double>({1}, {1.0}); };
  nir::Tensor shape = nir::Tensor::of<int64_t>({1}, {1});
  nir::Graph graph;
  graph.nodes = {{"input", nir::Input{shape}, {}},
                 {"if", nir::IF{one(), one(), one()}, {}},
                 {"lif", nir::LIF{one(), one(), one(), one(), one()}, {}},
                 {"cuba", nir::CubaLIF{one(), one(), one(), one(), one(), one(), one()}, {}},
                 {"output", nir::Output{shape}, {}}};
  graph.edges = {{"input", "if"}, {"input", "if"}, {"if", "lif"},
                 {"lif", "cuba"}, {"cuba", "if"},  {"cuba", "output"}};
  return graph;
}

/// Each choice and each step is a thing to say. A preset is less than two of them, but more than
/// one: it stands for many choices, and what tells them apart may not be among the cases.
int Search::sizeOf(const nir::Semantics &semantics) const {
  bool isClaimed = semantics.preset == claimed.preset;
  nir::Result<nir::Semantics> base =
      isClaimed ? nir::Result<nir::Semantics>(claimed) : nir::presetSemantics(semantics.preset);
  std::string rest = base ? nir::differences(semantics, *base) : "";
  constexpr int ofChoice = 2, ofPreset = 3;
  return ofChoice * static_cast<int>(std::count(rest.begin(), rest.end(), ',')) +
         (isClaimed ? 0 : ofPreset);
}

std::vector<size_t> Search::spread(const std::vector<size_t> &cases, size_t most) const {
  std::map<std::string, std::deque<size_t>> byFeature;
  for (size_t i : cases) {
    const std::vector<std::string> &features = answers[i].material.features;
    byFeature[features.empty() ? "" : features.front()].push_back(i);
  }
  std::vector<size_t> chosen;
  while (chosen.size() < std::min(most, cases.size())) {
    for (auto &[feature, rest] : byFeature) {
      if (!rest.empty() && chosen.size() < most) {
        chosen.push_back(rest.front());
        rest.pop_front();
      }
    }
  }
  return chosen;
}

std::vector<Scored> Search::screen(const std::vector<Trial> &trials,
                                   const std::vector<size_t> &on) const {
  constexpr int ofStep = 2;
  std::vector<Scored> scored(trials.size());
  inParallel(trials.size(), jobs, [&](size_t t) {
    std::array<Scored, 2 * mostShift + 1> atShift;
    for (size_t i : on) {
      Fits fits = answers[i].fits(trials[t].semantics);
      for (size_t s = 0; s < fits.size(); ++s) {
        atShift[s].explained += fits[s].explains ? 1 : 0;
        atShift[s].share += fits[s].share / static_cast<double>(on.size());
      }
    }
    for (size_t s = 0; s < atShift.size(); ++s) {
      atShift[s].shift = static_cast<int64_t>(s) - mostShift;
      atShift[s].semantics = trials[t].semantics;
      atShift[s].size =
          sizeOf(trials[t].semantics) + ofStep * static_cast<int>(std::abs(atShift[s].shift));
    }
    scored[t] = *std::min_element(atShift.begin(), atShift.end(), isBetter);
    scored[t].place = t;
  });
  std::sort(scored.begin(), scored.end(), isBetter);
  return scored;
}

void Search::judge(Scored &scored) const {
  auto at = static_cast<size_t>(scored.shift + mostShift);
  std::vector<Fit> fits(answers.size());
  inParallel(answers.size(), jobs,
             [&](size_t i) { fits[i] = answers[i].fits(scored.semantics)[at]; });
  scored.cases.clear();
  scored.open.clear();
  scored.contradicted.clear();
  for (size_t i : failing) {
    if (fits[i].agrees) {
      (fits[i].explains ? scored.cases : scored.open).push_back(i);
    }
  }
  for (size_t i : passing) {
    if (!fits[i].agrees) {
      scored.contradicted.push_back(i);
    }
  }
}

Scored Search::bestOf(std::vector<Scored> scored) const {
  constexpr size_t judged = 8;
  scored.resize(std::min(scored.size(), judged));
  for (Scored &one : scored) {
    judge(one);
  }
  return *std::min_element(scored.begin(), scored.end(), isTruer);
}

std::vector<Trial> Search::firstTrials() const {
  std::vector<Trial> trials = {{claimed, claimed.preset, ""}};
  for (const nir::Preset &preset : nir::presets()) {
    if (nir::Result<nir::Semantics> semantics = nir::presetSemantics(preset.name)) {
      trials.push_back({*semantics, std::string(preset.name), ""});
    }
  }
  for (Trial &trial : variationsOf(claimed, relevance)) {
    trials.push_back(std::move(trial));
  }
  return trials;
}

std::vector<Trial> Search::variations(const std::vector<Scored> &beam) const {
  constexpr size_t width = 3;
  std::vector<Trial> trials;
  for (size_t i = 0; i < std::min(beam.size(), width); ++i) {
    for (Trial &trial : variationsOf(beam[i].semantics, relevance)) {
      trials.push_back(std::move(trial));
    }
  }
  return trials;
}

std::vector<size_t> Search::without(const std::vector<size_t> &cases,
                                    const std::vector<size_t> &explained) const {
  std::vector<size_t> rest;
  std::set_difference(cases.begin(), cases.end(), explained.begin(), explained.end(),
                      std::back_inserter(rest));
  return rest;
}

Explanation Search::describe(const Scored &scored) const {
  return {scored.semantics.text(),
          scored.semantics.preset,
          changesOf(scored.semantics),
          scored.shift,
          scored.cases,
          scored.contradicted,
          {}};
}

void Search::addAlike(const Scored &best, Explanation &explanation) const {
  for (const nir::Preset &preset : nir::presets()) {
    nir::Result<nir::Semantics> semantics = nir::presetSemantics(preset.name);
    if (!semantics || preset.name == best.semantics.preset) {
      continue;
    }
    Scored other;
    other.semantics = *std::move(semantics);
    other.shift = best.shift;
    judge(other);
    if (other.cases == best.cases && other.contradicted.size() <= best.contradicted.size()) {
      explanation.alike.emplace_back(preset.name);
    }
  }
}

Explanations Search::run() {
  constexpr size_t sample = 40;
  constexpr int mostChoices = 3;
  constexpr size_t mostExplanations = 6;
  Explanations found;
  std::vector<Trial> first = firstTrials();
  std::vector<Scored> beam = screen(first, spread(failing, sample));
  Scored best = bestOf(beam);
  for (int size = 2; size <= mostChoices && best.cases.size() < failing.size(); ++size) {
    // What the best does not explain says more of what is missing.
    std::vector<size_t> on = spread(without(failing, best.cases), sample / 2);
    std::vector<size_t> kept = spread(best.cases, sample / 2);
    on.insert(on.end(), kept.begin(), kept.end());
    beam.insert(beam.begin(), best);
    beam = screen(variations(beam), on);
    if (beam.empty()) {
      break;
    }
    Scored next = bestOf(beam);
    if (next.score() > best.score()) {
      best = std::move(next);
    } else if (best.score() > 0) {
      break;
    }
  }
  std::vector<size_t> rest = failing;
  if (best.score() > 0) {
    found.all.push_back(describe(best));
    addAlike(best, found.all.front());
    best.cases.insert(best.cases.end(), best.open.begin(), best.open.end());
    std::sort(best.cases.begin(), best.cases.end());
    found.all.front().cases = best.cases;
    rest = without(rest, best.cases);
  }
  while (!rest.empty() && found.all.size() < mostExplanations) {
    Scored next = screen(first, spread(rest, sample)).front();
    if (next.explained == 0) {
      break;
    }
    judge(next);
    std::vector<size_t> left = without(rest, next.cases);
    std::vector<size_t> own = without(rest, left);
    next.cases = std::move(own);
    next.contradicted.clear(); // it speaks of these cases alone
    found.all.push_back(describe(next));
    rest = std::move(left);
  }
  found.unexplained = std::move(rest);
  return found;
}

} // namespace

Explanations explain(const std::vector<Material> &cases, const std::vector<Answer> &answers,
                     const AnswerOptions &options, int jobs) {
  nir::Result<nir::Semantics> claimed = nir::semanticsOf(options.semantics);
  std::deque<Answered> compared;
  std::vector<size_t> places;
  Explanations none;
  for (size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].given) {
      compared.emplace_back(cases[i], answers[i], options);
      places.push_back(i);
    } else if (answers[i].mark == Mark::Fail) {
      none.unexplained.push_back(i);
    }
  }
  bool isNeeded = std::any_of(compared.begin(), compared.end(),
                              [](const Answered &one) { return one.isFailure(); });
  if (!isNeeded || !claimed) {
    return none;
  }
  Explanations found = Search(compared, *std::move(claimed), jobs).run();
  auto number = [&](std::vector<size_t> &all) {
    std::transform(all.begin(), all.end(), all.begin(), [&](size_t i) { return places[i]; });
  };
  for (Explanation &one : found.all) {
    number(one.cases);
    number(one.contradicted);
  }
  number(found.unexplained);
  found.unexplained.insert(found.unexplained.end(), none.unexplained.begin(),
                           none.unexplained.end());
  std::sort(found.unexplained.begin(), found.unexplained.end());
  return found;
}

} // namespace nirc::conformance
