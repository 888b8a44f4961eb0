// A network of i32 computes in integers, and its types say what they stand for.

// RUN: nir-opt %s | nir-opt | FileCheck %s
// RUN: nir-opt %s --emit-bytecode | nir-opt | FileCheck %s

// CHECK-LABEL: snn.network @lif of i32 <"nir[v1]", dt = 1.000000e-04> in <"int8[v1]">
snn.network @lif of i32 <"nir", dt = 1.0e-4> in <"int8"> {
  // CHECK: snn.input "in" : tensor<2x!quant.uniform<i8<0:1>:f64, 1.000000e+00>>
  %in = snn.input "in" : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>>
  // CHECK: snn.dense "fc" %in {weight = dense<{{.*}}> : tensor<2x2xi8>}
  %a = snn.dense "fc" %in {weight = dense<[[80, -31], [5, 127]]> : tensor<2x2xi8>}
    : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>> -> tensor<2x!quant.uniform<i32<-31:132>:f64, 0.001>>
  // CHECK: snn.rescale "fc" %fc by [3, 5] shift 2 nearest_even saturate
  %b = snn.rescale "fc" %a by [3, 5] shift 2 nearest_even saturate
    : tensor<2x!quant.uniform<i32<-31:132>:f64, 0.001>> -> tensor<2x!quant.uniform<i16<-23:165>:f64:0, {0.00075, 0.00125}>>
  %s = snn.population "lif" (%b : tensor<2x!quant.uniform<i16<-23:165>:f64:0, {0.00075, 0.00125}>>)
    states ["v"] of [tensor<2x!quant.uniform<i24:f64:0, {0.00075, 0.00125}>>] params [] []
    -> !snn.spikes<2> {
  ^bb0(%u: i32, %v: i32):
    %keep = arith.constant 3932 : i32
    %twelve = arith.constant 12 : i32
    %theta = arith.constant 1000 : i32
    %zero = arith.constant 0 : i32
    %product = arith.muli %v, %keep : i32
    %kept = arith.shrsi %product, %twelve : i32
    %next = arith.addi %kept, %u : i32
    %fires = arith.cmpi sgt, %next, %theta : i32
    %after = arith.select %fires, %zero, %next : i32
    snn.yield %fires, %after : i1, i32
  }
  snn.output "out" %s shape [2] : !snn.spikes<2>
}
