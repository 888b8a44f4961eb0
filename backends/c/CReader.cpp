//===- CReader.cpp - functions and tables of a C text ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/c/CReader.h"

#include <fmt/format.h>

using namespace nirc::c;

static bool isSign(const Token &token, std::string_view text) {
  return token.kind == Token::Kind::Sign && token.text == text;
}

nir::Result<File> File::read(std::string_view text, Typedefs typedefs) {
  nir::Result<std::vector<Token>> tokens = tokensOf(text);
  if (!tokens) {
    return tokens.takeError();
  }
  File file(std::move(typedefs));
  file.tokens = *std::move(tokens);
  if (nir::Status wrong = file.index()) {
    return std::move(*wrong);
  }
  return file;
}

/// What stands at the top: `name (` ... `) {` is a function, `name [` ... `] = {` a table, and
/// `struct name {` a struct.
nir::Status File::index() {
  std::vector<size_t> open;
  ends.assign(tokens.size(), 0);
  for (size_t i = 0; i < tokens.size(); ++i) {
    for (auto [opens, closes] : {std::pair("(", ")"), {"[", "]"}, {"{", "}"}}) {
      if (isSign(tokens[i], opens)) {
        open.push_back(i);
      } else if (isSign(tokens[i], closes)) {
        if (open.empty() || !isSign(tokens[open.back()], opens)) {
          return errorAt(tokens[i].line, fmt::format("found '{}' that closes nothing", closes));
        }
        ends[open.back()] = i;
        open.pop_back();
      }
    }
  }
  if (!open.empty()) {
    return errorAt(tokens[open.back()].line,
                   fmt::format("found '{}' that nothing closes", tokens[open.back()].text));
  }
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    size_t end = ends[i + 1];
    bool isName = tokens[i].kind == Token::Kind::Name;
    if (isName && isSign(tokens[i + 1], "(") && isSign(tokens[end + 1], "{")) {
      functions.emplace(tokens[i].text, i);
    } else if (isName && isSign(tokens[i + 1], "[") && isSign(tokens[end + 1], "=")) {
      tables.emplace(tokens[i].text, i);
    } else if (isName && isSign(tokens[i + 1], "{") && i > 0 && tokens[i - 1].text == "struct") {
      structs.emplace(tokens[i].text, i + 1);
    }
    if (end > 0 && tokens[i].kind != Token::Kind::Text) { // not of extern "C" {
      i = end;
    }
  }
  return {};
}

Parser File::parserAt(size_t token) const { return {std::span(tokens).subspan(token), typedefs}; }

/// Past qualifiers to where a declaration starts.
static size_t startOf(std::span<const Token> tokens, size_t name) {
  while (name > 0 && !isSign(tokens[name - 1], ";") && !isSign(tokens[name - 1], "}")) {
    --name;
  }
  return name;
}

nir::Result<Function> File::function(std::string_view name) const {
  auto found = functions.find(name);
  if (found == functions.end()) {
    return nir::Error(nir::Cause::NotComparable, fmt::format("found no function '{}'", name));
  }
  Parser parser = parserAt(found->second + 1);
  Function made{std::string(name), {}, {}};
  parser.expect("(");
  while (!parser.failed() && !parser.has(")")) {
    Type type = parser.type();
    if (type.name == "void" && !type.isPointer && parser.has(")")) {
      break;
    }
    made.parameters.push_back({std::move(type), parser.takeName()});
    if (!parser.take(",")) {
      break;
    }
  }
  parser.expect(")");
  if (!parser.failed()) {
    made.body = parser.statement();
  }
  if (parser.failed()) {
    return *parser.error();
  }
  return made;
}

nir::Result<Table> File::table(std::string_view name) const {
  auto found = tables.find(name);
  if (found == tables.end()) {
    return nir::Error(nir::Cause::NotComparable, fmt::format("found no constant array '{}'", name));
  }
  Parser parser = parserAt(startOf(tokens, found->second));
  Table made{parser.type(), {}};
  parser.takeName();
  parser.expect("[");
  int64_t count = parser.signedNumber();
  parser.expect("]");
  parser.expect("=");
  parser.expect("{");
  while (!parser.failed() && !parser.has("}")) {
    made.numbers.push_back(parser.signedNumber());
    if (!parser.take(",")) {
      break;
    }
  }
  parser.expect("}");
  if (!parser.failed() && (!made.type.isInteger() || count != std::ssize(made.numbers))) {
    return errorAt(tokens[found->second].line,
                   fmt::format("found {} numbers of type {} in '{}', expected {} integers",
                               made.numbers.size(), made.type.name, name, count));
  }
  if (parser.failed()) {
    return *parser.error();
  }
  return made;
}

/// The members up to the closing bracket.
static void readMembers(Parser &parser, const std::string &path,
                        std::map<std::string, Type, std::less<>> &arrays) {
  while (!parser.failed() && !parser.has("}")) {
    bool isNested = (parser.has("struct") || parser.has("union")) && parser.has("{", 1);
    if (isNested) {
      parser.skip(2);
      std::map<std::string, Type, std::less<>> inner;
      readMembers(parser, "", inner);
      parser.expect("}");
      std::string name = parser.takeName();
      for (auto &[member, type] : inner) {
        arrays.emplace(fmt::format("{}{}.{}", path, name, member), std::move(type));
      }
    } else {
      Type type = parser.type();
      std::string name = parser.takeName();
      if (parser.take("[")) {
        parser.signedNumber();
        parser.expect("]");
        arrays.emplace(path + name, std::move(type));
      }
    }
    parser.expect(";");
  }
}

nir::Result<std::map<std::string, Type, std::less<>>> File::arraysOf(std::string_view name) const {
  auto found = structs.find(name);
  if (found == structs.end()) {
    return nir::Error(nir::Cause::NotComparable, fmt::format("found no struct '{}'", name));
  }
  Parser parser = parserAt(found->second);
  std::map<std::string, Type, std::less<>> arrays;
  parser.expect("{");
  readMembers(parser, "", arrays);
  parser.expect("}");
  if (parser.failed()) {
    return *parser.error();
  }
  return arrays;
}
