//===- Step.cpp - the model of the chip, step by step ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Chip.h"

#include "ir/Wording.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::loihi2;

namespace {

class ChipStepper : public Stepper {
public:
  ChipStepper(const Chip &chip, int64_t batch) {
    for (int64_t sample = 0; sample < batch; ++sample) {
      samples.push_back(
          {chip.another(), std::vector<std::vector<uint32_t>>(chip.contents().inputs.size())});
    }
    const std::vector<Image::Readout> &readouts = chip.contents().readouts;
    for (size_t i = chip.contents().head.outputs; i < readouts.size(); ++i) {
      if (readouts[i].isState()) {
        states.push_back(i);
      }
    }
  }

  nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) override;
  nir::Status step() override;
  void readOutput(size_t output, int64_t sample, std::span<double> values) const override {
    read(output, sample, values);
  }
  void readState(size_t state, int64_t sample, std::span<double> values) const override {
    read(states[state], sample, values);
  }
  nir::Status writeState(size_t state, int64_t sample, std::span<const double> values) override {
    Chip &chip = samples[static_cast<size_t>(sample)].chip;
    chip.write(chip.contents().readouts[states[state]], values);
    return std::nullopt;
  }
  void reset() override;
  std::string snapshot() const override;
  nir::Status restore(std::string_view snapshot) override;

private:
  struct Sample {
    Chip chip;
    std::vector<std::vector<uint32_t>> spikes; ///< of each input, the elements that spike
  };

  void read(size_t readout, int64_t sample, std::span<double> values) const {
    const Chip &chip = samples[static_cast<size_t>(sample)].chip;
    std::vector<double> numbers;
    chip.read(chip.contents().readouts[readout], numbers);
    std::copy(numbers.begin(), numbers.end(), values.begin());
  }

  std::vector<Sample> samples;
  std::vector<size_t> states; ///< places in the image's readouts
};

} // namespace

nir::Status ChipStepper::setInput(size_t input, int64_t sample, std::span<const double> values) {
  Sample &one = samples[static_cast<size_t>(sample)];
  std::vector<uint32_t> spikes;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] != 0.0 && values[i] != 1.0) {
      return nir::Error::atNode(nir::Cause::InputValue, one.chip.contents().inputs[input].node,
                                fmt::format("found {} in element {}, expected 0 or 1: Loihi 2 "
                                            "takes spikes",
                                            values[i], i));
    }
    if (values[i] == 1.0) {
      spikes.push_back(static_cast<uint32_t>(i));
    }
  }
  one.spikes[input] = std::move(spikes);
  return std::nullopt;
}

nir::Status ChipStepper::step() {
  for (Sample &sample : samples) {
    sample.chip.step(InputSpikes(sample.spikes.begin(), sample.spikes.end()));
  }
  return std::nullopt;
}

void ChipStepper::reset() {
  for (Sample &sample : samples) {
    sample.chip.reset();
    for (std::vector<uint32_t> &spikes : sample.spikes) {
      spikes.clear();
    }
  }
}

std::string ChipStepper::snapshot() const {
  std::string all;
  for (const Sample &sample : samples) {
    all += sample.chip.save();
    for (size_t i = 0; i < sample.spikes.size(); ++i) {
      std::string bits(
          static_cast<size_t>(nir::numElements(sample.chip.contents().inputs[i].shape)), '\0');
      for (uint32_t spike : sample.spikes[i]) {
        bits[spike] = 1;
      }
      all += bits;
    }
  }
  return all;
}

nir::Status ChipStepper::restore(std::string_view snapshot) {
  if (snapshot.size() != this->snapshot().size()) {
    return nir::Error::usage(
        fmt::format("found a snapshot of {}, expected {}: it is of another program or batch",
                    nir::counted(snapshot.size(), "byte"), this->snapshot().size()));
  }
  for (Sample &sample : samples) {
    size_t bytes = sample.chip.save().size();
    sample.chip.load(snapshot.substr(0, bytes));
    snapshot.remove_prefix(bytes);
    for (size_t i = 0; i < sample.spikes.size(); ++i) {
      auto elements = static_cast<size_t>(nir::numElements(sample.chip.contents().inputs[i].shape));
      sample.spikes[i].clear();
      for (size_t element = 0; element < elements; ++element) {
        if (snapshot[element] != 0) {
          sample.spikes[i].push_back(static_cast<uint32_t>(element));
        }
      }
      snapshot.remove_prefix(elements);
    }
  }
  return std::nullopt;
}

std::unique_ptr<Stepper> loihi2::stepperOf(const Chip &chip, int64_t batch) {
  return std::make_unique<ChipStepper>(chip, batch);
}
