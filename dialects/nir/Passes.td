//===- Passes.td - passes on the nir dialect ---------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_PASSES_TD
#define NIRC_DIALECTS_NIR_PASSES_TD

include "mlir/Pass/PassBase.td"

def InferKinds : Pass<"infer-kinds", "mlir::ModuleOp"> {
  let summary = "find out which signals are spikes and which are analog";
  let description = [{
    Fills in the kind of every `!nir.signal`. Neurons that spike and `nir.threshold` give events. `nir.flatten`,
    `nir.delay` and the ports of subgraphs pass on the kind they get. Everything else is analog, and so is a sum of
    several edges. What the inputs of the outermost graph carry is not known, nor is what follows from them alone.

    Takes: `nir`. Leaves: the same with kinds. Refuses: a threshold on a spike train, which has no height to compare.
    Example: tests/dialects/nir/infer-kinds.mlir
  }];
}

#endif
