// RUN: nir-opt %s | nir-opt | FileCheck %s
// Every op of the snn dialect prints as it was read.

// CHECK-LABEL: snn.network @all of f64 <"nir,integrator=exp-euler,reset=subtract[v1,integrator=exp-euler,reset=subtract]", dt = 1.000000e-04>
snn.network @all of f64 <"nir,integrator=exp-euler,reset=subtract", dt = 1.0e-4> {
  // CHECK: %[[IN:.*]] = snn.input "in" : tensor<2x4x4xf64>
  %in = snn.input "in" : tensor<2x4x4xf64>
  // CHECK: %[[CONV:.*]] = snn.conv "c" %[[IN]] strides [1, 1] pads [1, 1] dilations [1, 1] groups 1
  %conv = snn.conv "c" %in strides [1, 1] pads [1, 1] dilations [1, 1] groups 1
    {weight = dense<0.5> : tensor<3x2x3x3xf32>, bias = dense<0.0> : tensor<3xf32>}
    : tensor<2x4x4xf64> -> tensor<3x4x4xf64>
  // CHECK: %[[POOL:.*]] = snn.pool "p" %[[CONV]] kernel [2, 2] strides [2, 2] pads [0, 0] average
  %pool = snn.pool "p" %conv kernel [2, 2] strides [2, 2] pads [0, 0] average : tensor<3x4x4xf64> -> tensor<3x2x2xf64>
  // CHECK: %[[LIF:.*]] = snn.population "n"(%[[POOL]] : tensor<3x2x2xf64>) states ["v"] params []
  // CHECK-NEXT: ^bb0(%[[U:.*]]: f64, %[[V:.*]]: f64):
  %lif = snn.population "n" (%pool : tensor<3x2x2xf64>) states ["v"] params [] [] -> !snn.spikes<3x2x2> {
  ^bb0(%u: f64, %v: f64):
    %v1 = arith.addf %v, %u : f64
    %z = arith.cmpf ogt, %v1, %u : f64
    snn.yield %z, %v1 : i1, f64
  }
  // CHECK: snn.reshape "f" %[[LIF]] : !snn.spikes<3x2x2> -> !snn.spikes<12>
  %flat = snn.reshape "f" %lif : !snn.spikes<3x2x2> -> !snn.spikes<12>
  // CHECK: snn.delay "d" {{.*}} by [3] : !snn.spikes<12>
  %late = snn.delay "d" %flat by [3] : !snn.spikes<12>
  // CHECK: snn.dense "l" {{.*}} : !snn.spikes<12> -> tensor<2xf64>
  %dense = snn.dense "l" %late {weight = dense<1.0> : tensor<2x12xf64>} : !snn.spikes<12> -> tensor<2xf64>
  // CHECK: snn.scale "s"
  %scale = snn.scale "s" %dense {scale = dense<[1.0, 2.0]> : tensor<2xf64>} : tensor<2xf64> -> tensor<2xf64>
  // CHECK: snn.add "sum"({{.*}} : tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  %sum = snn.add "sum" (%scale, %dense : tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  // CHECK: snn.output "out" {{.*}} shape [2] : tensor<2xf64>
  snn.output "out" %sum shape [2] : tensor<2xf64>
  // CHECK: snn.record "n" "v"
  snn.record "n" "v"
  // CHECK: snn.record "f" "value" %{{.*}} : !snn.spikes<12> count
  snn.record "f" "value" %flat : !snn.spikes<12> count
  // CHECK: snn.delay "d2" {{.*}} by [2] start 4 : !snn.spikes<12>
  %held = snn.delay "d2" %flat by [2] start 4 : !snn.spikes<12>
  // CHECK: snn.population "waits"() states [] params [] [] start 3 -> !snn.spikes<2> {
  %waits = snn.population "waits" () states [] params [] [] start 3 -> !snn.spikes<2> {
  ^bb0(%u: f64):
    %z = arith.cmpf ogt, %u, %u : f64
    snn.yield %z : i1
  }
  // CHECK: snn.output "shifted" {{.*}} shape [2] latency 3 : !snn.spikes<2>
  snn.output "shifted" %waits shape [2] latency 3 : !snn.spikes<2>
  // CHECK: snn.record "waits" "spikes" {{.*}} : !snn.spikes<2> latency 3
  snn.record "waits" "spikes" %waits : !snn.spikes<2> latency 3
}
