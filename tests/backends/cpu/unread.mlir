// RUN: nir-opt %s --cpu-lower | FileCheck %s
// What nobody reads is not computed, but neurons are: they have states.

// CHECK-LABEL: func.func private @node_0
// CHECK: vector.store %{{.*}} : memref<64xf32>
// CHECK-NOT: func.func private
// CHECK-LABEL: func.func @step
// CHECK-NEXT: call @node_0
// CHECK-NEXT: return
snn.network @unread of f32 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<3xf32>
  %sum = snn.add "sum" () -> tensor<3xf32>
  %late = snn.delay "late" %sum by [2] : tensor<3xf32>
  %n = snn.population "n" () states ["v"] params [] [] -> !snn.spikes<3> {
  ^bb0(%u: f32, %v: f32):
    %z = arith.cmpf ogt, %v, %u : f32
    snn.yield %z, %v : i1, f32
  }
}
