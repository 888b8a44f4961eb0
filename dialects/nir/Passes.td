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
    Fills in the kind of every `!nir.signal`, by the rule of a run (docs/semantics.md, "The other nodes"). Neurons that spike and
    `nir.threshold` give events. `nir.flatten`, `nir.delay` and the ports of subgraphs pass on events where nothing else
    reaches them. Everything else is analog, and so is an input of the outermost graph, unless its type says `event`.

    Takes: `nir`. Leaves: the same with kinds. Refuses: nothing.
    Example: tests/dialects/nir/infer-kinds.mlir
  }];
}

#endif
