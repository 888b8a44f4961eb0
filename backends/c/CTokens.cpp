//===- CTokens.cpp - the words of a C text --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/c/CTokens.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

using namespace nirc::c;

nir::Error nirc::c::errorAt(int line, const std::string &message) {
  return {nir::Cause::NotComparable, fmt::format("line {}: {}", line, message)};
}

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// The longest first.
constexpr std::array<std::string_view, 47> signs = {
    "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=",
    "&&",  "||",  "+=",  "-=", "*=", "/=", "%=", "&=", "|=", "^=", "(",  ")",
    "[",   "]",   "{",   "}",  ".",  "&",  "*",  "+",  "-",  "~",  "!",  "/",
    "%",   "<",   ">",   "^",  "|",  "?",  ":",  ";",  "=",  ",",  "#"};

class Lexer {
public:
  explicit Lexer(std::string_view text) : text(text) {}

  nir::Result<std::vector<Token>> all();

private:
  bool has(std::string_view what) const { return text.substr(at).starts_with(what); }
  char next() const { return at < text.size() ? text[at] : '\0'; }
  void skipLine();
  /// Past blanks, comments and lines for the preprocessor; an error where a comment has no end.
  nir::Status skip();
  void add(Token::Kind kind, size_t length);
  /// How long the string literal is that begins here; 0: it has no end.
  size_t literalLength() const;

  std::string_view text;
  size_t at = 0;
  int line = 1;
  bool startsLine = true;
  std::vector<Token> tokens;
};

} // namespace

void Lexer::add(Token::Kind kind, size_t length) {
  tokens.push_back({kind, std::string(text.substr(at, length)), line});
  at += length;
  startsLine = false;
}

/// A backslash before the end makes the next line a part of it.
void Lexer::skipLine() {
  for (; at < text.size() && text[at] != '\n'; ++at) {
    if (has("\\\n")) {
      ++at;
      ++line;
    }
  }
}

nir::Status Lexer::skip() {
  while (at < text.size()) {
    if (has("/*")) {
      size_t end = text.find("*/", at + 2);
      if (end == std::string_view::npos) {
        return errorAt(line, "found a comment without an end");
      }
      line += static_cast<int>(std::count(text.begin() + static_cast<ptrdiff_t>(at),
                                          text.begin() + static_cast<ptrdiff_t>(end), '\n'));
      at = end + 2;
    } else if (has("//") || (startsLine && has("#"))) {
      skipLine();
    } else if (next() == '\n') {
      ++line;
      ++at;
      startsLine = true;
    } else if (next() == ' ' || next() == '\t' || next() == '\r') {
      ++at;
    } else {
      break;
    }
  }
  return {};
}

size_t Lexer::literalLength() const {
  for (size_t end = at + 1; end < text.size() && text[end] != '\n'; ++end) {
    if (text[end] == text[at]) {
      return end + 1 - at;
    }
    end += text[end] == '\\' ? 1 : 0;
  }
  return 0;
}

nir::Result<std::vector<Token>> Lexer::all() {
  while (true) {
    if (nir::Status wrong = skip()) {
      return std::move(*wrong);
    }
    if (at == text.size()) {
      break;
    }
    size_t length = 1;
    if (isLetter(next())) {
      while (at + length < text.size() &&
             (isLetter(text[at + length]) || isDigit(text[at + length]))) {
        ++length;
      }
      add(Token::Kind::Name, length);
      continue;
    }
    if (isDigit(next())) { // a number of the preprocessor, which the reader takes apart
      auto isPart = [&](char c, char before) {
        bool isExponent = before == 'e' || before == 'E' || before == 'p' || before == 'P';
        return isLetter(c) || isDigit(c) || c == '.' || (isExponent && (c == '+' || c == '-'));
      };
      while (at + length < text.size() && isPart(text[at + length], text[at + length - 1])) {
        ++length;
      }
      add(Token::Kind::Number, length);
      continue;
    }
    if (next() == '"' || next() == '\'') {
      length = literalLength();
      if (length == 0) {
        return errorAt(line, "found a literal without an end");
      }
      add(Token::Kind::Text, length);
      continue;
    }
    const auto *sign =
        std::ranges::find_if(signs, [&](std::string_view each) { return has(each); });
    if (sign == signs.end()) {
      return errorAt(line, fmt::format("found the byte {:#04x}, expected C",
                                       static_cast<unsigned char>(next())));
    }
    add(Token::Kind::Sign, sign->size());
  }
  tokens.push_back({Token::Kind::End, "the end", line});
  return std::move(tokens);
}

nir::Result<std::vector<Token>> nirc::c::tokensOf(std::string_view text) {
  return Lexer(text).all();
}
