//===- Linear.td - linear maps -----------------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_LINEAR_TD
#define NIRC_DIALECTS_NIR_LINEAR_TD

include "dialects/nir/Nodes.td"

def Nir_AffineOp : Nir_NodeOp<"affine", "Affine", (ins Nir_Tensor:$weight, Nir_Tensor:$bias)> {
  let summary = "a matrix and a bias";
  let description = [{
        y = W x + b        W [..., out, in]   b [..., out]   x [..., in]

    Leading dimensions index separate matrices. Units are those of what the map feeds: the current I of a neuron [A] for
    x a spike [1].

    Constraints: (L1) `weight` has at least two dimensions. (L2) `bias` has the shape of `weight` without its last
    dimension. (L3) the input has that without the second to last, the result that without the last.
    Source: NIR 1.0.8 `Affine`. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_LinearOp : Nir_NodeOp<"linear", "Linear", (ins Nir_Tensor:$weight)> {
  let summary = "a matrix";
  let description = [{
        y = W x        W [..., out, in]   x [..., in]

    Constraints: (L1), (L3) as for `nir.affine`.
    Source: NIR 1.0.8 `Linear`. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_ScaleOp : Nir_NodeOp<"scale", "Scale", (ins Nir_Tensor:$scale)> {
  let summary = "a factor for each element";
  let description = [{
        y = s x        s, x, y of one shape

    Constraints: (S1) `scale` has the shape of the signal, or rank 0.
    Source: NIR 1.0.8 `Scale`. Example: tests/dialects/nir/ops.mlir
  }];
}

#endif
