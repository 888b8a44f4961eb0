//===- Errors.h - errors as Python's exceptions -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <pybind11/pybind11.h>

namespace nirc::python {

/// Raises the exception of nirc.errors that its cause is.
[[noreturn]] void raise(const nir::Error &error);

/// The value, or the exception.
template <typename T>
T orRaise(nir::Result<T> result) {
  if (!result) {
    raise(result.error());
  }
  return *std::move(result);
}
inline void orRaise(const nir::Status &failed) {
  if (failed) {
    raise(*failed);
  }
}

/// (severity, code, message, node, file, notes, text), of which nirc.Diagnostic is made.
pybind11::tuple tupleOf(const nir::Diagnostic &diagnostic);

/// Before a thread asks for the interpreter: once that has ended, it waits here for the process to
/// end.
void waitIfEnded();

/// Leaves the interpreter to other threads while it lives. pybind11's own ends the process where a
/// daemon thread comes back after the interpreter has ended; this one waits for the end with it.
class Unlocked {
public:
  Unlocked() : state(PyEval_SaveThread()) {}
  Unlocked(const Unlocked &) = delete;
  Unlocked &operator=(const Unlocked &) = delete;
  ~Unlocked();

private:
  PyThreadState *state;
};

void bindErrors(pybind11::module_ &module);

} // namespace nirc::python
