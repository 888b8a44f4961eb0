//===- Fit.cpp - whether a semantics gives what a simulator gave ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Fit.h"

#include "api/compare/Agreement.h"
#include "conformance/judge/Targets.h"
#include "ir/choices/Choices.h"

#include <algorithm>

namespace nirc::conformance {

static nir::Semantics stepped(double dtSeconds) { return nir::Semantics(dtSeconds); }

Answered::Answered(const Material &material, const Answer &answer, const AnswerOptions &options)
    : material(material), answer(answer), options(options),
      relevance(material.model.graph(), stepped(material.dtSeconds())) {}

Fits Answered::fits(const nir::Semantics &semantics) {
  std::string key = relevance.keyOf(semantics);
  {
    std::lock_guard<std::mutex> guard(lock);
    if (auto found = known.find(key); found != known.end()) {
      return found->second;
    }
  }
  Fits fits = compute(semantics);
  std::lock_guard<std::mutex> guard(lock);
  return known.emplace(std::move(key), fits).first->second;
}

/// Whether nothing but 0 is in these steps of every sample.
static bool isSilent(const nir::Tensor &data, int64_t from, int64_t to) {
  int64_t steps = data.shape()[1], samples = data.shape()[0];
  int64_t width = samples * steps == 0 ? 0 : data.size() / samples / steps;
  for (int64_t sample = 0; sample < samples; ++sample) {
    for (int64_t i = (sample * steps + from) * width; i < (sample * steps + to) * width; ++i) {
      if (data.at(i) != 0.0) {
        return false;
      }
    }
  }
  return true;
}

/// A trace of the answer and of a run, where the answer comes `shift` steps later.
static Fit fitOf(const nir::Tensor &given, const nir::Tensor &run, bool isSpikes, int64_t shift,
                 double tolerance) {
  int64_t steps = given.shape()[1], late = std::clamp<int64_t>(shift, 0, steps);
  Agreement agreement = isSpikes ? agreementOf(SpikeList::of(given), SpikeList::of(run), shift)
                                 : agreementOf(given, run, shift, tolerance);
  Fit fit;
  fit.agrees = agreement.isFull() && isSilent(given, 0, late);
  int64_t early = std::clamp<int64_t>(-shift, 0, steps);
  fit.explains = fit.agrees && (shift == 0 || !isSilent(given, late, steps - early));
  double values = static_cast<double>(agreement.values);
  fit.share = isSpikes       ? agreement.share()
              : values > 0.0 ? 1.0 - static_cast<double>(agreement.unequal) / values
                             : 0.0;
  return fit;
}

Fits Answered::compute(const nir::Semantics &semantics) const {
  Fits fits = {};
  nir::Result<nir::Recording> run =
      runWay(material, {*findTarget("reference"), "f64", "", semantics.text(), {}});
  if (!run || !answer.given) {
    return fits;
  }
  std::vector<ModelPort> ports = material.model.outputs();
  for (int64_t shift = -mostShift; shift <= mostShift; ++shift) {
    Fit all{true, false, 0.0};
    double weight = 0.0;
    for (const nir::Trace &given : answer.given->traces) {
      bool isOutput = std::any_of(ports.begin(), ports.end(),
                                  [&](const ModelPort &port) { return port.node == given.node; });
      const nir::Trace *trace = run->find(given.node, given.observable);
      if (!trace || trace->data.size() != given.data.size()) {
        all.agrees = false;
        continue;
      }
      bool isSpikes = given.observable == "spikes";
      double tolerance = toleranceOf(*trace, options.tolerance);
      Fit fit = fitOf(given.data, trace->data, isSpikes, shift, tolerance);
      if (!isOutput && !fit.agrees) { // what is recorded inside may be on time
        fit = fitOf(given.data, trace->data, isSpikes, 0, tolerance);
        fit.explains = false;
      }
      all.agrees = all.agrees && fit.agrees;
      all.explains = all.explains || fit.explains;
      all.share += fit.share;
      weight += 1.0;
    }
    all.explains = all.explains && all.agrees;
    all.share = weight > 0.0 ? all.share / weight : 0.0;
    fits[static_cast<size_t>(shift + mostShift)] = all;
  }
  return fits;
}

} // namespace nirc::conformance
