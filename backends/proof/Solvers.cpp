//===- Solvers.cpp - programs that answer questions -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/Solvers.h"

#include "backends/run/Clock.h"
#include "backends/run/CodeCache.h"
#include "backends/run/Digest.h"
#include "backends/run/Tools.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <set>

using namespace nirc;
using namespace nirc::proof;

/// In the order in which they are asked: cvc5 starts faster, z3 is stronger in large products.
static constexpr std::array<std::string_view, 2> known = {"cvc5", "z3"};

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

/// The constants that a text declares and that say something to a person.
static std::vector<std::string> constantsIn(std::string_view text) {
  constexpr std::string_view declares = "(declare-const ";
  std::vector<std::string> names;
  for (size_t at = 0; (at = text.find(declares, at)) != std::string_view::npos;) {
    at += declares.size();
    std::string_view rest = text.substr(at, text.find('\n', at) - at);
    std::string_view name = rest.substr(0, rest.find(' '));
    std::string_view sort = rest.substr(std::min(rest.size(), name.size() + 1));
    bool isNumber =
        sort.starts_with("Int") || sort.starts_with("Bool") || sort.starts_with("(_ BitVec");
    if (isNumber && !name.starts_with("any.") && !name.starts_with("product.")) {
      names.emplace_back(name);
    }
  }
  return names;
}

std::string nirc::proof::scriptOf(const Form &form, const std::string &solver) {
  std::string names;
  for (const std::string &name : constantsIn(form.text)) {
    names += (names.empty() ? "" : " ") + name;
  }
  // cvc5 asks for a logic; ALL has everything.
  bool needsLogic = solver == "cvc5" && form.text.find("(set-logic ") == std::string::npos;
  return fmt::format("(set-option :produce-models true)\n{}{}\n(check-sat)\n{}",
                     needsLogic ? "(set-logic ALL)\n" : "", form.text,
                     names.empty() ? "" : fmt::format("(get-value ({}))\n", names));
}

namespace {
/// Parentheses and words, one after the other.
class Tokens {
public:
  explicit Tokens(std::string_view text) : text(text) {}
  /// Empty at the end.
  std::string_view next();

private:
  std::string_view text;
};
} // namespace

std::string_view Tokens::next() {
  auto isSpace = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  text.remove_prefix(
      static_cast<size_t>(std::find_if_not(text.begin(), text.end(), isSpace) - text.begin()));
  auto ends = [&](char c) { return isSpace(c) || c == '(' || c == ')'; };
  size_t length =
      text.empty() ? 0
      : ends(text.front())
          ? 1
          : static_cast<size_t>(std::find_if(text.begin(), text.end(), ends) - text.begin());
  std::string_view token = text.substr(0, length);
  text.remove_prefix(length);
  return token;
}

/// A bit vector as a signed number.
static std::string signedOf(std::string_view literal) {
  bool isHex = literal.starts_with("#x");
  std::string_view digits = literal.substr(2);
  size_t bits = digits.size() * (isHex ? 4 : 1);
  uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, isHex ? 16 : 2);
  if (bits == 0 || bits > 64) {
    return std::string(literal);
  }
  auto above = static_cast<int>(64 - bits);
  return std::to_string(static_cast<int64_t>(number << above) >> above);
}

std::vector<std::pair<std::string, std::string>> nirc::proof::valuesIn(std::string_view printed) {
  std::vector<std::pair<std::string, std::string>> values;
  Tokens tokens(printed);
  if (tokens.next() != "(") {
    return values;
  }
  while (tokens.next() == "(") {
    std::string name(tokens.next());
    std::string_view value = tokens.next();
    std::string text(value.starts_with("#") ? signedOf(value) : std::string(value));
    if (value == "(") { // "(- 5)"
      std::string_view sign = tokens.next();
      text = std::string(sign == "-" ? "-" : "") + std::string(tokens.next());
      tokens.next();
    }
    if (tokens.next() != ")") {
      break;
    }
    values.emplace_back(std::move(name), std::move(text));
  }
  return values;
}

//===----------------------------------------------------------------------===//
// Which are there
//===----------------------------------------------------------------------===//

