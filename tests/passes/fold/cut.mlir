// RUN: nir-opt %s --fold="dt=1e-3 folds=all semantics=nir,late=a:b" | FileCheck %s
// RUN: nir-opt %s --fold="dt=1e-3 folds=all semantics=nir,late=a:b,feedback-start=zero" | FileCheck %s
// RUN: nir-opt %s --fold="dt=1e-3 folds=all semantics=nir,schedule=pipelined" | FileCheck %s --check-prefix=PIPELINED
// An edge that carries the value of the step before is not folded over.

// The edge from 'a' to 'b' is late by choice: 'b' is a step late. One node in the place of both would not be.
// Pipelined, the neuron reads a step late in any case, and the two are one.
// CHECK-LABEL: nir.graph "cut"
// CHECK: nir.linear "a"
// CHECK: nir.linear "b"
// PIPELINED-LABEL: nir.graph "cut"
// PIPELINED-NOT: nir.linear "a"
nir.graph "cut" version "1.0.8" {
  %a = nir.linear "a" (%lif) {weight = dense<1.5> : tensor<1x1xf32>} : (!nir.signal<1>) -> !nir.signal<1>
  %b = nir.linear "b" (%a) {weight = dense<3.0> : tensor<1x1xf32>} : (!nir.signal<1>) -> !nir.signal<1>
  %lif = nir.li "lif" (%b, %input) {r = dense<1.0> : tensor<1xf32>, tau = dense<0.01> : tensor<1xf32>, v_leak = dense<0.0> : tensor<1xf32>} : (!nir.signal<1>, !nir.signal<1>) -> !nir.signal<1>
  %input = nir.input "input" () {shape = dense<1> : tensor<1xi64>} : () -> !nir.signal<1>
}
