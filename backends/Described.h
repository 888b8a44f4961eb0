//===- Described.h - what artifacts say of themselves -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <string_view>

namespace nirc {

/// What is wrong with how an artifact says that it computes; empty where nothing is. It has come
/// from a file: what cannot be printed is shown as '?'.
std::string problemOf(std::string_view semantics, std::string_view format, double dtSeconds);

} // namespace nirc
