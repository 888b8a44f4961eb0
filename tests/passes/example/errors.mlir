// RUN: test-opt %s -split-input-file --remove-zero-delays -verify-diagnostics
// What the pass refuses: a loop of nothing but delays of 0 s has no value.

nir.graph "itself" version "1.0.8" {
  // expected-error @below {{node 'echo': a Delay of 0 s drives itself, expected a delay above 0}}
  %echo = nir.delay "echo" (%echo) {delay = dense<0.0> : tensor<f32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%echo) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}

// -----

// After the first of two is gone, the second drives itself.
nir.graph "pair" version "1.0.8" {
  %first = nir.delay "first" (%second) {delay = dense<0.0> : tensor<f32>} : (!nir.signal<2>) -> !nir.signal<2>
  // expected-error @below {{node 'second': a Delay of 0 s drives itself, expected a delay above 0}}
  %second = nir.delay "second" (%first) {delay = dense<0.0> : tensor<f32>} : (!nir.signal<2>) -> !nir.signal<2>
  nir.output "output" (%second) {shape = dense<2> : tensor<1xi64>} : (!nir.signal<2>) -> ()
}
