//===- Interpreter.h - a clocked network, op by op --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The oracle of `snn` networks, as backends/reference/steps/Interpreter.h is that of graphs:
// written to be read, straight from the descriptions of the ops, and independent of every pass and
// backend. It says what a network of integers computes, and runs the float networks from which
// ranges are calibrated.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"
#include "ir/Error.h"
#include "ir/recording/Recording.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace snn {

/// Called with what a step made of each op, in the order of the ops. Spikes are 0 and 1; integers
/// are as they are, without their scale. The numbers are valid until the next step. Each function
/// may be empty.
template <typename Number>
struct Observer {
  /// The result of an op that has one.
  std::function<void(mlir::Operation *op, std::span<const Number> values)> onResult = {};
  /// u of a population, the sum of its inputs.
  std::function<void(PopulationOp op, std::span<const Number> values)> onDrive = {};
  /// The new values of a state of a population.
  std::function<void(PopulationOp op, unsigned state, std::span<const Number> values)> onState = {};
};

/// Executes a network in steps. Number is double in a network of f64, float in one of f32 and
/// int64_t in one of i32: sums are exact there, and the bodies of populations compute in the types
/// that they name. Not thread safe; one object a thread.
template <typename Number>
class BasicInterpreter {
public:
  /// Fails with a diagnostic where the network has numbers of another type, weights that are not
  /// there, or something in a body that has no meaning here. The network outlives the interpreter
  /// and stays as it is.
  static llvm::FailureOr<BasicInterpreter> create(NetworkOp network);
  BasicInterpreter(BasicInterpreter &&) noexcept;
  BasicInterpreter &operator=(BasicInterpreter &&) noexcept;
  ~BasicInterpreter();

  /// Back to the silent state before step 0.
  void reset();
  /// What the `index`th snn.input carries from the next step on: numbers of the outside, row-major,
  /// which become numbers of the network as the op says.
  void setInput(size_t index, std::span<const double> values);
  void step();

  /// After a step, valid until the next one. `signal` is a result of an op of the network.
  std::span<const Number> value(mlir::Value signal) const;
  std::span<const Number> state(PopulationOp op, unsigned index) const;
  void observe(const Observer<Number> &observer) const;
  /// What a state is before the next step: numbers of the outside, which become numbers of the
  /// network as those of an input do.
  void setState(PopulationOp op, unsigned index, std::span<const double> values);
  /// All that steps change, as bytes that `restore` of the same network takes.
  std::string snapshot() const;
  /// False, and nothing changed, where these are not as many bytes.
  bool restore(std::string_view snapshot);
  /// After a step of a network of i32: the first number that is not in the range that its type
  /// says, where the sums of populations must fit i32. Empty where all are, and in float networks.
  nir::Status outOfRange() const;

  struct Network; ///< dialects/snn/interpreter/InterpreterUnits.h
  const Network &inside() const { return *network; }

private:
  explicit BasicInterpreter(std::unique_ptr<Network> network);
  std::unique_ptr<Network> network;
};

extern template class BasicInterpreter<float>;
extern template class BasicInterpreter<double>;
extern template class BasicInterpreter<int64_t>;

struct InterpretOptions {
  int64_t steps = 0; ///< 0: as many as the input has; past the input's end the inputs are 0
  std::function<void(int64_t done, int64_t total)> progress = {};
  std::stop_token stop = {}; ///< ends the run early, with an error
  bool checkRanges = false;  ///< a number outside the range of its type is an error
};

/// Runs every sample of `input` (a trace "value" [batch, T, shape...] for each snn.input) from the
/// silent state. The result has a trace for each snn.output, in their order, then one for each
/// snn.record: uint8 for spikes, int32 for counts of spikes; other numbers in the type of the
/// network, and in one of i32 in float64, each an integer times its scale. `network` is the one
/// that the interpreter was created from.
template <typename Number>
nir::Result<nir::Recording>
interpret(BasicInterpreter<Number> &interpreter, NetworkOp network, const nir::Recording &input,
          const InterpretOptions &options = {}, const Observer<Number> &observer = {});

/// The same, of a network of any type; what the interpreter cannot run is an error.
nir::Result<nir::Recording> interpret(NetworkOp network, const nir::Recording &input,
                                      const InterpretOptions &options = {});

} // namespace snn
