// RUN: not nir-opt %s '--discretize=dt=1e-3' 2>&1 | FileCheck %s
// RUN: nir-opt %s '--discretize=dt=1e-3 element=f64' -o /dev/null
// dt / tau is 1e37 in float64, and past float32 once it is multiplied with r. The reference refused that, and cpu computed with
// infinity where all neurons have one tau. Found by nirc-fuzz.
// CHECK: node 'n': a coefficient of its update at dt 0.001 is not finite in float32, expected parameters and dt of similar magnitude
nir.graph "fast" {
  %in = nir.input "in" () {shape = dense<[2]> : tensor<1xi64>} : () -> !nir.signal<2>
  %n = nir.li "n" (%in) {r = dense<100.0> : tensor<2xf64>, tau = dense<1.0e-40> : tensor<2xf64>, v_leak = dense<0.0> : tensor<2xf64>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "o" (%n) {shape = dense<[2]> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
