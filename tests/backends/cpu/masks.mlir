// RUN: %python -c "print(open(r'%s').read().replace('0xWEIGHTS', '0x' + ('01' + '00' * 12) * 315 + '01'))" > %t.mlir
// RUN: nir-opt %t.mlir --cpu-lower="vector-bits=512 expands" | FileCheck %s
// RUN: nir-opt %t.mlir --cpu-lower="vector-bits=256 expands" | FileCheck %s --check-prefix=LIST
// Bytes of a sparse matrix: a bit for each of 64 outputs, and the weights of those that are set, four columns at a time. A thirteenth of
// these weights is not zero.

// CHECK-DAG: memref.global @parameter_0 : memref<65xi64>
// CHECK-DAG: memref.global @parameter_1 : memref<380xi8>
// CHECK-DAG: memref.global @parameter_2 : memref<64xi64>
// CHECK-LABEL: func.func private @node_1
// CHECK: vector.load %{{.*}} : memref<380xi8>, vector<64xi8>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.mask.expand.v64i8"
// CHECK: arith.extsi %{{.*}} : vector<64xi8> to vector<64xi16>
// CHECK-COUNT-3: llvm.call_intrinsic
// CHECK: arith.extsi %{{.*}} : vector<64xi16> to vector<64xi32>
// LIST-DAG: memref.global @parameter_1 : memref<316xi16>
// LIST-NOT: mask.expand
snn.network @masks of i32 <"nir", dt = 1.0e-3> in <"int8"> {
  %in = snn.input "in" : tensor<64x!quant.uniform<i8<0:1>:f64, 1.0>>
  %s = snn.population "n" (%in : tensor<64x!quant.uniform<i8<0:1>:f64, 1.0>>) states [] params [] [] -> !snn.spikes<64> {
  ^bb0(%u: i32):
    %zero = arith.constant 0 : i32
    %fires = arith.cmpi ne, %u, %zero : i32
    snn.yield %fires : i1
  }
  %w = snn.dense "w" %s {weight = dense<"0xWEIGHTS"> : tensor<64x64xi8>} : !snn.spikes<64> -> tensor<64x!quant.uniform<i16:f64, 1.0>>
  snn.output "out" %w shape [64] : tensor<64x!quant.uniform<i16:f64, 1.0>>
}
