// RUN: nir-opt %s | FileCheck %s
// RUN: nir-opt %s --infer-kinds | FileCheck %s --check-prefix=KINDS
// A layer of neurons that feeds itself: the loop is written as it is drawn.

// CHECK-LABEL: nir.graph "recurrent" version "1.0.8"
nir.graph "recurrent" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %fc1 = nir.affine "fc1" (%input) {weight = dense<0.5> : tensor<3x2xf32>, bias = dense<0.0> : tensor<3xf32>} : (!nir.signal<2>) -> !nir.signal<3>
  // CHECK: %lif1 = nir.lif "lif1" (%fc1, %w_rec) {
  // CHECK-SAME: tau = dense<[0.00999999977, 2.000000e-02, 3.000000e-02]> : tensor<3xf32>
  // CHECK-SAME: } : (!nir.signal<3>, !nir.signal<3>) -> !nir.signal<3>
  // KINDS: %lif1 = nir.lif {{.*}} : (!nir.signal<3, analog>, !nir.signal<3, analog>) -> !nir.signal<3, event>
  %lif1 = nir.lif "lif1" (%fc1, %w_rec) {tau = dense<[0.01, 0.02, 0.03]> : tensor<3xf32>, r = dense<1.0> : tensor<3xf32>, v_leak = dense<0.0> : tensor<3xf32>, v_threshold = dense<1.0> : tensor<3xf32>, v_reset = dense<0.0> : tensor<3xf32>} : (!nir.signal<3>, !nir.signal<3>) -> !nir.signal<3>
  // CHECK: %w_rec = nir.linear "w_rec" (%lif1)
  %w_rec = nir.linear "w_rec" (%lif1) {weight = dense<-0.5> : tensor<3x3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
  // CHECK: nir.output "output" (%lif1)
  nir.output "output" (%lif1) {shape = dense<3> : tensor<1xi64>} : (!nir.signal<3>) -> ()
}
