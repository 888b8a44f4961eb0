// RUN: nir-opt %s --balance-latency | FileCheck %s
// A population that would move before its step 0 has come waits for it; one that stays at rest need not.

// CHECK-LABEL: snn.network @start
snn.network @start of f32 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<2xf32>
  // CHECK: snn.population "rests"
  // CHECK-SAME: params ["threshold"] [{{.*}}] -> !snn.spikes<2>
  %rests = snn.population "rests" (%in : tensor<2xf32>) states ["v"] params ["threshold"] [dense<[0.0, 1.0]> : tensor<2xf32>] -> !snn.spikes<2> {
  ^bb0(%u: f32, %v: f32, %threshold: f32):
    %keep = arith.constant 0.9 : f32
    %reset = arith.constant 0.5 : f32
    %kept = arith.mulf %keep, %v : f32
    %v1 = arith.addf %kept, %u : f32
    %z = arith.cmpf ogt, %v1, %threshold : f32
    %v2 = arith.select %z, %reset, %v1 : f32
    snn.yield %z, %v2 : i1, f32
  }
  // One of its thresholds is below 0.
  // CHECK: snn.population "fires"
  // CHECK-SAME: start 1 -> !snn.spikes<2>
  %fires = snn.population "fires" (%in : tensor<2xf32>) states [] params ["threshold"] [dense<[-1.0, 1.0]> : tensor<2xf32>] -> !snn.spikes<2> {
  ^bb0(%u: f32, %threshold: f32):
    %z = arith.cmpf ogt, %u, %threshold : f32
    snn.yield %z : i1
  }
  // CHECK: snn.population "leaks"
  // CHECK-SAME: start 2 -> tensor<2xf32>
  %leaks = snn.population "leaks" (%rests : !snn.spikes<2>) states ["v"] params [] [] -> tensor<2xf32> {
  ^bb0(%u: f32, %v: f32):
    %drift = arith.constant 0.5 : f32
    %v1 = arith.addf %v, %drift : f32
    snn.yield %v1, %v1 : f32, f32
  }
  %bias = snn.dense "bias" %rests {weight = dense<0.5> : tensor<2x2xf32>, bias = dense<1.0> : tensor<2xf32>} : !snn.spikes<2> -> tensor<2xf32>
  // CHECK: snn.population "hears-bias"
  // CHECK-SAME: start 2 -> tensor<2xf32>
  %hears = snn.population "hears-bias" (%bias : tensor<2xf32>) states ["v"] params [] [] -> tensor<2xf32> {
  ^bb0(%u: f32, %v: f32):
    %v1 = arith.addf %v, %u : f32
    snn.yield %v1, %v1 : f32, f32
  }
  // Before step 1 the bias is not there, and the delay has no 1 to hold.
  // CHECK: snn.delay "holds-bias" %{{.*}} by [2] start 1 :
  %held = snn.delay "holds-bias" %bias by [3] : tensor<2xf32>
  %sum = snn.add "sum" (%held, %fires : tensor<2xf32>, !snn.spikes<2>) -> tensor<2xf32>
  snn.output "out" %sum shape [2] : tensor<2xf32>
  // CHECK: snn.record "leaks" "v" latency 2
  snn.record "leaks" "v"
}
