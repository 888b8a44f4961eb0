//===- LaneTerms.h - what a loop does to one neuron -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/lower/Lower.h"
#include "backends/proof/Questions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace nirc::cpu {

/// The loop in which the function of a population updates its neurons, a vector or a scalar at a
/// time, read from the code alone: which element is loaded from where, what is computed of it, and
/// what is stored where. All loads and stores of a turn must be of the same element, and the turns
/// cover all of them.
class PopulationLoop {
public:
  /// `lowered` is the population of the lowered network, `reference` that of another, as it was.
  PopulationLoop(const LoweredNetwork &lowered, snn::PopulationOp population,
                 snn::PopulationOp reference, mlir::func::FuncOp function);

  /// What the code computes of the inputs, states and parameters of `body`.
  proof::CodeResults results(proof::Theory &theory, const proof::PopulationTerms &body);
  /// How many elements a turn has, for whom this is shown.
  int64_t lanes() const { return step; }

private:
  friend class LaneTerms;
  /// Which array of the population a memory is; nothing of any other.
  struct Array {
    enum class Kind { Input, InputBits, State, Result, ResultBits, List, Parameter };
    Kind kind;
    size_t number = 0; ///< of the state; of an input the first that lies there
    std::string symbol = {};
  };
  std::optional<Array> arrayOf(mlir::Value memory);
  void findLoop(mlir::func::FuncOp function);
  void findIndex();
  /// The body's parameter that has these numbers, by element or by channel.
  std::optional<size_t> parameterAt(const std::string &symbol, bool byChannel);
  std::optional<size_t> neuronAt(int64_t element);
  bool isIndex(mlir::Value value) { return value == index; }
  bool isSoundLoad(mlir::Operation *load, const Array &array, mlir::Value at);
  mlir::Value maskOfList();

  const LoweredNetwork &lowered;
  snn::PopulationOp population, reference;
  std::optional<ChannelsLast> order;
  std::optional<Slot> result, bits, list;
  int64_t elements = 0, ends = 0, step = 1; ///< neurons; elements of the loop; those of a turn
  mlir::scf::ForOp loop;
  mlir::Value index, channel;
  std::string trouble; ///< why nothing can be said
};

} // namespace nirc::cpu
