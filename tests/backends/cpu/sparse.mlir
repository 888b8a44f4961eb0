// RUN: nir-opt %s --cpu-lower | FileCheck %s
// RUN: nir-opt %s --cpu-lower="vector-bits=512" | FileCheck %s --check-prefix=WIDE
// A matrix with more than 80 % zeros is stored without them: where each column starts, its outputs, its weights.

// CHECK-DAG: memref.global @parameter_0 : memref<129xi64>
// CHECK-DAG: memref.global @parameter_1 : memref<1xi16>
// CHECK-DAG: memref.global @parameter_2 : memref<1xf32>
// CHECK-LABEL: func.func private @node_1
// CHECK: memref.prefetch
// Weights and outputs are loaded several at a time, outputs as words that are taken apart. What is left goes one by one.
// CHECK: vector.load %{{.*}} : memref<1xf32>, vector<4xf32>
// CHECK: vector.load %{{.*}} : memref<1xi16>, vector<4xi16>
// CHECK: %[[WORD:.*]] = llvm.inline_asm {{.*}} "=r,0"
// CHECK: arith.shrui %[[WORD]]
// CHECK: arith.index_castui %{{.*}} : i16 to index
// CHECK: memref.load %{{.*}} : memref<1xi16>
// With vectors of 512 bits the compiler must be kept from loading each weight alone.
// WIDE: vector.load %{{.*}} : memref<1xf32>, vector<4xf32>
// WIDE: llvm.inline_asm {{.*}} "=v,0"
snn.network @sparse of f32 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<128xf32>
  %w = snn.dense "w" %in {weight = dense<0.0> : tensor<64x128xf32>} : tensor<128xf32> -> tensor<64xf32>
  snn.output "out" %w shape [64] : tensor<64xf32>
}
