//===- Plan.cpp - every choice made ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Plan.h"

#include "api/Advice.h"
#include "api/Execution.h"
#include "api/Silence.h"
#include "api/io/JsonText.h"
#include "api/io/Units.h"
#include "backends/FrontEnd.h"

#include <cmath>
#include <fmt/format.h>

namespace nirc {

/// Of what ranges are found from.
static nir::Status checkFinite(const nir::Recording &recording) {
  for (const nir::Trace &trace : recording.traces) {
    for (int64_t i = 0; nir::isFloat(trace.data.dtype()) && i < trace.data.size(); ++i) {
      if (!std::isfinite(trace.data.at(i))) {
        return nir::Error::usage(nir::Cause::InputValue,
                                 fmt::format("found {} in the calibration of input '{}', expected "
                                             "numbers",
                                             trace.data.at(i), trace.node));
      }
    }
  }
  return {};
}

nir::Result<Plan> Plan::make(const Model &model, const PlanOptions &options) {
  ExecutionOptions request;
  request.model = model.name();
  request.choices = options;
  if (model.options().timeUnit && !model.isClocked()) {
    request.reading.timeUnit = std::string(nir::name(*model.options().timeUnit));
  }
  auto network = std::make_shared<Network>(model.network());
  nir::Result<Choices> choices = choose(request, *network);
  if (!choices) {
    return choices.takeError().in(model.name());
  }
  if (nir::Status failed = convertTimes(request, choices->semantics.dtSeconds, *network)) {
    return std::move(*failed);
  }
  if (nir::Status bad =
          options.calibration ? checkFinite(options.calibration->input) : nir::Status()) {
    return std::move(*bad).in(model.name());
  }
  if (choices->quantization && options.calibration && !model.isClocked()) {
    choices->quantization->calibration = options.calibration;
  }
  nir::Result<std::vector<nir::Diagnostic>> advice = adviceFor(request, *network, *choices);
  if (!advice) {
    return advice.takeError();
  }
  if (nir::Status refused = refusal(*advice)) {
    return std::move(*refused).note(
        fmt::format("accept = {{\"{}\"}} goes on all the same", refused->code));
  }
  std::shared_ptr<FrontEnd> frontEnd =
      network->file.clocked ? network->file.clocked->frontEnd : std::make_shared<FrontEnd>();
  return Plan(std::make_shared<const Content>(
      Content{std::move(network), *std::move(choices), std::move(frontEnd), *std::move(advice)}));
}

const std::vector<nir::Diagnostic> &Plan::advice() const { return content->advice; }

std::string Plan::format() const {
  const std::optional<QuantizationOptions> &integers = content->choices.quantization;
  return integers ? integers->format.text() : "";
}

std::string Plan::text() const {
  return fmt::format("steps of {}, semantics {}, target {} in {}", secondsText(dtSeconds()),
                     semantics().text(), target().name(),
                     format().empty() ? std::string(nir::name(content->choices.dtype)) : format());
}

std::string Plan::json() const {
  return jsonText(provenanceOf({}, *content->network, content->choices, {}, {}), 2);
}

Job Plan::job() const {
  Job job = jobOf(*content->network, content->choices);
  job.frontEnd = content->frontEnd;
  return job;
}

std::optional<nir::Diagnostic> Plan::silence(const nir::Recording &input,
                                             const nir::Recording &output) const {
  if (input.traces.empty() || !isSilent(*content->network, output)) {
    return std::nullopt;
  }
  Inputs inputs;
  inputs.recording = input;
  inputs.recording.dtSeconds = dtSeconds();
  inputs.batched = true;
  inputs.batch = input.traces.front().data.shape()[0];
  inputs.steps = input.traces.front().data.shape()[1];
  return silenceHint(*content->network, content->choices, inputs, {});
}

nir::Result<Artifact> Plan::emit(const EmitOptions &options) const {
  return target().emit(job(), options);
}

nir::Result<Mapping> Plan::map(const MapOptions &options) const {
  return target().map(job(), options);
}

} // namespace nirc
