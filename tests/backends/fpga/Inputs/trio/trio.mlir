// What rtl/trio.v computes.
snn.network @trio of i32 <"nir", dt = 1.0e-3> in <"int8"> {
  %in = snn.input "in" : tensor<3x!quant.uniform<i8<0:1>:f64, 1.0>>
  %x = snn.input "x" : tensor<3x!quant.uniform<i8:f64, 0.25>>
  %fc = snn.dense "fc" %in {weight = dense<[[40, 20, 0], [-10, 50, 15], [5, -20, 70]]> : tensor<3x3xi8>}
    : tensor<3x!quant.uniform<i8<0:1>:f64, 1.0>> -> tensor<3x!quant.uniform<i32<-20:75>:f64, 0.25>>
  %sum = snn.add "sum" (%fc, %x : tensor<3x!quant.uniform<i32<-20:75>:f64, 0.25>>, tensor<3x!quant.uniform<i8:f64, 0.25>>)
    -> tensor<3x!quant.uniform<i32<-148:202>:f64, 0.25>>
  %s = snn.population "lif" (%sum : tensor<3x!quant.uniform<i32<-148:202>:f64, 0.25>>)
    states ["v"] of [tensor<3x!quant.uniform<i32:f64, 0.25>>] params [] []
    -> !snn.spikes<3> {
  ^bb0(%u: i32, %v: i32):
    %theta = arith.constant 100 : i32
    %zero = arith.constant 0 : i32
    %next = arith.addi %v, %u : i32
    %fires = arith.cmpi sgt, %next, %theta : i32
    %after = arith.select %fires, %zero, %next : i32
    snn.yield %fires, %after : i1, i32
  }
  snn.output "out" %s shape [3] : !snn.spikes<3>
  snn.record "sum" "value" %sum : tensor<3x!quant.uniform<i32<-148:202>:f64, 0.25>>
  snn.record "lif" "v"
}
