// RUN: nir-opt %s -split-input-file -verify-diagnostics --verify-stage=stage=discretize

snn.network @clocked of f32 <dt = 1.0, integrator = "euler", reset = "to-value"> {}

// -----

// expected-error @below {{after discretize there are 2 snn.network, expected 1}}
module {
  snn.network @a of f32 <dt = 1.0, integrator = "euler", reset = "to-value"> {}
  snn.network @b of f32 <dt = 1.0, integrator = "euler", reset = "to-value"> {}
}

// -----

module {
  snn.network @a of f32 <dt = 1.0, integrator = "euler", reset = "to-value"> {}
  // expected-error @below {{after discretize nothing of the nir dialect is left, but this is}}
  nir.graph "b" {}
}
