// RUN: nir-opt %s -split-input-file --fold="dt=1e-3 remarks" -verify-diagnostics | FileCheck %s
// What is folded by default: no bit of a run changes. Each proof once.

// A spike is 1: one product is rounded, whether it is made before the run or in it.
// CHECK-LABEL: nir.graph "spikes"
// CHECK-NOT: nir.scale
// CHECK: nir.affine "fc" (%lif) {bias = dense<[5.000000e-01, 2.500000e-01]> : tensor<2xf32>, weight = dense<{{\[\[}}0.0300000012, 4.000000e-01], [0.0899999961, -8.000000e-01]]> : tensor<2x2xf32>}
nir.graph "spikes" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %lif = nir.lif "lif" (%input) {r = dense<1.0> : tensor<2xf32>, tau = dense<0.01> : tensor<2xf32>, v_leak = dense<0.0> : tensor<2xf32>, v_threshold = dense<1.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %scale = nir.scale "scale" (%lif) {scale = dense<[0.1, 0.2]> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  // expected-remark @below {{node 'fc': takes in 'scale', no bit changes: of spikes there is one product}}
  %fc = nir.affine "fc" (%scale) {bias = dense<[0.5, 0.25]> : tensor<2xf32>, weight = dense<[[0.3, 2.0], [0.9, -4.0]]> : tensor<2x2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%fc) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}

// -----

// Nothing is known of the input, and need not be: signs only.
// CHECK-LABEL: nir.graph "signs"
// CHECK: %negative = nir.affine "negative" (%input) {bias = dense<[5.000000e-01, -2.500000e-01]> : tensor<2xf32>, weight = dense<{{\[\[}}3.000000e-01, 2.000000e+00], [-0.899999976, 4.000000e+00]]> : tensor<2x2xf32>}
// CHECK-NEXT: nir.output
nir.graph "signs" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %fc = nir.affine "fc" (%input) {bias = dense<[0.5, 0.25]> : tensor<2xf32>, weight = dense<[[0.3, 2.0], [0.9, -4.0]]> : tensor<2x2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  // expected-remark @below {{node 'negative': takes in 'fc', no bit changes: signs go through sums}}
  %negative = nir.scale "negative" (%fc) {scale = dense<[1.0, -1.0]> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%negative) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}

// -----

// Sums of spikes lie far from the largest and the smallest numbers, and a power of two rounds none.
// CHECK-LABEL: nir.graph "powers"
// CHECK: nir.linear "quarter" (%z) {weight = dense<{{\[\[}}7.500000e-02, 1.750000e-01], [2.250000e-01, -2.500000e-02]]> : tensor<2x2xf32>}
nir.graph "powers" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %z = nir.threshold "z" (%input) {threshold = dense<0.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %fc = nir.linear "fc" (%z) {weight = dense<[[0.3, 0.7], [0.9, -0.1]]> : tensor<2x2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  // expected-remark @below {{node 'quarter': takes in 'fc', no bit changes: powers of two shift sums}}
  %quarter = nir.scale "quarter" (%fc) {scale = dense<0.25> : tensor<f32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%quarter) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}

// -----

// Small whole numbers: no sum needs more than 24 bits. The matrices are one, which is smaller than both.
// CHECK-LABEL: nir.graph "whole"
// CHECK: nir.affine "fc2" (%z) {bias = dense<7.000000e+00> : tensor<1xf32>, weight = dense<{{\[\[}}-1.000000e+00, 1.400000e+01]]> : tensor<1x2xf32>}
nir.graph "whole" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %z = nir.threshold "z" (%input) {threshold = dense<0.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %fc1 = nir.affine "fc1" (%z) {bias = dense<[1.0, 0.0]> : tensor<2xf32>, weight = dense<[[3, 4], [-5, 1]]> : tensor<2x2xi8>} : (!nir.signal<2>) -> !nir.signal<2>
  // expected-remark @below {{node 'fc2': takes in 'fc1', no bit changes: no sum is rounded}}
  %fc2 = nir.affine "fc2" (%fc1) {bias = dense<[4.0]> : tensor<1xf32>, weight = dense<[[3, 2]]> : tensor<1x2xi8>} : (!nir.signal<2>) -> !nir.signal<1>
  nir.output "output" (%fc2) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
}

// -----

// A factor of 1 and a flatten of one dimension do nothing.
// CHECK-LABEL: nir.graph "nothing"
// CHECK: %lif = nir.lif "lif" (%input)
// CHECK-NEXT: nir.output "output" (%lif)
nir.graph "nothing" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %one = nir.scale "one" (%input) {scale = dense<1.0> : tensor<f32>} : (!nir.signal<2>) -> !nir.signal<2>
  // expected-remark @below {{node 'lif': takes in 'one', no bit changes: it passes on what it gets}}
  %lif = nir.lif "lif" (%one) {r = dense<1.0> : tensor<2xf32>, tau = dense<0.01> : tensor<2xf32>, v_leak = dense<0.0> : tensor<2xf32>, v_threshold = dense<1.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %flatten = nir.flatten "flatten" (%lif) {end_dim = dense<-1> : tensor<i64>, start_dim = dense<0> : tensor<i64>} : (!nir.signal<2>) -> !nir.signal<2>
  // expected-remark @below {{node 'output': takes in 'flatten', no bit changes: it passes on what it gets}}
  nir.output "output" (%flatten) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
