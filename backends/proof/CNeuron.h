//===- CNeuron.h - the turn of a loop for a neuron --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/proof/CLoop.h"
#include "backends/proof/CNeurons.h"
#include "backends/proof/CTerms.h"
#include "backends/proof/Questions.h"

namespace nirc::proof {

/// What is known of a function before it is a term.
struct CNeuronCode {
  c::Function function;
  CLoop loop;
  std::vector<int64_t> ends; ///< of its counters
  std::string neuron;        ///< a neuron's place in arrays: "((i * 9) + j)"
  std::map<std::string, CArray, std::less<>> arrays; ///< by their names in the text
};

/// What is run for one neuron, any of them.
class CNeuronTerms : public CTerms {
public:
  CNeuronTerms(Theory &theory, snn::PopulationOp op, const CNeuronCode &code,
               const CNeurons &neurons, const PopulationTerms &body)
      : CTerms(theory), op(op), code(code), neurons(neurons), body(body) {}

  CodeResults results();

private:
  CNumber read(const c::Expression &place) override;
  void write(const c::Expression &place, CNumber value) override;
  std::optional<CNumber> combined(const c::Expression &e, const CNumber &a,
                                  const CNumber &b) override;

  void start();
  void startBias();
  void startBefore(const c::Statement &statement);
  bool isCleared(const std::string &array);
  CNumber word(const std::string &name);
  CNumber first(const std::string &name, const CArray &array);
  CNumber ofTable(const CArray &array, const c::Expression &place);
  /// A number of 32 bits as an element of an array.
  CNumber element(const c::Type &type, mlir::Value number, Interval range);
  mlir::Value asResult(const CNumber &cell);
  mlir::Value listed();
  bool isWord(const std::string &text) const;
  bool isPlace(const std::string &text) const;
  void mustNot(mlir::Value happens, const std::string &what) {
    theory.faults.push_back({happens, what});
  }

  snn::PopulationOp op;
  const CNeuronCode &code;
  const CNeurons &neurons;
  const PopulationTerms &body;
  mlir::Value bias;                         ///< null: none
  mlir::Value firstNeuron;                  ///< of a list, the number of the first one
  std::map<std::string, mlir::Value> turns; ///< what goes from turn to turn, as a turn finds it
  bool isListed = false;
};

} // namespace nirc::proof
