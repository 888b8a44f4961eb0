// RUN: nir-opt %s --cpu-lower="vector-bits=512" | FileCheck %s
// RUN: nir-opt %s --cpu-lower="vector-bits=512 near-bytes=0" | FileCheck %s --check-prefix=STREAMS
// A network of i32: weights stay bytes in memory and are extended lane by lane; what can be computed in 32 bits is.

// CHECK: memref.global @parameter_0 : memref<512xi8>
// STREAMS: memref.global @parameter_0 : memref<512xi8>
// CHECK-LABEL: func.func private @node_1
// CHECK: scf.for {{.*}} -> (vector<16xi32>
// CHECK: vector.load %{{.*}} : memref<512xi8>, vector<16xi8>
// CHECK: arith.extsi %{{.*}} : vector<16xi8> to vector<16xi32>
// CHECK: arith.addi %{{.*}} : vector<16xi32>
// Eight columns at a time, added up in 16 bits; the next eight are asked for, a line each.
// STREAMS-LABEL: func.func private @node_1
// STREAMS-COUNT-8: arith.extsi %{{.*}} : vector<32xi8> to vector<32xi16>
// STREAMS: arith.extsi %{{.*}} : vector<32xi16> to vector<32xi32>
// STREAMS-COUNT-8: memref.prefetch %{{.*}} : memref<512xi8>
// The product of what is known to be small.
// CHECK-LABEL: func.func private @node_2
// CHECK-NOT: i64
// CHECK: arith.muli %{{.*}} : vector<16xi32>
// CHECK: arith.shrsi
// CHECK: arith.minsi
// CHECK: arith.maxsi
// CHECK-NOT: arith.trunci
// CHECK-LABEL: func.func private @node_3
// CHECK: arith.extsi %{{.*}} : vector<16xi32> to vector<16xi64>
// CHECK: arith.muli %{{.*}} : vector<16xi64>
// CHECK: arith.trunci %{{.*}} : vector<16xi64> to vector<16xi32>
// CHECK: arith.divsi
// CHECK-NOT: floordivsi
// CHECK-LABEL: func.func @step
snn.network @integers of i32 <"nir", dt = 1.0e-3> in <"int8"> {
  %in = snn.input "in" : tensor<8x!quant.uniform<i8<0:1>:f64, 1.0>>
  %s = snn.population "n" (%in : tensor<8x!quant.uniform<i8<0:1>:f64, 1.0>>) states [] params [] [] -> !snn.spikes<8> {
  ^bb0(%u: i32):
    %zero = arith.constant 0 : i32
    %fires = arith.cmpi ne, %u, %zero : i32
    snn.yield %fires : i1
  }
  %w = snn.dense "w" %s {weight = dense<3> : tensor<64x8xi8>} : !snn.spikes<8>
    -> tensor<64x!quant.uniform<i32<-1024:1024>:f64, 0.5>>
  %r = snn.rescale "r" %w by [1000] shift 5 nearest_even saturate
    : tensor<64x!quant.uniform<i32<-1024:1024>:f64, 0.5>> -> tensor<64x!quant.uniform<i8<-127:127>:f64, 1.0>>
  %n = snn.population "leak" (%r : tensor<64x!quant.uniform<i8<-127:127>:f64, 1.0>>) states ["v"]
    of [tensor<64x!quant.uniform<i32<-1024:1024>:f64, 0.5>>] params [] [] -> tensor<64x!quant.uniform<i8<-127:127>:f64, 1.0>> {
  ^bb0(%u: i32, %v: i32):
    %keep = arith.constant 58982 : i64
    %by = arith.constant 16 : i64
    %three = arith.constant 3 : i32
    %wide = arith.extsi %v : i32 to i64
    %product = arith.muli %wide, %keep : i64
    %shifted = arith.shrsi %product, %by : i64
    %kept = arith.trunci %shifted : i64 to i32
    %out = arith.floordivsi %kept, %three : i32
    %next = arith.addi %kept, %u : i32
    snn.yield %out, %next : i32, i32
  }
  snn.output "out" %n shape [64] : tensor<64x!quant.uniform<i8<-127:127>:f64, 1.0>>
}
