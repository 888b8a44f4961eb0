// RUN: nir-opt %s --cpu-lower | FileCheck %s
// What has a start looks at the clock, which the end of the step advances; what has none does not.

// CHECK-LABEL: func.func private @node_0
// CHECK-NOT: arith.cmpi sge
// CHECK: return
// CHECK-LABEL: func.func private @node_1
// CHECK: %[[CLOCK:.*]] = memref.load {{.*}} : memref<64xi64>
// CHECK: %[[START:.*]] = arith.constant 3 : i64
// CHECK: %[[STARTED:.*]] = arith.cmpi sge, %[[CLOCK]], %[[START]] : i64
// CHECK-NEXT: scf.if %[[STARTED]]
// A delay of no step in its first element passes on what it reads, from its start on.
// CHECK-LABEL: func.func private @node_2
// CHECK: arith.cmpi sge
// CHECK: arith.cmpi eq
// CHECK-NEXT: arith.andi
// Its end of the step.
// CHECK-LABEL: func.func private @node_3
// CHECK: arith.cmpi sge
// CHECK-NEXT: scf.if
// CHECK-LABEL: func.func @step
// CHECK: call @node_3
// CHECK: arith.addi
// CHECK-NEXT: memref.store {{.*}} : memref<64xi64>
snn.network @start of f32 <"nir", dt = 1.0> {
  %in = snn.input "in" : tensor<2xf32>
  %now = snn.population "now" (%in : tensor<2xf32>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %z = arith.cmpf ogt, %u, %u : f32
    snn.yield %z : i1
  }
  %waits = snn.population "waits" (%in : tensor<2xf32>) states [] params [] [] start 3 -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %z = arith.cmpf ogt, %u, %u : f32
    snn.yield %z : i1
  }
  %late = snn.delay "late" %waits by [0, 2] start 4 : !snn.spikes<2>
  snn.output "out" %late shape [2] : !snn.spikes<2>
}
