// RUN: nir-opt %s --cpu-lower="least-equal=2 least-listed=0" | FileCheck %s --check-prefixes=CHECK,CALLS
// RUN: nir-opt %s --cpu-lower="least-equal=2 least-listed=2" | FileCheck %s --check-prefixes=CHECK,LIST
// RUN: nir-opt %s --cpu-lower="least-equal=4" | FileCheck %s --check-prefix=FEW
// RUN: nir-opt %s --cpu-lower="least-equal=0" | FileCheck %s --check-prefix=FEW
// Nodes that differ in numbers and places have one function, which reads what differs from a table.

// What reads the input reads numbers, and the last neuron's spikes are an output: there is one of each.
// CHECK-DAG: memref.global @[[POOL:.*]] : memref<128xi8>
// CHECK-DAG: memref.global @[[TABLE:.*]] : memref<18xi64>
// CHECK-LABEL: func.func private @node_0(%{{[^,]*}}: memref<{{.*}}xi8> {llvm.noalias})
// CHECK-LABEL: func.func private @node_1(%{{[^,]*}}: memref<{{.*}}xi8> {llvm.noalias})
// Populations differ in their thresholds, and in where their arrays lie.
// CHECK-LABEL: func.func private @node_2
// CHECK-SAME: %[[ROW:.*]]: index) attributes {passthrough = ["noinline"]}
// CHECK: %[[NUMBERS:.*]] = memref.get_global @[[TABLE]]
// CHECK: memref.load %[[NUMBERS]]
// CHECK: arith.trunci {{.*}} : i64 to i32
// CHECK: arith.bitcast {{.*}} : i32 to f32
// Matrices differ in where their weights lie, too.
// CHECK-LABEL: func.func private @node_3
// CHECK-SAME: index) attributes {passthrough = ["noinline"]}
// CHECK: memref.get_global @[[TABLE]]
// CHECK: %[[WEIGHTS:.*]] = memref.get_global @[[POOL]]
// CHECK: memref.view %[[WEIGHTS]]
// CHECK-LABEL: func.func private @node_6(%{{[^,]*}}: memref<{{.*}}xi8> {llvm.noalias})
// CALLS-LABEL: func.func @step
// CALLS: call @node_0(%{{[^,]*}}) :
// CALLS: call @node_1(%{{[^,]*}}) :
// CALLS: call @node_2(%{{.*}}, %{{.*}}) :
// CALLS: call @node_3(%{{.*}}, %{{.*}}) :
// CALLS: call @node_2(%{{.*}}, %{{.*}}) :
// CALLS: call @node_3(%{{.*}}, %{{.*}}) :
// CALLS: call @node_6(%{{[^,]*}}) :
// LIST-LABEL: func.func @step
// LIST: scf.for
// LIST: scf.index_switch
// LIST: case 1
// LIST-NEXT: call @node_1(%{{[^,]*}}) :
// LIST: case 2
// LIST-NEXT: call @node_2(%{{.*}}, %{{.*}}) :
// FEW-COUNT-7: func.func private @node_{{[0-9]}}(%{{[^,]*}}: memref<{{.*}}xi8> {llvm.noalias})
snn.network @chain of f32 <"nir", dt = 1.0> {
  %in = snn.input "in" : tensor<1xf32>
  %w0 = snn.dense "w0" %in {weight = dense<1.0> : tensor<1x1xf32>} : tensor<1xf32> -> tensor<1xf32>
  %n0 = snn.population "n0" (%w0 : tensor<1xf32>) states ["v"] params [] [] -> !snn.spikes<1> {
  ^bb0(%u: f32, %v: f32):
    %t = arith.constant 1.0 : f32
    %z = arith.cmpf ogt, %u, %t : f32
    snn.yield %z, %u : i1, f32
  }
  %w1 = snn.dense "w1" %n0 {weight = dense<2.0> : tensor<1x1xf32>} : !snn.spikes<1> -> tensor<1xf32>
  %n1 = snn.population "n1" (%w1 : tensor<1xf32>) states ["v"] params [] [] -> !snn.spikes<1> {
  ^bb0(%u: f32, %v: f32):
    %t = arith.constant 2.0 : f32
    %z = arith.cmpf ogt, %u, %t : f32
    snn.yield %z, %u : i1, f32
  }
  %w2 = snn.dense "w2" %n1 {weight = dense<3.0> : tensor<1x1xf32>} : !snn.spikes<1> -> tensor<1xf32>
  %n2 = snn.population "n2" (%w2 : tensor<1xf32>) states ["v"] params [] [] -> !snn.spikes<1> {
  ^bb0(%u: f32, %v: f32):
    %t = arith.constant 3.0 : f32
    %z = arith.cmpf ogt, %u, %t : f32
    snn.yield %z, %u : i1, f32
  }
  snn.output "out" %n2 shape [1] : !snn.spikes<1>
}
