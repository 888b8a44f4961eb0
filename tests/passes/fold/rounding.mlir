// RUN: nir-opt %s -split-input-file --fold="dt=1e-3 folds=all" -verify-diagnostics | FileCheck %s
// RUN: nir-opt %s -split-input-file --fold="dt=1e-3" | FileCheck %s --check-prefix=EXACT
// What is folded on request: each is told with its rounding, and none of it by default.

// Weights are products in float64, rounded once. One matrix of 1x3 for two of 2x3 and 1x2.
// CHECK-LABEL: nir.graph "matrices"
// CHECK-NEXT: nir.input
// CHECK-NEXT: %fc2 = nir.affine "fc2" (%input) {bias = dense<3.200000e-01> : tensor<1xf32>, weight = dense<{{\[\[}}0.220000014, 2.800000e-01, 4.000000e-01]]> : tensor<1x3xf32>}
// EXACT-LABEL: nir.graph "matrices"
// EXACT: nir.linear "fc1"
nir.graph "matrices" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
  %fc1 = nir.linear "fc1" (%input) {weight = dense<[[0.1, 0.2, 0.2], [0.4, 0.4, 0.7]]> : tensor<2x3xf32>} : (!nir.signal<3>) -> !nir.signal<2>
  // expected-remark @below {{node 'fc2': takes in 'fc1', rounds differently: sums are in another order, products of weights are rounded once, to their dtype}}
  %fc2 = nir.affine "fc2" (%fc1) {bias = dense<0.32> : tensor<1xf32>, weight = dense<[[0.6, 0.4]]> : tensor<1x2xf32>} : (!nir.signal<2>) -> !nir.signal<1>
  nir.output "output" (%fc2) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
}

// -----

// Matrices whose product is larger than both stay two: 4x4 for 4x1 and 1x4.
// CHECK-LABEL: nir.graph "bottleneck"
// CHECK: nir.linear "wide"
nir.graph "bottleneck" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  %narrow = nir.linear "narrow" (%input) {weight = dense<0.3> : tensor<1x4xf32>} : (!nir.signal<4>) -> !nir.signal<1>
  %wide = nir.linear "wide" (%narrow) {weight = dense<0.7> : tensor<4x1xf32>} : (!nir.signal<1>) -> !nir.signal<4>
  nir.output "output" (%wide) {shape = dense<4> : tensor<1xi64>} : (!nir.signal<4>) -> ()
}

// -----

// A factor for each channel goes into the kernel and the bias; one for each place stays.
// CHECK-LABEL: nir.graph "channels"
// CHECK: %scale = nir.conv2d "scale" (%input) {bias = dense<[1.000000e-01, -3.000000e-01]> : tensor<2xf32>
// CHECK-SAME: weight = dense<{{.*}}2.000000e-01{{.*}}-0.450000018{{.*}}> : tensor<2x1x1x1xf32>}
// CHECK: nir.scale "places" (%scale)
// EXACT-LABEL: nir.graph "channels"
// EXACT: nir.scale "scale"
nir.graph "channels" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 1, 2]> : tensor<3xi64>} : () -> !nir.signal<1x1x2>
  %conv = nir.conv2d "conv" (%input) {bias = dense<0.2> : tensor<2xf32>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<1> : tensor<i64>, weight = dense<[[[[0.4]]], [[[0.3]]]]> : tensor<2x1x1x1xf32>} : (!nir.signal<1x1x2>) -> !nir.signal<2x1x2>
  // expected-remark @below {{node 'scale': takes in 'conv', rounds differently: products of weights and factors are rounded once, to the dtype of the weights}}
  %scale = nir.scale "scale" (%conv) {scale = dense<[[[0.5, 0.5]], [[-1.5, -1.5]]]> : tensor<2x1x2xf32>} : (!nir.signal<2x1x2>) -> !nir.signal<2x1x2>
  %places = nir.scale "places" (%scale) {scale = dense<[[[0.3, 0.7]], [[0.3, 0.7]]]> : tensor<2x1x2xf32>} : (!nir.signal<2x1x2>) -> !nir.signal<2x1x2>
  nir.output "output" (%places) {shape = dense<[2, 1, 2]> : tensor<3xi64>} : (!nir.signal<2x1x2>) -> ()
}

// -----

// Through a flatten, and three factors in a row. Of the input nothing is known, so that no power of two is safe.
// CHECK-LABEL: nir.graph "factors"
// CHECK: %flatten = nir.flatten "flatten" (%input)
// CHECK-NEXT: %fc = nir.linear "fc" (%flatten) {weight = dense<{{\[\[}}6.000000e+00, 1.500000e+01]]> : tensor<1x2xf32>}
// CHECK-NEXT: nir.output
// EXACT-LABEL: nir.graph "factors"
// EXACT-COUNT-3: nir.scale
nir.graph "factors" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 2]> : tensor<2xi64>} : () -> !nir.signal<1x2>
  %a = nir.scale "a" (%input) {scale = dense<2.0> : tensor<f32>} : (!nir.signal<1x2>) -> !nir.signal<1x2>
  // expected-remark @below {{node 'b': takes in 'a', rounds differently}}
  %b = nir.scale "b" (%a) {scale = dense<[[1.0, 0.5]]> : tensor<1x2xf32>} : (!nir.signal<1x2>) -> !nir.signal<1x2>
  %c = nir.scale "c" (%b) {scale = dense<[[1.0, 3.0]]> : tensor<1x2xf32>} : (!nir.signal<1x2>) -> !nir.signal<1x2>
  %flatten = nir.flatten "flatten" (%c) {end_dim = dense<-1> : tensor<i64>, start_dim = dense<0> : tensor<i64>} : (!nir.signal<1x2>) -> !nir.signal<2>
  // expected-remark @below {{node 'fc': takes in 'c', rounds differently}}
  // expected-remark @below {{node 'fc': takes in 'b', rounds differently}}
  %fc = nir.linear "fc" (%flatten) {weight = dense<[[3.0, 5.0]]> : tensor<1x2xf32>} : (!nir.signal<2>) -> !nir.signal<1>
  nir.output "output" (%fc) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
}

// -----

// Factors on both sides of a flatten: they are of the shape behind it.
// CHECK-LABEL: nir.graph "between"
// CHECK: %b = nir.scale "b" (%flatten) {scale = dense<[6.000000e+00, 1.500000e+01]> : tensor<2xf32>}
nir.graph "between" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 2]> : tensor<2xi64>} : () -> !nir.signal<1x2>
  %a = nir.scale "a" (%input) {scale = dense<[[2.0, 3.0]]> : tensor<1x2xf32>} : (!nir.signal<1x2>) -> !nir.signal<1x2>
  %flatten = nir.flatten "flatten" (%a) {end_dim = dense<-1> : tensor<i64>, start_dim = dense<0> : tensor<i64>} : (!nir.signal<1x2>) -> !nir.signal<2>
  // expected-remark @below {{node 'b': takes in 'a', rounds differently}}
  %b = nir.scale "b" (%flatten) {scale = dense<[3.0, 5.0]> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%b) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
