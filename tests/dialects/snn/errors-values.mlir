// Weights, biases, factors and parameters: elements of every kind are read, or refused by name.

// RUN: nir-opt %s -split-input-file -verify-diagnostics

// network (C7): there,
snn.network @missing of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 'w': weight has no values, expected them under dialect_resources}}
  %b = snn.dense "w" %a {weight = dense_resource<elided> : tensor<2x3xf32>} : tensor<3xf32> -> tensor<2xf32>
}

// -----

// all of them,
snn.network @short of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 's': scale has 8 bytes of values, expected 12 for its type}}
  %b = snn.scale "s" %a {scale = dense_resource<short> : tensor<3xf32>} : tensor<3xf32> -> tensor<3xf32>
}
{-# dialect_resources: { builtin: { short: "0x040000000000803F0000803F" } } #-}

// -----

// dense,
snn.network @sparse of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 'w': weight is neither dense nor a dense_resource, but of tensor<2x3xf32>}}
  %b = snn.dense "w" %a {weight = sparse<[[0, 1]], [1.0]> : tensor<2x3xf32>} : tensor<3xf32> -> tensor<2xf32>
}

// -----

// a tensor,
snn.network @vector of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 's': scale is of vector<3xf32>, expected a tensor}}
  %b = snn.scale "s" %a {scale = dense<1.0> : vector<3xf32>} : tensor<3xf32> -> tensor<3xf32>
}

// -----

// and not of more bytes than there are.
snn.network @splat of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<1048576xf32>
  // expected-error @below {{node 'w': weight stands for more than 2^28 bytes, expected a dense_resource}}
  %b = snn.dense "w" %a {weight = dense<1.0> : tensor<1048576x1048576xf32>} : tensor<1048576xf32> -> tensor<1048576xf32>
}

// -----

// network (C5): types that networks have.
snn.network @nibbles of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 'w': weight is of tensor<2x3xi4>, expected a tensor of}}
  %b = snn.dense "w" %a {weight = dense<1> : tensor<2x3xi4>} : tensor<3xf32> -> tensor<2xf32>
}

// -----

// network (C5)
snn.network @wide of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 'w': weight is 'tensor<2x3xi64>', expected f64, f32, f16, i8, i16 or i32}}
  %b = snn.dense "w" %a {weight = dense<1> : tensor<2x3xi64>} : tensor<3xf32> -> tensor<2xf32>
}

// -----

// network (C5), of i32.
!n = !quant.uniform<i32:f64, 1.0>
snn.network @floats of i32 <"nir", dt = 1.0> in <"int8"> {
  %a = snn.input "a" : tensor<3x!n>
  // expected-error @below {{node 'w': weight is 'tensor<2x3xf32>', expected integers in a network of i32}}
  %b = snn.dense "w" %a {weight = dense<1.0> : tensor<2x3xf32>} : tensor<3x!n> -> tensor<2x!n>
}

// -----

// network (C5), (C7), of parameters.
snn.network @parameters of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': parameter 't' has no values, expected them under dialect_resources}}
  %n = snn.population "n" () states [] params ["t"] [dense_resource<gone> : tensor<3xf32>] -> tensor<3xf32> {
  ^bb0(%u: f32, %t: f32):
    snn.yield %u : f32
  }
}
