//===- ModelBinding.cpp - models and plans for Python ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Execution.h"
#include "api/FileCheck.h"
#include "api/Model.h"
#include "api/Plan.h"
#include "api/io/Files.h"
#include "api/io/Totals.h"
#include "ir/Wording.h"
#include "ir/file/Writer.h"
#include "plugins/python/bindings/Arrays.h"
#include "plugins/python/bindings/Bindings.h"
#include "plugins/python/bindings/Errors.h"
#include "plugins/python/bindings/GraphTree.h"

#include <algorithm>
#include <fmt/format.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace nirc::python {

static py::list listOf(const std::vector<nir::Diagnostic> &diagnostics) {
  py::list out;
  for (const nir::Diagnostic &diagnostic : diagnostics) {
    out.append(tupleOf(diagnostic));
  }
  return out;
}

static ModelOptions modelOptions(const std::string &timeUnit) {
  ModelOptions options;
  if (!timeUnit.empty()) {
    options.timeUnit = orRaise(nir::timeUnitOf(timeUnit));
  }
  return options;
}

static nir::Result<ModelFile> load(const std::string &path) {
  Unlocked others;
  return loadModel(path, {}, Clocked::Refused);
}

static py::tuple read(const std::string &path) { return treeOf(orRaise(load(path)).model); }

static void write(const std::string &path, py::handle tree) {
  nir::Model model = modelOf(tree);
  nir::Status failed;
  {
    Unlocked others;
    failed = nir::write(model, path);
  }
  orRaise(failed);
}

/// (ok, diagnostics, notes on who wrote it and its time, totals or None).
static py::tuple check(py::handle subject, const std::string &name, const std::string &dt,
                       const std::string &semantics, const std::string &timeUnit,
                       const std::vector<std::string> &accept) {
  ModelFile file{name, "memory", {}};
  if (PyBytes_Check(subject.ptr())) { // a path
    nir::Result<ModelFile> loaded = load(subject.cast<std::string>());
    if (!loaded && loaded.error().kind == nir::ErrorKind::Usage) {
      raise(loaded.error());
    }
    if (!loaded) {
      return py::make_tuple(false, listOf({loaded.error()}), py::list(), py::none());
    }
    file = *std::move(loaded);
  } else {
    file.model = modelOf(subject);
  }
  ChoiceOptions choices;
  choices.semantics = semantics;
  choices.accept = accept;
  FileCheck found = orRaise(checkFile(file, choices, {dt, "", timeUnit, {}}));
  py::object totals = py::none();
  if (found.isGraph) {
    Totals all = totalsOf(file.model.graph, found.checked);
    py::dict dict;
    dict["nodes"] = all.nodes;
    dict["edges"] = all.edges;
    dict["neurons"] = all.neurons;
    dict["parameters"] = all.parameters;
    totals = dict;
  }
  return py::make_tuple(found.checked.ok(), listOf(found.checked.diagnostics),
                        listOf(readingNotes(found.reading, file.path)), totals);
}

static void bindModel(py::module_ &module) {
  py::class_<Model>(module, "Model")
      .def_static("open",
                  [](const std::string &path, const std::string &timeUnit) {
                    ModelOptions options = modelOptions(timeUnit);
                    std::optional<nir::Result<Model>> model;
                    {
                      Unlocked others;
                      model.emplace(Model::open(path, options));
                    }
                    return orRaise(*std::move(model));
                  })
      .def_static("of_tree",
                  [](py::handle tree, const std::string &name, const std::string &timeUnit) {
                    return orRaise(Model::fromModel(modelOf(tree), name, modelOptions(timeUnit)));
                  })
      .def_property_readonly("name", [](const Model &model) { return strOf(model.name()); })
      .def_property_readonly("is_clocked", &Model::isClocked)
      .def_property_readonly("text", &Model::text)
      .def_property_readonly("inputs", [](const Model &model) { return portsOf(model.inputs()); })
      .def_property_readonly("outputs", [](const Model &model) { return portsOf(model.outputs()); })
      .def_property_readonly("diagnostics",
                             [](const Model &model) { return listOf(model.diagnostics()); })
      .def("tree", [](const Model &model) { return treeOf(model.network().file.model); });
}

