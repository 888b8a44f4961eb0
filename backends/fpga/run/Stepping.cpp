//===- Stepping.cpp - a design, step by step ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/Stepping.h"

#include "backends/fpga/run/Conversation.h"
#include "backends/fpga/sim/Beats.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::fpga;

namespace {

class OnSimulators : public Stepper {
public:
  OnSimulators(std::shared_ptr<const Simulated> simulated, int64_t batch)
      : simulated(std::move(simulated)), samples(static_cast<size_t>(batch)) {
    for (Sample &sample : samples) {
      for (const StreamPort &port : design().inputs) {
        sample.inputs.emplace_back(static_cast<size_t>(nir::numElements(port.info.shape)));
      }
      for (const PortInfo &port : design().info.outputs) {
        sample.outputs.emplace_back(static_cast<size_t>(nir::numElements(port.shape)));
      }
    }
  }
  nir::Status startAll(const std::shared_ptr<Simulator> &simulator);

  nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) override {
    std::vector<double> &kept = samples[static_cast<size_t>(sample)].inputs[input];
    kept.assign(values.begin(), values.end());
    return {};
  }
  nir::Status step() override;
  void readOutput(size_t output, int64_t sample, std::span<double> values) const override {
    const std::vector<double> &kept = samples[static_cast<size_t>(sample)].outputs[output];
    std::copy(kept.begin(), kept.end(), values.begin());
  }
  void readState(size_t state, int64_t sample, std::span<double> values) const override;
  nir::Status writeState(size_t, int64_t, std::span<const double>) override {
    return refused("the states of a design can be read, but not written");
  }
  void reset() override;
  std::string snapshot() const override { return {}; }
  nir::Status restore(std::string_view) override {
    return refused("a design cannot be set back to a snapshot: its states can only be read");
  }

private:
  struct Sample {
    std::vector<std::vector<double>> inputs, outputs;
    std::vector<int64_t> words;
    bool isWaiting = false; ///< for the line w
  };

  static nir::Error refused(const char *what) {
    return nir::Error::usage(nir::Cause::UnsupportedByTarget, what);
  }
  const Design &design() const { return simulated->design; }
  void take(Sample &sample, const Answer &answer) const;
  /// Until what was sent is answered, by all that wait.
  nir::Status talk() const;

  std::shared_ptr<const Simulated> simulated;
  mutable std::vector<Sample> samples; ///< what is read is asked for when it is wanted
  std::vector<std::unique_ptr<Conversation>> conversations;
  mutable nir::Status broken; ///< once a simulator has failed
};

} // namespace

nir::Status OnSimulators::startAll(const std::shared_ptr<Simulator> &simulator) {
  for (size_t i = 0; i < samples.size(); ++i) {
    // Beside those of a run that may go on.
    static constexpr int afterRuns = 1 << 20;
    static std::atomic<int> number = afterRuns;
    nir::Result<std::unique_ptr<Conversation>> made = Conversation::start(simulator, number++);
    if (!made) {
      return made.takeError();
    }
    conversations.push_back(*std::move(made));
  }
  return {};
}

void OnSimulators::take(Sample &sample, const Answer &answer) const {
  switch (answer.kind) {
  case Answer::Event: {
    BeatParts parts = partsOf(design().out, answer.beat);
    auto stream = static_cast<size_t>(parts.port);
    if (stream >= sample.outputs.size()) {
      return; // a record
    }
    const StreamPort &port = design().outputs[stream];
    std::vector<double> &values = sample.outputs[stream];
    auto element = static_cast<size_t>(port.elementAt(parts.address));
    if (element < values.size()) {
      size_t perScale = std::max<size_t>(values.size() / port.scales.size(), 1);
      values[element] = static_cast<double>(parts.value) * port.scales[element / perScale];
    }
    return;
  }
  case Answer::Word:
    sample.words.push_back(answer.word);
    return;
  case Answer::Waited:
    sample.isWaiting = false;
    return;
  default:
    return;
  }
}

nir::Status OnSimulators::talk() const {
  auto isWaiting = [](const Sample &sample) { return sample.isWaiting; };
  while (!broken && std::any_of(samples.begin(), samples.end(), isWaiting)) {
    broken = Conversation::exchange(conversations, [&](size_t i, const Answer &answer) {
      take(samples[i], answer);
      return nir::Status();
    });
    for (const std::unique_ptr<Conversation> &one : conversations) {
      if (!broken && !one->isOpen()) {
        broken = one->finish();
        if (!broken) {
          broken = nir::Error::internal("a simulator has ended");
        }
      }
    }
  }
  return broken;
}

nir::Status OnSimulators::step() {
  std::vector<int64_t> events(design().inputs.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    Sample &sample = samples[i];
    std::vector<std::span<const double>> inputs(sample.inputs.begin(), sample.inputs.end());
    std::string &text = conversations[i]->toSend;
    appendEvents(design(), inputs, text, events);
    text += "1 0\nw\n";
    for (std::vector<double> &output : sample.outputs) {
      std::fill(output.begin(), output.end(), 0.0);
    }
    sample.isWaiting = true;
  }
  return talk();
}

void OnSimulators::readState(size_t state, int64_t number, std::span<double> values) const {
  const StateWindow &window = design().states[state];
  Sample &sample = samples[static_cast<size_t>(number)];
  std::string &text = conversations[static_cast<size_t>(number)]->toSend;
  for (size_t n = 0; n < values.size(); ++n) {
    fmt::format_to(std::back_inserter(text), "? {:x}\n", window.addressOf(static_cast<int64_t>(n)));
  }
  text += "w\n";
  sample.words.clear();
  sample.isWaiting = true;
  if (talk() || sample.words.size() != values.size()) { // `step` says why
    std::fill(values.begin(), values.end(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  size_t perScale = std::max<size_t>(values.size() / window.scales.size(), 1);
  for (size_t n = 0; n < values.size(); ++n) {
    values[n] = static_cast<double>(sample.words[n]) * window.scales[n / perScale];
  }
}

void OnSimulators::reset() {
  for (size_t i = 0; i < samples.size(); ++i) {
    conversations[i]->toSend += "r\nw\n";
    samples[i].isWaiting = true;
    for (auto *all : {&samples[i].inputs, &samples[i].outputs}) {
      for (std::vector<double> &values : *all) {
        std::fill(values.begin(), values.end(), 0.0);
      }
    }
  }
  static_cast<void>(talk()); // `step` says what went wrong
}

nir::Result<std::unique_ptr<Stepper>>
nirc::fpga::stepperOf(std::shared_ptr<const Simulated> simulated,
                      std::shared_ptr<Simulator> simulator, int64_t batch) {
  auto stepper = std::make_unique<OnSimulators>(std::move(simulated), batch);
  if (nir::Status failed = stepper->startAll(simulator)) {
    return std::move(*failed);
  }
  return std::unique_ptr<Stepper>(std::move(stepper));
}
