//===- PythonText.cpp - texts and numbers as Python has them --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/python/PythonText.h"

#include "ir/Utf8.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

std::string nirc::pythonText(const std::string &text) {
  bool isText = nir::isUtf8(text);
  std::string literal = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      literal += '\\';
      literal += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
               (static_cast<unsigned char>(c) >= 0x80 && !isText)) {
      literal += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      literal += c;
    }
  }
  return literal + '"';
}

std::string nirc::pythonTuple(const nir::Shape &shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

std::string nirc::pythonNumber(double number) {
  if (!std::isfinite(number)) {
    return fmt::format("float(\"{}\")", number);
  }
  std::string digits = fmt::format("{}", number);
  return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
}
