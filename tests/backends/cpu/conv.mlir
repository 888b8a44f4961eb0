// RUN: nir-opt %s --cpu-lower | FileCheck %s
// A convolution adds all output channels of a window at once, and its neurons lie with their channels innermost: nothing is
// reordered between them. What they list is in NIR's order again, channel by channel.

// CHECK-LABEL: func.func private @node_1
// CHECK: scf.for
// CHECK: vector.load %{{.*}} : memref<{{.*}}xf32>, vector<8xf32>
// CHECK: arith.addf %{{.*}} : vector<8xf32>
// CHECK-LABEL: func.func private @node_2
// CHECK: scf.for
// CHECK: arith.cmpf ogt, %{{.*}} : vector<8xf32>
// The position goes into its channel's bucket, then the buckets one after the other.
// CHECK: arith.divui
// CHECK: memref.store %{{.*}} : memref<{{.*}}xi32>
// CHECK: scf.for
// CHECK-LABEL: func.func private @node_3
// CHECK: memref.load %{{.*}} : memref<{{.*}}xi32>
snn.network @conv of f32 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<1x6x6xf32>
  %c = snn.conv "c" %in strides [1, 1] pads [1, 1] dilations [1, 1] groups 1 {weight = dense<1.0> : tensor<8x1x3x3xf32>}
    : tensor<1x6x6xf32> -> tensor<8x6x6xf32>
  %n = snn.population "n" (%c : tensor<8x6x6xf32>) states ["v"] params [] [] -> !snn.spikes<8x6x6> {
  ^bb0(%u: f32, %v: f32):
    %z = arith.cmpf ogt, %v, %u : f32
    snn.yield %z, %u : i1, f32
  }
  %p = snn.pool "p" %n kernel [2, 2] strides [2, 2] pads [0, 0] : !snn.spikes<8x6x6> -> tensor<8x3x3xf32>
  snn.output "out" %p shape [8, 3, 3] : tensor<8x3x3xf32>
}
