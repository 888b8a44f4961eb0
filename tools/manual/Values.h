//===- Values.h - what the value of an option can be ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// What completion offers as the value of an option or an argument. Nothing in it: a number or a
/// text of which nothing is known.
struct Values {
  struct Word {
    std::string name, meaning; ///< the meaning may be empty
    bool operator==(const Word &) const = default;
  };
  /// What stands after a comma, as reset=subtract; without words any value can follow.
  struct Field {
    std::string name, meaning;
    std::vector<Word> words;
    bool operator==(const Field &) const = default;
  };
  std::vector<Word> words = {};
  bool isList = false;            ///< several words with commas between them
  std::vector<Field> fields = {}; ///< after one of the words, or alone
  /// Endings of files, ".npy"; what stands before the last = or : is kept, as in in=x.npy.
  std::vector<std::string> endings = {};
  bool isPath = false;   ///< files and folders of any name
  bool isFolder = false; ///< folders alone
  bool operator==(const Values &) const = default;
};

/// Of an option ("--target") or argument ("model") of a command; nothing where nobody has said what
/// its values are.
std::optional<Values> valuesOf(const std::string &command, const std::string &option);

} // namespace nirc
