//===- Network.td - networks, ports and populations --------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The network, its ports, and its populations.

#ifndef SNN_NETWORK
#define SNN_NETWORK

include "dialects/snn/Types.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Snn_Op<string mnemonic, list<Trait> traits = []> : Op<Snn_Dialect, mnemonic, traits>;

/// An op of the network's body: it stands for the node of the graph at the path `node`.
class Snn_NodeOp<string mnemonic, list<Trait> traits = [], list<string> asmMethods = ["getAsmResultNames"]>
    : Snn_Op<mnemonic, !listconcat([HasParent<"NetworkOp">, DeclareOpInterfaceMethods<OpAsmOpInterface, asmMethods>],
                                   traits)> {
  let extraClassDefinition = [{
    void $cppClass::getAsmResultNames(::mlir::OpAsmSetValueNameFn setName) { ::snn::nameResults(*this, setName); }
  }];
}

def Snn_NetworkOp : Snn_Op<"network", [
    Symbol, IsolatedFromAbove, NoTerminator, SingleBlock, DeclareOpInterfaceMethods<RegionKindInterface>]> {
  let summary = "a network and its step";
  let description = [{
    A step evaluates the ops of the body once, in the order in which they stand.

    A network of i32 computes in integers. Its numbers are tensors of `!quant.uniform` types: an element q stands for q times
    the scale of its type, and every q lies in the type's storage range, which is thereby proven. Connections add up
    exactly; what rounds, saturates or wraps is a `snn.rescale` or stands in the body of a population. Spikes are 1.

    Constraints: (C1) an operand is defined before it is used, but for the operand of a `snn.delay` of at least one step
    in every element: that is read at the end of the step. (C2) all numbers have the type `element`, f32 or f64; with i32
    they are `!quant.uniform`. (C3) no two inputs have one name, nor two outputs, nor two populations with states. (C4) a
    network of i32 has a `format`. (C5) weights, biases, factors and parameters of a network of i32 are i8, i16 or i32;
    those of others may be f16, f32 and f64 too. (C6) the body holds nodes and a `snn.mapping`, and has no arguments.
    (C7) weights, biases, factors and parameters are `dense` or `dense_resource`, and their values are there.
    Example: tests/dialects/snn/ops.mlir, tests/dialects/snn/integers.mlir
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Snn_SemanticsAttr:$semantics, TypeAttr:$element,
                       OptionalAttr<Snn_FormatAttr>:$format);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `of` $element $semantics (`in` $format^)? attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Snn_InputOp : Snn_NodeOp<"input"> {
  let summary = "what enters the network in this step";
  let description = [{
    In a network of i32 a number x of the outside becomes x / scale, rounded to nearest, ties to even, and saturated to the
    storage range.
  }];
  let arguments = (ins StrAttr:$node);
  let results = (outs Snn_Numbers:$result);
  let assemblyFormat = "$node attr-dict `:` type($result)";
}

def Snn_OutputOp : Snn_NodeOp<"output"> {
  let summary = "what leaves the network in this step";
  let description = [{
    `shape` is the one that the file declares. `count` says that the numbers are counts of spikes. `latency` is by how many
    steps it lags behind the sequential network, as `balance-latency` leaves it: what it carries before that step means
    nothing.
    Constraints: (C1) the dimensions of `shape` are at least 1, and the signal has as many elements.
  }];
  let arguments = (ins StrAttr:$node, Snn_Signal:$signal, DenseI64ArrayAttr:$shape, UnitAttr:$count,
                       DefaultValuedAttr<Snn_Steps, "0">:$latency);
  let assemblyFormat = [{
    $node $signal `shape` $shape (`count` $count^)? (`latency` $latency^)? attr-dict `:` type($signal)
  }];
  let hasVerifier = 1;
}

def Snn_RecordOp : Snn_NodeOp<"record"> {
  let summary = "a quantity to keep of every step";
  let description = [{
    Keeps `signal`, or, without one, the state `observable` of the population `node`. `latency` is that of `snn.output`.
    Constraints: (C1) without a signal, a population of that name has that state.
  }];
  let arguments = (ins StrAttr:$node, StrAttr:$observable, Optional<Snn_Signal>:$signal, UnitAttr:$count,
                       DefaultValuedAttr<Snn_Steps, "0">:$latency);
  let assemblyFormat = [{
    $node $observable ($signal^ `:` type($signal))? (`count` $count^)? (`latency` $latency^)? attr-dict
  }];
}

def Snn_PopulationOp : Snn_NodeOp<"population", [IsolatedFromAbove, SingleBlockImplicitTerminator<"YieldOp">],
                                    ["getAsmResultNames", "getAsmBlockArgumentNames"]> {
  let summary = "neurons that share one update";
  let description = [{
    The body is the only place where a neuron's arithmetic is written: a pure function of scalars in `arith` and `math`,
    which reads nothing but its arguments. They are u, the sum of the inputs of one neuron from left to right (0 without
    inputs); the neuron's states; and its parameters. It yields what the neuron passes on, i1 for a spike or a number, and
    the new states. States are 0 before the first step, or the numbers in the discardable attribute `snn.initial`, which has
    values or `unit`, for 0, for each state. A population with `start` waits for that step, counted from 0: before it, the
    states stay what they are and 0 is passed on.

    In a network of i32 `state_types` says what the states stand for, as the types of signals do.

    Constraints: (C1) the body takes 1 + states + parameters numbers of the network's element type. (C2) it yields i1 where
    the result is spikes and a number where it is numbers, and a number for each state. (C3) inputs and result have as many
    elements, and each parameter has one value an element. (C4) `state_types` is there in a network of i32 alone, and has one
    tensor of numbers, of the result's shape, for each state. (C5) inputs have the same scale; that of spikes is 1. (C6) the
    ops of the body are of `arith` and `math`, without regions, on i1, i8, i16, i32, i64, f32 and f64. (C7) none has a flag
    that leaves a result undefined or to the platform: no `fastmath`, `overflow`, `exact`, `nneg` or rounding mode. (C8) no
    two states have one name. (C9) initial values are one a neuron, of the network's element type.
    Example: tests/dialects/snn/ops.mlir, tests/dialects/snn/errors-population.mlir
  }];
  let arguments = (ins StrAttr:$node, Variadic<Snn_Signal>:$inputs, StrArrayAttr:$states, StrArrayAttr:$param_names,
                       TypedArrayAttrBase<ElementsAttr, "parameters">:$params,
                       OptionalAttr<TypeArrayAttr>:$state_types, DefaultValuedAttr<Snn_Steps, "0">:$start);
  let results = (outs Snn_Signal:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $node `(` ($inputs^ `:` type($inputs))? `)` `states` $states (`of` $state_types^)? `params` $param_names $params
    (`start` $start^)? `->` type($result) attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1; // its ops are verified before
}

def Snn_YieldOp : Snn_Op<"yield", [Pure, Terminator, HasParent<"PopulationOp">]> {
  let summary = "what a neuron passes on, and its new states";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ /* an empty yield, as the implicit terminator needs */ }]>];
}

#endif // SNN_NETWORK
