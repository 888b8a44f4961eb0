// The brightest of four pixels, by values, and with nothing said of steps.
nir.graph "bare" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 2, 2]> : tensor<3xi64>} : () -> !nir.signal<1x2x2>
  %flatten = nir.flatten "flatten" (%input) {end_dim = dense<-1> : tensor<i64>, input_type = dense<[1, 2, 2]> : tensor<3xi64>, start_dim = dense<0> : tensor<i64>} : (!nir.signal<1x2x2>) -> !nir.signal<4>
  nir.output "output" (%flatten) {shape = dense<4> : tensor<1xi64>} : (!nir.signal<4>) -> ()
}
