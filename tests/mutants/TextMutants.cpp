//===- TextMutants.cpp - C with one fault ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/mutants/TextMutants.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <regex>
#include <set>

using namespace nirc::mutants;

namespace {

struct Word {
  size_t at;
  std::string text;
  size_t end() const { return at + text.size(); }
  bool isNumber() const { return text[0] >= '0' && text[0] <= '9'; }
  bool isName() const {
    return std::isalpha(static_cast<unsigned char>(text[0])) || text[0] == '_';
  }
};

std::vector<Word> wordsOf(const std::string &line) {
  static const std::regex word(
      R"([A-Za-z_]\w*|\d\w*|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\s\w])");
  std::vector<Word> words;
  for (auto it = std::sregex_iterator(line.begin(), line.end(), word); it != std::sregex_iterator();
       ++it) {
    words.push_back({static_cast<size_t>(it->position()), it->str()});
  }
  return words;
}

/// One line of the function, and the faults that it can have.
class LineMutator {
public:
  LineMutator(const std::string &line, const std::vector<std::string> &locals)
      : line(line), words(wordsOf(line)), locals(locals) {}

  struct Made {
    std::string kind, line;
  };
  std::vector<Made> all();

private:
  const std::string &at(size_t i) const {
    static const std::string none;
    return i < words.size() ? words[i].text : none;
  }
  void put(const std::string &kind, size_t first, size_t last, const std::string &instead);
  void replace(const std::string &kind, size_t i, const std::string &instead) {
    put(kind, i, i, instead);
  }
  bool isOperand(size_t i) const {
    return i < words.size() &&
           (words[i].isNumber() || words[i].isName() || at(i) == ")" || at(i) == "]");
  }
  void ofNumber(size_t i);
  void ofOperator(size_t i);
  void ofType(size_t i);
  void ofName(size_t i);
  void ofChoice(size_t i);

  const std::string &line;
  std::vector<Word> words;
  const std::vector<std::string> &locals;
  std::vector<Made> made;
};

} // namespace

/// Words from the first to the last one become something else.
void LineMutator::put(const std::string &kind, size_t first, size_t last,
                      const std::string &instead) {
  std::string text = line;
  text.replace(words[first].at, words[last].end() - words[first].at, instead);
  if (text != line) {
    made.push_back({kind, std::move(text)});
  }
}

void LineMutator::ofNumber(size_t i) {
  uint64_t value = 0;
  try {
    value = std::stoull(at(i));
  } catch (const std::exception &) {
    return;
  }
  std::string suffix = at(i).ends_with("u") ? "u" : "";
  auto to = [&](const char *kind, uint64_t number) {
    replace(kind, i, std::to_string(number) + suffix);
  };
  const std::string &before = at(i - 1);
  if (line.find("for (") != std::string::npos) {
    if (before == "<") {
      to("one neuron less", value - 1);
    }
  } else if (before == "<<" || before == ">>") {
    to("shift one more", value + 1);
    if (value > 0) {
      to("shift one less", value - 1);
    }
  } else if (before == "[" || at(i + 1) == "]" || before == "%" || before == "/") {
    to("another place", value + 1);
  } else {
    to("constant one more", value + 1);
    if (value > 0) {
      to("constant one less", value - 1);
    }
    if (value > 1) {
      to("constant halved", value / 2);
    }
  }
}

void LineMutator::ofOperator(size_t i) {
  static const std::map<std::string, std::vector<std::pair<std::string, std::string>>> others = {
      {">", {{">= for >", ">="}, {"< for >", "<"}}},
      {">=", {{"> for >=", ">"}}},
      {"<", {{"<= for <", "<="}, {"> for <", ">"}}},
      {"<=", {{"< for <=", "<"}}},
      {"==", {{"!= for ==", "!="}}},
      {"!=", {{"== for !=", "=="}}},
      {"+", {{"- for +", "-"}}},
      {"-", {{"+ for -", "+"}}},
      {"*", {{"+ for *", "+"}}},
      {"&", {{"| for &", "|"}}},
      {"|", {{"& for |", "&"}}},
      {"&&", {{"|| for &&", "||"}}},
      {"||", {{"&& for ||", "&&"}}},
      {"+=", {{"- for +", "-="}, {"= for +=", "="}}},
      {">>", {{"<< for >>", "<<"}}}};
  auto found = others.find(at(i));
  bool isBinary = i > 0 && isOperand(i - 1) && at(i - 1) != "return";
  // A sign behind a cast is unary: (uint32_t)-x.
  bool isBehindCast = i > 1 && at(i - 1) == ")" && at(i - 2).ends_with("_t");
  if (found == others.end() || !isBinary || isBehindCast ||
      line.find("for (") != std::string::npos) {
    return;
  }
  for (const auto &[kind, instead] : found->second) {
    replace(kind, i, instead);
  }
  bool isPlain = i + 2 < words.size() && (words[i + 1].isNumber() || words[i + 1].isName()) &&
                 (at(i + 2) == ")" || at(i + 2) == ";" || at(i + 2) == ":" || at(i + 2) == "?");
  if ((at(i) == "+" || at(i) == "-") && isPlain) {
    put("term left out", i, i + 1, "");
    if (at(i) == "-" && words[i - 1].isName()) {
      put("operands swapped", i - 1, i + 1, at(i + 1) + " - " + at(i - 1));
    }
  }
}

