//===- InterpreterBody.h - the arithmetic of a population -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace snn {

/// The values that one value of a body has for a block of neurons. An integer of any width is kept
/// with its sign in 64 bits, an i1 so as 0 or -1; an f32 is a double that is a float.
struct Register {
  Register(mlir::Type type, size_t lanes);
  mlir::Type type;
  unsigned width;
  bool isFloat;
  std::vector<int64_t> integers; ///< empty where the type is one of floats
  std::vector<double> floats;    ///< else empty
};

/// The body of a population, as a list of operations of which each goes over a block of neurons.
class Body {
public:
  /// How many neurons are in a block: few enough for the values of a body to stay in the cache.
  static constexpr size_t lanes = 256;

  /// Fails with a diagnostic that lists what a body may hold.
  static llvm::FailureOr<Body> compile(PopulationOp op);

  /// Sets an argument (u, the states, the parameters) for the neurons of a block. What does not fit
  /// its type wraps.
  template <typename Number>
  void load(size_t argument, const Number *from, size_t count);
  void run(size_t count);
  /// Reads what the body yields (what is passed on, the new states).
  template <typename Number>
  void store(size_t yielded, Number *to, size_t count) const;

  using Instruction = std::function<void(std::vector<Register> &, size_t count)>;

private:
  std::vector<Register> registers;
  std::vector<Instruction> code;
  std::vector<size_t> arguments, yielded; ///< registers
};

} // namespace snn
