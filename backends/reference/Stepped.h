//===- Stepped.h - samples of an interpreter as a stepper -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include <algorithm>
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
    return std::nullopt;
  }
  void reset() override {
    for (Interpreter &sample : samples) {
      sample.reset();
    }
  }
  std::string snapshot() const override {
    std::string all;
    for (const Interpreter &sample : samples) {
      all += sample.snapshot();
    }
    return all;
  }
  nir::Status restore(std::string_view snapshot) override {
    size_t each = samples.empty() ? 0 : samples.front().snapshot().size();
    if (snapshot.size() != each * samples.size()) {
      return nir::Error::usage("found a snapshot of " + std::to_string(snapshot.size()) +
                               " bytes, expected " + std::to_string(each * samples.size()) +
                               ": it is of another program or batch");
    }
    for (Interpreter &sample : samples) {
      sample.restore(snapshot.substr(0, each));
      snapshot.remove_prefix(each);
    }
    return std::nullopt;
  }

protected:
  Interpreter &at(int64_t sample) { return samples[static_cast<size_t>(sample)]; }
  const Interpreter &at(int64_t sample) const { return samples[static_cast<size_t>(sample)]; }

private:
  std::vector<Interpreter> samples;
};

} // namespace nirc::reference
