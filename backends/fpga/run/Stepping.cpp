//===- Stepping.cpp - a design, step by step ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/Stepping.h"

#include "backends/fpga/run/Conversation.h"
#include "backends/fpga/sim/Beats.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

#include <algorithm>
#include <atomic>
#include <cstring>
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
  std::string snapshot() const override;
  nir::Status restore(std::string_view snapshot) override;

private:
  struct Sample {
    std::vector<std::vector<double>> inputs, outputs;
    std::vector<int64_t> words;
    std::string history;    ///< all that was sent since step 0
    bool isStepOver = true; ///< outputs are those of the last step
    bool isWaiting = false; ///< for the line w
  };
  /// Of all samples. A snapshot is what was sent, since states can only be read; after more than
  /// that it is none.
  static constexpr size_t mostHistory = size_t(1) << 28;

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
  size_t historyBytes = 0;
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

static void clear(std::vector<std::vector<double>> &all) {
  for (std::vector<double> &values : all) {
    std::fill(values.begin(), values.end(), 0.0);
  }
}

void OnSimulators::take(Sample &sample, const Answer &answer) const {
  bool isOfStep = answer.kind == Answer::Event || answer.kind == Answer::End;
  if (isOfStep && sample.isStepOver) {
    clear(sample.outputs);
  }
  sample.isStepOver = isOfStep ? answer.kind == Answer::End : sample.isStepOver;
  switch (answer.kind) {
  case Answer::Event: {
    takeBeat(design().out, design().outputs, answer.beat,
             [&](size_t stream, int64_t element, int64_t value) {
               if (stream >= sample.outputs.size()) {
                 return; // a record
               }
               const StreamPort &port = design().outputs[stream];
               std::vector<double> &values = sample.outputs[stream];
               auto n = static_cast<size_t>(element);
               size_t perScale = std::max<size_t>(values.size() / port.scales.size(), 1);
               values[n] = static_cast<double>(value) * port.scales[n / perScale];
             });
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
    std::string text;
    appendEvents(design(), inputs, text, events);
    text += "1 0\n";
    historyBytes += text.size();
    if (historyBytes <= mostHistory) {
      sample.history += text;
    }
    conversations[i]->toSend += text + "w\n";
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
    samples[i].history.clear();
    clear(samples[i].inputs);
    clear(samples[i].outputs);
  }
  historyBytes = 0;
  static_cast<void>(talk()); // `step` says what went wrong
}

/// So that nothing else is taken for one: the design and a hash, then of each sample the inputs and
/// what was sent.
static std::string sealed(const void *design, std::string_view content) {
  llvm::ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t *>(content.data()), content.size());
  return fmt::format("{} {} ", design, llvm::toHex(llvm::SHA256::hash(bytes)));
}

std::string OnSimulators::snapshot() const {
  if (historyBytes > mostHistory) {
    return {};
  }
  std::string content;
  for (const Sample &sample : samples) {
    for (const std::vector<double> &values : sample.inputs) {
      content.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(double));
    }
    content += sample.history + '\0';
  }
  return sealed(simulated.get(), content) + content;
}

nir::Status OnSimulators::restore(std::string_view snapshot) {
  std::string none = sealed(simulated.get(), {});
  std::string_view content = snapshot.substr(std::min(none.size(), snapshot.size()));
  if (!snapshot.starts_with(sealed(simulated.get(), content))) {
    return nir::Error::usage(
        snapshot.empty() ? "the snapshot is empty: it was made after more steps than are kept"
                         : "these bytes are not a snapshot of this design");
  }
  std::vector<Sample> read = samples;
  for (Sample &sample : read) {
    for (std::vector<double> &values : sample.inputs) {
      size_t bytes = values.size() * sizeof(double);
      if (content.size() < bytes) {
        return nir::Error::usage("the snapshot is of fewer samples");
      }
      std::memcpy(values.data(), content.data(), bytes);
      content.remove_prefix(bytes);
    }
    size_t end = content.find('\0');
    if (end == std::string_view::npos) {
      return nir::Error::usage("the snapshot is of fewer samples");
    }
    sample.history = content.substr(0, end);
    content.remove_prefix(end + 1);
  }
  if (!content.empty()) {
    return nir::Error::usage("the snapshot is of more samples");
  }
  reset();
  for (size_t i = 0; i < samples.size(); ++i) {
    samples[i].inputs = std::move(read[i].inputs);
    samples[i].history = std::move(read[i].history);
    samples[i].isWaiting = true;
    historyBytes += samples[i].history.size();
    conversations[i]->toSend += samples[i].history + "w\n";
  }
  return talk();
}

nir::Result<std::unique_ptr<Stepper>>
nirc::fpga::stepperOf(std::shared_ptr<const Simulated> simulated,
                      const std::shared_ptr<Simulator> &simulator, int64_t batch) {
  auto stepper = std::make_unique<OnSimulators>(std::move(simulated), batch);
  if (nir::Status failed = stepper->startAll(simulator)) {
    return std::move(*failed);
  }
  return std::unique_ptr<Stepper>(std::move(stepper));
}
