//===- Passes.td - the passes of Loihi 2 -------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "mlir/Pass/PassBase.td"

def Loihi2Map : Pass<"loihi2-map", "mlir::ModuleOp"> {
  let summary = "write into a network which core of Loihi 2 has which neurons";
  let description = [{
    Takes: `snn.network`s of integers that the chip can compute, which are matched with its neuron models and its synapses.
    Leaves: the same, each with a `snn.mapping` that says which neurons lie on which core, and what they use of it. The image is
    made of the mapping that its network has. Refuses: a network that the chip cannot compute, by its node; a neuron that fits
    on no core.

    Example: tests/backends/loihi2/map.test
  }];
  let options = [Option<"ownCores", "own-cores", "bool", /*default=*/"false", "no core has neurons of two nodes">];
}
