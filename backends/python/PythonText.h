//===- PythonText.h - texts and numbers as Python has them ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <string>

namespace nirc {

/// The text as a literal of Python. Bytes that are not UTF-8 are escaped one by one.
std::string pythonText(const std::string &text);

/// The shape as a tuple of Python: "(2, 34, 34)", "(3,)".
std::string pythonTuple(const nir::Shape &shape);

/// The number as a literal of Python, which reads the same bits.
std::string pythonNumber(double number);

} // namespace nirc
