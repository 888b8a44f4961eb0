//===- Passes.td - the contracts of the passes -------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "mlir/Pass/PassBase.td"

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
    Option<"dtSeconds", "dt", "double", /*default=*/"0.0", "length of a step in seconds">,
    Option<"integrator", "integrator", "std::string", /*default=*/"\"euler\"", "euler, exp-euler or exact">,
    Option<"reset", "reset", "std::string", /*default=*/"\"to-value\"", "to-value or subtract">,
    Option<"element", "element", "std::string", /*default=*/"\"f32\"", "type of the numbers: f32 or f64">,
    ListOption<"records", "record", "std::string", "what to keep of every step, as node:observable">
  ];
  let dependentDialects = ["snn::SnnDialect", "mlir::arith::ArithDialect"];
}

def VerifyStage : Pass<"verify-stage", "mlir::ModuleOp"> {
  let summary = "check what a stage promises of the IR it leaves";
  let description = [{
    Takes and leaves any IR. Refuses IR that breaks the promise of `stage`: after `import` there is one `nir.graph` and
    nothing clocked; after `discretize` one `snn.network` and nothing of `nir`.

    Example: tests/passes/verify-stage/stages.mlir
  }];
  let options = [Option<"stage", "stage", "std::string", /*default=*/"", "import or discretize">];
}
