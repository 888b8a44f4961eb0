// RUN: nir-opt %s -split-input-file -verify-diagnostics --cpu-lower

// A delay line that no memory holds.
snn.network @long of f64 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<1024xf64>
  // expected-error @below {{node 'd': needs 4096000000 elements of float64, which brings the network's memory above 17179869184 bytes}}
  %d = snn.delay "d" %in by [4000000] : tensor<1024xf64>
  snn.output "out" %d shape [1024] : tensor<1024xf64>
}

// -----

// A state that the population does not have.
snn.network @state of f64 <"nir", dt = 1.0e-3> {
  %n = snn.population "n" () states ["v"] params [] [] -> tensor<1xf64> {
  ^bb0(%u: f64, %v: f64):
    snn.yield %u, %v : f64, f64
  }
  // expected-error @below {{node 'n': no population of this name has a state 'w'}}
  snn.record "n" "w"
}

// -----

// expected-error @below {{the module has 0 networks, expected 1}}
module {}
