// RUN: nir-opt %s -split-input-file --fold="dt=1e-3 folds=all record=probed:value" -verify-diagnostics | FileCheck %s
// RUN: nir-opt %s -split-input-file --fold="dt=1e-3 folds=all record=probed:value semantics=nir,feedback-start=zero" -verify-diagnostics | FileCheck %s
// RUN: nir-opt %s -split-input-file --fold="dt=1e-3 folds=all record=probed:value semantics=nir,schedule=pipelined" -verify-diagnostics | FileCheck %s
// Nodes whose loss could be told.

// One is recorded, one has two readers, one is read twice, one has a reader with another input.
// CHECK-LABEL: nir.graph "seen"
// CHECK: nir.scale "probed"
// CHECK: nir.scale "shared"
// CHECK: nir.scale "doubled"
// CHECK: nir.scale "one-of-two"
nir.graph "seen" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<1> : tensor<1xi64>} : () -> !nir.signal<1>
  %probed = nir.scale "probed" (%input) {scale = dense<0.5> : tensor<f32>} : (!nir.signal<1>) -> !nir.signal<1>
  %a = nir.linear "a" (%probed) {weight = dense<3.0> : tensor<1x1xf32>} : (!nir.signal<1>) -> !nir.signal<1>
  %shared = nir.scale "shared" (%input) {scale = dense<0.5> : tensor<f32>} : (!nir.signal<1>) -> !nir.signal<1>
  %b = nir.linear "b" (%shared) {weight = dense<3.0> : tensor<1x1xf32>} : (!nir.signal<1>) -> !nir.signal<1>
  %doubled = nir.scale "doubled" (%input) {scale = dense<0.5> : tensor<f32>} : (!nir.signal<1>) -> !nir.signal<1>
  %c = nir.linear "c" (%doubled, %doubled) {weight = dense<3.0> : tensor<1x1xf32>} : (!nir.signal<1>, !nir.signal<1>) -> !nir.signal<1>
  %d = nir.scale "one-of-two" (%input) {scale = dense<0.5> : tensor<f32>} : (!nir.signal<1>) -> !nir.signal<1>
  %e = nir.linear "e" (%d, %input) {weight = dense<3.0> : tensor<1x1xf32>} : (!nir.signal<1>, !nir.signal<1>) -> !nir.signal<1>
  nir.output "output" (%a, %b, %shared, %c, %e) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>, !nir.signal<1>, !nir.signal<1>, !nir.signal<1>, !nir.signal<1>) -> ()
}

// -----

// Over the port of a subgraph: the node at the port is one that can be recorded, and is read in another graph.
// CHECK-LABEL: nir.graph "ports"
// CHECK: nir.scale "scale"
// CHECK: nir.linear "fc"
nir.graph "ports" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<1> : tensor<1xi64>} : () -> !nir.signal<1>
  %scale = nir.scale "scale" (%input) {scale = dense<0.5> : tensor<f32>} : (!nir.signal<1>) -> !nir.signal<1>
  %sub = nir.graph "sub" ("": %scale) -> ("") {
    %in = nir.input "in" () {shape = dense<1> : tensor<1xi64>} : () -> !nir.signal<1>
    %fc = nir.linear "fc" (%in) {weight = dense<3.0> : tensor<1x1xf32>} : (!nir.signal<1>) -> !nir.signal<1>
    nir.output "out" (%fc) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
  } : (!nir.signal<1>) -> (!nir.signal<1>)
  nir.output "output" (%sub) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
}

// -----

// Spikes are bytes where they come out, numbers are not.
// CHECK-LABEL: nir.graph "dtype"
// CHECK: nir.scale "one"
nir.graph "dtype" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<1> : tensor<1xi64>} : () -> !nir.signal<1>
  %z = nir.threshold "z" (%input) {threshold = dense<0.0> : tensor<1xf32>} : (!nir.signal<1>) -> !nir.signal<1>
  %one = nir.scale "one" (%z) {scale = dense<1.0> : tensor<f32>} : (!nir.signal<1>) -> !nir.signal<1>
  nir.output "output" (%one) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
}