void LineMutator::ofType(size_t i) {
  static const std::map<std::string, std::string> narrower = {
      {"uint64_t", "uint32_t"}, {"int64_t", "int32_t"}, {"uint32_t", "uint16_t"},
      {"int32_t", "int16_t"},   {"int16_t", "int8_t"},  {"uint16_t", "uint8_t"}};
  if (auto found = narrower.find(at(i)); found != narrower.end()) {
    replace("half the width", i, found->second);
  }
  bool isCast = i > 0 && at(i - 1) == "(" && at(i + 1) == ")";
  if (isCast && at(i).ends_with("_t") && at(i) != "size_t") {
    bool isUnsigned = at(i)[0] == 'u';
    replace(isUnsigned ? "sign for zeros" : "zeros for the sign", i,
            isUnsigned ? at(i).substr(1) : "u" + at(i));
    put("conversion left out", i - 1, i + 1, "");
  }
}

/// A local for the one that was declared before it.
void LineMutator::ofName(size_t i) {
  auto found = std::ranges::find(locals, at(i));
  bool isDeclared = i > 0 && words[i - 1].isName();
  bool isMember = i > 0 && (at(i - 1) == "->" || at(i - 1) == ".");
  if (found != locals.end() && found != locals.begin() && !isDeclared && !isMember) {
    replace("another variable", i, *(found - 1));
  }
}

/// condition ? a : b
void LineMutator::ofChoice(size_t i) {
  auto outer = [&](size_t from, int step) {
    int depth = 0;
    for (size_t j = from; j < words.size(); j += static_cast<size_t>(step)) {
      bool opens = at(j) == "(" || at(j) == "[", closes = at(j) == ")" || at(j) == "]";
      depth += opens ? step : closes ? -step : 0;
      bool isColon = step > 0 && depth == 0 && at(j) == ":";
      if (depth < 0 || isColon || (depth == 0 && (at(j) == ";" || at(j) == "="))) {
        return j;
      }
    }
    return words.size();
  };
  size_t start = outer(i - 1, -1) + 1, colon = outer(i + 1, 1), end = outer(colon + 1, 1);
  if (colon >= words.size() || end >= words.size() || at(colon) != ":") {
    return;
  }
  auto text = [&](size_t from, size_t to) {
    return line.substr(words[from].at, words[to - 1].end() - words[from].at);
  };
  std::string a = text(i + 1, colon), b = text(colon + 1, end);
  put("arms swapped", i + 1, end - 1, b + " : " + a);
  put("choice dropped", start, end - 1, a);
  put("choice dropped", start, end - 1, b);
}

std::vector<LineMutator::Made> LineMutator::all() {
  static const std::set<std::string> signs = {">", ">=", "<", "<=", "==", "!=", "+", "-",
                                              "*", "&",  "|", "&&", "||", "+=", ">>"};
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].isNumber()) {
      ofNumber(i);
    } else if (at(i).ends_with("_t")) {
      ofType(i);
    } else if (words[i].isName()) {
      ofName(i);
    } else if (at(i) == "?") {
      ofChoice(i);
    } else if (signs.contains(at(i))) {
      ofOperator(i);
    }
  }
  static const std::regex store(R"(^\s*[\w>.-]+(\[[^\]]*\])* \+?= .*;$)");
  if (std::regex_match(line, store)) {
    made.push_back({"assignment left out", ""});
  }
  return std::move(made);
}

static std::string trimmed(const std::string &line) {
  size_t first = line.find_first_not_of(' ');
  return first == std::string::npos ? "(nothing)" : line.substr(first);
}

/// Of the numbers of a table one is 1 more or less.
static void addTable(const std::string &text, const std::string &name,
                     std::vector<TextMutant> &all) {
  static const std::regex number(R"((-?\d+),)");
  size_t start = text.find(" " + name + "[");
  size_t open = text.find('{', start), close = text.find('}', start);
  if (start == std::string::npos || close == std::string::npos) {
    return;
  }
  std::string inner = text.substr(open, close - open);
  for (auto it = std::sregex_iterator(inner.begin(), inner.end(), number);
       it != std::sregex_iterator(); ++it) {
    int64_t value = std::stoll((*it)[1]);
    int64_t other = value + (it->position() % 2 == 0 || value <= 0 ? 1 : -1);
    std::string changed = text;
    changed.replace(open + static_cast<size_t>(it->position()),
                    static_cast<size_t>((*it)[1].length()), std::to_string(other));
    all.push_back({"number of a table", fmt::format("{}: {}", name, value),
                   fmt::format("{}: {}", name, other), std::move(changed)});
  }
}

std::vector<TextMutant> nirc::mutants::mutantsOfC(const std::string &text,
                                                  const std::string &function) {
  std::vector<TextMutant> all;
  size_t start = text.find(" " + function + "(");
  size_t at = text.find('\n', text.find('{', start)) + 1, end = text.find("\n}", at);
  std::vector<std::string> locals;
  std::set<std::string> tables;
  while (start != std::string::npos && at <= end) {
    size_t lineEnd = text.find('\n', at);
    std::string line = text.substr(at, lineEnd - at);
    static const std::regex declares(R"(^\s*(?:const )?(?:u?int\d+_t|bool) (\w+) = )");
    static const std::regex reads(R"(\b(data_\w+)\[)");
    for (LineMutator::Made &made : LineMutator(line, locals).all()) {
      std::string changed = text;
      changed.replace(at, line.size(), made.line);
      all.push_back({made.kind, trimmed(line), trimmed(made.line), std::move(changed)});
    }
    std::smatch found;
    if (std::regex_search(line, found, declares)) {
      locals.push_back(found[1]);
    }
    if (std::regex_search(line, found, reads)) {
      tables.insert(found[1]);
    }
    at = lineEnd + 1;
  }
  for (const std::string &table : tables) {
    addTable(text, table, all);
  }
  return all;
}
