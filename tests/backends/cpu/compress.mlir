// RUN: nir-opt %s --cpu-lower="vector-bits=512 compresses" | FileCheck %s
// With an instruction for it, the indices of a vector's spikes are moved to its front, and all of the vector is written behind the
// list's end: no branch depends on a spike.

// CHECK-LABEL: func.func private @node_0
// CHECK-NOT: scf.if
// CHECK-NOT: scf.while
// CHECK: llvm.call_intrinsic "llvm.experimental.vector.compress.v16i32"
// CHECK: vector.store %{{.*}} : memref<192xi32>, vector<16xi32>
// CHECK: llvm.intr.ctpop
// CHECK: return
snn.network @spikes of f32 <"nir", dt = 1.0e-3> {
  %n = snn.population "n" () states ["v"] params [] [] -> !snn.spikes<128> {
  ^bb0(%u: f32, %v: f32):
    %z = arith.cmpf ogt, %v, %u : f32
    snn.yield %z, %v : i1, f32
  }
  %w = snn.dense "w" %n {weight = dense<1.0> : tensor<2x128xf32>} : !snn.spikes<128> -> tensor<2xf32>
  snn.output "out" %w shape [2] : tensor<2xf32>
}
