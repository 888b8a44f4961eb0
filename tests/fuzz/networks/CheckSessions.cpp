//===- CheckSessions.cpp - two targets, step by step ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Checks.h"

#include "tests/support/Random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace nir::fuzz {

using nirc::Executable, nirc::PortInfo, nirc::Stepper;
using test::Random;

namespace {

/// A target that is stepped beside another one. Ports are numbered as the first has
/// them.
struct Side {
  std::string name;
  std::unique_ptr<Executable> executable;
  std::unique_ptr<Stepper> stepper;
  std::vector<size_t> inputs, outputs, states;
  std::string kept; ///< the last snapshot
};

constexpr size_t nowhere = SIZE_MAX;

/// Where each of `want` is among `own`.
std::vector<size_t> placesIn(const std::vector<PortInfo> &own, const std::vector<PortInfo> &want) {
  std::vector<size_t> places;
  for (const PortInfo &port : want) {
    auto found = std::ranges::find_if(own, [&](const PortInfo &other) {
      return other.node == port.node && other.observable == port.observable;
    });
    places.push_back(found == own.end() ? nowhere : static_cast<size_t>(found - own.begin()));
  }
  return places;
}

/// The same calls, in a random order, on every side: inputs, steps, states that are written,
/// snapshots, and ways back to them. After each all sides must show the same numbers.
class LockStep {
public:
  LockStep(Trial &trial, int64_t batch) : trial(trial), random(trial.of.seed + 13), batch(batch) {}

  /// Nothing where the target takes the job and can be stepped.
  std::optional<Verdict> add(const nirc::Target &target, const nirc::Job &job);
  std::string run(int calls);
  size_t sides() const { return all.size(); }

private:
  std::string call();
  std::string setInput();
  std::string writeState();
  std::string keep();
  std::string goBack();
  std::string compare() const;
  std::string onAll(const char *what, const std::function<Status(Side &)> &act);
  std::vector<double> numbersFor(const PortInfo &port);

