//===- Arrays.h - numbers of NumPy and of nirc ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <pybind11/numpy.h>

namespace nirc::python {

/// A copy of any array that NumPy can bring to numbers that nirc has. `what` stands for it in the
/// error.
nir::Tensor copyOf(pybind11::handle array, const std::string &what);
/// The array's own memory where its numbers lie in a row, else a copy. `keep` holds what has to
/// live as long as the tensor: it is not the tensor that does.
nir::Tensor viewOf(pybind11::handle array, const std::string &what,
                   std::vector<pybind11::object> &keep);

/// An array over the tensor's memory, which it keeps. Only who has the tensor alone may ask for one
/// that can be written.
pybind11::array arrayOf(const nir::Tensor &tensor, bool canBeWritten);

} // namespace nirc::python
