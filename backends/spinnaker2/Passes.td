//===- Passes.td - the passes of SpiNNaker2 -------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "mlir/Pass/PassBase.td"

def Spinnaker2Map : Pass<"spinnaker2-map", "mlir::ModuleOp"> {
  let summary = "write into a network which core of SpiNNaker2 has which neurons";
  let description = [{
    Takes: `snn.network`s whose weights are integers.
    Leaves: the same, each with a `snn.mapping` that says which neurons lie on which core, and what they use of it. The image is
    made of the mapping that its network has. Refuses: a network that the chip cannot compute, by its node; a neuron that fits
    on no core.

    Example: tests/backends/spinnaker2/map.test
  }];
  let options = [Option<"ownCores", "own-cores", "bool", /*default=*/"false", "no core has neurons of two nodes">];
}
