// RUN: nir-opt %s --discretize=dt=1e-3 | FileCheck %s
// RUN: nir-opt %s --discretize="dt=1e-3 semantics=feedback-start=zero" | FileCheck %s --check-prefix=ZERO
// RUN: nir-opt %s --discretize="dt=1e-3 semantics=schedule=pipelined" | FileCheck %s --check-prefix=PIPELINED

// The neurons are read a step later, so the bias of the recurrent weights acts in step 0.
// CHECK: %lif = snn.delay "lif" %[[S:.*]] by [1] : !snn.spikes<2>
// CHECK-NEXT: %rec = snn.dense "rec" %lif
// CHECK-NOT: snn.delay
// CHECK: %[[S]] = snn.population "lif"(%input, %rec : tensor<2xf32>, tensor<2xf32>)

// The recurrent weights are read a step later, so they and their bias start with step 1.
// ZERO: %rec = snn.delay "rec" %[[W:.*]] by [1] : tensor<2xf32>
// ZERO: snn.population "lif"(%input, %rec : tensor<2xf32>, tensor<2xf32>)
// ZERO: %[[W]] = snn.dense "rec" %lif

// Every edge into a neuron takes a step, and nothing is computed twice.
// PIPELINED: snn.delay "input" %{{.*}} by [1] : tensor<2xf32>
// PIPELINED: snn.delay "lif" %{{.*}} by [1] : !snn.spikes<2>
// PIPELINED: snn.dense "rec"
// PIPELINED-NOT: snn.dense
nir.graph "net" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %rec = nir.affine "rec" (%lif) {bias = dense<0.5> : tensor<2xf32>, weight = dense<1.0> : tensor<2x2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %lif = nir.lif "lif" (%input, %rec) {r = dense<1.0> : tensor<2xf32>, tau = dense<[0.01, 0.02]> : tensor<2xf64>, v_leak = dense<0.0> : tensor<2xf32>, v_reset = dense<0.0> : tensor<2xf32>, v_threshold = dense<1.0> : tensor<2xf32>} : (!nir.signal<2>, !nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%lif) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
