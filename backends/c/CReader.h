//===- CReader.h - functions and tables of a C text -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written without a look at who writes such texts, so that what it reads in them is what a compiler
// reads. Nothing is guessed: what it does not know is an error that names the line.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/c/CParser.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc::c {

/// A text of C, of which functions, tables and structs are read when they are asked for: nothing
/// need be known of the others.
class File {
public:
  /// An error where the text is not one of tokens and brackets in pairs.
  static nir::Result<File> read(std::string_view text, Typedefs typedefs = {});

  /// Fails if the file has no such function, or if the function holds something unknown.
  nir::Result<Function> function(std::string_view name) const;
  /// A constant array of integers.
  nir::Result<Table> table(std::string_view name) const;
  /// The arrays of a struct, and of what lies in it: "lif1_v", "signals.fc1.values". Other members
  /// are left out.
  nir::Result<std::map<std::string, Type, std::less<>>> arraysOf(std::string_view name) const;

private:
  explicit File(Typedefs typedefs) : typedefs(std::move(typedefs)) {}
  size_t behind(size_t bracket) const;
  nir::Status index();
  Parser parserAt(size_t token) const;

  Typedefs typedefs;
  std::vector<Token> tokens;
  std::vector<size_t> ends; ///< of each token that opens brackets, where they close
  std::map<std::string, size_t, std::less<>> functions; ///< the token of the name
  std::map<std::string, size_t, std::less<>> tables, structs;
};

} // namespace nirc::c
