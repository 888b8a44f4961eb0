// RUN: test-opt %s -split-input-file --remove-zero-delays | FileCheck %s
// RUN: test-opt %s -split-input-file --remove-zero-delays=at-most=1e-6 | FileCheck %s --check-prefix=SHORT
// A Delay of 0 s goes; its readers read what it read.

// CHECK-LABEL: nir.graph "zero"
// CHECK-NOT: edge_order
// CHECK: %[[INPUT:.*]] = nir.input
// CHECK-NEXT: nir.lif "lif" (%[[INPUT]], %[[INPUT]])
// CHECK-NOT: nir.delay
// SHORT-LABEL: nir.graph "zero"
nir.graph "zero" version "1.0.8" attributes {edge_order = array<i64: 1, 0, 2, 3>} {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %delay = nir.delay "delay" (%input) {delay = dense<0.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %lif = nir.lif "lif" (%input, %delay) {r = dense<1.0> : tensor<2xf32>, tau = dense<0.01> : tensor<2xf32>, v_leak = dense<0.0> : tensor<2xf32>, v_threshold = dense<1.0> : tensor<2xf32>} : (!nir.signal<2>, !nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%lif) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}

// -----

// One that delays an element stays, and so does one that adds up two edges. at-most says what counts as 0.
// CHECK-LABEL: nir.graph "stay"
// CHECK: nir.delay "mixed"
// CHECK: nir.delay "short"
// CHECK: nir.delay "sum"
// SHORT-LABEL: nir.graph "stay"
// SHORT: nir.delay "mixed"
// SHORT-NOT: nir.delay "short"
// SHORT: nir.delay "sum"
nir.graph "stay" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %mixed = nir.delay "mixed" (%input) {delay = dense<[0.0, 0.001]> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %short = nir.delay "short" (%mixed) {delay = dense<5.0e-7> : tensor<f32>} : (!nir.signal<2>) -> !nir.signal<2>
  %sum = nir.delay "sum" (%short, %input) {delay = dense<0.0> : tensor<f32>} : (!nir.signal<2>, !nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%sum) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
