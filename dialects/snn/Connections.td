//===- Connections.td - what carries signals ---------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What carries signals between populations. Weights are attributes: they keep the dtype of the file and its memory.

#ifndef SNN_CONNECTIONS
#define SNN_CONNECTIONS

include "dialects/snn/Network.td"

class Snn_ConnectionOp<string mnemonic, list<Trait> traits = []> : Snn_NodeOp<mnemonic, !listconcat([Pure], traits)>;

def Snn_DenseOp : Snn_ConnectionOp<"dense"> {
  let summary = "y = W x + b";
  let description = [{
    y[.., o] = bias[.., o] + sum over j, ascending, of weight[.., o, j] x[.., j].
    Constraints: (C1) weight is [.., out, in], the signal [.., in], the result [.., out]. (C2) bias is [.., out].
  }];
  let arguments = (ins StrAttr:$node, Snn_Signal:$signal, ElementsAttr:$weight, OptionalAttr<ElementsAttr>:$bias);
  let results = (outs Snn_Numbers:$result);
  let assemblyFormat = "$node $signal attr-dict `:` type($signal) `->` type($result)";
  let hasVerifier = 1;
}

def Snn_ConvOp : Snn_ConnectionOp<"conv"> {
  let summary = "convolution (correlation) over one or two dimensions";
  let description = [{
    y[o, p] = bias[o] + sum over (channel, kernel position), ascending, of weight[o, c, k] x[g + c, p stride + k dilation -
    pad]; what lies outside the signal is skipped. g is the first channel of the group of o.
    Constraints: (C1) weight is [out, in / groups, kernel..], the signal [in, size..], the result [out, size..].
    (C2) strides and dilations have one entry a dimension, pads one (before the signal). (C3) bias is [out]. (C4) strides and
    dilations are from 1 to 2^31, pads from 0 on; the last window ends at most as far behind the signal as the first begins
    before it, and one more (what "same" puts there).
  }];
  let arguments = (ins StrAttr:$node, Snn_Signal:$signal, ElementsAttr:$weight, OptionalAttr<ElementsAttr>:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$pads, DenseI64ArrayAttr:$dilations,
                       I64Attr:$groups);
  let results = (outs Snn_Numbers:$result);
  let assemblyFormat = [{
    $node $signal `strides` $strides `pads` $pads `dilations` $dilations `groups` $groups attr-dict
    `:` type($signal) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Snn_PoolOp : Snn_ConnectionOp<"pool"> {
  let summary = "sum or mean over windows of [channel, row, column]";
  let description = [{
    y[c, p] = sum over the window, ascending, of x[c, p stride + k - pad]; what lies outside the signal is skipped. With
    `average` the sum is then multiplied by 1 / (size of the window), padding counted.
    Constraints: (C1) signal and result are [channels, size..] with the same channels and one or two sizes. (C2) kernel, strides and pads have
    one entry a dimension. (C3) they are as those of `snn.conv` (C4), with a kernel from 1 to 2^31.
  }];
  let arguments = (ins StrAttr:$node, Snn_Signal:$signal, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$pads, UnitAttr:$average);
  let results = (outs Snn_Numbers:$result);
  let assemblyFormat = [{
    $node $signal `kernel` $kernel `strides` $strides `pads` $pads (`average` $average^)? attr-dict
    `:` type($signal) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Snn_ScaleOp : Snn_ConnectionOp<"scale"> {
  let summary = "y = x s, element by element";
  let description = [{
    Constraints: (C1) scale has one value, or one an element of the signal. (C2) signal and result have as many elements.
  }];
  let arguments = (ins StrAttr:$node, Snn_Signal:$signal, ElementsAttr:$scale);
  let results = (outs Snn_Numbers:$result);
  let assemblyFormat = "$node $signal attr-dict `:` type($signal) `->` type($result)";
  let hasVerifier = 1;
}

def Snn_AddOp : Snn_ConnectionOp<"add"> {
  let summary = "the sum of several edges into one node, from left to right";
  let description = [{ Constraints: (C1) all signals and the result have as many elements. }];
  let arguments = (ins StrAttr:$node, Variadic<Snn_Signal>:$signals);
  let results = (outs Snn_Numbers:$result);
  let assemblyFormat = "$node `(` ($signals^ `:` type($signals))? `)` attr-dict `->` type($result)";
  let hasVerifier = 1;
}

def Snn_RescaleOp : Snn_ConnectionOp<"rescale"> {
  let summary = "integers in another scale, or in fewer bits";
  let description = [{
    y = x m / 2^shift, rounded as `rounding` says (floor, toward-zero or nearest-even) and brought into the storage range of
    the result as `overflow` says (saturate: its nearest number; wrap: modulo 2^bits of its storage type; wrap-loihi: less or
    more the size of the range once, so that <-8388607:8388608> is Loihi's u). The product is exact, in 64 bits.
    Constraints: (C1) the network is one of i32. (C2) multiplier has one value, one a channel (the first dimension), or one
    an element. (C3) signal and result have as many elements. (C4) shift is from 0 to 62.
  }];
  let arguments = (ins StrAttr:$node, Snn_Signal:$signal, DenseI32ArrayAttr:$multiplier, I64Attr:$shift,
                       Snn_RoundingAttr:$rounding, Snn_OverflowAttr:$overflow);
  let results = (outs Snn_Numbers:$result);
  let assemblyFormat = [{
    $node $signal `by` $multiplier `shift` $shift $rounding $overflow attr-dict `:` type($signal) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Snn_ReshapeOp : Snn_ConnectionOp<"reshape"> {
  let summary = "the same numbers in another shape";
  let description = [{ Constraints: (C1) signal and result have as many elements, and are both spikes or both numbers. }];
  let arguments = (ins StrAttr:$node, Snn_Signal:$signal);
  let results = (outs Snn_Signal:$result);
  let assemblyFormat = "$node $signal attr-dict `:` type($signal) `->` type($result)";
  let hasVerifier = 1;
}

def Snn_DelayOp : Snn_NodeOp<"delay", [Pure, AllTypesMatch<["signal", "result"]>]> {
  let summary = "what the signal was some steps ago";
  let description = [{
    y[t] = x[t - steps], 0 before the first step. A ring buffer. `steps` has one entry, or one an element. With `start`, what
    the signal was before that step, counted from 0, counts as 0 too.
    Constraints: (C1) no entry is negative, and there is one or one an element. (C2) the buffer has at most 2^32 elements.
    Example: tests/dialects/snn/ops.mlir
  }];
  let arguments = (ins StrAttr:$node, Snn_Signal:$signal, DenseI64ArrayAttr:$steps,
                       DefaultValuedAttr<Snn_Steps, "0">:$start);
  let results = (outs Snn_Signal:$result);
  let assemblyFormat = "$node $signal `by` $steps (`start` $start^)? attr-dict `:` type($signal)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The longest and the shortest delay of an element, in steps.
    int64_t longest();
    int64_t shortest();
  }];
}

#endif // SNN_CONNECTIONS
