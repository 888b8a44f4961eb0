// RUN: nir-opt %s --discretize=dt=1e-3 | FileCheck %s
// RUN: nir-opt %s --discretize="dt=1e-3 semantics=sinabs-paper" | FileCheck %s --check-prefix=SINABS
// RUN: nir-opt %s --discretize="dt=1e-3 semantics=spyx-paper" | FileCheck %s --check-prefix=SPYX

// The update of semantics.md: what is uniform is a constant, the rest a parameter of the population.
// CHECK: snn.network @net of f32 <"nir[v1]", dt = 1.000000e-03>
// CHECK: %lif = snn.population "lif"(%fc : tensor<2xf32>) states ["v"] params ["v_keep", "v_gain"] [dense<[0.899999976, 0.949999988]> : tensor<2xf32>, dense<[1.000000e-01, 5.000000e-02]> : tensor<2xf32>] -> !snn.spikes<2>
// CHECK: arith.mulf %v_keep, %v
// CHECK: arith.mulf %v_gain, %u
// CHECK: arith.cmpf ogt
// CHECK: snn.output "output" %lif shape [2] : !snn.spikes<2>

// Several spikes a step are a count, and the leak is exponential beside Euler's gain.
// SINABS: snn.population "lif"{{.*}}[dense<[0.904837429, 0.951229453]> : tensor<2xf32>, dense<[1.000000e-01, 5.000000e-02]> : tensor<2xf32>] -> tensor<2xf32>
// SINABS: arith.cmpf oge
// SINABS: math.floor
// SINABS: snn.output "output" %lif shape [2] count : tensor<2xf32>

// The spike is that of the old v, before the update.
// SPYX: %[[S:.*]] = arith.cmpf ogt, %v, %{{.*}} : f32
// SPYX-NEXT: arith.mulf %v_keep, %v
// SPYX: snn.yield %[[S]]
nir.graph "net" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %fc = nir.affine "fc" (%input) {bias = dense<[0.5, 0.25]> : tensor<2xf32>, weight = dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %lif = nir.lif "lif" (%fc) {r = dense<1.0> : tensor<2xf32>, tau = dense<[0.01, 0.02]> : tensor<2xf64>, v_leak = dense<0.0> : tensor<2xf32>, v_reset = dense<0.0> : tensor<2xf32>, v_threshold = dense<1.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%lif) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
