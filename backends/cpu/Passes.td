//===- Passes.td - the passes of the cpu target ------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

include "mlir/Pass/PassBase.td"

def CpuLower : Pass<"cpu-lower", "mlir::ModuleOp"> {
  let summary = "turn the module's snn.network into a step function over one block of memory";
  let description = [{
    Takes: one `snn.network` of f32, f64 or i32. Leaves: `func.func @step(%arena)`, which advances the network by one step, in
    `arith`, `math`, `memref`, `scf` and `vector`. Everything that a step reads and writes lies in the arena: states, signals,
    lists of events, weights and parameters. Where `parts` is set and the network is large, there are functions `@stage_0`,
    `@stage_1`, ... in the place of `@step`, each called once by every thread. Refuses: a module without a network or with
    two; ops that it has no code for, by their node.

    Sums have the order of the reference interpreter, so that results are equal to the bit. The options say what the machine
    has; the target fills them in for the machine that it compiles for.

    Example: tests/backends/cpu/lower.mlir
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "int64_t", /*default=*/"256", "bits of a vector register; 0: no vectors">,
    Option<"compresses", "compresses", "bool", /*default=*/"false", "lists are written with vector compression">,
    Option<"expands", "expands", "bool", /*default=*/"false",
           "sparse columns of bytes are put in their lanes by masks">,
    Option<"parts", "parts", "bool", /*default=*/"false", "also write the step in parts, for threads to share">,
    Option<"leastShared", "least-shared", "int64_t", /*default=*/"int64_t(1) << 22",
           "streamed weights from which on there are parts">,
    Option<"nearBytes", "near-bytes", "int64_t", /*default=*/"int64_t(1) << 19",
           "bytes of a matrix beyond which its columns are streamed">,
    Option<"farBytes", "far-bytes", "int64_t", /*default=*/"int64_t(1) << 23",
           "bytes of a matrix beyond which the machine foresees its streams">,
    Option<"leastEqual", "least-equal", "int64_t", /*default=*/"32",
           "nodes whose functions are equal from which on there is one for all; 0: never">,
    Option<"leastListed", "least-listed", "int64_t", /*default=*/"256",
           "nodes from which on a step is a loop over a table of calls; 0: never">
  ];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::func::FuncDialect", "mlir::LLVM::LLVMDialect",
                           "mlir::math::MathDialect", "mlir::memref::MemRefDialect", "mlir::scf::SCFDialect",
                           "mlir::vector::VectorDialect"];
}
