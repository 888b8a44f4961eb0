//===- Targets.cpp - targets compared with the reference ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Targets.h"

#include "api/Advice.h"
#include "api/Program.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>

namespace nirc::conformance {

int64_t TargetsReport::count(size_t way, Outcome outcome) const {
  int64_t number = 0;
  for (const CaseVerdict &one : cases) {
    number += std::count_if(one.verdicts.begin(), one.verdicts.end(), [&](const TargetVerdict &v) {
      return v.way == way && v.outcome == outcome;
    });
  }
  return number;
}

bool TargetsReport::isGood() const {
  return std::all_of(cases.begin(), cases.end(), [](const CaseVerdict &one) {
    return !one.error && one.stale.empty() &&
           std::all_of(one.verdicts.begin(), one.verdicts.end(), [](const TargetVerdict &v) {
             return v.outcome == Outcome::Equal || v.outcome == Outcome::Refused;
           });
  });
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

static PlanOptions planOf(const Material &material, const Way &way) {
  PlanOptions options;
  options.dt = fmt::format("{}", material.dtSeconds());
  options.semantics = way.semantics;
  options.target = way.target->name();
  options.dtype = way.dtype;
  options.format = way.format;
  options.settings = way.settings;
  options.record = neuronsOf(material.model.graph());
  for (const AdviceKind &kind : adviceKinds()) { // a corner of the suite is meant as it is
    options.accept.emplace_back(kind.name);
  }
  if (!way.format.empty()) { // as `nirc run` looks at its own input
    options.calibration = std::make_shared<const Calibration>(
        Calibration{material.input, "the case's input", /*inputsOnly=*/true});
  }
  return options;
}

nir::Result<nir::Recording> runWay(const Material &material, const Way &way, std::stop_token stop) {
  nir::Result<Plan> plan = Plan::make(material.model, planOf(material, way));
  if (!plan) {
    return plan.takeError();
  }
  nir::Result<Program> program = Program::compile(*plan, {.states = false});
  if (!program) {
    return program.takeError();
  }
  RunOptions options{.threads = 1, .stop = std::move(stop)};
  options.steps = material.input.traces.empty() ? material.steps : 0;
  return program->run(material.input, options);
}

const nir::Result<nir::Recording> &Reference::run(const Way &way) {
  Way own = way;
  own.target = *findTarget("reference");
  own.settings.clear();
  auto [found, isNew] = runs.try_emplace(own.text(), nir::Recording());
  if (isNew) {
    found->second = runWay(material, own);
  }
  return found->second;
}

//===----------------------------------------------------------------------===//
// Judgements
//===----------------------------------------------------------------------===//

static void compare(const nir::Result<nir::Recording> &right, nir::Result<nir::Recording> got,
                    TargetVerdict &verdict) {
  if (!got) {
    verdict.outcome = isRefusal(got.error()) ? Outcome::Refused : Outcome::Failed;
    verdict.error = got.takeError();
    return;
  }
  if (!right) { // it computes what has no meaning
    verdict.outcome = isRefusal(right.error()) ? Outcome::Differs : Outcome::Failed;
    verdict.error = right.error();
    verdict.error->notes.push_back({"", "the target runs it, and the reference refuses it"});
    return;
  }
  nir::Result<Divergences> divergences = divergencesOf(*right, *got, /*tolerance=*/0.0);
  if (!divergences) {
    verdict.outcome = Outcome::Differs;
    verdict.error = divergences.takeError();
    return;
  }
  verdict.divergences = *std::move(divergences);
  verdict.outcome = verdict.divergences.none() ? Outcome::Equal : Outcome::Differs;
}

TargetVerdict judgeTarget(const Material &material, const Way &way, Reference &reference,
                          std::stop_token stop) {
  auto begin = std::chrono::steady_clock::now();
  TargetVerdict verdict;
  nir::Result<nir::Recording> got = runWay(material, way, std::move(stop));
  verdict.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  compare(reference.run(way), std::move(got), verdict);
  return verdict;
}

/// Where there are spikes, instead of how many.
static nir::Recording withoutCounts(const nir::Recording &recording) {
  nir::Recording ones = recording;
  for (nir::Trace &trace : ones.traces) {
    if (trace.observable == "spikes") {
      std::vector<double> counts = trace.data.toDoubles();
      std::vector<uint8_t> spikes(counts.size());
      std::transform(counts.begin(), counts.end(), spikes.begin(),
                     [](double count) { return count > 0.0 ? 1 : 0; });
      trace.data = nir::Tensor::of<uint8_t>(trace.data.shape(), spikes);
    }
  }
  return ones;
}

/// What `reference` does not give of an expected file; empty where it gives all.
static std::string staleness(const Material &material, const ExpectedRun &run,
                             const std::string &semantics, Reference &reference) {
  const nir::Result<nir::Recording> &now = reference.run({nullptr, "f64", "", semantics, {}});
  if (!now) {
    return fmt::format("{} refuses it: {}", semantics, now.error().message);
  }
  nir::Result<nir::Recording> was = readRecording(
      (std::filesystem::path(material.folder) / run.file).string(), material.dtSeconds());
  if (!was) {
    return was.error().message;
  }
  // Spikes with times are events in the file, of which a step has one or none.
  nir::Recording events;
  if (!now->times.empty()) {
    events = withoutCounts(*now);
  }
  nir::Result<Divergences> divergences =
      divergencesOf(*was, now->times.empty() ? *now : events, /*tolerance=*/0.0);
  return !divergences ? divergences.error().message : divergences->text();
}

std::vector<Stale> staleOf(const Material &material, Reference &reference) {
  std::vector<Stale> stale;
  nir::Status changed =
      material.manifest ? checkFiles(*material.manifest, material.folder) : nir::Status();
  if (changed) {
    stale.push_back(
        {std::filesystem::relative(changed->file, material.folder).string(), changed->message});
  }
  for (const ExpectedRun &run :
       material.manifest ? material.manifest->expected : std::vector<ExpectedRun>()) {
    for (const std::string &semantics : run.semantics) {
      if (std::string why = staleness(material, run, semantics, reference); !why.empty()) {
        stale.push_back(
            {run.file, fmt::format("is not what reference gives now: {}: {}", semantics, why)});
      }
    }
  }
  return stale;
}

CaseVerdict judgeCase(const Material &material, const std::vector<Way> &ways,
                      const std::stop_token &stop) {
  CaseVerdict verdict{material.name, material.features, {}, {}, {}};
  Reference reference(material);
  for (size_t i = 0; i < ways.size(); ++i) {
    verdict.verdicts.push_back(judgeTarget(material, ways[i], reference, stop));
    verdict.verdicts.back().way = i;
  }
  verdict.stale = staleOf(material, reference);
  return verdict;
}

} // namespace nirc::conformance
