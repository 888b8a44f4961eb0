//===- Errors.cpp - errors as Python's exceptions -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plugins/python/bindings/Errors.h"

#include "ir/Cause.h"

#include <unistd.h>

namespace py = pybind11;

namespace nirc::python {

static py::str text(std::string_view bytes) {
  // Names of nodes and files are of any bytes.
  PyObject *made =
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "backslashreplace");
  return py::reinterpret_steal<py::str>(made);
}

py::tuple tupleOf(const nir::Diagnostic &diagnostic) {
  py::list notes;
  for (const nir::Note &note : diagnostic.notes) {
    notes.append(py::make_tuple(text(note.node), text(note.message)));
  }
  return py::make_tuple(text(nir::name(diagnostic.severity)), text(diagnostic.code),
                        text(diagnostic.message), text(diagnostic.node), text(diagnostic.file),
                        std::move(notes), text(diagnostic.str()));
}

void raise(const nir::Error &error) {
  static constexpr const char *kinds[] = {"input", "usage", "internal"};
  py::object made = py::module_::import("nirc.errors")
                        .attr("_make")(kinds[static_cast<size_t>(error.kind)], *tupleOf(error));
  PyErr_SetObject(reinterpret_cast<PyObject *>(Py_TYPE(made.ptr())), made.ptr());
  throw py::error_already_set();
}

void waitIfEnded() {
  while (_Py_IsFinalizing()) {
    pause();
  }
}

Unlocked::~Unlocked() {
  waitIfEnded();
  PyEval_RestoreThread(state);
}

void bindErrors(py::module_ &module) {
  py::list causes;
  for (const nir::CauseKind &kind : nir::causeKinds()) {
    causes.append(py::make_tuple(text(kind.code), text(kind.group), text(kind.summary),
                                 text(kind.found), text(kind.why), text(kind.fix)));
  }
  module.attr("causes") = std::move(causes);
}

} // namespace nirc::python
