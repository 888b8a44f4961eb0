//===- Error.cpp - diagnostics as text ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Error.h"

#include <fmt/format.h>

namespace nir {

std::string_view name(Severity severity) {
  static constexpr std::string_view names[] = {"error", "warning", "note"};
  return names[static_cast<size_t>(severity)];
}

static std::string line(const std::string &file, std::string_view kind, const std::string &node,
                        const std::string &message) {
  std::string text;
  if (!file.empty()) {
    text += file + ": ";
  }
  text += kind;
  text += ": ";
  if (!node.empty()) {
    text += fmt::format("node '{}': ", node);
  }
  return text + message;
}

std::string Diagnostic::str() const {
  std::string text = line(file, name(severity), node, message);
  for (const Note &note : notes) {
    text += "\n" + line(file, "note", note.node, note.message);
  }
  return text;
}

} // namespace nir
