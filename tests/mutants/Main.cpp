//===- Main.cpp - faults in what targets write, and who finds them --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Seeds one fault at a time in the code that targets write of populations, and asks for the claim
// of that code. A fault is found where the claim cannot be made or is refuted. Where it is proved
// the fault changes nothing: the code is equal to the body for all inputs in their ranges. What no
// solver decides is run. What is left survives, and needs a test.

#include "backends/proof/Solvers.h"
#include "tests/mutants/Subjects.h"
#include "tests/support/Random.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <map>
#include <thread>

using namespace nirc;
using namespace nirc::mutants;

namespace {

enum Outcome { ByProof, ByReader, ByRunning, Equivalent, Survived, outcomes };
const std::vector<std::string> outcomeNames = {"by proof", "by reader", "by running", "equivalent",
                                               "survived"};

struct Asked {
  const Mutant *mutant;
  Claim claim;
  Outcome outcome = Survived;
  std::string why = {};
};

struct Options {
  uint64_t seed = 1;
  size_t count = 60;
  std::vector<std::string> targets = Subjects::targets();
  double seconds = 20.0;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  bool listsAll = false;
  bool checksOriginals = false;
};

/// As many of each kind, as far as there are.
std::vector<const Mutant *> chosen(const std::vector<Mutant> &all, size_t count,
                                   nir::test::Random &random) {
  std::map<std::string, std::vector<const Mutant *>> byKind;
  for (const Mutant &each : all) {
    if (each.kind != noFault) {
      byKind[each.kind].push_back(&each);
    }
  }
  for (auto &[kind, mutants] : byKind) {
    for (size_t i = mutants.size(); i > 1; --i) {
      std::swap(mutants[i - 1],
                mutants[static_cast<size_t>(random.below(static_cast<int64_t>(i)))]);
    }
  }
  std::vector<const Mutant *> picked{nullptr};
  for (size_t row = 0, before = 0; before != picked.size(); ++row) {
    before = picked.size();
    for (const auto &[kind, mutants] : byKind) {
      if (row < mutants.size() && picked.size() <= count) {
        picked.push_back(mutants[row]);
      }
    }
  }
  picked.erase(picked.begin());
  return picked;
}

void ask(const proof::Solvers &solvers, Asked &asked) {
  if (!asked.claim.unasked.empty()) {
    asked.outcome = ByReader;
    asked.why = asked.claim.unasked;
    return;
  }
  asked.outcome = Equivalent;
  for (const Question &question : asked.claim.questions) {
    nir::Result<proof::Answer> answer = solvers.ask(question);
    if (!answer || answer->verdict == proof::Verdict::Undecided) {
      asked.outcome = Survived;
      asked.why = answer ? answer->why : answer.error().str();
    } else if (answer->verdict == proof::Verdict::Refuted) {
      asked.outcome = ByProof;
      break;
    }
  }
  if (asked.outcome == Survived && asked.mutant->runsDiffer) {
    std::optional<bool> differs = asked.mutant->runsDiffer();
    asked.outcome = differs.value_or(false) ? ByRunning : Survived;
    asked.why += !differs ? "; it does not run" : *differs ? "" : "; a run finds no difference";
  }
}

void askAll(const proof::Solvers &solvers, std::vector<Asked> &all, unsigned threads) {
  std::atomic<size_t> next = 0;
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (size_t at = next++; at < all.size(); at = next++) {
        ask(solvers, all[at]);
      }
    });
  }
}

/// Whether all code without a fault is proved.
bool originalsHold(const proof::Solvers &solvers, const std::vector<Mutant> &mutants,
                   unsigned threads) {
  std::vector<Asked> all;
  for (const Mutant &each : mutants) {
    if (each.kind == noFault) {
      all.push_back({&each, each.claim()});
    }
  }
  askAll(solvers, all, threads);
  bool hold = true;
  for (const Asked &each : all) {
    if (each.outcome != Equivalent) {
      hold = false;
      fmt::print("not proved without a fault: {} {}: {} {}\n", each.mutant->target,
                 each.mutant->subject, outcomeNames[each.outcome], each.why);
    }
  }
  fmt::print("{}: {} claims without a fault, {}\n", all.empty() ? "" : all[0].mutant->target,
             all.size(), hold ? "all proved" : "not all proved");
  return hold;
}

