//===- ProofText.cpp - proofs for people ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/ProofText.h"

#include "api/io/Printable.h"
#include "api/io/Units.h"
#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

static std::string numbersOf(const Choices &choices) {
  return choices.quantization ? choices.quantization->format.text()
                              : std::string(nir::name(choices.dtype));
}

std::string proofHead(const std::string &model, const Choices &choices, bool isAll) {
  return fmt::format("{}: steps of {}, semantics {}, {} in {}\n", printable(model),
                     secondsText(choices.semantics.dtSeconds), choices.semantics.text(),
                     isAll ? "all targets" : fmt::format("target {}", choices.target->name()),
                     numbersOf(choices));
}

/// "input = 3, state.v = -17"; a bit as 0 or 1.
static std::string whereText(const proof::Answer &answer) {
  std::string text;
  for (const auto &[name, value] : answer.values) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name,
                        value == "true"    ? "1"
                        : value == "false" ? "0"
                                           : value);
  }
  return text;
}

/// "cvc5", or "cvc5 and z3" where they shared the questions.
static std::string byText(const ProvenClaim &one) {
  std::string text;
  for (const proof::Answer &answer : one.answers) {
    if (text.find(answer.by) == std::string::npos) {
      text += (text.empty() ? "" : ", ") + answer.by;
    }
  }
  return text;
}

static bool isFromCache(const ProvenClaim &one) {
  return !one.answers.empty() &&
         std::all_of(one.answers.begin(), one.answers.end(), [](const proof::Answer &answer) {
           return std::all_of(answer.said.begin(), answer.said.end(),
                              [](const proof::Said &said) { return said.isFromCache; });
         });
}

std::string claimText(const ProvenClaim &one) {
  constexpr int column = 9; // "undecided"
  std::string line = fmt::format(
      "{:<{}}  {}: {} {}", name(one.state), column, printable(one.claim.node),
      one.target.empty() ? one.claim.code : fmt::format("{} of {}", one.claim.code, one.target),
      one.claim.statement);
  switch (one.state) {
  case ProvenClaim::State::Proved:
    return one.answers.empty()
               ? line + "\n"
               : line + fmt::format(", in {:.2f} s by {}{}\n", one.seconds(), byText(one),
                                    isFromCache(one) ? ", an earlier run" : "");
  case ProvenClaim::State::Refuted:
    return line + fmt::format("\n  {}, says {}\n  where {}\n",
                              one.claim.questions[one.answers.size() - 1].text,
                              one.answers.back().by, whereText(one.answers.back()));
  case ProvenClaim::State::Undecided:
    return line + fmt::format("\n  {}? {}\n", one.claim.questions[one.answers.size() - 1].text,
                              one.answers.back().why);
  case ProvenClaim::State::Unasked:
    return line + fmt::format("\n  not asked: {}\n", one.claim.unasked);
  }
  return line;
}

std::string summaryText(const ProofReport &report) {
  using State = ProvenClaim::State;
  std::string text;
  for (const std::string &target : report.silent) {
    text += fmt::format("{} claims nothing of its code\n", target);
  }
  for (const auto &[target, why] : report.refused) {
    text += fmt::format("{} does not take the network: {}\n", target, why);
  }
  text += fmt::format("{} of {} proved", report.count(State::Proved),
                      nir::counted(report.claims.size(), "claim"));
  for (State state : {State::Refuted, State::Undecided, State::Unasked}) {
    if (size_t count = report.count(state)) {
      text += fmt::format(", {} {}", count, state == State::Unasked ? "not asked" : name(state));
    }
  }
  text += fmt::format(", in {:.1f} s", report.seconds);
  std::string solvers;
  for (const proof::Solver &solver : report.solvers) {
    size_t number = solver.version.find_first_of("0123456789", solver.version.find("version"));
    std::string_view version =
        std::string_view(solver.version).substr(std::min(number, solver.version.size()));
    solvers += fmt::format("{}{} {}", solvers.empty() ? "; " : ", ", solver.name,
                           version.substr(0, version.find(' ')));
  }
  return text + solvers + "\n";
}

Json proofOf(const std::string &model, const Network &network, const Choices &choices,
             std::span<const Target *const> targets) {
  Json json = {{"nirc", NIRC_VERSION},
               {"model", model},
               {"model_sha256", network.file.sha256()},
               {"dt", choices.semantics.dtSeconds},
               {"semantics", choices.semantics.text()},
               {"numbers", numbersOf(choices)},
               {"targets", Json::array()}};
  for (const Target *target : targets) {
    json["targets"].push_back(target->name());
  }
  if (!choices.settings.empty()) {
    json["settings"] = choices.settings;
  }
  return json;
}

} // namespace nirc
