//===- CParser.h - expressions and statements of C --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/c/CSyntax.h"
#include "backends/c/CTokens.h"

#include <map>
#include <optional>
#include <span>

namespace nirc::c {

/// Names of types beside those of C and stdint.h.
using Typedefs = std::map<std::string, Type, std::less<>>;

/// Reads by recursive descent. What it does not know it refuses; after the first error it reads
/// nothing more, and what it returned means nothing.
class Parser {
public:
  Parser(std::span<const Token> tokens, const Typedefs &typedefs)
      : tokens(tokens), typedefs(typedefs) {}

  /// The first error.
  const std::optional<nir::Error> &error() const { return failure; }
  bool failed() const { return failure.has_value(); }

  Expression expression();
  Statement statement();
  /// "uint16_t", "const struct population *"; of a pointer, what it points to is forgotten.
  Type type();
  bool startsType() const;

  const Token &peek(size_t ahead = 0) const;
  bool has(std::string_view text, size_t ahead = 0) const;
  bool take(std::string_view text);
  void expect(std::string_view text);
  std::string takeName();
  /// A number as it stands in a list of numbers, with its sign.
  int64_t signedNumber();
  void refuse(const std::string &found, const std::string &expected);
  void skip(size_t count) { at = std::min(at + count, tokens.size() - 1); }
  size_t place() const { return at; }

private:
  Expression binary(int level);
  Expression unary();
  Expression postfix();
  Expression primary();
  Expression number();
  Expression literal(const std::string &text, int line);
  Expression suffixed();
  std::vector<Expression> arguments();
  Statement block();
  Statement declaration();
  Statement simple();
  Statement branch();
  Statement forLoop();

  std::span<const Token> tokens;
  const Typedefs &typedefs;
  size_t at = 0;
  std::optional<nir::Error> failure;
};

} // namespace nirc::c
