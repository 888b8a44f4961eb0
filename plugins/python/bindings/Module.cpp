//===- Module.cpp - the module nirc._nirc ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Backends.h"
#include "backends/Target.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"
#include "plugins/python/bindings/Bindings.h"
#include "plugins/python/bindings/Errors.h"
#include "plugins/python/bindings/GraphTree.h"

#include <exception>
#include <pybind11/stl.h>
#include <utility>

namespace py = pybind11;

namespace nirc::python {

static py::list listOfTargets() {
  py::list out;
  for (const Target *target : targets()) {
    py::dict one;
    one["name"] = std::string(target->name());
    one["summary"] = std::string(target->summary());
    std::vector<std::string> primitives, dtypes, artifacts, options;
    const Constraints &constraints = target->describe();
    for (std::string_view primitive : constraints.primitives) {
      primitives.emplace_back(primitive);
    }
    for (nir::DType dtype : constraints.dtypes) {
      dtypes.emplace_back(nir::name(dtype));
    }
    for (const ArtifactKind &kind : target->artifacts()) {
      artifacts.emplace_back(kind.name);
    }
    for (const TargetOption &option : target->options()) {
      options.emplace_back(option.name);
    }
    one["primitives"] = primitives;
    one["dtypes"] = dtypes;
    one["artifacts"] = artifacts;
    one["options"] = options;
    one["maps"] = constraints.maps;
    out.append(one);
  }
  return out;
}

void bindTables(py::module_ &module) {
  module.def("targets", &listOfTargets);
  module.def("load_backend", [](const std::string &path) { orRaise(loadBackend(path)); });
  module.def("load_backends", [] { orRaise(loadBackendsOfEnvironment()); });
  module.attr("primitives") = primitives();
  module.def("presets", [] {
    py::list out;
    for (const nir::Preset &preset : nir::presets()) {
      out.append(py::make_tuple(std::string(preset.name), std::string(preset.summary),
                                std::string(preset.choices), std::string(preset.source)));
    }
    return out;
  });
  module.def("formats", [] {
    py::list out;
    for (const nir::FormatPreset &preset : nir::formatPresets()) {
      out.append(py::make_tuple(std::string(preset.name), std::string(preset.summary)));
    }
    return out;
  });
}

} // namespace nirc::python

PYBIND11_MODULE(_nirc, module) {
  using namespace nirc::python;
  module.doc() = "What the package nirc is made of. Its names are no interface.";
  module.attr("version") = NIRC_VERSION;
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      std::rethrow_exception(std::move(thrown));
    } catch (const py::cast_error &) { // pybind11 makes a RuntimeError of it
      PyErr_SetString(PyExc_TypeError,
                      "an argument, or a part of one, is of another type than expected");
    }
  });
  bindErrors(module);
  bindTables(module);
  bindModels(module);
  bindPrograms(module);
  bindSessions(module);
  bindAnalysis(module);
}
