//===- Grouped.h - large numbers for people ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>

namespace nirc {

/// "3,667": a count, rounded to a whole number.
std::string grouped(double count);

} // namespace nirc
