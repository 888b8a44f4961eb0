//===- Datapath.h - the arithmetic of a neuron as hardware ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The body of a population as a combinational module: `arith` on integers that are as wide as
// their values need. Every value stands for the value of the body by its sign: extended to the
// width of the body's type, it is the body's, for all inputs in the ranges of the ports.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"

#include "mlir/IR/Builders.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc::fpga {

/// A wire into or out of a datapath: a signed integer, or a spike.
struct DatapathPort {
  std::string name; ///< an identifier of Verilog, unique in its datapath: "u", "v", "v_next"
  int bits = 1;     ///< the fewest, in two's complement
  int64_t least = 0, most = 0; ///< both included; 0 and 1 for a spike
  int place = 0;               ///< argument of the body, or number of the yielded value
  bool isBit = false;          ///< a spike: one bit without a sign
};

/// Inputs are what the body reads of u, the states and the parameters that differ between neurons;
/// a parameter that all neurons share is a constant inside. Outputs are what is passed on (`spike`
/// or `result`), then each new state (`v_next`).
struct Datapath {
  std::string module; ///< "lif1_update", from the node's name; two nodes may give the same
  std::vector<DatapathPort> inputs, outputs;
};

/// The ports of a population of a network of i32. States, inputs and results are in the ranges of
/// their types; where the sum of the inputs may leave i32, u is any i32. Fails with a diagnostic at
/// the node where the body has floats or an op that has no form in hardware here.
llvm::FailureOr<Datapath> planDatapath(snn::PopulationOp op);

/// Inserts the arithmetic of the body, of `constant addi subi muli divsi shli shrsi shrui andi ori
/// xori cmpi select extsi extui trunci`, and returns the outputs. `inputs` are integers of the
/// ports' widths. What the body yields beyond the width of an output is cut off, as a network whose
/// numbers leave the ranges of their types is wrong anyhow.
llvm::SmallVector<mlir::Value> buildDatapath(mlir::OpBuilder &builder, snn::PopulationOp op,
                                             const Datapath &datapath, mlir::ValueRange inputs);

} // namespace nirc::fpga
