// The brightest of four pixels, by spikes. How it is shown is in the metadata.
nir.graph "quadrants" version "1.0.8" attributes {metadata = [["nirc", [["dt", dense<1.000000e-03> : tensor<f64>], ["encoding", "direct"], ["semantics", "nir"], ["steps", dense<3> : tensor<i64>], ["time_unit", "s"]]]]} {
  %input = nir.input "input" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  %if = nir.if "if" (%input) {r = dense<1.000000e+00> : tensor<4xf32>, v_reset = dense<0.000000e+00> : tensor<4xf32>, v_threshold = dense<5.000000e-01> : tensor<4xf32>} : (!nir.signal<4>) -> !nir.signal<4>
  nir.output "output" (%if) {shape = dense<4> : tensor<1xi64>} : (!nir.signal<4>) -> ()
}
