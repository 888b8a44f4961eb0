//===- ProgramBinding.cpp - programs and their runs for Python ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Program.h"
#include "api/io/Inputs.h"
#include "api/io/SavedData.h"
#include "ir/Wording.h"
#include "plugins/python/bindings/Arrays.h"
#include "plugins/python/bindings/Bindings.h"
#include "plugins/python/bindings/Errors.h"
#include "plugins/python/bindings/GraphTree.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace nirc::python {

void LongRun::look() {
  auto now = std::chrono::steady_clock::now();
  if (raised || now - last < std::chrono::milliseconds(20)) {
    return;
  }
  last = now;
  waitIfEnded();
  py::gil_scoped_acquire interpreter;
  if (PyErr_CheckSignals() != 0) {
    raised.emplace();
    source.request_stop();
  }
}

/// [T, B, ...] as [B, T, ...].
static py::object batchFirst(py::handle array) {
  py::object numpy = py::module_::import("numpy");
  return numpy.attr("ascontiguousarray")(numpy.attr("asarray")(array).attr("swapaxes")(0, 1));
}

GivenInputs inputsOf(py::handle given, const Ports &ports, const std::string &layoutName) {
  Layout layout = orRaise(layoutOf(layoutName));
  py::dict arrays;
  if (PyDict_Check(given.ptr())) {
    arrays = py::reinterpret_borrow<py::dict>(given);
  } else if (ports.size() == 1) {
    arrays[py::str(ports[0].first)] = given;
  } else {
    std::vector<std::string> names;
    for (const auto &[name, shape] : ports) {
      names.push_back(fmt::format("'{}' {}", name, nir::str(shape)));
    }
    raise(nir::Error::usage(nir::Cause::MissingInput,
                            fmt::format("found one array, expected a dict of one for each of {}",
                                        fmt::join(names, ", "))));
  }
  GivenInputs inputs;
  bool isFirst = true;
  for (auto [key, value] : arrays) {
    auto name = py::str(key).cast<std::string>();
    auto port = std::find_if(ports.begin(), ports.end(),
                             [&](const auto &one) { return one.first == name; });
    if (port == ports.end()) {
      raise(
          nir::Error::usage(nir::Cause::UnknownNode, fmt::format("no input is called '{}'", name)));
    }
    std::string what = fmt::format("the array for input '{}'", name);
    py::object array = py::reinterpret_borrow<py::object>(value);
    if (layout == Layout::StepsBatch) {
      array = batchFirst(array);
    }
    nir::Tensor tensor = viewOf(array, what, inputs.kept);
    bool batched = false;
    nir::Tensor fitted = orRaise(fitToPort(tensor, {name, port->second}, batched, what));
    auto dims = [](const nir::Tensor &data) { return std::pair(data.shape()[0], data.shape()[1]); };
    bool differs = !isFirst && (dims(fitted) != std::pair(inputs.batch, inputs.steps));
    if (differs) {
      raise(nir::Error::usage(nir::Cause::InputShape,
                              fmt::format("{} has {} and {}, expected {} and {} as the others",
                                          what, nir::counted(fitted.shape()[0], "sample"),
                                          nir::counted(fitted.shape()[1], "step"), inputs.batch,
                                          inputs.steps)));
    }
    std::tie(inputs.batch, inputs.steps) = dims(fitted);
    inputs.batched = inputs.batched || batched;
    isFirst = false;
    inputs.recording.traces.push_back({name, "value", std::move(fitted)});
  }
  return inputs;
}

static nir::Tensor withoutBatch(const nir::Tensor &data) {
  nir::Shape shape = data.shape();
  shape.erase(shape.begin());
  return {data.dtype(), std::move(shape), data.share()};
}

py::tuple tracesOf(const nir::Recording &recording, bool batched) {
  py::list traces, times;
  for (const nir::Trace &trace : recording.traces) {
    nir::Tensor data = batched ? trace.data : withoutBatch(trace.data);
    traces.append(py::make_tuple(trace.node, trace.observable, arrayOf(data, /*canBeWritten=*/true),
                                 trace.latency));
  }
  for (const nir::SpikeTimes &node : recording.times) {
    std::vector<int64_t> samples, neurons;
    std::vector<double> seconds;
    for (const nir::Spike &spike : node.spikes) {
      samples.push_back(spike.sample);
      neurons.push_back(spike.neuron);
      seconds.push_back(spike.seconds);
    }
    auto count = static_cast<int64_t>(samples.size());
    times.append(py::make_tuple(node.node, py::array_t<int64_t>(count, samples.data()),
                                py::array_t<int64_t>(count, neurons.data()),
                                py::array_t<double>(count, seconds.data())));
  }
  return py::make_tuple(traces, times);
}

static py::list tuplesOf(const std::vector<PortInfo> &ports) {
  py::list out;
  for (const PortInfo &port : ports) {
    out.append(py::make_tuple(port.node, port.observable, port.shape,
                              std::string(nir::name(port.dtype)), port.latency));
  }
  return out;
}

