// RUN: nir-opt %s --discretize="dt=1e-3 element=f64" --quantize | FileCheck %s
// RUN: nir-opt %s --discretize="dt=1e-3 element=f64" --quantize="format=loihi2" | FileCheck %s --check-prefix=LOIHI
// RUN: nir-opt %s --discretize="dt=1e-3 element=f64" --quantize="format=spinnaker2" | FileCheck %s --check-prefix=FLOAT

// What drives the membrane is added as it is, shifted: the leak alone is a product. Types say what an integer stands for and
// what it can be.
// CHECK-LABEL: snn.network @net of i32 <"nir[v1]", dt = 1.000000e-03> in <"int8[v1]">
// CHECK: %fc = snn.dense "fc" %input {bias = dense<[16, 8]> : tensor<2xi32>, weight = dense<{{\[\[}}32, 64], [-95, 127]]> : tensor<2x2xi8>}
// CHECK-SAME: -> tensor<2x!quant.uniform<i32<-28194:28210>:f64, 0.0314{{[0-9]*}}>>
// CHECK: snn.population "lif"{{.*}} states ["v"] of [tensor<2x!quant.uniform<i24<-8388607:{{[0-9]+}}>:f64, {{[0-9.E-]+}}>>] params [] [] -> !snn.spikes<2>
// CHECK: arith.constant 58982 : i32
// CHECK: arith.extsi %v
// CHECK: arith.muli %{{.*}} : i64
// CHECK: arith.shrsi %{{.*}}, %c16_i64
// CHECK: arith.shli %u, %c8_i32
// CHECK: arith.maxsi
// CHECK-NOT: arith.minsi
// CHECK: arith.cmpi sgt
// CHECK: snn.yield

// 4096 (1 - 0.1) = 3686.4: it is the leak, 409.6, that is rounded. Weights of both signs are even.
// LOIHI: weight = dense<{{\[\[}}64, 128], [-190, 254]]> : tensor<2x2xi16>
// LOIHI: arith.constant 3686 : i32
// LOIHI: arith.constant 12 : i
// LOIHI: arith.constant 6 : i32
// LOIHI: arith.shli %u

// Weights alone are integers; the threshold and the biases are in their units, and biases are added behind the sum.
// FLOAT: snn.network @net of f32
// FLOAT: weight = dense<{{\[\[}}32, 64], [-95, 127]]> : tensor<2x2xi8>} : tensor<2xf32> -> tensor<2xf32>
// FLOAT: params ["bias"] [dense<[1.587500e+01, 7.937500e+00]> : tensor<2xf32>]
// FLOAT: %[[DRIVE:.*]] = arith.addf %u, %bias : f32
// FLOAT: arith.constant 0.899999976 : f32
// FLOAT: arith.addf %{{.*}}, %[[DRIVE]] : f32
// FLOAT: arith.constant 3.175000e+02 : f32
nir.graph "net" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
  %fc = nir.affine "fc" (%input) {bias = dense<[0.5, 0.25]> : tensor<2xf32>, weight = dense<[[1.0, 2.0], [-3.0, 4.0]]> : tensor<2x2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  %lif = nir.lif "lif" (%fc) {r = dense<1.0> : tensor<2xf32>, tau = dense<0.01> : tensor<2xf64>, v_leak = dense<0.0> : tensor<2xf32>, v_reset = dense<0.0> : tensor<2xf32>, v_threshold = dense<1.0> : tensor<2xf32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%lif) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
