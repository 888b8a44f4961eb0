//===- BodyQuery.h - whether Verilog is equal to a body ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/datapath/ConstantProducts.h"
#include "backends/fpga/datapath/Datapath.h"

namespace nirc::fpga {

/// The question in SMT-LIB whether the Verilog of a datapath ever differs from the body of its
/// population: formal/<module>.smt2. What yosys makes of the module stands before it:
///
///   yosys -p "read_verilog X.v; prep -flatten -top MODULE; write_smt2 dut.smt2"
///
/// Inputs are `in.u`, any number in the range of their port; outputs of the Verilog `out.v_next`,
/// of the body `ref.v_next`. `unsat` is a proof that all outputs are equal for all inputs, `sat` a
/// counterexample. The body is written op by op at its own widths, through MLIR's smt dialect, from
/// nothing but the meaning that the interpreter gives its ops. `products` says which products with
/// a constant the Verilog has as sums: solvers find no proof where one side multiplies.
std::string bodyQuery(snn::PopulationOp op, const Datapath &datapath, const ProductRule &products);

/// formal/prove.py, which asks yosys and a solver about all modules of an artifact.
llvm::StringRef proveScript();
/// streams.py, which proves the queues that streams.txt lists.
llvm::StringRef streamsScript();

} // namespace nirc::fpga
