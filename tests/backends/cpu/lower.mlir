// RUN: nir-opt %s --cpu-lower | FileCheck %s
// A network becomes a step function over one block of memory; weights are symbols without a value.

// CHECK: memref.global @parameter_0 : memref<12xf32>
// CHECK-NOT: dense<[
// What enters is not spikes: the elements that are not zero are listed.
// CHECK-LABEL: func.func private @node_0(%{{.*}}: memref<{{.*}}xi8>
// CHECK: arith.cmpf une, %{{.*}} : vector<4xf64>
// CHECK: scf.while
// CHECK: memref.store %{{.*}} : memref<128xi32>
// The matrix adds up the columns of what is listed, vectors across the outputs, sums in registers.
// CHECK-LABEL: func.func private @node_1
// CHECK: scf.for {{.*}} iter_args(%{{.*}}) -> (vector<4xf64>)
// CHECK: vector.load %{{.*}} : memref<12xf32>, vector<4xf32>
// CHECK: arith.extf {{.*}} : vector<4xf32> to vector<4xf64>
// CHECK: arith.mulf
// CHECK: arith.addf
// The population's body stands inside its loop, once, over lanes.
// CHECK-LABEL: func.func private @node_2
// CHECK: scf.for
// CHECK: arith.cmpf ogt, %{{.*}} : vector<4xf64>
// CHECK: arith.extui %{{.*}} : vector<4xi1> to vector<4xi8>
// CHECK-LABEL: func.func @step
// CHECK-NEXT: call @node_0
// CHECK-NEXT: call @node_1
// CHECK-NEXT: call @node_2
// CHECK-NEXT: return
snn.network @small of f64 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<3xf64>
  %w = snn.dense "w" %in {weight = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>}
    : tensor<3xf64> -> tensor<2xf64>
  %n = snn.population "n" (%w : tensor<2xf64>) states ["v"] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f64, %v: f64):
    %v1 = arith.addf %v, %u : f64
    %one = arith.constant 1.0 : f64
    %z = arith.cmpf ogt, %v1, %one : f64
    snn.yield %z, %v1 : i1, f64
  }
  snn.output "out" %n shape [2] : !snn.spikes<2>
}
