//===- Signals.td - what moves or marks a signal -----------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_SIGNALS_TD
#define NIRC_DIALECTS_NIR_SIGNALS_TD

include "dialects/nir/Nodes.td"

def Nir_FlattenOp : Nir_NodeOp<"flatten", "Flatten",
    (ins Nir_Tensor:$start_dim, Nir_Tensor:$end_dim, Nir_OptionalTensor:$input_type)> {
  let summary = "joins dimensions";
  let description = [{
    Joins the dimensions `start_dim` to `end_dim`, both included; a negative one counts from the end. No number moves.

    Constraints: (F1) `start_dim` and `end_dim` are one integer each and name dimensions of the input, in order. (F2) the
    result is the input with these dimensions joined.
    Source: NIR 1.0.8 `Flatten`. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_DelayOp : Nir_NodeOp<"delay", "Delay", (ins Nir_Tensor:$delay)> {
  let summary = "the signal some time ago";
  let description = [{
        y(t) = x(t - delay)        delay [s]

    Constraints: (D1) `delay` has the shape of the signal, or rank 0. (D2) no `delay` is negative.
    Source: NIR 1.0.8 `Delay`. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_ThresholdOp : Nir_NodeOp<"threshold", "Threshold", (ins Nir_Tensor:$threshold)> {
  let summary = "events where an analog signal is high";
  let description = [{
        z = 1 where x > threshold, else 0

    Constraints: (H1) `threshold` has the shape of the signal, or rank 0.
    Source: NIR 1.0.8 `Threshold`. Example: tests/dialects/nir/ops.mlir
  }];
}

#endif
