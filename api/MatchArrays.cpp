//===- MatchArrays.cpp - whose spikes these are, in memory ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/MatchArrays.h"

#include "api/Advice.h"
#include "ir/recording/RunInput.h"

namespace nirc {

/// The arrays of the network's Inputs, all of one batch and length.
static nir::Result<Inputs> inputsOf(const Network &network, const nir::Recording &input,
                                    double dtSeconds) {
  std::vector<nir::Entry> entries;
  for (const InputPort &port : network.inputs()) {
    entries.push_back({port.node, port.shape});
  }
  nir::Extent extent;
  nir::Result<std::vector<nir::Drive>> drives =
      nir::matchInput(entries, input, /*steps=*/0, extent);
  if (!drives) {
    return drives.takeError();
  }
  Inputs inputs;
  inputs.recording = input;
  inputs.recording.dtSeconds = dtSeconds;
  inputs.batched = true;
  inputs.batch = extent.batch;
  inputs.steps = extent.steps;
  return inputs;
}

nir::Result<MatchReport> matchArrays(const Model &model, const PlanOptions &options,
                                     const nir::Recording &input,
                                     const std::vector<ExpectedSource> &expected, MatchOptions how,
                                     const Manner &manner) {
  if (model.isClocked()) {
    return nir::Error::usage(nir::Cause::SettledChoice,
                             "is a clocked network, whose semantics is settled")
        .in(model.name());
  }
  ExecutionOptions request;
  request.model = model.name();
  request.choices = options;
  request.choices.semantics = "nir"; // the file's own is one of many
  if (model.options().timeUnit) {
    request.reading.timeUnit = std::string(nir::name(*model.options().timeUnit));
  }
  Network network = model.network();
  nir::Result<Choices> base = choose(request, network);
  if (!base) {
    return base.takeError().in(model.name());
  }
  double dt = base->semantics.dtSeconds;
  if (nir::Status failed = convertTimes(request, dt, network)) {
    return std::move(*failed);
  }
  nir::Result<std::vector<nir::Diagnostic>> advice = adviceFor(request, network, *base);
  if (!advice) {
    return advice.takeError();
  }
  for (const nir::Diagnostic &diagnostic : *advice) {
    if (!findAdvice(diagnostic.code) && diagnostic.severity == nir::Severity::Error) {
      nir::Error error; // a late edge that cannot be
      static_cast<nir::Diagnostic &>(error) = diagnostic;
      return error;
    }
  }
  nir::Result<Inputs> inputs = inputsOf(network, input, dt);
  if (!inputs) {
    return inputs.takeError();
  }
  nir::Result<std::vector<Expected>> recordings =
      loadExpected(expected, network, *inputs, how, uint64_t(1) << 34);
  if (!recordings) {
    return recordings.takeError();
  }
  if (options.target.empty() && options.dtype.empty()) {
    takeQuickTarget(network, *inputs, *base);
    how.otherDType = how.otherDType.value_or(nir::DType::F64);
  }
  return match(network, *base, *inputs, *std::move(recordings), how, manner);
}

} // namespace nirc
