//===- Wrapped.h - text in lines --------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nirc {

/// The words in lines of at most `width` columns, each after `indent` spaces. Ends of lines stay.
std::string wrapped(std::string_view text, size_t indent, size_t width = 100);

} // namespace nirc
