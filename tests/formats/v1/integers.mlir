module attributes {snn.dialect = #snn.dialect<1, "0.1.0">} {
  snn.network @read of i32 <"norse,reset=subtract[v1,reset=subtract,IF.ignore=r+v_reset,LIF.ignore=r+v_reset,CubaLIF.ignore=v_reset,feedback-start=zero]", dt = 1.000000e-03> in <"int8,weight-bits=6[v1,weight-bits=6]"> {
    %in = snn.input "in" : tensor<2x!quant.uniform<i8<0:1>:f64, 1.000000e+00>>
    %fc = snn.dense "fc" %in {bias = dense<2> : tensor<3xi32>, weight = dense<[[23, -8], [16, 31], [8, 12]]> : tensor<3x2xi8>} : tensor<2x!quant.uniform<i8<0:1>:f64, 1.000000e+00>> -> tensor<3x!quant.uniform<i32<-8:49>:f64, 0.12903225806451613>>
    %lif = snn.population "lif"(%fc : tensor<3x!quant.uniform<i32<-8:49>:f64, 0.12903225806451613>>) states ["v"] of [tensor<3x!quant.uniform<i24<-21668:10034>:f64, 2.5201611706213481E-4>>] params [] [] -> !snn.spikes<3> {
    ^bb0(%u: i32, %v: i32):
      %c49152_i32 = arith.constant 49152 : i32
      %0 = arith.muli %v, %c49152_i32 : i32
      %c16_i32 = arith.constant 16 : i32
      %1 = arith.shrsi %0, %c16_i32 : i32
      %c1_i32 = arith.constant 1 : i32
      %2 = arith.andi %1, %c1_i32 : i32
      %c32767_i32 = arith.constant 32767 : i32
      %3 = arith.addi %2, %c32767_i32 : i32
      %4 = arith.addi %0, %3 : i32
      %5 = arith.shrsi %4, %c16_i32 : i32
      %c7_i32 = arith.constant 7 : i32
      %6 = arith.shli %u, %c7_i32 : i32
      %7 = arith.addi %5, %6 : i32
      %c3968_i32 = arith.constant 3968 : i32
      %8 = arith.cmpi sgt, %7, %c3968_i32 : i32
      %c3968_i32_0 = arith.constant 3968 : i32
      %9 = arith.subi %7, %c3968_i32_0 : i32
      %10 = arith.select %8, %9, %7 : i32
      snn.yield %8, %10 : i1, i32
    }
    snn.output "out" %lif shape [3] : !snn.spikes<3>
  }
}

