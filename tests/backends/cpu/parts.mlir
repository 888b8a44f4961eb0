// RUN: nir-opt %s --cpu-lower="parts least-shared=0 near-bytes=0 vector-bits=512" | FileCheck %s
// RUN: nir-opt %s --cpu-lower="parts least-shared=0 near-bytes=0 far-bytes=0 vector-bits=512 compresses" | FileCheck %s --check-prefix=FAR
// A step that threads share: each does its range of outputs and neurons, and they meet where one reads what all have written.

// The events of all parts are put one after the other. Whose turn it is says where they and their counts lie: of two rows.
// CHECK-LABEL: func.func private @node_0(
// CHECK-SAME: %{{.*}}: memref<{{.*}}xi8> {llvm.noalias}, %{{.*}}: index, %{{.*}}: index, %[[SCRATCH:.*]]: memref<{{.*}}xi64>)
// CHECK: %[[TURN:.*]] = memref.load %{{.*}} : memref<512xi64>
// CHECK: %[[ROW:.*]] = arith.index_cast %[[TURN]]
// CHECK: arith.muli %[[ROW]], %c128
// CHECK: arith.muli %[[ROW]], %c512
// CHECK: scf.for
// CHECK: memref.load %{{.*}} : memref<1024xi64>
// CHECK: vector.store %{{.*}}, %[[SCRATCH]]{{.*}} vector<8xi64>
// Four columns at a time, the next four asked for.
// CHECK: scf.for
// CHECK-COUNT-4: vector.load %{{.*}} : memref<4096xf32>, vector<16xf32>
// CHECK-COUNT-4: memref.prefetch
// For several samples a column is loaded once, and added where a sample has its event.
// CHECK-LABEL: func.func private @node_0_together
// CHECK: arith.shli
// CHECK: arith.ori
// CHECK: scf.while
// CHECK: return %{{.*}} : i1
// The neurons of a range need the sums of that range only. What they list is read by all, in the next step, and so it is not
// written where others may still read: all of it is one stage.
// Where samples did not go together, each goes through one function after the other.
// CHECK-LABEL: func.func private @node_2(
// CHECK: %[[LAST:.*]] = memref.load %{{.*}} : memref<512xi64>
// CHECK: %[[NEXT:.*]] = arith.subi %c1{{.*}}, %{{.*}} : index
// CHECK: %[[STORED:.*]] = arith.index_cast %[[NEXT]] : index to i64
// CHECK: memref.store %[[STORED]], %{{.*}} : memref<512xi64>
// CHECK-NOT: func.func @step
// CHECK-LABEL: func.func @stage_0
// CHECK: call @node_0_together
// CHECK: scf.for
// CHECK: scf.if
// CHECK: call @node_0(
// CHECK-NOT: scf.for
// CHECK: call @node_1(
// CHECK: call @node_2(
// CHECK-NOT: @stage_1
// From memory eight columns at a time, then four, two and one, and none is asked for.
// FAR-LABEL: func.func private @node_0(
// FAR-NOT: memref.prefetch
// FAR-COUNT-8: vector.load %{{.*}} : memref<4096xf32>, vector<16xf32>
// FAR-COUNT-7: vector.load %{{.*}} : memref<4096xf32>, vector<16xf32>
// FAR-LABEL: func.func private @node_0_together
// The inputs that have an event move to the front.
// FAR: llvm.call_intrinsic "llvm.experimental.vector.compress.v8i64"
snn.network @recurrent of f32 <"nir", dt = 1.0e-3> {
  %late = snn.delay "late" %n by [1] : !snn.spikes<64>
  %again = snn.dense "again" %late {weight = dense<1.0> : tensor<64x64xf32>} : !snn.spikes<64> -> tensor<64xf32>
  %n = snn.population "n" (%again : tensor<64xf32>) states ["v"] params [] [] -> !snn.spikes<64> {
  ^bb0(%u: f32, %v: f32):
    %z = arith.cmpf ogt, %v, %u : f32
    snn.yield %z, %u : i1, f32
  }
}
