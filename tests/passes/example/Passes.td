//===- Passes.td - the contract of the example pass --------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "mlir/Pass/PassBase.td"

def RemoveZeroDelays : Pass<"remove-zero-delays", "mlir::ModuleOp"> {
  let summary = "replace each Delay of 0 s by its input";
  let description = [{
    Takes and leaves: `nir`. A Delay with one incoming edge whose delays are all at most `at-most` seconds is removed, and
    its readers read its input. Refuses: such a Delay that drives itself.

    Example: tests/passes/example/remove-zero-delays.mlir
  }];
  let options = [Option<"atMostSeconds", "at-most", "double", /*default=*/"0.0", "longest delay in seconds that is removed">];
}
