//===- Described.cpp - what artifacts say of themselves -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Described.h"

#include "ir/choices/Choices.h"
#include "ir/choices/NumberFormat.h"

#include <cmath>
#include <fmt/format.h>

static std::string printed(std::string text) {
  for (char &c : text) {
    c = c >= ' ' && c <= '~' ? c : '?';
  }
  return text;
}

std::string nirc::problemOf(std::string_view semantics, std::string_view format, double dtSeconds) {
  if (nir::Result<nir::Semantics> read = nir::semanticsOf(semantics); !read) {
    return "of its semantics: " + printed(read.error().message);
  }
  if (!format.empty()) {
    if (nir::Result<nir::NumberFormat> read = nir::numberFormatOf(format); !read) {
      return "of its format: " + printed(read.error().message);
    }
  }
  if (!std::isfinite(dtSeconds) || dtSeconds <= 0) {
    return fmt::format("its steps are of {} s, expected a positive number", dtSeconds);
  }
  return {};
}
