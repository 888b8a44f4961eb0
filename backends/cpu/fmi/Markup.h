//===- Markup.h - texts in XML and HTML -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <string_view>

namespace nirc::cpu {

/// UTF-8 without what XML 1.0 or a name of FMI cannot have: a control character or a character that
/// is none is written as \u000A.
std::string nameForMarkup(std::string_view text);

/// The same as content or as the value of an attribute.
std::string escaped(std::string_view text);

} // namespace nirc::cpu
