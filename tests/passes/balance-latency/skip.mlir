// RUN: nir-opt %s -split-input-file --balance-latency | FileCheck %s
// What reaches an op early waits for the longest path; every path into a population has a step.

// A skip connection around a population, and one around two: one chain of delays serves both.
// CHECK-LABEL: snn.network @skip of f32 <"nir,schedule=pipelined[v1,schedule=pipelined]", dt = 1.000000e-03>
snn.network @skip of f32 <"nir", dt = 1.0e-3> {
  // CHECK: %[[IN:.*]] = snn.input
  // CHECK-NEXT: %[[IN1:.*]] = snn.delay "in" %[[IN]] by [1] :
  // CHECK-NEXT: %[[IN2:.*]] = snn.delay "in" %[[IN1]] by [1] :
  // CHECK-NOT: snn.delay "in"
  %in = snn.input "in" : tensor<2xf32>
  // CHECK: %[[A:.*]] = snn.population "a"(%[[IN1]] :
  // CHECK-SAME: params [] [] -> !snn.spikes<2>
  %a = snn.population "a" (%in : tensor<2xf32>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %threshold = arith.constant 1.0 : f32
    %z = arith.cmpf ogt, %u, %threshold : f32
    snn.yield %z : i1
  }
  // CHECK: %[[A1:.*]] = snn.delay "a" %[[A]] by [1] : !snn.spikes<2>
  // CHECK: %[[B:.*]] = snn.population "b"(%[[A1]], %[[IN2]] :
  %b = snn.population "b" (%a, %in : !snn.spikes<2>, tensor<2xf32>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %threshold = arith.constant 1.0 : f32
    %z = arith.cmpf ogt, %u, %threshold : f32
    snn.yield %z : i1
  }
  // CHECK: snn.add "sum"(%[[B]], %[[A1]], %[[IN2]] :
  %sum = snn.add "sum" (%b, %a, %in : !snn.spikes<2>, !snn.spikes<2>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK: snn.output "early" %[[IN]] shape [2] : tensor<2xf32>
  snn.output "early" %in shape [2] : tensor<2xf32>
  // CHECK: snn.output "late" %{{.*}} shape [2] latency 2 :
  snn.output "late" %sum shape [2] : tensor<2xf32>
  // CHECK: snn.record "a" "spikes" %[[A]] : !snn.spikes<2> latency 1
  snn.record "a" "spikes" %a : !snn.spikes<2>
}

// -----

// A Delay pays for the steps around it: nothing is late behind it, and what is left of it comes first.
// CHECK-LABEL: snn.network @delay
snn.network @delay of f32 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<2xf32>
  %a = snn.population "a" (%in : tensor<2xf32>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %threshold = arith.constant 1.0 : f32
    %z = arith.cmpf ogt, %u, %threshold : f32
    snn.yield %z : i1
  }
  // CHECK: %[[D:.*]] = snn.delay "d" %{{.*}} by [2, 4] :
  %d = snn.delay "d" %a by [3, 5] : !snn.spikes<2>
  // CHECK: snn.output "out" %[[D]] shape [2] : !snn.spikes<2>
  snn.output "out" %d shape [2] : !snn.spikes<2>
}