  Trial &trial;
  Random random;
  int64_t batch;
  std::vector<Side> all;
  bool isKept = false;
  std::string last; ///< call
};

std::optional<Verdict> LockStep::add(const nirc::Target &target, const nirc::Job &job) {
  auto executable = target.compile(job);
  if (!executable) {
    return judged(target, executable.error());
  }
  auto stepper = (*executable)->start(batch);
  if (!stepper) {
    return judged(target, stepper.error());
  }
  Side side{
      std::string(target.name()), *std::move(executable), *std::move(stepper), {}, {}, {}, {}};
  const nirc::ProgramInfo &own = side.executable->info();
  const nirc::ProgramInfo &want = (all.empty() ? side : all[0]).executable->info();
  side.inputs = placesIn(own.inputs, want.inputs);
  side.outputs = placesIn(own.outputs, want.outputs);
  side.states = placesIn(own.states, want.states);
  for (const auto *places : {&side.inputs, &side.outputs, &side.states}) {
    if (std::ranges::find(*places, nowhere) != places->end()) {
      return Verdict::fails("ports",
                            fmt::format("{} has not all ports of {}", side.name, want.target));
    }
  }
  all.push_back(std::move(side));
  return std::nullopt;
}

std::vector<double> LockStep::numbersFor(const PortInfo &port) {
  std::vector<double> values(static_cast<size_t>(numElements(port.shape)));
  bool isSpikes = trial.of.isForChips || random.chance(0.5);
  for (double &value : values) {
    value = isSpikes ? static_cast<double>(random.chance(0.4)) : random.uniform(-1.0, 2.0);
  }
  return values;
}

std::string LockStep::onAll(const char *what, const std::function<Status(Side &)> &act) {
  std::vector<std::string> said;
  for (Side &side : all) {
    Status bad = act(side);
    said.push_back(bad ? bad->str() : "");
  }
  for (size_t i = 1; i < said.size(); ++i) {
    if (said[i].empty() != said[0].empty()) {
      return fmt::format("{} on {}: '{}', on {}: '{}'", what, all[0].name, said[0], all[i].name,
                         said[i]);
    }
  }
  return {};
}

std::string LockStep::setInput() {
  const std::vector<PortInfo> &ports = all[0].executable->info().inputs;
  if (ports.empty()) {
    return {};
  }
  auto at = static_cast<size_t>(random.below(std::ssize(ports)));
  int64_t sample = random.below(batch);
  std::vector<double> values = numbersFor(ports[at]);
  return onAll("an input",
               [&](Side &side) { return side.stepper->setInput(side.inputs[at], sample, values); });
}

/// What another sample has of it, or a little more or less: a number that the network can have.
std::string LockStep::writeState() {
  const std::vector<PortInfo> &ports = all[0].executable->info().states;
  if (ports.empty()) {
    return {};
  }
  auto at = static_cast<size_t>(random.below(std::ssize(ports)));
  std::vector<double> values(static_cast<size_t>(numElements(ports[at].shape)));
  all[0].stepper->readState(all[0].states[at], random.below(batch), values);
  for (double &value : values) {
    value = random.chance(0.3) ? random.uniform(-1.0, 1.0) : value;
  }
  int64_t sample = random.below(batch);
  // What a compiled loop has decided already cannot be written there, and so is on no side.
  for (Side &side : all) {
    std::vector<double> own(values.size());
    side.stepper->readState(side.states[at], sample, own);
    Status refused = side.stepper->writeState(side.states[at], sample, own);
    if (refused && refused->code == kindOf(Cause::UnsupportedByTarget).code) {
      return {};
    }
  }
  return onAll("a state", [&](Side &side) {
    return side.stepper->writeState(side.states[at], sample, values);
  });
}

std::string LockStep::keep() {
  for (Side &side : all) {
    side.kept = side.stepper->snapshot();
  }
  isKept = true;
  return {};
}

std::string LockStep::goBack() {
  if (!isKept || random.chance(0.1)) {
    last = "a reset";
    for (Side &side : all) {
      side.stepper->reset();
    }
    return {};
  }
  std::string bad =
      onAll("a snapshot", [](Side &side) { return side.stepper->restore(side.kept); });
  for (Side &side : all) {
    if (bad.empty() && side.stepper->snapshot() != side.kept) {
      bad = side.name + " is not as it was when the snapshot was made";
    }
  }
  return bad;
}

std::string LockStep::call() {
  auto kind = static_cast<size_t>(random.below(12));
  static constexpr std::array<const char *, 6> names = {
      "an input", "an input", "an input", "a state", "a snapshot", "a restored snapshot"};
  last = kind < names.size() ? names[kind] : "a step";
  switch (kind) {
  case 0:
  case 1:
  case 2:
    return setInput();
  case 3:
    return writeState();
  case 4:
    return keep();
  case 5:
    return goBack();
  default:
    return onAll("a step", [](Side &side) { return side.stepper->step(); });
  }
}

/// Empty where all outputs and states are the same bits on all sides.
std::string LockStep::compare() const {
  auto differs = [&](const PortInfo &port, const auto &read) -> std::string {
    std::vector<double> want(static_cast<size_t>(numElements(port.shape))), got = want;
    for (int64_t sample = 0; sample < batch; ++sample) {
      read(all[0], sample, want);
      for (size_t i = 1; i < all.size(); ++i) {
        read(all[i], sample, got);
        for (size_t k = 0; k < want.size(); ++k) {
          bool isSame = got[k] == want[k] || (std::isnan(got[k]) && std::isnan(want[k]));
          if (!isSame) {
            return fmt::format("{}:{} sample {} element {}: {} on {}, {} on {}", port.node,
                               port.observable, sample, k, got[k], all[i].name, want[k],
                               all[0].name);
          }
        }
      }
    }
    return {};
  };
  const nirc::ProgramInfo &info = all[0].executable->info();
  std::string text;
  for (size_t at = 0; at < info.outputs.size() && text.empty(); ++at) {
    text = differs(info.outputs[at],
                   [at](const Side &side, int64_t sample, std::vector<double> &values) {
                     side.stepper->readOutput(side.outputs[at], sample, values);
                   });
  }
  for (size_t at = 0; at < info.states.size() && text.empty(); ++at) {
    text = differs(info.states[at],
                   [at](const Side &side, int64_t sample, std::vector<double> &values) {
                     side.stepper->readState(side.states[at], sample, values);
                   });
  }
  return text;
}

std::string LockStep::run(int calls) {
  for (int i = 0; i < calls; ++i) {
    std::string bad = call();
    bad = bad.empty() ? compare() : bad;
    if (!bad.empty()) {
      return fmt::format("after {} calls, the last {}: {}", i + 1, last, bad);
    }
  }
  return {};
}

class Sessions final : public Check {
public:
  std::string name() const override { return "sessions"; }
  int every() const override { return 2; }
  Verdict run(Trial &trial) const override;
};

Verdict Sessions::run(Trial &trial) const {
  DType dtype = trial.dtypes()[trial.of.seed % trial.dtypes().size()];
  nirc::Job job = jobOf(trial.of, dtype);
  job.states = true;
  job.probes.clear();
  if (!trial.want(dtype)) {
    return Verdict::refused(trial.want(dtype).error());
  }
  LockStep sides(trial, 1 + static_cast<int64_t>(trial.of.seed / 2 % 3));
  Verdict last;
  for (const char *name : {"reference", "cpu", "loihi2"}) {
    bool isSkipped =
        (trial.of.balances && sides.sides() == 0 && std::string_view(name) == "reference") ||
        (std::string_view(name) == "loihi2" && !trial.of.isForChips);
    std::optional<Verdict> bad =
        isSkipped ? std::nullopt : sides.add(**nirc::findTarget(name), job);
    if (bad && bad->kind == Verdict::Fails) {
      return *bad;
    }
    last = bad.value_or(last);
  }
  if (sides.sides() < 2) {
    return last;
  }
  constexpr int calls = 60;
  std::string differs = sides.run(calls);
  return differs.empty() ? Verdict::holds() : Verdict::fails("bits", differs);
}

} // namespace

void addSessionChecks(std::vector<std::unique_ptr<Check>> &all) {
  all.push_back(std::make_unique<Sessions>());
}

} // namespace nir::fuzz
