//===- Passes.td - the contracts of the passes -------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "mlir/Pass/PassBase.td"

def Fold : Pass<"fold", "mlir::ModuleOp"> {
  let summary = "make one node of linear nodes in a row that have no state";
  let description = [{
    Takes and leaves `nir`: one node where a node without state is read by another one alone, and reads nothing else. Factors
    go into weights, matrices into matrices, pools into the weights behind them, what changes nothing goes. `folds` says
    which: `exact` those that are proven to change no bit of a run in `element`, `all` also those that round differently,
    each with a remark. docs/folding.md has the rules, their proofs and what they cost. Never folds a node that `record`
    names, nor over an edge that carries the value of the step before: that depends on `semantics`, as in `discretize`.

    Example: tests/passes/fold/exact.mlir
  }];
  let options = [
    Option<"which", "folds", "std::string", /*default=*/"\"exact\"", "none, exact or all">,
    Option<"dtSeconds", "dt", "double", /*default=*/"0.0", "length of a step in seconds; 0 takes that of semantics">,
    Option<"semantics", "semantics", "std::string", /*default=*/"\"nir\"",
           "a preset and what differs from it: norse,reset=subtract">,
    Option<"element", "element", "std::string", /*default=*/"\"f32\"", "type of the numbers: f32 or f64">,
    ListOption<"records", "record", "std::string", "what is kept of every step, as node:observable">,
    Option<"remarks", "remarks", "bool", /*default=*/"false", "a remark for folds that change no bit, too">
  ];
}

def Discretize : Pass<"discretize", "mlir::ModuleOp"> {
  let summary = "turn continuous-time nir into clocked snn under a named semantics";
  let description = [{
    Takes: one `nir.graph`, nested as deep as it is, whose signals have shapes. Leaves: one `snn.network` of the numbers'
    type `element`, with the semantics as its attribute. Refuses: a node whose dynamics it cannot read (no
    HybridSystemOpInterface), a loop without a neuron or a delay, a record of what is not there.

    Subgraphs are flattened, cycles are cut by `snn.delay` as docs/semantics.md says, a node's edges are added up in the
    file's order. Coefficients are evaluated in float64 and rounded to `element`; uniform ones are constants in the body of
    the population. Weights keep the dtype of the file.

    Example: tests/passes/discretize/lif.mlir
  }];
  let options = [
    Option<"dtSeconds", "dt", "double", /*default=*/"0.0", "length of a step in seconds; 0 takes that of semantics">,
    Option<"semantics", "semantics", "std::string", /*default=*/"\"nir\"",
           "a preset and what differs from it: norse,reset=subtract">,
    Option<"element", "element", "std::string", /*default=*/"\"f32\"", "type of the numbers: f32 or f64">,
    ListOption<"records", "record", "std::string", "what to keep of every step, as node:observable">
  ];
  let dependentDialects = ["snn::SnnDialect", "mlir::arith::ArithDialect", "mlir::math::MathDialect"];
}

def BalanceLatency : Pass<"balance-latency", "mlir::ModuleOp"> {
  let summary = "make a sequential network pipelined, the same but for a constant shift of each output";
  let description = [{
    Takes: one `snn.network` with schedule=sequential. Leaves: the same with schedule=pipelined, in which every population
    reads through delays of at least one step. Each signal has a latency, the steps by which it lags behind the sequential
    network: what reaches an op early is delayed until all of its operands are of the same step, and a `snn.delay` that is
    there pays for the steps around it. `latency` at each `snn.output` and `snn.record` says the shift; a population that
    would move before its step 0 has come gets a `start`. Refuses: a cycle that has more populations than steps of delay,
    named.

    Example: tests/passes/balance-latency/skip.mlir
  }];
  let options = [Option<"remarks", "remarks", "bool", /*default=*/"false", "say the latency of each output as a remark">];
}

def Quantize : Pass<"quantize", "mlir::ModuleOp"> {
  let summary = "turn a clocked network of float64 into one of integers under a named number format";
  let description = [{
    Takes: one `snn.network` of f64. Leaves: the same in i32 (with states=float32 in f32), with the format as its attribute.
    docs/formats.md is what it does. Weights become integers with scales that a population's inputs share, so that nothing is
    rescaled in a step where that can be avoided; coefficients become integers with a shift; thresholds and biases become
    integers in the unit of what they are held against. The types say what each number stands for, and the range that is
    proven of it. Refuses: arithmetic of a population that has no integer form, a sum that could leave 32 bits, a cycle of
    numbers whose range nothing bounds; each by its node.

    Example: tests/passes/quantize/lif.mlir
  }];
  let options = [Option<"format", "format", "std::string", /*default=*/"\"int8\"",
                        "a preset and what differs from it: int8,weight-bits=6">];
  let dependentDialects = ["snn::SnnDialect", "mlir::arith::ArithDialect", "mlir::math::MathDialect"];
}

def VerifyStage : Pass<"verify-stage", "mlir::ModuleOp"> {
  let summary = "check what a stage promises of the IR it leaves";
  let description = [{
    Takes and leaves any IR. Refuses IR that breaks the promise of `stage`: after `import` there is one `nir.graph` and
    nothing clocked; after `discretize` one `snn.network` of f32 or f64 and nothing else; after `quantize` one of i32 and
    nothing else.

    Example: tests/passes/verify-stage/stages.mlir
  }];
  let options = [Option<"stage", "stage", "std::string", /*default=*/"", "import, discretize or quantize">];
}
