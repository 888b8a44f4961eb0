//===- Step.cpp - native code, step by step -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/plan/Parameters.h"
#include "backends/cpu/run/Code.h"
#include "backends/cpu/run/Ports.h"

#include "ir/Wording.h"

#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::cpu;

namespace {

class NativeStepper final : public Stepper {
public:
  /// `memory`: for `batch` arenas.
  NativeStepper(std::shared_ptr<const Code> shared, int64_t batch, std::shared_ptr<char> memory)
      : code(std::move(shared)), batch(batch), bytes(code->lowered.layout.bytes),
        arenas(std::move(memory)),
        scratch(allocateParameter(std::max<int64_t>(code->lowered.scratchBytes, 1))) {
    for (const Port &port : code->lowered.layout.outputs) {
      if (port.state) {
        states.push_back(&port);
      }
    }
    reset();
  }

  nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) override {
    writePort(code->lowered.layout.inputs[input], values.data(), arenaOf(sample));
    return std::nullopt;
  }
  nir::Status step() override;
  void readOutput(size_t output, int64_t sample, std::span<double> values) const override {
    readPort(code->lowered.layout.outputs[output], arenaOf(sample), values.data());
  }
  void readState(size_t state, int64_t sample, std::span<double> values) const override {
    readPort(*states[state], arenaOf(sample), values.data());
  }
  nir::Status writeState(size_t state, int64_t sample, std::span<const double> values) override {
    writePort(*states[state], values.data(), arenaOf(sample));
    return std::nullopt;
  }
  void reset() final {
    std::memset(arenas.get(), 0, static_cast<size_t>(batch * bytes));
    for (int64_t sample = 0; sample < batch; ++sample) {
      code->start(arenaOf(sample));
    }
  }
  std::string snapshot() const override {
    return {arenas.get(), static_cast<size_t>(batch * bytes)};
  }
  nir::Status restore(std::string_view snapshot) override;

private:
  char *arenaOf(int64_t sample) const { return arenas.get() + sample * bytes; }

  std::shared_ptr<const Code> code;
  int64_t batch, bytes;
  std::shared_ptr<char> arenas, scratch;
  std::vector<const Port *> states;
};

} // namespace

nir::Status NativeStepper::step() {
  if (code->step) {
    for (int64_t sample = 0; sample < batch; ++sample) {
      code->step(arenaOf(sample));
    }
    return std::nullopt;
  }
  for (int64_t first = 0; first < batch; first += maxTogether) {
    int64_t count = std::min(maxTogether, batch - first);
    for (Code::StageFunction stage : code->stages) {
      stage(arenaOf(first), count, /*part=*/0, /*parts=*/1, scratch.get());
    }
  }
  return std::nullopt;
}

nir::Status NativeStepper::restore(std::string_view snapshot) {
  auto expected = static_cast<size_t>(batch * bytes);
  if (snapshot.size() != expected) {
    return nir::Error::usage("found a snapshot of " + std::to_string(snapshot.size()) +
                             " bytes, expected " + std::to_string(expected) +
                             ": it is of another program or batch");
  }
  std::memcpy(arenas.get(), snapshot.data(), snapshot.size());
  return std::nullopt;
}

nir::Result<std::unique_ptr<Stepper>> nirc::cpu::stepperOf(std::shared_ptr<const Code> code,
                                                           int64_t batch) {
  int64_t bytes = code->lowered.layout.bytes, all = 0;
  std::shared_ptr<char> memory;
  if (!__builtin_mul_overflow(batch, bytes, &all) &&
      all < std::numeric_limits<int64_t>::max() / 2) {
    memory = allocateIfThere(all);
  }
  if (!memory) {
    return nir::Error(nir::Cause::NoMemory,
                      fmt::format("{} of {} each do not fit into memory",
                                  nir::counted(batch, "sample"), nir::counted(bytes, "byte")))
        .note("take fewer samples at a time");
  }
  std::unique_ptr<Stepper> made =
      std::make_unique<NativeStepper>(std::move(code), batch, std::move(memory));
  return made;
}
