//===- Campaign.cpp - many cases, in several children ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Campaign.h"

#include "tests/fuzz/networks/Draw.h"
#include "tests/fuzz/networks/Smaller.h"
#include "tests/support/Describe.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <list>
#include <set>
#include <thread>
#include <unistd.h>

namespace nir::fuzz {

using Clock = std::chrono::steady_clock;

namespace {

constexpr uint64_t mostOfAKind = 3;
constexpr size_t mostFindings = 30;

class Campaign {
public:
  Campaign(const Checks &checks, const CampaignOptions &options)
      : checks(checks), options(options), next(options.seed) {}

  Campaigned run();

private:
  struct Running {
    uint64_t seed;
    Checks checks;
    Child child;
  };
  bool mayStart() const;
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begun).count(); }
  void begin(uint64_t seed, Checks these);
  void end(const Running &one, const Ending &ending);
  void found(uint64_t seed, const Failure &failure);
  void show();

  const Checks &checks;
  const CampaignOptions &options;
  Clock::time_point begun = Clock::now();
  double shownAt = 0.0;
  uint64_t next;
  std::list<Running> running;
  std::map<std::string, uint64_t> kinds;
  Campaigned done;
};

bool Campaign::mayStart() const {
  constexpr double secondsOfMinute = 60.0;
  bool isEnough = options.cases > 0 && next - options.seed >= options.cases;
  bool isLate = options.minutes > 0 && seconds() > options.minutes * secondsOfMinute;
  return !isEnough && !isLate && done.findings.size() < mostFindings;
}

void Campaign::begin(uint64_t seed, Checks these) {
  Child child = start([&] { return drawCase(seed); }, these, false);
  running.push_back({seed, std::move(these), std::move(child)});
}

void Campaign::end(const Running &one, const Ending &ending) {
  Tried tried = triedOf(ending);
  for (const Tried::Passed &passed : tried.passed) {
    Tally &tally = done.checks[passed.check];
    passed.cause.empty() ? ++tally.holds : ++tally.refused[passed.cause];
  }
  for (const Failure &failure : tried.failures) {
    ++done.checks[failure.check].fails;
    found(one.seed, failure);
  }
  if (ending.how.empty()) {
    ++done.cases;
    return;
  }
  // What comes behind the check that ended the child.
  auto at = std::ranges::find_if(
      one.checks, [&](const Check *check) { return check->name() == ending.during; });
  if (at != one.checks.end() && std::next(at) != one.checks.end()) {
    begin(one.seed, Checks(std::next(at), one.checks.end()));
  } else {
    ++done.cases;
  }
}

void Campaign::found(uint64_t seed, const Failure &failure) {
  std::string kind = failure.check + " " + failure.cause;
  if (++kinds[kind] > mostOfAKind || done.findings.size() >= mostFindings) {
    return;
  }
  fmt::print("seed {}: {}, {}: {}\n", seed, failure.check, failure.cause, failure.text);
  std::fflush(stdout);
  auto check =
      std::ranges::find_if(checks, [&](const Check *one) { return one->name() == failure.check; });
  if (check == checks.end()) { // a case that cannot be drawn
    Finding bare{{}, failure.check, failure.text};
    bare.of.seed = seed;
    done.findings.push_back(std::move(bare));
    done.folders.emplace_back();
    return;
  }
  Finding finding{drawCase(seed), failure.check, failure.text};
  if (options.shrinks) {
    finding.of = smaller(std::move(finding.of), **check, failure);
    if (std::optional<Failure> last = failureOf(finding.of, **check)) {
      finding.text = last->text;
    }
  }
  std::string folder = options.out.empty() ? ""
                                           : fmt::format("{}/{}-{}-{}", options.out, failure.check,
                                                         failure.cause, seed);
  Status bad = folder.empty() ? std::nullopt : writeFinding(finding, folder);
  fmt::print("{}\n{}\n{}\n", finding.text, finding.of.options(), test::describe(finding.of.graph));
  fmt::print("{}\n\n", bad              ? bad->str()
                       : folder.empty() ? fmt::format("again: nirc-fuzz --seed {} --cases 1", seed)
                                        : finding.command(folder));
  std::fflush(stdout);
  done.findings.push_back(std::move(finding));
  done.folders.push_back(folder);
}

void Campaign::show() {
  static const bool isTerminal = isatty(STDERR_FILENO) != 0;
  const double every = isTerminal ? 0.5 : 60.0;
  double now = seconds();
  if (!options.shows || now - shownAt < every) {
    return;
  }
  shownAt = now;
  fmt::print(stderr, "{}{} cases, {:.1f} a second, {} findings, {:.0f} s{}", isTerminal ? "\r" : "",
             done.cases, static_cast<double>(done.cases) / now, done.findings.size(), now,
             isTerminal ? "" : "\n");
  std::fflush(stderr);
}

Campaigned Campaign::run() {
  using namespace std::chrono_literals;
  while (mayStart() || !running.empty()) {
    while (mayStart() && std::ssize(running) < options.jobs) {
      begin(next++, checks);
    }
    bool isIdle = true;
    for (auto at = running.begin(); at != running.end();) {
      std::optional<Ending> ending = at->child.poll();
      if (!ending) {
        ++at;
        continue;
      }
      isIdle = false;
      end(*at, *ending);
      at = running.erase(at);
    }
    show();
    if (isIdle) {
      std::this_thread::sleep_for(2ms);
    }
  }
  done.seconds = seconds();
  return std::move(done);
}

} // namespace

Campaigned campaign(const Checks &checks, const CampaignOptions &options) {
  return Campaign(checks, options).run();
}

std::string Campaigned::text(const CampaignOptions &options) const {
  std::string text = fmt::format(
      "{} cases from seed {} in {:.0f} s, {:.1f} a second, {} jobs\n", cases, options.seed, seconds,
      static_cast<double>(cases) / std::max(seconds, 1e-3), options.jobs);
  for (const auto &[name, tally] : checks) {
    uint64_t refused = 0;
    std::string causes;
    for (const auto &[cause, count] : tally.refused) {
      refused += count;
      causes += fmt::format("{}{} {}", causes.empty() ? ": " : ", ", cause, count);
    }
    text += fmt::format("  {:<18} {:>7} hold {:>5} fail {:>7} refused{}\n", name, tally.holds,
                        tally.fails, refused, causes);
  }
  for (size_t i = 0; i < findings.size(); ++i) {
    text += fmt::format("found: seed {}, {}: {}\n", findings[i].of.seed, findings[i].check,
                        findings[i].text.substr(0, findings[i].text.find('\n')));
    text += folders[i].empty() ? "" : fmt::format("  {}\n", findings[i].command(folders[i]));
  }
  return text + fmt::format("{} findings\n", findings.size());
}

} // namespace nir::fuzz
