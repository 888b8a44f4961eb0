module attributes {nir.dialect = #nir.dialect<1, "0.1.0">} {
  nir.graph "read" version "1.0.8" attributes {metadata = [["nirc", [["dt", dense<1.000000e-03> : tensor<f64>], ["semantics", "norse,reset=subtract[v1,reset=subtract,IF.ignore=r+v_reset,LIF.ignore=r+v_reset,CubaLIF.ignore=v_reset,feedback-start=zero]"], ["time_unit", "s"], ["version", "0.1.0"]]]]} {
    %fc = nir.affine "fc" (%in) {bias = dense<2.500000e-01> : tensor<3xf32>, weight = dense<[[3.000000e+00, -1.000000e+00], [2.000000e+00, 4.000000e+00], [1.000000e+00, 1.500000e+00]]> : tensor<3x2xf32>} : (!nir.signal<2>) -> !nir.signal<3>
    %in = nir.input "in" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
    %lif = nir.lif "lif" (%fc) {r = dense<[5.000000e-01, 1.500000e+00, 2.000000e+00]> : tensor<3xf32>, tau = dense<4.000000e-03> : tensor<3xf32>, v_leak = dense<0.000000e+00> : tensor<3xf32>, v_reset = dense<[-5.000000e-01, 2.500000e-01, 5.000000e-01]> : tensor<3xf32>, v_threshold = dense<1.000000e+00> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
    nir.output "out" (%lif) {shape = dense<3> : tensor<1xi64>} : (!nir.signal<3>) -> ()
  }
}

