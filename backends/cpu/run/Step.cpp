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

#include <algorithm>
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
    for (const Port &port : code->lowered.layout.inputs) {
      waiting.emplace_back(isShown(port) ? static_cast<size_t>(batch * elementsOf(port)) : 0);
    }
    reset();
  }

  nir::Status setInput(size_t input, int64_t sample, std::span<const double> values) override {
    if (waiting[input].empty()) {
      writePort(code->lowered.layout.inputs[input], values.data(), arenaOf(sample));
    } else {
      std::copy(values.begin(), values.end(), waitingOf(input, sample));
    }
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
    const Port &port = *states[state];
    if (port.isDecided) {
      return nir::Error::atNode(nir::Cause::UnsupportedByTarget, port.node,
                                "lies on a loop, and with spike-test=old its spikes of the next "
                                "step are decided already, expected a v that can still change them")
          .note("the target reference decides them in the step itself");
    }
    writePort(port, values.data(), arenaOf(sample));
    return std::nullopt;
  }
  void reset() final {
    for (std::vector<double> &values : waiting) {
      std::fill(values.begin(), values.end(), 0.0);
    }
    std::memset(arenas.get(), 0, static_cast<size_t>(batch * bytes));
    for (int64_t sample = 0; sample < batch; ++sample) {
      code->start(arenaOf(sample));
    }
  }
  std::string snapshot() const override;
  nir::Status restore(std::string_view snapshot) override;

private:
  char *arenaOf(int64_t sample) const { return arenas.get() + sample * bytes; }
  static int64_t elementsOf(const Port &port) {
    return nir::numElements({port.shape.begin(), port.shape.end()});
  }
  double *waitingOf(size_t input, int64_t sample) {
    return waiting[input].data() + sample * elementsOf(code->lowered.layout.inputs[input]);
  }
  /// Whether an output lies where the input does, which then passes through the network as it is.
  bool isShown(const Port &input) const {
    const std::vector<Port> &outputs = code->lowered.layout.outputs;
    return std::any_of(outputs.begin(), outputs.end(),
                       [&](const Port &output) { return output.slot.offset == input.slot.offset; });
  }

  std::shared_ptr<const Code> code;
  int64_t batch, bytes;
  std::shared_ptr<char> arenas, scratch;
  std::vector<const Port *> states;
  /// What drives an input that is shown, from the next step on: until then the output is that of
  /// the last step. Empty for other inputs, whose numbers lie in the arena at once.
  std::vector<std::vector<double>> waiting;
};

} // namespace

nir::Status NativeStepper::step() {
  for (size_t input = 0; input < waiting.size(); ++input) {
    for (int64_t sample = 0; sample < batch && !waiting[input].empty(); ++sample) {
      writePort(code->lowered.layout.inputs[input], waitingOf(input, sample), arenaOf(sample));
    }
  }
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

std::string NativeStepper::snapshot() const {
  std::string all(arenas.get(), static_cast<size_t>(batch * bytes));
  for (const std::vector<double> &values : waiting) {
    all.append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(double));
  }
  return all;
}

nir::Status NativeStepper::restore(std::string_view snapshot) {
  auto expected = static_cast<size_t>(batch * bytes), ofArenas = expected;
  for (const std::vector<double> &values : waiting) {
    expected += values.size() * sizeof(double);
  }
  if (snapshot.size() != expected) {
    return nir::Error::usage("found a snapshot of " + std::to_string(snapshot.size()) +
                             " bytes, expected " + std::to_string(expected) +
                             ": it is of another program or batch");
  }
  std::memcpy(arenas.get(), snapshot.data(), ofArenas);
  snapshot.remove_prefix(ofArenas);
  for (std::vector<double> &values : waiting) {
    size_t size = values.size() * sizeof(double);
    std::copy_n(snapshot.begin(), size, reinterpret_cast<char *>(values.data()));
    snapshot.remove_prefix(size);
  }
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