nir::Result<Solvers> Solvers::find(const SolverOptions &options) {
  Solvers found(options);
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  bool isOne = std::find(known.begin(), known.end(), options.solver) != known.end();
  for (std::string_view each : known) {
    std::string name(each);
    if (isOne && name != options.solver) {
      continue;
    }
    if (!isOnPath(name)) {
      if (options.solver != "any") {
        return nir::Error(nir::Cause::Toolchain, fmt::format("found no '{}' on the PATH", name))
            .note(fmt::format("install it, as the package {} of Debian", name));
      }
      continue;
    }
    nir::Result<std::string> version = versionOf(**place, name);
    if (!version) {
      return version.takeError();
    }
    found.solvers.push_back({name, version->substr(0, version->find('\n'))});
  }
  if (found.solvers.empty()) {
    return nir::Error(nir::Cause::Toolchain, "found no solver on the PATH, expected cvc5 or z3")
        .note("install one, as the packages cvc5 and z3 of Debian");
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Asking
//===----------------------------------------------------------------------===//

static std::vector<std::string> commandOf(const std::string &solver, double seconds) {
  return solver == "z3"
             ? std::vector<std::string>{"z3", "-smt2", fmt::format("-T:{}", std::ceil(seconds)),
                                        "question.smt2"}
             : std::vector<std::string>{solver, "--lang=smt2",
                                        fmt::format("--tlimit={}", std::ceil(seconds * 1000)),
                                        "question.smt2"};
}

/// The first line of what it printed, in one word where it is an answer.
static std::string answerIn(const std::string &printed) {
  std::string first = printed.substr(0, printed.find('\n'));
  if (first.find("timeout") != std::string::npos || first.find("interrupted") != first.npos) {
    return "timeout";
  }
  return first.empty() ? "no answer" : first;
}

static bool isDecided(const std::string &answer) { return answer == "unsat" || answer == "sat"; }

nir::Result<Said> Solvers::askOnce(const Solver &solver, const Form &form, size_t number,
                                   double seconds) const {
  std::string script = scriptOf(form, solver.name);
  std::string key =
      sha256Of(fmt::format("proof 1\n{}\n{}\n{}", solver.name, solver.version, script));
  Said said{solver.name, number, {}, {}, 0.0, false};
  std::optional<CodeCache> cache;
  if (options.cache) {
    cache.emplace(*options.cache);
    if (std::optional<std::string> kept = cache->find(key)) { // seconds, and what it printed
      size_t end = std::min(kept->find('\n'), kept->size());
      std::from_chars(kept->data(), kept->data() + end, said.seconds);
      said.text = kept->substr(std::min(end + 1, kept->size()));
      said.answer = answerIn(said.text);
      said.isFromCache = true;
      return said;
    }
  }
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  if (nir::Status failed = (*place)->write("question.smt2", script)) {
    return *failed;
  }
  Clock::time_point start = Clock::now();
  nir::Result<bool> ended =
      runTool(**place, commandOf(solver.name, seconds), (*place)->path(), "answer");
  if (!ended) {
    return ended.takeError();
  }
  said.seconds = secondsSince(start);
  constexpr size_t most = 1 << 20;
  said.text = (*place)->read("answer", most);
  said.answer = answerIn(said.text);
  if (said.answer == "no answer" && said.seconds >= seconds) {
    said.answer = "timeout";
  }
  if (cache && isDecided(said.answer)) {
    cache->keep(key, fmt::format("{}\n{}", said.seconds, said.text));
  }
  return said;
}

nir::Result<Answer> Solvers::askEach(const Question &question,
                                     const std::vector<Solver> &which) const {
  constexpr double shortly = 2.0;
  Answer answer;
  std::set<size_t> silent; ///< forms whose `sat` says nothing
  std::vector<double> limits{options.seconds};
  if (options.seconds > 2 * shortly) {
    limits.insert(limits.begin(), shortly);
  }
  for (double limit : limits) {
    answer.why.clear();
    for (size_t number = 0; number < question.forms.size(); ++number) {
      for (const Solver &solver : which) {
        if (silent.contains(number)) {
          continue;
        }
        nir::Result<Said> said = askOnce(solver, question.forms[number], number, limit);
        if (!said) {
          return said.takeError();
        }
        answer.said.push_back(*said);
        bool isExact = question.forms[number].isExact;
        if (said->answer == "unsat" || (said->answer == "sat" && isExact)) {
          answer.verdict = said->answer == "unsat" ? Verdict::Proved : Verdict::Refuted;
          answer.by = said->solver;
          answer.seconds = said->seconds;
          answer.values = valuesIn(std::string_view(said->text).substr(said->answer.size()));
          answer.why.clear();
          return answer;
        }
        if (said->answer == "sat") {
          silent.insert(number);
          continue;
        }
        answer.why +=
            fmt::format("{}{}: {}", answer.why.empty() ? "" : ", ", solver.name, said->answer);
      }
    }
  }
  if (answer.why.empty()) {
    answer.why = "only forms that say too little were answered";
  }
  return answer;
}

nir::Result<Answer> Solvers::ask(const Question &question) const {
  if (options.solver != "both") {
    return askEach(question, solvers);
  }
  Answer all;
  for (const Solver &solver : solvers) {
    nir::Result<Answer> one = askEach(question, {solver});
    if (!one) {
      return one.takeError();
    }
    std::vector<Said> said = std::move(all.said);
    said.insert(said.end(), one->said.begin(), one->said.end());
    bool isFirst = &solver == &solvers.front();
    bool isUndecided = all.verdict == Verdict::Undecided || one->verdict == Verdict::Undecided;
    if (!isFirst && !isUndecided && one->verdict != all.verdict) {
      return nir::Error(nir::Cause::Toolchain, fmt::format("{} and {} contradict each other: {}",
                                                           all.by, one->by, question.text));
    }
    if (isFirst || one->verdict == Verdict::Undecided) {
      all = *std::move(one);
    } else if (!isUndecided) {
      all.by += " and " + one->by;
      all.seconds += one->seconds;
    }
    all.said = std::move(said);
  }
  return all;
}
