//===- Convolution.td - convolutions -----------------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_CONVOLUTION_TD
#define NIRC_DIALECTS_NIR_CONVOLUTION_TD

include "dialects/nir/Nodes.td"

class Nir_ConvOp<string mnemonic, string nirType> : Nir_NodeOp<mnemonic, nirType,
    (ins Nir_OptionalTensor:$input_shape, Nir_Tensor:$weight, Nir_Tensor:$stride, Nir_Padding:$padding,
         Nir_Tensor:$dilation, Nir_Tensor:$groups, Nir_Tensor:$bias)>;

def Nir_Conv1dOp : Nir_ConvOp<"conv1d", "Conv1d"> {
  let summary = "convolution over one dimension";
  let description = [{
        y[o, p] = b[o] + sum_{c, k} W[o, c, k] x[g(o) + c, p stride + k dilation - padding]

    A correlation, as in deep learning, with what lies in the padding taken as 0; g(o) is the first channel of o's group.
    x [C_in, N], W [C_out, C_in/groups, K], b [C_out]. `"same"` pads (K-1) dilation in total, the smaller half first.

    Constraints: (V1) `weight` has three dimensions. (V2) `bias` has one value a channel. (V3) `stride`,
    `dilation` and `groups` are positive whole numbers and `padding` is not negative, one number or one a dimension;
    as text, `padding` is "same" or "valid", and "same" asks for stride 1. (V4) the channels are divisible by `groups`.
    (V5) the signals have these channels and one dimension more, and the result has one element for each place of the
    kernel. (V6) `input_shape`, where given, is that of the input without its channels.
    Source: NIR 1.0.8 `Conv1d`. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_Conv2dOp : Nir_ConvOp<"conv2d", "Conv2d"> {
  let summary = "convolution over two dimensions";
  let description = [{
    `nir.conv1d` with one more dimension: x [C_in, H, W], W [C_out, C_in/groups, Kh, Kw]. `stride`, `padding` and
    `dilation` are one number for both or (h, w).

    Constraints: (V1) `weight` has four dimensions. (V2) to (V6) as for `nir.conv1d`, with two dimensions.
    Source: NIR 1.0.8 `Conv2d`. Example: tests/dialects/nir/ops.mlir
  }];
}

#endif
