//===- FormatsView.h - what is said of number formats -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/NumberFormat.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// One field of a format.
struct FieldView {
  const nir::FormatField *field;
  std::string value;
  std::string meaning; ///< of the field with this value
  bool differs;        ///< from "int8"
};

/// Every field, in the order of the table.
std::vector<FieldView> fieldsOf(const nir::NumberFormat &format);

/// What is known of the preset that a format starts from; of q<m>.<n> too.
struct PresetView {
  std::string_view summary, source; ///< the source may be empty
};
PresetView presetOf(const nir::NumberFormat &format);

/// For people, on a terminal.
void printFormatList();
void printFormat(const nir::NumberFormat &format);
/// The tables of docs/formats.md.
void printFormatMarkdown();

} // namespace nirc
