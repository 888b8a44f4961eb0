//===- CSyntax.h - what a C text says ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The part of C11 that the writers of C use, as CReader.h reads it. Plain data, without MLIR and
// without anything of those who write.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nirc::c {

/// A type of numbers, or one of which only the name is known.
struct Type {
  int bits = 0; ///< 1, 8, 16, 32 or 64 of an integer; 0: it is none
  bool isSigned = false;
  bool isPointer = false;
  std::string name = {}; ///< "uint32_t"

  bool isInteger() const { return bits > 0 && !isPointer; }
  bool operator==(const Type &) const = default;
};

/// An integer of that many bits; of one bit it is a `bool`.
Type integerType(int bits, bool isSigned);

struct Expression {
  enum class Kind { Number, Name, Member, Index, Unary, Cast, Binary, Conditional, Call };
  Kind kind = Kind::Number;
  std::string text = {};           ///< a name, an operator, or a member with its "." or "->"
  Type type = {};                  ///< of a number, and what a cast makes
  uint64_t number = 0;             ///< its bits
  std::vector<Expression> of = {}; ///< operands, or the arguments of a call
  int line = 0;
};

struct Statement {
  enum class Kind { Block, Declare, Assign, Evaluate, If, For, While, Return, Break, Continue };
  Kind kind = Kind::Block;
  int line = 0;
  std::string text = {};            ///< the name that is declared; of an assignment "=", "+=", ...
  Type type = {};                   ///< that is declared
  int64_t elements = 0;             ///< of an array that is declared; 0: it is none
  std::vector<Expression> of = {};  ///< Declare: what it starts with, if anything. Assign: what is
                                    ///< changed, and the right side. If, For, While: the condition.
                                    ///< Return: the value, if any
  std::vector<Statement> body = {}; ///< Block, While: all. If: then, and else if there is one.
                                    ///< For: the start, the step and a block
};

struct Parameter {
  Type type;
  std::string name;
};

struct Function {
  std::string name;
  std::vector<Parameter> parameters;
  Statement body;
};

/// A constant array and its numbers, each with its sign.
struct Table {
  Type type; ///< of an element
  std::vector<int64_t> numbers;
};

/// The expression on one line with all its parentheses, so that two are the same where these are:
/// "net->lif1_v[((i * 9) + j)]".
std::string textOf(const Expression &expression);

} // namespace nirc::c
