//===- Pooling.td - sums and means over windows ------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_POOLING_TD
#define NIRC_DIALECTS_NIR_POOLING_TD

include "dialects/nir/Nodes.td"

class Nir_PoolOp<string mnemonic, string nirType>
    : Nir_NodeOp<mnemonic, nirType, (ins Nir_Tensor:$kernel_size, Nir_Tensor:$stride, Nir_Tensor:$padding)>;

def Nir_SumPool2dOp : Nir_PoolOp<"sum_pool2d", "SumPool2d"> {
  let summary = "the sum over windows";
  let description = [{
        y[c, p, q] = sum_{k, l} x[c, p stride_h + k - padding_h, q stride_w + l - padding_w]

    x [C, H, W]; what lies in the padding is 0.

    Constraints: (P1) `kernel_size` and `stride` are positive integers and `padding` is not negative, one number or
    (h, w). (P2) the signals are [C, H, W], and the result has one element for each place of the window.
    Source: NIR 1.0.8 `SumPool2d`. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_AvgPool2dOp : Nir_PoolOp<"avg_pool2d", "AvgPool2d"> {
  let summary = "the mean over windows";
  let description = [{
    The sum of `nir.sum_pool2d` divided by the number of elements of the window, padding counted.

    Constraints: (P1), (P2) as for `nir.sum_pool2d`.
    Source: NIR 1.0.8 `AvgPool2d`. Example: tests/dialects/nir/ops.mlir
  }];
}

#endif
