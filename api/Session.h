//===- Session.h - a network in execution, step by step ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/Error.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace nirc {

/// Samples of one program that advance together, a step at a time. Inputs, outputs and states are
/// numbered as in `info()`; numbers are row-major, as many as a shape has, in float64 whatever the
/// target computes in. A number or a sample that is not there, and a span of another size, is an
/// error of usage and changes nothing. One thread per session; it may outlive its program.
class Session {
public:
  /// `program`: a number that no other program of this process has.
  Session(std::unique_ptr<Stepper> stepper, std::shared_ptr<const ProgramInfo> info, int64_t batch,
          uint64_t program)
      : stepper(std::move(stepper)), description(std::move(info)), samples(batch),
        program(program) {}

  const ProgramInfo &info() const { return *description; }
  int64_t batch() const { return samples; }
  int64_t stepsDone() const { return steps; }

  /// By their names; the error lists those that exist.
  nir::Result<size_t> input(std::string_view node) const;
  nir::Result<size_t> output(std::string_view node) const;
  nir::Result<size_t> state(std::string_view node, std::string_view name) const;

  /// What drives an input from the next step on, until it is set again. At first it is 0.
  nir::Status setInput(size_t input, std::span<const double> values, int64_t sample = 0);
  nir::Status step();
  /// Of the last step; before the first one they are 0.
  nir::Status readOutput(size_t output, std::span<double> values, int64_t sample = 0) const;
  nir::Status readState(size_t state, std::span<double> values, int64_t sample = 0) const;
  /// What a state is before the next step. In a network of integers it is rounded to one of them,
  /// and brought into the range that is proven of the state. A number that is not finite in the
  /// network's type is an error, as it is of an input. So is, on compiled targets, v of a neuron on
  /// a loop under spike-test=old: the spikes that it sends next are decided already.
  nir::Status writeState(size_t state, std::span<const double> values, int64_t sample = 0);

  /// Back to before the first step.
  void reset();
  /// All that steps change. `restore` takes it in any session of the same program and batch, in
  /// this process, and knows by a checksum that the bytes are those of a snapshot.
  std::string snapshot() const;
  nir::Status restore(std::string_view snapshot);

private:
  nir::Status checkFinite(const PortInfo &port, std::string_view what,
                          std::span<const double> values) const;
  nir::Status check(const std::vector<PortInfo> &ports, std::string_view what, size_t number,
                    size_t values, int64_t sample) const;

  std::unique_ptr<Stepper> stepper;
  std::shared_ptr<const ProgramInfo> description;
  int64_t samples, steps = 0;
  uint64_t program;
};

} // namespace nirc
