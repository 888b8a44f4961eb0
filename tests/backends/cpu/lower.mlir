// RUN: nir-opt %s --cpu-lower | FileCheck %s
// A network becomes a step function over one block of memory; weights are symbols without a value.

// CHECK: memref.global @parameter_0 : memref<6xf32>
// CHECK-NOT: dense<
// The dense connection skips silent inputs and adds up in ascending order of the inputs.
// CHECK-LABEL: func.func private @node_1(%{{.*}}: memref<{{.*}}xi8>)
// CHECK: scf.for
// CHECK: arith.cmpf une
// CHECK: scf.if
// CHECK: arith.extf {{.*}} : f32 to f64
// CHECK: arith.mulf
// CHECK: arith.addf
// The population's body stands inside its loop, once.
// CHECK-LABEL: func.func private @node_2
// CHECK: scf.for
// CHECK: arith.cmpf ogt
// CHECK: arith.extui
// CHECK-LABEL: func.func @step
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
