// RUN: nir-opt %s --quantize | FileCheck %s
// RUN: nir-opt %s --quantize="format=int8,granularity=channel" | FileCheck %s --check-prefix=CHANNEL

// What drives one population has one unit. Weights that are 16 times as small keep all of their bits, and the sums of the
// others are shifted to them.
// CHECK: %large = snn.dense "large" %a {weight = dense<{{\[\[}}127, -64], [32, 0]]> : tensor<2x2xi8>}
// CHECK: %[[L:.*]] = snn.rescale "large" %large by [16] shift 0
// CHECK: %small = snn.dense "small" %b {weight = dense<{{\[\[}}127, 64], [0, -32]]> : tensor<2x2xi8>}
// CHECK: snn.population "if"(%[[L]], %small :

// Each neuron has a unit of its own, and so its own threshold.
// CHANNEL: %large = snn.dense "large" %a {weight = dense<{{\[\[}}127, -64], [127, 0]]> : tensor<2x2xi8>}
// CHANNEL: !quant.uniform<i32<{{.*}}>:f64:0, {{{.*}},{{.*}}}>
// CHANNEL: params ["constant"]
snn.network @net of f64 <"nir", dt = 1.0e-3> {
  %a = snn.input "a" : tensor<2xf64>
  %b = snn.input "b" : tensor<2xf64>
  %large = snn.dense "large" %a {weight = dense<[[16.0, -8.0], [4.0, 0.0]]> : tensor<2x2xf64>} : tensor<2xf64> -> tensor<2xf64>
  %small = snn.dense "small" %b {weight = dense<[[1.0, 0.5], [0.0, -0.25]]> : tensor<2x2xf64>} : tensor<2xf64> -> tensor<2xf64>
  %s = snn.population "if" (%large, %small : tensor<2xf64>, tensor<2xf64>) states ["v"] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f64, %v: f64):
    %theta = arith.constant 1.0 : f64
    %zero = arith.constant 0.0 : f64
    %next = arith.addf %v, %u : f64
    %fires = arith.cmpf ogt, %next, %theta : f64
    %after = arith.select %fires, %zero, %next : f64
    snn.yield %fires, %after : i1, f64
  }
  snn.output "out" %s shape [2] : !snn.spikes<2>
}
