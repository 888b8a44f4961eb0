//===- MutateText.cpp - texts and bytes, damaged one place at a time ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/Mutate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

namespace nir::test {

namespace {
struct Piece {
  size_t at, length;
};
} // namespace

/// Where the words of `words` stand in the text.
static std::vector<Piece> find(const std::string &text, const std::vector<std::string> &words) {
  std::vector<Piece> found;
  for (const std::string &word : words) {
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      found.push_back({at, word.size()});
    }
  }
  return found;
}

static std::vector<Piece> numbersIn(const std::string &text) {
  std::vector<Piece> found;
  for (size_t at = 0; at < text.size(); ++at) {
    auto isDigit = [&](size_t i) {
      return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]));
    };
    if (!isDigit(at) || text.compare(at, 2, "0x") == 0) {
      continue;
    }
    size_t end = at;
    while (isDigit(end)) {
      ++end;
    }
    found.push_back({at, end - at});
    at = end;
  }
  return found;
}

static size_t lineStart(const std::string &text, size_t at) {
  size_t before = text.rfind('\n', at);
  return before == std::string::npos ? 0 : before + 1;
}

static std::string replacePiece(std::string &text, const Piece &piece, const std::string &by) {
  std::string was = text.substr(piece.at, piece.length);
  text.replace(piece.at, piece.length, by);
  return fmt::format("'{}' at {} became '{}'", was, piece.at, by);
}

/// One of the words that stand in the text becomes another of them.
static std::string swapWord(std::string &text, Random &random,
                            const std::vector<std::string> &words) {
  std::vector<Piece> found = find(text, words);
  return found.empty() ? "nothing" : replacePiece(text, random.pick(found), random.pick(words));
}

std::string mutateText(std::string &text, Random &random) {
  static const std::vector<std::string> numbers = {"0",
                                                   "1",
                                                   "2",
                                                   "3",
                                                   "8",
                                                   "64",
                                                   "255",
                                                   "1000",
                                                   "2199023255553",
                                                   "4611686018427387904",
                                                   "9223372036854775807",
                                                   "18446744073709551615",
                                                   "99999999999999999999"};
  static const std::vector<std::string> types = {"f32", "f64", "f16",   "i32",  "i8", "i1",
                                                 "i64", "i24", "index", "bf16", "i4"};
  static const std::vector<std::string> ops = {
      "snn.dense",   "snn.conv",   "snn.pool",       "snn.scale",    "snn.add",       "snn.rescale",
      "snn.reshape", "snn.delay",  "snn.population", "snn.input",    "snn.output",    "snn.record",
      "snn.yield",   "snn.core",   "snn.mapping",    "nir.lif",      "nir.affine",    "nir.input",
      "arith.addf",  "arith.addi", "arith.mulf",     "arith.select", "builtin.module"};
  static const std::vector<std::string> signs = {"tensor<", "!snn.spikes<", "vector<",
                                                 "!nir.signal<", "memref<"};
  size_t at = static_cast<size_t>(random.below(static_cast<int64_t>(text.size()) + 1));
  switch (random.below(9)) {
  case 0:
  case 1: {
    std::vector<Piece> found = numbersIn(text);
    return found.empty() ? "nothing"
                         : replacePiece(text, random.pick(found),
                                        (random.chance(0.1) ? "-" : "") + random.pick(numbers));
  }
  case 2:
    return swapWord(text, random, types);
  case 3:
    return swapWord(text, random, ops);
  case 4:
    return swapWord(text, random, signs);
  case 5: { // a line
    size_t begin = lineStart(text, at), end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin) + "\n";
    if (random.chance(0.5)) {
      text.insert(begin, line);
      return fmt::format("the line at {} twice", begin);
    }
    text.erase(begin, line.size());
    return fmt::format("the line at {} gone", begin);
  }
  case 6: { // a line goes elsewhere
    size_t begin = lineStart(text, at), end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin) + "\n";
    text.erase(begin, line.size());
    size_t to =
        lineStart(text, static_cast<size_t>(random.below(static_cast<int64_t>(text.size()) + 1)));
    text.insert(to, line);
    return fmt::format("the line at {} moved to {}", begin, to);
  }
  case 7:
    if (at < text.size()) {
      text[at] = static_cast<char>(random.between(32, 126));
    }
    return fmt::format("another character at {}", at);
  default:
    text.resize(at);
    return fmt::format("cut at {}", at);
  }
}

std::string mutateBytes(std::string &bytes, Random &random) {
  auto below = [&](size_t n) { return static_cast<size_t>(random.below(static_cast<int64_t>(n))); };
  if (bytes.empty()) {
    return "nothing";
  }
  if (random.chance(0.2)) {
    bytes.resize(below(bytes.size()));
    return fmt::format("cut at {}", bytes.size());
  }
  int64_t hits = random.between(1, 4);
  for (int64_t i = 0; i < hits; ++i) {
    size_t at = below(bytes.size());
    bytes[at] = random.chance(0.5) ? static_cast<char>(random.below(256))
                                   : static_cast<char>(bytes[at] ^ (1 << random.below(8)));
  }
  return fmt::format("{} bytes changed", hits);
}

} // namespace nir::test
