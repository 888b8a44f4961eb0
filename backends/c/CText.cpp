//===- CText.cpp - names, numbers and comments of C -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/c/CText.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

#include <cmath>
#include <fmt/format.h>

using namespace llvm;

namespace nirc::cpu {

/// Names that the generated functions use.
static bool isUsed(StringRef name) {
  static const StringSet<> used = {"copy_channels", "copy_counts", "copy_spikes", "net",
                                   "state",         "step",        "steps",       "values"};
  return used.contains(name);
}

/// Keywords of C11 and C++20, and names that compilers or headers define as macros; `main` is the
/// example's.
static bool isReserved(StringRef name) {
  // clang-format off: a list by column would have a line a word
  static const StringSet<> reserved = {
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
      "case", "catch", "char", "char16_t", "char32_t", "char8_t", "class", "co_await",
      "co_return", "co_yield", "compl", "concept", "const", "const_cast", "consteval",
      "constexpr", "constinit", "continue", "decltype", "default", "delete", "do",
      "double", "dynamic_cast", "else", "enum", "eof", "errno", "explicit", "export", "extern",
      "false", "float", "for", "friend", "goto", "i386", "if", "infinity", "inline", "int",
      "int16_t", "int32_t", "int64_t", "int8_t", "linux", "long", "main", "memcpy", "memset",
      "mutable", "namespace", "nan", "new", "noexcept", "not", "not_eq", "null",
      "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register",
      "reinterpret_cast", "requires", "restrict", "return", "short", "signed", "size_t",
      "sizeof", "static", "static_assert", "static_cast", "stderr", "stdin", "stdout",
      "struct", "switch", "template", "this", "thread_local", "throw", "true",
      "try", "typedef", "typeid", "typename", "typeof", "uint16_t", "uint32_t", "uint64_t",
      "uint8_t", "union", "unix", "unsigned", "using", "virtual", "void", "volatile",
      "wchar_t", "while", "xor", "xor_eq"};
  // clang-format on
  return reserved.contains(name);
}

/// The character at the front of `text`, which it takes off; -1 for a byte that is not UTF-8.
static int takeCharacter(StringRef &text) {
  const auto *at = reinterpret_cast<const UTF8 *>(text.begin());
  const UTF8 *start = at;
  UTF32 character = 0;
  if (convertUTF8Sequence(&at, reinterpret_cast<const UTF8 *>(text.end()), &character,
                          strictConversion) != conversionOK) {
    text = text.drop_front();
    return -1;
  }
  text = text.drop_front(at - start);
  return static_cast<int>(character);
}

std::string prefixFor(StringRef text) {
  constexpr size_t longest = 48;
  std::string name;
  while (!text.empty() && name.size() < longest) {
    int character = takeCharacter(text);
    bool ascii = character < 0x80;
    if (!ascii) {
      name += fmt::format("u{:x}", character);
    } else if (character > 0 && isAlnum(static_cast<char>(character))) {
      name += static_cast<char>(character);
    } else if (!StringRef(name).ends_with("_")) { // two in a row are reserved in C++
      name += '_';
    }
  }
  name.resize(std::min(name.size(), longest));
  if (name.empty() || name[0] == '_') {
    name.insert(0, "n");
  } else if (isDigit(name[0])) {
    name.insert(0, "n_");
  }
  return isReserved(StringRef(name).lower()) ? name + "_" : name;
}

std::string identifierFor(StringRef text) {
  std::string name = prefixFor(text);
  return isUsed(StringRef(name).lower()) ? name + "_" : name;
}

std::string Identifiers::add(StringRef text) {
  std::string first = identifierFor(text), name = first;
  for (int number = 2; !taken.insert(StringRef(name).lower()).second; ++number) {
    name = fmt::format("{}_{}", first, number);
  }
  return name;
}

std::string commentText(StringRef text) {
  std::string out;
  while (!text.empty()) {
    StringRef rest = text;
    int character = takeCharacter(rest);
    StringRef bytes = text.drop_back(rest.size());
    if (character < 0) {
      out += fmt::format("<{:02X}>", static_cast<unsigned char>(bytes[0]));
    } else if (!sys::unicode::isPrintable(character)) {
      out += fmt::format("<U+{:04X}>", character);
    } else if (bytes == "/" && (StringRef(out).ends_with("*") || rest.starts_with("*"))) {
      out += "|"; // neither an end nor a start of a comment
    } else {
      out += bytes;
    }
    text = rest;
  }
  return out;
}

std::string stringLiteral(StringRef text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\' || c == '?') { // ??/ is a backslash
      out += {'\\', c};
    } else if (isPrint(c)) {
      out += c;
    } else {
      out += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
  }
  return out + "\"";
}

std::string numberLiteral(const APFloat &number) {
  bool single = &number.getSemantics() == &APFloat::IEEEsingle();
  const char *suffix = single ? "f" : "";
  double value = single ? number.convertToFloat() : number.convertToDouble();
  if (number.isNaN()) {
    return single ? "NAN" : "(double)NAN";
  }
  if (number.isInfinity()) {
    std::string text = single ? "INFINITY" : "(double)INFINITY";
    return number.isNegative() ? "-" + text : text;
  }
  // Multiples of 1/8 below 1000 take a few digits, and compilers read these exactly.
  if (std::fabs(value) < 1000 && value * 8 == std::floor(value * 8)) {
    std::string text = fmt::format("{}", value);
    return text + (text.find('.') == std::string::npos ? ".0" : "") + suffix;
  }
  return fmt::format("{:a}{}", value, suffix);
}

} // namespace nirc::cpu
