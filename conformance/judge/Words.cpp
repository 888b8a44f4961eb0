//===- Words.cpp - the words of a command, as a shell splits them --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Words.h"

#include <fmt/format.h>

namespace nirc::conformance {

nir::Result<std::vector<std::string>> wordsOf(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool isWord = false; // "" is one, too
  char quote = 0;
  for (size_t i = 0; i < command.size(); ++i) {
    char c = command[i];
    bool isBlank = c == ' ' || c == '\t' || c == '\n';
    if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
      char next = command[++i];
      // Within "…" it stands for itself before most characters.
      bool isPlain = quote == '"' && next != '"' && next != '\\';
      word += isPlain ? std::string{c, next} : std::string{next};
      isWord = true;
    } else if (quote ? c == quote : c == '\'' || c == '"') {
      quote = quote ? 0 : c;
      isWord = true;
    } else if (!quote && isBlank) {
      if (isWord) {
        words.push_back(std::move(word));
      }
      word.clear();
      isWord = false;
    } else {
      word += c;
      isWord = true;
    }
  }
  if (quote) {
    return nir::Error::usage(fmt::format("found a {} without its end in '{}'", quote, command));
  }
  if (isWord) {
    words.push_back(std::move(word));
  }
  if (words.empty()) {
    return nir::Error::usage("found an empty command, expected a program and its arguments");
  }
  return words;
}

std::vector<std::string> filled(std::vector<std::string> words,
                                const std::map<std::string, std::string> &values) {
  for (std::string &word : words) {
    std::string done;
    for (size_t i = 0; i < word.size();) {
      size_t end = word[i] == '{' ? word.find('}', i) : std::string::npos;
      auto value =
          end == std::string::npos ? values.end() : values.find(word.substr(i + 1, end - i - 1));
      bool isName = value != values.end();
      done += isName ? value->second : std::string{word[i]};
      i = isName ? end + 1 : i + 1;
    }
    word = std::move(done);
  }
  return words;
}

} // namespace nirc::conformance
