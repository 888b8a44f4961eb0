//===- Stepped.h - samples of an interpreter as a stepper -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nirc::reference {

/// A stepper of which every sample is an interpreter of its own, with `snapshot` and `restore` of
/// strings; what differs is where inputs go and numbers are found.
template <typename Interpreter>
class Stepped : public Stepper {
public:
  explicit Stepped(std::vector<Interpreter> interpreters) : samples(std::move(interpreters)) {}

  nir::Status step() override {
    for (Interpreter &sample : samples) {
      sample.step();
    }
    hasStepped = true;
    return std::nullopt;
  }
  void readOutput(size_t output, int64_t sample, std::span<double> values) const final {
    if (hasStepped) {
      readLast(output, sample, values);
    } else { // though what a silent network passes on need not be 0
      std::fill(values.begin(), values.end(), 0.0);
    }
  }
  void reset() override {
    hasStepped = false;
    for (Interpreter &sample : samples) {
      sample.reset();
    }
  }
  std::string snapshot() const override {
    std::string all;
    for (const Interpreter &sample : samples) {
      all += sample.snapshot();
    }
    all += hasStepped ? '1' : '0';
    return all;
  }
  nir::Status restore(std::string_view snapshot) override {
    size_t each = samples.empty() ? 0 : samples.front().snapshot().size();
    size_t all = each * samples.size() + 1;
    if (snapshot.size() != all) {
      return nir::Error::usage("found a snapshot of " + std::to_string(snapshot.size()) +
                               " bytes, expected " + std::to_string(all) +
                               ": it is of another program or batch");
    }
    for (Interpreter &sample : samples) {
      sample.restore(snapshot.substr(0, each));
      snapshot.remove_prefix(each);
    }
    hasStepped = snapshot[0] == '1';
    return std::nullopt;
  }

protected:
  /// What an output has of the last step.
  virtual void readLast(size_t output, int64_t sample, std::span<double> values) const = 0;
  Interpreter &at(int64_t sample) { return samples[static_cast<size_t>(sample)]; }
  const Interpreter &at(int64_t sample) const { return samples[static_cast<size_t>(sample)]; }

private:
  std::vector<Interpreter> samples;
  bool hasStepped = false;
};

} // namespace nirc::reference
