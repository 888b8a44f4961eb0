//===- Error.cpp - diagnostics as text ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Error.h"

#include <fmt/format.h>

namespace nir {

static std::string line(const std::string &file, const char *kind, const std::string &node,
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
  std::string text = line(file, severity == Severity::Error ? "error" : "warning", node, message);
  for (const Note &note : notes) {
    text += "\n" + line(file, "note", note.node, note.message);
  }
  return text;
}

} // namespace nir
