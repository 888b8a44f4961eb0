// What may stand in a network, and what its ports and records say. Networks come from outside: what these let pass is run.

// RUN: nir-opt %s -split-input-file -verify-diagnostics

// network (C6): nodes alone.
// expected-error @below {{the body holds 'arith.constant', expected nodes of the snn dialect}}
snn.network @foreign of f32 <"nir", dt = 1.0> {
  // expected-note @below {{arithmetic stands in the body of a snn.population}}
  %c = arith.constant 1.0 : f32
}

// -----

// network (C6): also where a node reads it.
// expected-error @below {{the body holds 'arith.constant', expected nodes of the snn dialect}}
snn.network @read of f32 <"nir", dt = 1.0> {
  // expected-note @below {{arithmetic stands in the body of a snn.population}}
  %c = arith.constant dense<1.0> : tensor<2xf32>
  snn.output "out" %c shape [2] : tensor<2xf32>
}

// -----

// network (C6): no arguments.
// expected-error @below {{the body has 1 arguments, expected snn.input for what comes from outside}}
"snn.network"() <{sym_name = "arguments", element = f32, semantics = #snn.semantics<"nir", dt = 1.0>}> ({
^bb0(%x: tensor<2xf32>):
  "snn.output"(%x) <{node = "out", shape = array<i64: 2>}> : (tensor<2xf32>) -> ()
}) : () -> ()

// -----

// expected-error @below {{the element type is 'f16', expected f32, f64 or i32}}
snn.network @half of f16 <"nir", dt = 1.0> {}

// -----

// network (C4)
// expected-error @below {{the element type is i32 and there is no number format, expected one}}
snn.network @format of i32 <"nir", dt = 1.0> {}

// -----

// network (C2), of i32: a scale belongs to every number.
snn.network @scales of i32 <"nir", dt = 1.0> in <"int8"> {
  // expected-error @below {{node 'a': has numbers of 'f32', expected 'i32' as !quant.uniform like its network}}
  %a = snn.input "a" : tensor<1xf32>
}

// -----

// network (C2): one scale, or one a channel.
snn.network @channels of i32 <"nir", dt = 1.0> in <"int8"> {
  // expected-error @below {{result #0 must be tensor of f32, f64 or integers with a scale, of 1 to 2^40 elements}}
  %a = snn.input "a" : tensor<2x!quant.uniform<i8:f64:0, {1.0, 2.0, 3.0}>>
}

// -----

// Storage of 33 bits and zero points are not a network's.
snn.network @wide of i32 <"nir", dt = 1.0> in <"int8"> {
  // expected-error @below {{result #0 must be tensor of f32, f64 or integers with a scale}}
  %a = snn.input "a" : tensor<2x!quant.uniform<i8:f64, 1.0:3>>
}

// -----

snn.network @empty of f32 <"nir", dt = 1.0> {
  // expected-error @below {{result #0 must be tensor of f32, f64 or integers with a scale, of 1 to 2^40 elements}}
  %a = snn.input "a" : tensor<2x0xf32>
}

// -----

snn.network @huge of f32 <"nir", dt = 1.0> {
  // expected-error @below {{result #0 must be tensor of f32, f64 or integers with a scale, of 1 to 2^40 elements}}
  %a = snn.input "a" : tensor<4611686018427387904x4xf32>
}

// -----

// spikes (C1)
// expected-error @below {{spikes have shape [4611686018427387904, 4], expected at most 2^40 elements}}
func.func private @f(!snn.spikes<4611686018427387904x4>)

// -----

// spikes (C1)
// expected-error @below {{a dimension of spikes is 0, expected at least 1}}
func.func private @f(!snn.spikes<0>)

// -----

// network (C3), of outputs.
snn.network @outputs of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<1xf32>
  snn.output "out" %a shape [1] : tensor<1xf32>
  // expected-error @below {{node 'out': is there twice}}
  snn.output "out" %a shape [1] : tensor<1xf32>
}

// -----

// network (C3), of populations with states.
snn.network @populations of f32 <"nir", dt = 1.0> {
  %a = snn.population "n" () states ["v"] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32, %v: f32):
    snn.yield %u, %v : f32, f32
  }
  // expected-error @below {{node 'n': is there twice}}
  %b = snn.population "n" () states ["v"] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32, %v: f32):
    snn.yield %u, %v : f32, f32
  }
}

// -----

// output (C1)
snn.network @shape of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2xf32>
  // expected-error @below {{node 'out': gets 'tensor<2xf32>', expected 3 elements}}
  snn.output "out" %a shape [3] : tensor<2xf32>
}

// -----

// output (C1): a product of negative dimensions is no number of elements.
snn.network @negative of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2xf32>
  // expected-error @below {{node 'out': has shape [-1, -2], expected dimensions of at least 1 and at most 2^40 elements}}
  snn.output "out" %a shape [-1, -2] : tensor<2xf32>
}

// -----

// record (C1): that state.
snn.network @state of f32 <"nir", dt = 1.0> {
  %a = snn.population "n" () states ["v"] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32, %v: f32):
    snn.yield %u, %v : f32, f32
  }
  // expected-error @below {{node 'n': no population of this name has a state 'w'}}
  snn.record "n" "w"
}

// -----

// A node has a name, and an op without one is printed, not crashed on.
"snn.network"() <{sym_name = "nameless", element = f32, semantics = #snn.semantics<"nir", dt = 1.0>}> ({
  // expected-error @below {{requires attribute 'node'}}
  %0 = "snn.input"() : () -> tensor<2xf32>
}) : () -> ()
