//===- CParser.cpp - expressions and statements of C ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The grammar is that of C11, 6.5 and 6.8, without commas, assignments within expressions, and what
// no writer here uses. It knows nothing of those who write.

#include "backends/c/CParser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <limits>

using namespace nirc::c;

Type nirc::c::integerType(int bits, bool isSigned) {
  return {bits, isSigned, false,
          bits == 1 ? "bool" : fmt::format("{}int{}_t", isSigned ? "" : "u", bits)};
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

const Token &Parser::peek(size_t ahead) const {
  return tokens[std::min(at + ahead, tokens.size() - 1)];
}

bool Parser::has(std::string_view text, size_t ahead) const {
  const Token &token = peek(ahead);
  return token.text == text && token.kind != Token::Kind::Text && token.kind != Token::Kind::End;
}

bool Parser::take(std::string_view text) {
  if (failed() || !has(text)) {
    return false;
  }
  skip(1);
  return true;
}

void Parser::refuse(const std::string &found, const std::string &expected) {
  if (!failed()) {
    failure = errorAt(peek().line, fmt::format("found {}, expected {}", found, expected));
    at = tokens.size() - 1;
  }
}

void Parser::expect(std::string_view text) {
  if (!take(text)) {
    refuse(fmt::format("'{}'", peek().text), fmt::format("'{}'", text));
  }
}

std::string Parser::takeName() {
  if (failed() || peek().kind != Token::Kind::Name) {
    refuse(fmt::format("'{}'", peek().text), "a name");
    return {};
  }
  std::string name = peek().text;
  skip(1);
  return name;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Of size_t: that of a machine of 64 bits; a number of it is an index.
static const std::map<std::string, Type, std::less<>> &knownTypes() {
  static const std::map<std::string, Type, std::less<>> known = {
      {"bool", integerType(1, false)},    {"_Bool", integerType(1, false)},
      {"int8_t", integerType(8, true)},   {"uint8_t", integerType(8, false)},
      {"int16_t", integerType(16, true)}, {"uint16_t", integerType(16, false)},
      {"int32_t", integerType(32, true)}, {"uint32_t", integerType(32, false)},
      {"int64_t", integerType(64, true)}, {"uint64_t", integerType(64, false)},
      {"int", integerType(32, true)},     {"unsigned", integerType(32, false)},
      {"size_t", integerType(64, false)}, {"ptrdiff_t", integerType(64, true)},
      {"void", {.name = "void"}},         {"float", {.name = "float"}},
      {"double", {.name = "double"}},     {"char", {.name = "char"}},
      {"long", {.name = "long"}},         {"short", {.name = "short"}},
      {"signed", {.name = "signed"}}};
  return known;
}

static bool isQualifier(std::string_view text) {
  return text == "const" || text == "restrict" || text == "static" || text == "inline" ||
         text == "volatile";
}

bool Parser::startsType() const {
  const Token &token = peek();
  return token.kind == Token::Kind::Name &&
         (isQualifier(token.text) || token.text == "struct" || token.text == "union" ||
          knownTypes().contains(token.text) || typedefs.contains(token.text));
}

Type Parser::type() {
  Type found;
  while (isQualifier(peek().text)) {
    skip(1);
  }
  if (take("struct") || take("union")) {
    found.name = takeName();
  } else if (auto known = knownTypes().find(peek().text); known != knownTypes().end()) {
    found = known->second;
    skip(1);
    take("int"); // "unsigned int"
  } else if (auto defined = typedefs.find(peek().text); defined != typedefs.end()) {
    found = defined->second;
    skip(1);
  } else {
    refuse(fmt::format("'{}'", peek().text), "a type");
  }
  while (!failed() && (isQualifier(peek().text) || has("*"))) {
    found.isPointer |= has("*");
    skip(1);
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// The first type of C11, 6.4.4.1 that holds it, as int has 32 bits and long long 64. `long` has no
/// width of its own, and no one here writes it.
Expression Parser::literal(const std::string &text, int line) {
  std::string_view digits = text;
  bool isHex = digits.starts_with("0x") || digits.starts_with("0X");
  digits.remove_prefix(isHex ? 2 : 0);
  Expression made{.line = line};
  auto [end, wrong] = std::from_chars(digits.begin(), digits.end(), made.number, isHex ? 16 : 10);
  std::string suffix(end, digits.end());
  std::ranges::transform(suffix, suffix.begin(), [](char c) {
    return c == 'u' ? 'U' : c == 'l' ? 'L' : c;
  });
  bool isLong = suffix == "LL" || suffix == "ULL" || suffix == "LLU";
  bool isUnsigned = suffix.starts_with('U') || suffix.ends_with('U');
  bool isOctal = !isHex && digits[0] == '0' && end - digits.begin() > 1;
  if (wrong != std::errc() || isOctal || !(suffix.empty() || suffix == "U" || isLong)) {
    refuse(fmt::format("the number {}", text), "an integer, decimal or hexadecimal");
    return made;
  }
  for (int bits : {32, 64}) {
    for (bool isSigned : {true, false}) {
      bool isLarge = (made.number >> (bits - 1) >> (isSigned ? 0 : 1)) != 0;
      bool mayBe = isSigned ? !isUnsigned : isUnsigned || isHex;
      if (mayBe && !isLarge && (bits == 64 || !isLong)) {
        made.type = integerType(bits, isSigned);
        return made;
      }
    }
  }
  refuse(fmt::format("the number {}", text), "one of 64 bits");
  return made;
}

Expression Parser::number() {
  Token token = peek();
  skip(1);
  return literal(token.text, token.line);
}

/// INT32_C(5) and the like: the number in the promoted type of that width.
Expression Parser::suffixed() {
  bool isSigned = peek().text[0] == 'I';
  bool isWide = peek().text.find("64") != std::string::npos;
  int line = peek().line;
  skip(1);
  expect("(");
  bool isNegative = take("-");
  if (failed() || peek().kind != Token::Kind::Number) {
    refuse(fmt::format("'{}'", peek().text), "a number");
    return {};
  }
  std::string text = peek().text;
  text += isSigned ? "" : "U";
  text += isWide ? "LL" : "";
  skip(1);
  Expression made = literal(text, line);
  expect(")");
  if (isNegative) {
    return {Expression::Kind::Unary, "-", {}, 0, {std::move(made)}, line};
  }
  return made;
}

int64_t Parser::signedNumber() {
  bool isNegative = take("-");
  Expression found;
  if (peek().kind == Token::Kind::Number) {
    found = number();
  } else if (has("(", 1) && peek().text.ends_with("_C")) {
    found = suffixed();
  } else {
    refuse(fmt::format("'{}'", peek().text), "a number");
  }
  auto value = static_cast<int64_t>(found.number);
  return isNegative ? -value : value;
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

namespace {
constexpr std::array<std::array<std::string_view, 4>, 10> levels = {{{"||"},
                                                                     {"&&"},
                                                                     {"|"},
                                                                     {"^"},
                                                                     {"&"},
                                                                     {"==", "!="},
                                                                     {"<", ">", "<=", ">="},
                                                                     {"<<", ">>"},
                                                                     {"+", "-"},
                                                                     {"*", "/", "%"}}};
} // namespace

Expression Parser::expression() {
  Expression condition = binary(0);
  if (!has("?") || failed()) {
    return condition;
  }
  int line = peek().line;
  skip(1);
  Expression yes = expression();
  expect(":");
  Expression no = expression();
  return {Expression::Kind::Conditional,
          "?",
          {},
          0,
          {std::move(condition), std::move(yes), std::move(no)},
          line};
}

Expression Parser::binary(int level) {
  if (level == static_cast<int>(levels.size())) {
    return unary();
  }
  Expression left = binary(level + 1);
  while (!failed()) {
    const auto &of = levels[static_cast<size_t>(level)];
    bool isHere = peek().kind == Token::Kind::Sign &&
                  std::ranges::find(of, std::string_view(peek().text)) != of.end();
    if (!isHere) {
      break;
    }
    Token sign = peek();
    skip(1);
    Expression right = binary(level + 1);
    left = {
        Expression::Kind::Binary, sign.text, {}, 0, {std::move(left), std::move(right)}, sign.line};
  }
  return left;
}

Expression Parser::unary() {
  Token token = peek();
  if (token.kind == Token::Kind::Sign) {
    for (std::string_view sign : {"-", "~", "!", "+"}) {
      if (take(sign)) {
        return {Expression::Kind::Unary, token.text, {}, 0, {unary()}, token.line};
      }
    }
    if (has("(")) {
      skip(1);
      bool isCast = startsType();
      if (isCast) {
        Type to = type();
        expect(")");
        return {Expression::Kind::Cast, "", std::move(to), 0, {unary()}, token.line};
      }
      at -= 1;
    }
  }
  return postfix();
}

std::vector<Expression> Parser::arguments() {
  std::vector<Expression> all;
  while (!failed() && !has(")")) {
    all.push_back(expression());
    if (!take(",")) {
      break;
    }
  }
  expect(")");
  return all;
}

Expression Parser::postfix() {
  Expression value = primary();
  while (!failed()) {
    Token token = peek();
    if (take("[")) {
      Expression index = expression();
      expect("]");
      value = {
          Expression::Kind::Index, "[]", {}, 0, {std::move(value), std::move(index)}, token.line};
    } else if (take("->") || take(".")) {
      value = {
          Expression::Kind::Member, token.text + takeName(), {}, 0, {std::move(value)}, token.line};
    } else if (value.kind == Expression::Kind::Name && take("(")) {
      value = {Expression::Kind::Call, value.text, {}, 0, arguments(), token.line};
    } else {
      break;
    }
  }
  return value;
}

Expression Parser::primary() {
  Token token = peek();
  if (take("(")) {
    Expression inner = expression();
    expect(")");
    return inner;
  }
  if (token.kind == Token::Kind::Number) {
    return number();
  }
  if (token.kind == Token::Kind::Name) {
    bool isTrue = token.text == "true";
    if (isTrue || token.text == "false") {
      skip(1);
      return {Expression::Kind::Number, "", integerType(1, false),
              isTrue ? 1U : 0U,         {}, token.line};
    }
    for (std::string_view macro : {"INT32_C", "UINT32_C", "INT64_C", "UINT64_C"}) {
      if (token.text == macro) {
        return suffixed();
      }
    }
    if (token.text != "sizeof") {
      return {Expression::Kind::Name, takeName(), {}, 0, {}, token.line};
    }
  }
  refuse(fmt::format("'{}'", token.text), "an expression");
  return {};
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

Statement Parser::block() {
  Statement made{.kind = Statement::Kind::Block, .line = peek().line};
  expect("{");
  while (!failed() && !has("}")) {
    made.body.push_back(statement());
  }
  expect("}");
  return made;
}

Statement Parser::declaration() {
  Statement made{.kind = Statement::Kind::Declare, .line = peek().line};
  made.type = type();
  made.text = takeName();
  if (take("[")) {
    made.elements = signedNumber();
    expect("]");
  }
  if (take("=")) {
    made.of.push_back(expression());
  }
  return made;
}

/// An assignment, a step or a call, without its semicolon.
Statement Parser::simple() {
  Statement made{.kind = Statement::Kind::Assign, .line = peek().line};
  for (std::string_view sign : {"++", "--"}) {
    if (take(sign)) {
      made.text = sign == "++" ? "+=" : "-=";
      made.of.push_back(postfix());
      made.of.push_back({.type = integerType(32, true), .number = 1, .line = made.line});
      return made;
    }
  }
  made.of.push_back(expression());
  for (std::string_view sign :
       {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}) {
    if (take(sign)) {
      made.text = sign;
      made.of.push_back(expression());
      return made;
    }
  }
  made.kind = Statement::Kind::Evaluate;
  return made;
}

Statement Parser::branch() {
  Statement made{.kind = Statement::Kind::If, .line = peek().line};
  expect("if");
  expect("(");
  made.of.push_back(expression());
  expect(")");
  made.body.push_back(statement());
  if (take("else")) {
    made.body.push_back(statement());
  }
  return made;
}

Statement Parser::forLoop() {
  Statement made{.kind = Statement::Kind::For, .line = peek().line};
  expect("for");
  expect("(");
  Statement empty{.line = made.line};
  made.body.push_back(has(";") ? empty : startsType() ? declaration() : simple());
  expect(";");
  if (!has(";")) {
    made.of.push_back(expression());
  }
  expect(";");
  made.body.push_back(has(")") ? empty : simple());
  expect(")");
  made.body.push_back(block());
  return made;
}

Statement Parser::statement() {
  using enum Statement::Kind;
  int line = peek().line;
  if (has("{")) {
    return block();
  }
  if (has("if")) {
    return branch();
  }
  if (has("for")) {
    return forLoop();
  }
  if (take("while")) {
    expect("(");
    Statement made{.kind = While, .line = line, .of = {expression()}};
    expect(")");
    made.body.push_back(block());
    return made;
  }
  for (std::string_view word : {"switch", "do", "goto", "case", "default"}) {
    if (has(word)) {
      refuse(fmt::format("'{}'", word), "a declaration, an assignment, if, for or while");
    }
  }
  Statement made{.line = line};
  if (take("break")) {
    made.kind = Break;
  } else if (take("continue")) {
    made.kind = Continue;
  } else if (take("return")) {
    made.kind = Return;
    if (!has(";")) {
      made.of.push_back(expression());
    }
  } else {
    made = startsType() ? declaration() : simple();
  }
  expect(";");
  return made;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::string nirc::c::textOf(const Expression &e) {
  using enum Expression::Kind;
  auto in = [&](size_t i) { return textOf(e.of[i]); };
  switch (e.kind) {
  case Number:
    return std::to_string(e.number);
  case Name:
    return e.text;
  case Member:
    return in(0) + e.text;
  case Index:
    return fmt::format("{}[{}]", in(0), in(1));
  case Unary:
    return fmt::format("({}{})", e.text, in(0));
  case Cast:
    return fmt::format("({}){}", e.type.name, in(0));
  case Binary:
    return fmt::format("({} {} {})", in(0), e.text, in(1));
  case Conditional:
    return fmt::format("({} ? {} : {})", in(0), in(1), in(2));
  case Call:
    break;
  }
  std::string text;
  for (size_t i = 0; i < e.of.size(); ++i) {
    text += (i > 0 ? ", " : "") + in(i);
  }
  return fmt::format("{}({})", e.text, text);
}