static py::dict infoOf(const Program &program) {
  const ProgramInfo &info = program.info();
  py::dict out;
  out["target"] = info.target;
  out["nirc"] = info.nirc;
  out["model"] = strOf(info.model);
  out["semantics"] = info.semantics;
  out["format"] = info.format;
  out["dtype"] = std::string(nir::name(info.dtype));
  out["dt"] = info.dtSeconds;
  out["text"] = text(info);
  out["inputs"] = tuplesOf(info.inputs);
  out["outputs"] = tuplesOf(info.outputs);
  out["records"] = tuplesOf(info.records);
  out["states"] = tuplesOf(info.states);
  return out;
}

static py::object profileOf(Program &program) {
  const Profile *profile = program.inside().profile();
  if (!profile) {
    return py::none();
  }
  py::dict out;
  py::list nodes, compilation, estimates, figures, rows;
  for (const Profile::Part &part : profile->compilation) {
    compilation.append(py::make_tuple(std::string(part.name), part.seconds));
  }
  for (const NodeProfile &node : profile->nodes) {
    py::dict one;
    one["node"] = node.node;
    one["kind"] = node.kind;
    one["seconds"] = node.seconds;
    if (node.counts) {
      one["events"] = node.events;
      one["elements"] = node.elements;
    }
    nodes.append(one);
  }
  for (const Estimate &one : profile->estimates) {
    estimates.append(
        py::make_tuple(one.name, one.unit, one.least, one.most, one.basis, one.source));
  }
  for (const StepFigure &one : profile->figures) {
    figures.append(py::make_tuple(one.name, one.of, one.mean, one.least, one.most));
  }
  for (const CountTable::Row &row : profile->counts.rows) {
    rows.append(py::make_tuple(row.node, row.values));
  }
  out["compilation"] = compilation;
  out["nodes"] = nodes;
  out["steps"] = profile->steps;
  out["seconds"] = profile->seconds;
  out["counts"] = py::make_tuple(profile->counts.names, rows);
  out["estimates"] = estimates;
  out["figures"] = figures;
  return out;
}

/// Whether there are outputs of spikes, and none is in them.
static bool isSilent(const ProgramInfo &info, const nir::Recording &recording) {
  bool areSpikes = false;
  for (size_t i = 0; i < info.outputs.size(); ++i) {
    const nir::Trace &trace = recording.traces[i];
    const auto *bytes = trace.data.bytes();
    areSpikes |= trace.observable == "spikes";
    if (std::any_of(bytes, bytes + trace.data.sizeInBytes(),
                    [](std::byte byte) { return byte != std::byte(0); })) {
      return false;
    }
  }
  return areSpikes;
}

/// (traces, times, why there is no spike or None). `plan`: of the program; None: nobody wants to
/// know why.
static py::tuple run(Program &program, const Plan *plan, py::handle given, int64_t steps,
                     int threads, const std::string &layout) {
  GivenInputs inputs = inputsOf(given, portsOf(program.info().inputs), layout);
  inputs.recording.dtSeconds = program.info().dtSeconds;
  LongRun longRun;
  RunOptions options;
  options.steps = steps;
  options.threads = threads;
  options.stop = longRun.token();
  options.progress = [&](int64_t, int64_t) { longRun.look(); };
  std::optional<nir::Result<nir::Recording>> recording;
  std::optional<nir::Diagnostic> silence;
  {
    Unlocked others;
    recording.emplace(program.run(inputs.recording, options));
    if (plan && *recording && isSilent(program.info(), **recording)) {
      silence = plan->silence(inputs.recording, **recording);
    }
  }
  longRun.rethrow();
  py::tuple traces = tracesOf(orRaise(*std::move(recording)), inputs.batched);
  return py::make_tuple(traces[0], traces[1],
                        silence ? py::object(tupleOf(*silence)) : py::object(py::none()));
}

static Program compile(const Plan &plan, bool profile, bool cache) {
  CompileOptions options{.profile = profile};
  options.cache = cache ? CacheOptions::ofEnvironment() : std::nullopt;
  std::optional<nir::Result<Program>> program;
  {
    Unlocked others;
    program.emplace(Program::compile(plan, options));
  }
  return orRaise(*std::move(program));
}

static Program load(const std::string &path,
                    const std::map<std::string, std::string, std::less<>> &settings, bool cache) {
  std::optional<nir::Result<Program>> program;
  {
    Unlocked others;
    program.emplace(
        Program::load(path, {cache ? CacheOptions::ofEnvironment() : std::nullopt, settings}));
  }
  return orRaise(*std::move(program));
}

void bindPrograms(py::module_ &module) {
  py::class_<Program>(module, "Program")
      .def_static("compile", &compile)
      .def_static("load", &load)
      .def("save",
           [](const Program &program, const std::string &path) {
             nir::Status failed;
             {
               Unlocked others;
               failed = program.save(path);
             }
             orRaise(failed);
           })
      .def_property_readonly("info", &infoOf)
      .def_property_readonly("profile", &profileOf)
      .def("run", &run)
      .def("start",
           [](const Program &program, int64_t batch) { return orRaise(program.start(batch)); });
}

} // namespace nirc::python
