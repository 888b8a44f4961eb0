//===- Terminal.cpp -------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/text/Terminal.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace nirc {

int64_t terminalWidth(FILE *file, int64_t otherwise) {
  winsize size{};
  bool known = ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : otherwise;
}

bool hasColour(FILE *file) {
  const char *none = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
  bool isDumb = !terminal || std::string_view(terminal) == "dumb";
  return !(none && *none) && !isDumb && isatty(fileno(file)) != 0;
}

std::string coloured(const std::string &diagnostic) {
  // As compilers have it: bold red, magenta and cyan.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> severities = {
      {{"error: ", "1;31"}, {"warning: ", "1;35"}, {"note: ", "1;36"}}};
  std::string text;
  for (size_t begin = 0; begin <= diagnostic.size();) {
    size_t end = std::min(diagnostic.find('\n', begin), diagnostic.size());
    std::string line = diagnostic.substr(begin, end - begin);
    size_t at = std::string::npos;
    for (const auto &[word, colour] : severities) {
      size_t found = line.find(word);
      bool isWord =
          found == 0 || (found != std::string::npos && line.compare(found - 2, 2, ": ") == 0);
      if (isWord && found < at) {
        at = found;
        line = fmt::format("{}\x1b[{}m{}\x1b[0m {}", line.substr(0, found), colour,
                           word.substr(0, word.size() - 1), line.substr(found + word.size()));
      }
    }
    text += line;
    text += end < diagnostic.size() ? "\n" : "";
    begin = end + 1;
  }
  return text;
}

} // namespace nirc
