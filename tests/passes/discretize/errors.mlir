// RUN: not nir-opt %s --discretize 2>&1 | FileCheck %s --check-prefix=DT
// RUN: not nir-opt %s --discretize="dt=1e-3 semantics=norse,rest=subtract" 2>&1 | FileCheck %s --check-prefix=CHOICE
// RUN: not nir-opt %s --discretize="dt=1e-3 semantics=exact" 2>&1 | FileCheck %s --check-prefix=EVENTS
// RUN: not nir-opt %s --discretize="dt=1e-3 semantics=reset-delay=1,spike-test=old" 2>&1 | FileCheck %s --check-prefix=BOTH
// RUN: not nir-opt %s --discretize="dt=1e-3 semantics=gain=unit" 2>&1 | FileCheck %s --check-prefix=UNIT
// RUN: not nir-opt %s --discretize="dt=1e-3 semantics=spikes-per-step=multi" 2>&1 | FileCheck %s --check-prefix=MULTI

// DT: error: dt is 0, expected a positive number of seconds: pass discretize{dt=1e-4}
// CHOICE: error: no choice is called 'rest', there are integrator, gain,
// EVENTS: error: schedule=events has no steps: it runs on the reference target alone
// BOTH: error: IF: reset-delay=1 does not go with spike-test=old
// UNIT: error: node 'lif': gain=unit divides v_threshold by the factor of the input, which is 0, expected a positive one: take gain=integrator
// MULTI: error: node 'lif': spikes-per-step=multi counts how often v_threshold - v_reset fits into v, which is -1, expected a positive number: take spikes-per-step=single
nir.graph "net" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<1> : tensor<1xi64>} : () -> !nir.signal<1>
  %lif = nir.lif "lif" (%input) {r = dense<0.0> : tensor<1xf32>, tau = dense<0.01> : tensor<1xf32>, v_leak = dense<0.0> : tensor<1xf32>, v_reset = dense<2.0> : tensor<1xf32>, v_threshold = dense<1.0> : tensor<1xf32>} : (!nir.signal<1>) -> !nir.signal<1>
  nir.output "output" (%lif) {shape = dense<1> : tensor<1xi64>} : (!nir.signal<1>) -> ()
}
