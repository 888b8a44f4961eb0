// RUN: nir-opt %s -split-input-file -verify-diagnostics --verify-stage=stage=quantize

snn.network @integers of i32 <"nir", dt = 1.0> in <"int8"> {}

// -----

// expected-error @below {{after quantize the network is of 'f64', expected i32}}
snn.network @floats of f64 <"nir", dt = 1.0> {}