static py::dict mappingOf(const Mapping &mapping) {
  auto routes = [](const std::vector<Mapping::Route> &all) {
    py::list out;
    for (const Mapping::Route &route : all) {
      out.append(py::make_tuple(route.to, route.sources));
    }
    return out;
  };
  py::list cores, resources;
  for (const Mapping::Core &core : mapping.cores) {
    py::list neurons;
    for (const Mapping::Neurons &some : core.neurons) {
      py::list ranges;
      for (const Mapping::Range &range : some.ranges) {
        ranges.append(py::make_tuple(range.first, range.end));
      }
      neurons.append(py::make_tuple(some.node, ranges));
    }
    py::dict out;
    out["chip"] = core.chip;
    out["column"] = core.column;
    out["row"] = core.row;
    out["neurons"] = neurons;
    out["routes"] = routes(core.routes);
    out["used"] = core.used;
    cores.append(out);
  }
  for (const Resource &resource : mapping.resources) {
    resources.append(py::make_tuple(resource.name, resource.limit));
  }
  py::dict out;
  out["target"] = mapping.target;
  out["columns"] = mapping.grid.columns;
  out["rows"] = mapping.grid.rows;
  out["resources"] = resources;
  out["cores"] = cores;
  out["inputs"] = routes(mapping.inputs);
  out["least_cores"] = mapping.leastCores;
  return out;
}

static Plan makePlan(const Model &model, const py::dict &options) {
  PlanOptions plan;
  auto text = [&](const char *key, std::string &to) {
    to = options.contains(key) ? options[key].cast<std::string>() : to;
  };
  text("dt", plan.dt);
  text("semantics", plan.semantics);
  text("target", plan.target);
  text("dtype", plan.dtype);
  text("format", plan.format);
  text("fold", plan.fold);
  plan.record = options["record"].cast<std::vector<std::string>>();
  plan.accept = options["accept"].cast<std::vector<std::string>>();
  plan.settings = options["settings"].cast<std::map<std::string, std::string, std::less<>>>();
  plan.balanceLatency = options["balance_latency"].cast<bool>();
  if (py::object given = options["calibrate"]; !given.is_none()) {
    GivenInputs inputs =
        inputsOf(given, portsOf(model.inputs()), options["layout"].cast<std::string>());
    for (nir::Trace &trace : inputs.recording.traces) { // which outlives the arrays
      auto [copy, bytes] = nir::Tensor::allocate(trace.data.dtype(), trace.data.shape());
      std::copy_n(trace.data.bytes(), trace.data.sizeInBytes(), bytes);
      trace.data = copy;
    }
    plan.calibration = std::make_shared<Calibration>(
        Calibration{std::move(inputs.recording),
                    fmt::format("arrays, {} of {}", nir::counted(inputs.batch, "sample"),
                                nir::counted(inputs.steps, "step"))});
  }
  std::optional<nir::Result<Plan>> made;
  {
    Unlocked others;
    made.emplace(Plan::make(model, plan));
  }
  return orRaise(*std::move(made));
}

static py::tuple emit(const Plan &plan, const std::string &kind, const std::string &name,
                      const std::string &cpu, const std::string &triple) {
  std::optional<nir::Result<Artifact>> made;
  {
    Unlocked others;
    made.emplace(plan.emit({kind, name, cpu, triple}));
  }
  Artifact artifact = orRaise(*std::move(made));
  py::list files;
  for (const Artifact::File &file : artifact.files) {
    files.append(py::make_tuple(file.name, py::bytes(file.bytes)));
  }
  return py::make_tuple(files, artifact.summary, artifact.renamed);
}

static void bindPlan(py::module_ &module) {
  py::class_<Plan>(module, "Plan")
      .def_static("make", &makePlan)
      .def_property_readonly("dt", &Plan::dtSeconds)
      .def_property_readonly("target",
                             [](const Plan &plan) { return std::string(plan.target().name()); })
      .def_property_readonly("format", &Plan::format)
      .def_property_readonly("text", &Plan::text)
      .def_property_readonly("json", &Plan::json)
      .def_property_readonly("advice", [](const Plan &plan) { return listOf(plan.advice()); })
      .def("emit", &emit)
      .def("map", [](const Plan &plan, bool shareCores) {
        std::optional<nir::Result<Mapping>> mapping;
        {
          Unlocked others;
          mapping.emplace(plan.map({shareCores}));
        }
        return mappingOf(orRaise(*std::move(mapping)));
      });
}

void bindModels(py::module_ &module) {
  module.def("read", &read);
  module.def("write", &write);
  module.def("check", &check);
  module.def("write_file", [](const std::string &path, const std::string &bytes) {
    orRaise(writeFile(path, bytes));
  });
  bindModel(module);
  bindPlan(module);
}

} // namespace nirc::python
