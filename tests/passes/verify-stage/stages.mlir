// RUN: nir-opt %s -split-input-file -verify-diagnostics --verify-stage=stage=discretize

snn.network @clocked of f32 <"nir", dt = 1.0> {}

// -----

// expected-error @below {{after discretize there are 2 snn.network, expected 1}}
module {
  snn.network @a of f32 <"nir", dt = 1.0> {}
  snn.network @b of f32 <"nir", dt = 1.0> {}
}

// -----

module {
  snn.network @a of f32 <"nir", dt = 1.0> {}
  // expected-error @below {{after discretize nothing of the nir dialect is left, but this is}}
  nir.graph "b" {}
}

// -----

snn.network @clocked of f32 <"nir", dt = 1.0> {}
// expected-error @below {{after discretize the module holds the network alone, but this is func.func}}
func.func private @f()

// -----

// expected-error @below {{after discretize the network is of 'i32', expected f32 or f64}}
snn.network @integers of i32 <"nir", dt = 1.0> in <"int8"> {}
