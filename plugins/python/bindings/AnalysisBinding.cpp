//===- AnalysisBinding.cpp - comparing and matching for Python ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/MatchArrays.h"
#include "api/compare/Difference.h"
#include "api/io/ReadResults.h"
#include "plugins/python/bindings/Arrays.h"
#include "plugins/python/bindings/Bindings.h"
#include "plugins/python/bindings/Errors.h"

#include <fmt/format.h>
#include <future>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace nirc::python {

//===----------------------------------------------------------------------===//
// compare
//===----------------------------------------------------------------------===//

/// Of (dt, [(node, observable, array [batch, T, ...])]).
static nir::Recording recordingOf(py::handle given, std::vector<py::object> &kept) {
  auto parts = given.cast<py::tuple>();
  nir::Recording recording{parts[0].cast<double>(), {}};
  for (py::handle each : parts[1]) {
    auto trace = each.cast<py::tuple>();
    auto node = trace[0].cast<std::string>(), observable = trace[1].cast<std::string>();
    nir::Tensor data = viewOf(trace[2], fmt::format("'{}' of '{}'", observable, node), kept);
    if (data.rank() < 2) {
      raise(nir::Error::usage(nir::Cause::NotComparable,
                              fmt::format("'{}' of '{}' has shape {}, expected samples, steps, and "
                                          "the shape of the node",
                                          observable, node, nir::str(data.shape()))));
    }
    recording.traces.push_back({node, observable, std::move(data)});
  }
  return recording;
}

static py::object divergenceOf(const std::optional<Divergence> &first) {
  if (!first) {
    return py::none();
  }
  return py::make_tuple(first->sample, first->step, first->element, first->base, first->other);
}

static py::tuple compare(py::handle base, py::handle other, double tolerance) {
  std::vector<py::object> kept;
  nir::Recording first = recordingOf(base, kept), second = recordingOf(other, kept);
  DifferenceOptions options;
  options.tolerance = tolerance;
  std::optional<nir::Result<Difference>> made;
  {
    Unlocked others;
    made.emplace(differenceOf(first, second, options));
  }
  Difference difference = orRaise(*std::move(made));
  py::list traces;
  for (const TraceDifference &trace : difference.traces) {
    py::dict out;
    out["node"] = trace.node;
    out["observable"] = trace.observable;
    out["shape"] = py::tuple(py::cast(trace.shape));
    out["is_spikes"] = trace.isSpikes;
    out["unequal"] = trace.unequal;
    out["first"] = divergenceOf(trace.first);
    out["spikes"] = py::make_tuple(trace.baseSpikes, trace.otherSpikes);
    out["van_rossum"] = py::cast(trace.vanRossum);
    out["victor_purpura"] = py::cast(trace.victorPurpura);
    out["cosine"] = trace.cosine;
    out["largest"] = trace.largest;
    traces.append(out);
  }
  return py::make_tuple(difference.equal(), traces, difference.onlyInBase, difference.onlyInOther);
}

/// (dt, traces, whether they have a dimension of samples) of a file or folder of results.
static py::tuple readResult(const std::string &path) {
  std::optional<nir::Result<ReadResult>> read;
  {
    Unlocked others;
    read.emplace(readResults(path));
  }
  ReadResult result = orRaise(*std::move(read));
  double dt = result.recording.dtSeconds;
  py::tuple traces = tracesOf(result.recording, /*batched=*/true);
  return py::make_tuple(dt, traces[0], result.batched);
}

//===----------------------------------------------------------------------===//
// match
//===----------------------------------------------------------------------===//

static py::dict dictOf(const MatchReport &report, const Candidate &candidate) {
  py::dict out;
  out["semantics"] = candidate.semantics;
  out["preset"] = candidate.preset;
  out["changed"] = candidate.changed;
  out["refusal"] = candidate.refusal;
  out["shift"] = candidate.shift;
  if (candidate.runs()) {
    Agreement total = candidate.total();
    out["matches"] = candidate.isFull();
    out["expected"] = total.expected;
    out["agree"] = total.agree;
    out["extra"] = total.extra;
    out["values"] = total.values;
    out["unequal"] = total.unequal;
    out["largest"] = total.largest;
    out["first"] = divergenceOf(total.first);
    out["undecided"] = report.undecided(candidate);
  }
  return out;
}

/// What is recorded, in the order given: (node, observable, array).
static std::vector<ExpectedSource> sourcesOf(py::handle expected) {
  std::vector<ExpectedSource> sources;
  for (py::handle each : expected) {
    auto parts = each.cast<py::tuple>();
    ExpectedSource source{parts[0].cast<std::string>(), parts[1].cast<std::string>(), "the array"};
    source.array = copyOf(parts[2], "what is expected");
    sources.push_back(std::move(source));
  }
  return sources;
}

static py::tuple match(const Model &model, py::handle given, py::handle expected,
                       const std::string &dt, const std::string &layout, int64_t maxShift,
                       std::optional<double> tolerance, std::optional<size_t> vary) {
  PlanOptions options;
  options.dt = dt;
  GivenInputs inputs = inputsOf(given, portsOf(model.inputs()), layout);
  MatchOptions how;
  how.maxShift = maxShift;
  how.tolerance = tolerance;
  how.varied = vary.value_or(how.varied);
  how.layout = orRaise(layoutOf(layout));
  how.otherDType = nir::DType::F64;
  std::vector<ExpectedSource> sources = sourcesOf(expected);
  LongRun longRun;
  Manner manner;
  manner.stop = longRun.token();
  std::optional<nir::Result<MatchReport>> made;
  {
    Unlocked others;
    auto work = std::async(std::launch::async, [&] {
      return matchArrays(model, options, inputs.recording, sources, how, manner);
    });
    // Only this thread is told of signals, and the runs are on others.
    while (work.wait_for(std::chrono::milliseconds(25)) != std::future_status::ready) {
      longRun.look();
    }
    made.emplace(work.get());
  }
  longRun.rethrow();
  MatchReport report = orRaise(*std::move(made));
  py::list candidates, refused, best;
  for (const Candidate &candidate : report.candidates) {
    candidates.append(dictOf(report, candidate));
  }
  for (const Candidate &candidate : report.refused) {
    refused.append(dictOf(report, candidate));
  }
  for (const Candidate *candidate : report.best()) {
    best.append(candidate->semantics);
  }
  return py::make_tuple(report.matches(), best, candidates, refused, report.target,
                        std::string(nir::name(report.dtype)));
}

void bindAnalysis(py::module_ &module) {
  module.def("compare", &compare);
  module.def("read_result", &readResult);
  module.def("match", &match);
}

} // namespace nirc::python
