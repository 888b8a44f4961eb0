// RUN: nir-opt %s -split-input-file --fold="dt=1e-3 remarks" -verify-diagnostics | FileCheck %s
// Pools go into the weights behind them: spikes are few, and a window's sum is the sum of its products.

// Each tap of the kernel becomes a window. Mind the padding: one pooled place is two of the signal's.
// CHECK-LABEL: nir.graph "kernel"
// CHECK: %conv = nir.conv2d "conv" (%z)
// CHECK-SAME: dilation = dense<1> : tensor<2xi64>
// CHECK-SAME: padding = dense<[0, 2]> : tensor<2xi64>, stride = dense<2> : tensor<2xi64>
// CHECK-SAME: weight = dense<{{\[\[\[\[}}1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00], [1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00]]]]> : tensor<1x1x2x4xf32>
// CHECK-SAME: (!nir.signal<1x2x4>) -> !nir.signal<1x1x3>
nir.graph "kernel" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 2, 4]> : tensor<3xi64>} : () -> !nir.signal<1x2x4>
  %z = nir.threshold "z" (%input) {threshold = dense<0.0> : tensor<f32>} : (!nir.signal<1x2x4>) -> !nir.signal<1x2x4>
  %pool = nir.sum_pool2d "pool" (%z) {kernel_size = dense<2> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<2> : tensor<i64>} : (!nir.signal<1x2x4>) -> !nir.signal<1x1x2>
  // expected-remark @below {{node 'conv': takes in 'pool', no bit changes: no sum is rounded}}
  %conv = nir.conv2d "conv" (%pool) {bias = dense<0.0> : tensor<1xf32>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, padding = dense<[0, 1]> : tensor<2xi64>, stride = dense<1> : tensor<i64>, weight = dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32>} : (!nir.signal<1x1x2>) -> !nir.signal<1x1x3>
  nir.output "output" (%conv) {shape = dense<[1, 1, 3]> : tensor<3xi64>} : (!nir.signal<1x1x3>) -> ()
}

// -----

// A matrix gets a column for each number that the pool reads; the last one lies in no window. A quarter rounds nothing.
// CHECK-LABEL: nir.graph "columns"
// CHECK: %flatten = nir.flatten "flatten" (%z) {end_dim = dense<-1> : tensor<i64>, start_dim = dense<0> : tensor<i64>} : (!nir.signal<1x2x5>) -> !nir.signal<10>
// CHECK-NEXT: nir.linear "fc" (%flatten) {weight = dense<{{\[\[}}1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00, 0.000000e+00, 1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00, 0.000000e+00]]> : tensor<1x10xf32>}
nir.graph "columns" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 2, 5]> : tensor<3xi64>} : () -> !nir.signal<1x2x5>
  %z = nir.threshold "z" (%input) {threshold = dense<0.0> : tensor<f32>} : (!nir.signal<1x2x5>) -> !nir.signal<1x2x5>
  %pool = nir.avg_pool2d "pool" (%z) {kernel_size = dense<2> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<2> : tensor<i64>} : (!nir.signal<1x2x5>) -> !nir.signal<1x1x2>
  %flatten = nir.flatten "flatten" (%pool) {end_dim = dense<-1> : tensor<i64>, start_dim = dense<0> : tensor<i64>} : (!nir.signal<1x1x2>) -> !nir.signal<2>
  // expected-remark @below {{node 'fc': takes in 'pool', no bit changes: no sum is rounded}}
  %fc = nir.linear "fc" (%flatten) {weight = dense<[[4.0, 8.0]]> : tensor<1x2xf32>} : (!nir.signal<2>) -> !nir.signal<1>
  nir.output "output" (%fc) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
}

// -----

// The pool leaves out the fifth column. The kernel's padding on the right would read it, where the pooled signal has 0.
// CHECK-LABEL: nir.graph "remainder"
// CHECK: nir.sum_pool2d "pool"
nir.graph "remainder" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 2, 5]> : tensor<3xi64>} : () -> !nir.signal<1x2x5>
  %z = nir.threshold "z" (%input) {threshold = dense<0.0> : tensor<f32>} : (!nir.signal<1x2x5>) -> !nir.signal<1x2x5>
  %pool = nir.sum_pool2d "pool" (%z) {kernel_size = dense<2> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<2> : tensor<i64>} : (!nir.signal<1x2x5>) -> !nir.signal<1x1x2>
  %conv = nir.conv2d "conv" (%pool) {bias = dense<0.0> : tensor<1xf32>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, padding = dense<[0, 1]> : tensor<2xi64>, stride = dense<1> : tensor<i64>, weight = dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32>} : (!nir.signal<1x1x2>) -> !nir.signal<1x1x3>
  nir.output "output" (%conv) {shape = dense<[1, 1, 3]> : tensor<3xi64>} : (!nir.signal<1x1x3>) -> ()
}

// -----

// Of a signal that is no spikes a pool leaves a quarter, and a dilated kernel would be mostly zeros.
// CHECK-LABEL: nir.graph "more-work"
// CHECK: nir.sum_pool2d "dense"
// CHECK: nir.sum_pool2d "pool"
nir.graph "more-work" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 4, 6]> : tensor<3xi64>} : () -> !nir.signal<1x4x6>
  %dense = nir.sum_pool2d "dense" (%input) {kernel_size = dense<2> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<2> : tensor<i64>} : (!nir.signal<1x4x6>) -> !nir.signal<1x2x3>
  %conv1 = nir.conv2d "conv1" (%dense) {bias = dense<0.0> : tensor<1xf32>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<1> : tensor<i64>, weight = dense<1.0> : tensor<1x1x1x1xf32>} : (!nir.signal<1x2x3>) -> !nir.signal<1x2x3>
  %z = nir.threshold "z" (%input) {threshold = dense<0.0> : tensor<f32>} : (!nir.signal<1x4x6>) -> !nir.signal<1x4x6>
  %pool = nir.sum_pool2d "pool" (%z) {kernel_size = dense<2> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<2> : tensor<i64>} : (!nir.signal<1x4x6>) -> !nir.signal<1x2x3>
  %conv2 = nir.conv2d "conv2" (%pool) {bias = dense<0.0> : tensor<1xf32>, dilation = dense<2> : tensor<i64>, groups = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<1> : tensor<i64>, weight = dense<1.0> : tensor<1x1x1x2xf32>} : (!nir.signal<1x2x3>) -> !nir.signal<1x2x1>
  nir.output "output1" (%conv1) {shape = dense<[1, 2, 3]> : tensor<3xi64>} : (!nir.signal<1x2x3>) -> ()
  nir.output "output2" (%conv2) {shape = dense<[1, 2, 1]> : tensor<3xi64>} : (!nir.signal<1x2x1>) -> ()
}
