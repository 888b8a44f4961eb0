module {
  snn.network @read of f32 <"norse,reset=subtract[v1,reset=subtract,IF.ignore=r+v_reset,LIF.ignore=r+v_reset,CubaLIF.ignore=v_reset,feedback-start=zero]", dt = 1.000000e-03> {
    %in = snn.input "in" : tensor<2xf32>
    %fc = snn.dense "fc" %in {bias = dense<2.500000e-01> : tensor<3xf32>, weight = dense<[[3.000000e+00, -1.000000e+00], [2.000000e+00, 4.000000e+00], [1.000000e+00, 1.500000e+00]]> : tensor<3x2xf32>} : tensor<2xf32> -> tensor<3xf32>
    %lif = snn.population "lif"(%fc : tensor<3xf32>) states ["v"] params [] [] -> !snn.spikes<3> {
    ^bb0(%u: f32, %v: f32):
      %cst = arith.constant 7.500000e-01 : f32
      %0 = arith.mulf %cst, %v : f32
      %cst_0 = arith.constant 0.249999985 : f32
      %1 = arith.mulf %cst_0, %u : f32
      %2 = arith.addf %0, %1 : f32
      %cst_1 = arith.constant 0.000000e+00 : f32
      %3 = arith.addf %2, %cst_1 : f32
      %cst_2 = arith.constant 1.000000e+00 : f32
      %4 = arith.cmpf ogt, %3, %cst_2 : f32
      %cst_3 = arith.constant 1.000000e+00 : f32
      %5 = arith.subf %3, %cst_3 : f32
      %6 = arith.select %4, %5, %3 : f32
      snn.yield %4, %6 : i1, f32
    }
    snn.output "out" %lif shape [3] : !snn.spikes<3>
  }
}