using Row = std::array<int, outcomes>;

void printTable(const std::vector<Asked> &all) {
  std::map<std::pair<std::string, std::string>, Row> rows;
  for (const Asked &each : all) {
    for (const std::string &kind : {each.mutant->kind, std::string("all")}) {
      ++rows[{each.mutant->target, kind}][each.outcome];
    }
    ++rows[{"all", "all"}][each.outcome];
  }
  fmt::print("{:<10} {:<26} {:>5}", "target", "fault", "made");
  for (const std::string &name : outcomeNames) {
    fmt::print(" {:>10}", name);
  }
  fmt::print("\n");
  auto print = [](const auto &key, const Row &row) {
    int made = 0;
    for (int count : row) {
      made += count;
    }
    fmt::print("{:<10} {:<26} {:>5}", key.first, key.second, made);
    for (int count : row) {
      fmt::print(" {:>10}", count);
    }
    fmt::print("\n");
  };
  for (bool isTotal : {false, true}) {
    for (const auto &[key, row] : rows) {
      if ((key.second == "all") == isTotal) {
        print(key, row);
      }
    }
  }
}

void show(const Asked &asked) {
  fmt::print("{}: {} {}: {}\n    {}\n    {}\n", outcomeNames[asked.outcome], asked.mutant->target,
             asked.mutant->subject, asked.mutant->kind, asked.mutant->before, asked.mutant->after);
  if (!asked.why.empty()) {
    fmt::print("    {}\n", asked.why);
  }
}

/// 0: all are found, or change nothing.
int run(const Options &options) {
  nir::Result<proof::Solvers> solvers = proof::Solvers::find({.seconds = options.seconds});
  if (!solvers) {
    fmt::print(stderr, "{}\n", solvers.error().str());
    return 2;
  }
  auto started = std::chrono::steady_clock::now();
  nir::test::Random random(options.seed);
  Subjects subjects;
  std::vector<std::vector<Mutant>> mutants; // which stay where they are
  std::vector<Asked> all;
  size_t left = options.count;
  bool hold = true;
  for (size_t i = 0; i < options.targets.size(); ++i) {
    mutants.push_back(subjects.mutantsOf(options.targets[i]));
    hold &= !options.checksOriginals || originalsHold(*solvers, mutants.back(), options.threads);
    for (const Mutant *each : chosen(mutants.back(), left / (options.targets.size() - i), random)) {
      all.push_back({each, each->claim()});
      --left;
    }
  }
  askAll(*solvers, all, options.threads);
  printTable(all);
  int survivors = 0;
  for (const Asked &each : all) {
    bool survived = each.outcome == Survived;
    survivors += survived ? 1 : 0;
    if (survived || options.listsAll) {
      show(each);
    }
  }
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  fmt::print("seed {}; {} mutants, {} survived; {:.0f} s\n", options.seed, all.size(), survivors,
             seconds.count());
  return survivors == 0 && hold ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
  Options options;
  CLI::App app("faults in the code that targets write of populations, and who finds them");
  app.add_option("--seed", options.seed, "the same seed gives the same mutants");
  app.add_option("--count", options.count, "how many");
  app.add_option("--targets", options.targets, "of which")
      ->delimiter(',')
      ->check(CLI::IsMember(Subjects::targets()));
  app.add_option("--time-limit", options.seconds, "seconds for a form and solver");
  app.add_option("--threads", options.threads, "that ask solvers");
  app.add_flag("--originals", options.checksOriginals, "first ask about the code without faults");
  app.add_flag("--list", options.listsAll, "show all, not only what survives");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
