// RUN: nir-opt %s --quantize="format=loihi2" | FileCheck %s
// RUN: nir-opt %s --quantize="format=loihi2,fraction-bits=auto" | FileCheck %s --check-prefix=AUTO

// Inputs of up to 127 add up to 191 times 254 times 64, and v becomes 10 times that, which is 3.7 times 2^23: with weights of a
// quarter it never saturates. The other keeps 0.9875 and would need a 32nd, of which less than 4 bits would be left.
// CHECK: snn.dense "w" %a {weight = dense<{{\[\[}}64, -32], [16, 0]]>
// CHECK: snn.population "li"{{.*}} states ["v"] of [tensor<2x!quant.uniform<i24<-8078842:8078842>
// CHECK: snn.dense "w2" %a {weight = dense<{{\[\[}}254, -128], [64, 0]]>
// CHECK: snn.population "slow"{{.*}} states ["v"] of [tensor<2x!quant.uniform<i24<-8388607:8388607>
// AUTO: snn.dense "w" %a {weight = dense<{{\[\[}}254, -128], [64, 0]]>
snn.network @net of f64 <"loihi2", dt = 1.0e-3> {
  %a = snn.input "a" : tensor<2xf64>
  %w = snn.dense "w" %a {weight = dense<[[16.0, -8.0], [4.0, 0.0]]> : tensor<2x2xf64>} : tensor<2xf64> -> tensor<2xf64>
  %r = snn.population "li" (%w : tensor<2xf64>) states ["v"] params [] [] -> tensor<2xf64> {
  ^bb0(%u: f64, %v: f64):
    %keep = arith.constant 0.9 : f64
    %gain = arith.constant 0.1 : f64
    %kept = arith.mulf %v, %keep : f64
    %more = arith.mulf %u, %gain : f64
    %next = arith.addf %kept, %more : f64
    snn.yield %next, %next : f64, f64
  }
  %w2 = snn.dense "w2" %a {weight = dense<[[16.0, -8.0], [4.0, 0.0]]> : tensor<2x2xf64>} : tensor<2xf64> -> tensor<2xf64>
  %r2 = snn.population "slow" (%w2 : tensor<2xf64>) states ["v"] params [] [] -> tensor<2xf64> {
  ^bb0(%u: f64, %v: f64):
    %keep = arith.constant 0.9875 : f64
    %gain = arith.constant 0.1 : f64
    %kept = arith.mulf %v, %keep : f64
    %more = arith.mulf %u, %gain : f64
    %next = arith.addf %kept, %more : f64
    snn.yield %next, %next : f64, f64
  }
  snn.output "out" %r shape [2] : tensor<2xf64>
  snn.output "out2" %r2 shape [2] : tensor<2xf64>
}
