//===- Comparing.cpp - recordings beside each other, and match ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/MatchArrays.h"
#include "api/compare/Difference.h"
#include "plugins/c/Boundary.h"
#include "plugins/c/Handles.h"

#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::c;

static nirc_difference viewOf(const TraceDifference &trace) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  nirc_difference view{};
  view.node = trace.node.c_str();
  view.observable = trace.observable.c_str();
  view.is_spikes = trace.isSpikes;
  view.is_equal = !trace.first;
  view.unequal = trace.unequal;
  view.sample = view.step = view.element = -1;
  if (trace.first) {
    view.sample = trace.first->sample;
    view.step = trace.first->step;
    view.element = trace.first->element;
    view.base = trace.first->base;
    view.other = trace.first->other;
  }
  view.base_spikes = trace.baseSpikes;
  view.other_spikes = trace.otherSpikes;
  view.van_rossum = trace.vanRossum.value_or(unknown);
  view.victor_purpura = trace.victorPurpura.value_or(unknown);
  view.cosine = trace.cosine;
  view.largest = trace.largest;
  return view;
}

struct nirc_comparison {
  explicit nirc_comparison(Difference content) : difference(std::move(content)) {
    for (const TraceDifference &trace : difference.traces) {
      traces.push_back(viewOf(trace));
    }
  }

  Difference difference;
  std::vector<nirc_difference> traces;
};

nirc_status nirc_compare(const nirc_recording *base, const nirc_recording *other,
                         const nirc_compare_options *options, nirc_comparison **comparison,
                         nirc_error **error) {
  return made(
      comparison, "comparison", error, [&]() -> nir::Result<std::unique_ptr<nirc_comparison>> {
        for (nir::Status missing : {needed(base, "base"), needed(other, "other")}) {
          if (missing) {
            return std::move(*missing);
          }
        }
        nir::Result<nirc_compare_options> given = known(options);
        if (!given) {
          return given.takeError();
        }
        if (!(given->tolerance >= 0.0 && given->tau_seconds >= 0.0 &&
              given->cost_per_second >= 0.0)) {
          return nir::Error::usage(
              fmt::format("found tolerance {}, tau {} s and a cost of {}, expected 0 or more",
                          given->tolerance, given->tau_seconds, given->cost_per_second));
        }
        DifferenceOptions how;
        how.tolerance = given->tolerance;
        how.tauSeconds = given->tau_seconds > 0.0 ? given->tau_seconds : how.tauSeconds;
        how.costPerSecond =
            given->cost_per_second > 0.0 ? given->cost_per_second : how.costPerSecond;
        nir::Result<Difference> content = differenceOf(base->recording, other->recording, how);
        if (!content) {
          return content.takeError();
        }
        return std::make_unique<nirc_comparison>(*std::move(content));
      });
}

void nirc_comparison_free(nirc_comparison *comparison) { delete comparison; }

bool nirc_comparison_is_equal(const nirc_comparison *comparison) {
  return comparison && comparison->difference.equal();
}

size_t nirc_comparison_count(const nirc_comparison *comparison) {
  return comparison ? comparison->traces.size() : 0;
}

const nirc_difference *nirc_comparison_at(const nirc_comparison *comparison, size_t number) {
  return comparison ? c::at(comparison->traces, number) : nullptr;
}

static nirc_candidate viewOf(const Candidate &candidate) {
  Agreement total = candidate.total();
  nirc_candidate view{};
  view.semantics = candidate.semantics.c_str();
  view.preset = candidate.preset.c_str();
  view.changed = candidate.changed.c_str();
  view.is_full = candidate.isFull();
  view.shift = candidate.shift;
  view.share = total.share();
  view.expected = total.expected;
  view.agree = total.agree;
  view.extra = total.extra;
  view.unequal = total.unequal;
  view.largest = total.largest;
  return view;
}

struct nirc_match_report {
  explicit nirc_match_report(MatchReport content) : report(std::move(content)) {
    for (const Candidate &candidate : report.candidates) {
      candidates.push_back(viewOf(candidate));
    }
    report.expected.clear(); // the arrays are the caller's
  }

  MatchReport report;
  std::vector<nirc_candidate> candidates;
};

/// What was recorded, each of a node.
static nir::Result<std::vector<ExpectedSource>> expectedOf(const nirc_signal *expected,
                                                           size_t count) {
  std::vector<ExpectedSource> sources;
  for (size_t i = 0; i < count; ++i) {
    ExpectedSource source{textOf(expected[i].node), textOf(expected[i].observable),
                          fmt::format("expected {}", i)};
    nir::Result<nir::Tensor> data = tensorOf(expected[i].array, source.file, Ownership::Borrowed);
    if (!data) {
      return data.takeError();
    }
    source.array = *std::move(data);
    sources.push_back(std::move(source));
  }
  return sources;
}

static nir::Result<MatchOptions> matchOptionsOf(const nirc_match_options &given) {
  if (given.threads < 0 || given.max_shift < -1 || !(given.tolerance >= 0.0)) {
    return nir::Error::usage(
        fmt::format("found {} threads, a shift of {} and tolerance {}, expected 0 or more",
                    given.threads, given.max_shift, given.tolerance));
  }
  MatchOptions how;
  if (given.max_shift != 0) {
    how.maxShift = std::max(given.max_shift, 0);
  }
  if (given.tolerance > 0.0) {
    how.tolerance = given.tolerance;
  }
  return how;
}

nirc_status nirc_match(const nirc_model *model, const nirc_signal *inputs, size_t input_count,
                       const nirc_signal *expected, size_t expected_count,
                       const nirc_plan_options *plan, const nirc_match_options *options,
                       nirc_match_report **report, nirc_error **error) {
  return made(report, "report", error, [&]() -> nir::Result<std::unique_ptr<nirc_match_report>> {
    for (nir::Status missing : {needed(model, "model"), needed(expected, "expected")}) {
      if (missing) {
        return std::move(*missing);
      }
    }
    nir::Result<nirc_match_options> given = known(options);
    if (!given) {
      return given.takeError();
    }
    nir::Result<MatchOptions> how = matchOptionsOf(*given);
    nir::Result<PlanOptions> choices = planOptionsOf(plan, /*model=*/nullptr);
    if (!how || !choices) {
      return !how ? how.takeError() : choices.takeError();
    }
    nir::Result<nir::Recording> input = inputsOf(inputs, input_count, model->model.inputs(),
                                                 /*dtSeconds=*/0.0, Ownership::Borrowed);
    nir::Result<std::vector<ExpectedSource>> sources = expectedOf(expected, expected_count);
    if (!input || !sources) {
      return !input ? input.takeError() : sources.takeError();
    }
    std::stop_source stop;
    Manner manner{.threads = given->threads,
                  .progress = progressOf(given->progress, given->user, stop),
                  .stop = stop.get_token()};
    nir::Result<MatchReport> content =
        matchArrays(model->model, *choices, *input, *sources, *how, manner);
    if (!content) {
      return content.takeError();
    }
    return std::make_unique<nirc_match_report>(*std::move(content));
  });
}

void nirc_match_free(nirc_match_report *report) { delete report; }

size_t nirc_match_count(const nirc_match_report *report) {
  return report ? report->candidates.size() : 0;
}

const nirc_candidate *nirc_match_at(const nirc_match_report *report, size_t number) {
  return report ? c::at(report->candidates, number) : nullptr;
}
