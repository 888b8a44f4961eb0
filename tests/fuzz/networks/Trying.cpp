//===- Trying.cpp - a case and its checks, in a child ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Trying.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace nir::fuzz {

using Json = nlohmann::json;

Child start(const std::function<Case()> &make, const Checks &checks, bool areDueAlways) {
  return Child([&](const Report &report) {
    constexpr double toDraw = 60.0;
    report.begin("draw", toDraw);
    Case drawn = make();
    Trial trial(drawn);
    for (const Check *check : checks) {
      if (!areDueAlways && !isDue(*check, drawn)) {
        continue;
      }
      report.begin(check->name(), check->maxSeconds());
      Verdict verdict = check->run(trial);
      Json line = {{"check", check->name()}, {"kind", verdict.kind}, {"cause", verdict.cause}};
      if (verdict.kind == Verdict::Fails) {
        line["text"] = verdict.text;
      }
      report.say(line.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
  });
}

Tried triedOf(const Ending &ending) {
  Tried tried;
  std::istringstream lines(ending.said);
  for (std::string text; std::getline(lines, text);) {
    Json line = Json::parse(text, nullptr, false);
    if (!line.is_object()) {
      continue; // the child was ended while it wrote
    }
    std::string check = line["check"], cause = line["cause"];
    if (line["kind"] == Verdict::Fails) {
      tried.failures.push_back({check, cause, line["text"]});
    } else {
      tried.passed.push_back({check, cause});
    }
  }
  if (!ending.how.empty()) {
    bool isHang = ending.how.starts_with("took");
    tried.failures.push_back({ending.during, isHang ? "hang" : "crash",
                              fmt::format("{}\n{}", ending.how, ending.printed)});
  }
  return tried;
}

std::optional<Failure> failureOf(const Case &of, const Check &check) {
  Tried tried = triedOf(start([&] { return of; }, {&check}, true).wait());
  return tried.failures.empty() ? std::nullopt : std::optional(tried.failures[0]);
}

} // namespace nir::fuzz
