// RUN: nir-opt %s --split-input-file -verify-diagnostics
// What the nodes refuse, by the labels of their descriptions. graph-errors.mlir has those of nir.graph.

// lif (C1): every parameter has the shape of the node, or rank 0.
nir.graph {
  // expected-error @below {{node 'lif1': v_threshold has shape [2], expected [3] like tau}}
  // expected-note @below {{a node of type LIF has one value per neuron; write v_threshold with shape [3]}}
  %0 = nir.lif "lif1" () {tau = dense<0.02> : tensor<3xf32>, r = dense<1.0> : tensor<3xf32>, v_leak = dense<0.0> : tensor<3xf32>, v_threshold = dense<1.0> : tensor<2xf32>} : () -> !nir.signal<3>
}

// -----

// lif (C2): every tau is positive.
nir.graph {
  // expected-error @below {{node 'lif1': tau[1] is 0, expected a positive number of seconds}}
  %0 = nir.lif "lif1" () {tau = dense<[0.02, 0.0, 0.1]> : tensor<3xf32>, r = dense<1.0> : tensor<f32>, v_leak = dense<0.0> : tensor<f32>, v_threshold = dense<1.0> : tensor<f32>} : () -> !nir.signal<3>
}

// -----

// node (N1): a node has a name.
nir.graph {
  // expected-error @below {{node '': a I node has an empty name, expected a name to connect it by}}
  %0 = nir.i "" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
  %1 = nir.i "i" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
}

// -----

// node (N2): the edges into a node have one shape, here inside a subgraph.
nir.graph {
  nir.graph "sub" {
    %a = nir.input "a" () {shape = dense<3> : tensor<1xi64>} : () -> !nir.signal<3>
    %b = nir.input "b" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
    // expected-error @below {{node 'sub.f': input has shape [2], expected [3]}}
    %f = nir.flatten "f" (%a, %b) {start_dim = dense<0> : tensor<i64>, end_dim = dense<0> : tensor<i64>} : (!nir.signal<3>, !nir.signal<2>) -> !nir.signal<3>
  }
}

// -----

// node (N3): parameters have values.
nir.graph {
  // expected-error @below {{node 'i': r has no values, expected them under dialect_resources}}
  %0 = nir.i "i" () {r = dense_resource<gone> : tensor<3xf32>} : () -> !nir.signal<3>
}

// -----

// node (N3): ... as many as the type says.
nir.graph {
  // expected-error @below {{node 'i': r has 8 bytes of values, expected 12 for its type}}
  %0 = nir.i "i" () {r = dense_resource<few> : tensor<3xf32>} : () -> !nir.signal<3>
}
{-# dialect_resources: { builtin: { few: "0x040000000000803F0000803F" } } #-}

// -----

// node (N3): ... in metadata too.
nir.graph attributes {metadata = [["a", [["b", dense_resource<gone2> : tensor<3xf32>]]]]} {
  // expected-error @above {{metadata 'b' has no values, expected them under dialect_resources}}
}

// -----

// node (N4): a boolean is 0 or 1.
nir.graph {
  // expected-error @below {{node 'i': r has a byte above 1, expected 0 or 1 for a boolean}}
  %0 = nir.i "i" () {r = dense_resource<two> : tensor<3xi1>} : () -> !nir.signal<3>
}
{-# dialect_resources: { builtin: { two: "0x01000000000102" } } #-}

// -----

// node (N5): the result has the shape that follows.
nir.graph {
  // expected-error @below {{node 'i': result has shape [4], expected [3]}}
  %0 = nir.i "i" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<4>
}

// -----

// Parameters are tensors of NIR's dtypes, and metadata is a list of pairs.
nir.graph {
  // expected-error @below {{attribute 'r' failed to satisfy constraint: tensor of bool (i1)}}
  %0 = nir.i "i" () {r = dense<1.0> : tensor<3xbf16>} : () -> !nir.signal<3>
}

// -----

// expected-error @below {{attribute 'metadata' failed to satisfy constraint: list of [name, value]}}
nir.graph attributes {metadata = [["dt", 1.0 : f64]]} {
}

// -----

// An array of texts has as many as its shape says.
// expected-error @below {{attribute 'metadata' failed to satisfy constraint: list of [name, value]}}
nir.graph attributes {metadata = [["labels", [array<i64: 2, 2>, "a", "b", "c"]]]} {
}

// -----

// expected-error @below {{attribute 'metadata' failed to satisfy constraint: list of [name, value]}}
nir.graph attributes {metadata = [["labels", [array<i64: 4294967296, 4294967296>]]]} {
}

// -----

// expected-error @below {{'nir.i' op expects parent op 'nir.graph'}}
%0 = nir.i "i" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>

// -----

// input (I1): shape is a list of integers, and the signal has that shape.
nir.graph {
  // expected-error @below {{node 'in': shape has shape [1, 1], expected a list of dimensions}}
  %0 = nir.input "in" () {shape = dense<3> : tensor<1x1xi64>} : () -> !nir.signal<3>
}

// -----

nir.graph {
  // expected-error @below {{node 'in': result has shape [3], expected [4]}}
  %0 = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<3>
}

// -----

// output (O1): shape has as many elements as the signal.
nir.graph {
  %0 = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  // expected-error @below {{node 'out': input has shape [4], expected [2, 3]}}
  nir.output "out" (%0) {shape = dense<[2, 3]> : tensor<2xi64>} : (!nir.signal<4>) -> ()
}

// -----

// affine (L1): weight has at least two dimensions.
nir.graph {
  // expected-error @below {{node 'fc': weight has shape [3], expected [..., out, in]}}
  %0 = nir.affine "fc" () {weight = dense<1.0> : tensor<3xf32>, bias = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3>
}

// -----

// affine (L2): bias has the shape of weight without its last dimension.
nir.graph {
  // expected-error @below {{node 'fc': bias has shape [2], expected [3], as weight has shape [3, 2]}}
  %0 = nir.affine "fc" () {weight = dense<1.0> : tensor<3x2xf32>, bias = dense<1.0> : tensor<2xf32>} : () -> !nir.signal<3>
}

// -----

// linear (L3): the input has the shape of weight without its second to last dimension.
nir.graph {
  %0 = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  // expected-error @below {{node 'fc': input has shape [4], expected [2]}}
  %1 = nir.linear "fc" (%0) {weight = dense<1.0> : tensor<3x2xf32>} : (!nir.signal<4>) -> !nir.signal<3>
}

// -----

// scale (S1): scale has the shape of the signal.
nir.graph {
  %0 = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  // expected-error @below {{node 's': input has shape [4], expected [3]}}
  %1 = nir.scale "s" (%0) {scale = dense<1.0> : tensor<3xf32>} : (!nir.signal<4>) -> !nir.signal<3>
}

// -----

// pool (P1): kernel and stride are positive.
nir.graph {
  // expected-error @below {{node 'p': stride is 0, expected at least 1}}
  %0 = nir.sum_pool2d "p" () {kernel_size = dense<2> : tensor<2xi64>, stride = dense<0> : tensor<i64>, padding = dense<0> : tensor<i64>} : () -> !nir.signal<1x1x1>
}

// -----

// pool (P2): the signals are [C, H, W].
nir.graph {
  %0 = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  // expected-error @below {{node 'p': input has shape [4], expected [C, H, W]}}
  %1 = nir.avg_pool2d "p" (%0) {kernel_size = dense<2> : tensor<2xi64>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>} : (!nir.signal<4>) -> !nir.signal<4>
}

// -----

// flatten (F1): start_dim and end_dim name dimensions of the input.
nir.graph {
  %0 = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  // expected-error @below {{node 'f': start_dim is 1, expected a dimension of a signal with 1}}
  %1 = nir.flatten "f" (%0) {start_dim = dense<1> : tensor<i64>, end_dim = dense<-1> : tensor<i64>} : (!nir.signal<4>) -> !nir.signal<4>
}

// -----

// flatten (F2): the result has the dimensions joined.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 3]> : tensor<2xi64>} : () -> !nir.signal<2x3>
  // expected-error @below {{node 'f': result has shape [2, 3], expected [6]}}
  %1 = nir.flatten "f" (%0) {start_dim = dense<0> : tensor<i64>, end_dim = dense<-1> : tensor<i64>} : (!nir.signal<2x3>) -> !nir.signal<2x3>
}

// -----

// delay (D1): delay has the shape of the signal.
nir.graph {
  // expected-error @below {{node 'd': result has shape [3], expected [2]}}
  %0 = nir.delay "d" () {delay = dense<1.0> : tensor<2xf32>} : () -> !nir.signal<3>
}

// -----

// delay (D2): no delay is negative.
nir.graph {
  // expected-error @below {{node 'd': delay is -1, expected 0 or a positive number of seconds}}
  %0 = nir.delay "d" () {delay = dense<-1.0> : tensor<f32>} : () -> !nir.signal<3>
}

// -----

// threshold (H1): threshold has the shape of the signal.
nir.graph {
  // expected-error @below {{node 't': result has shape [3], expected [2]}}
  %0 = nir.threshold "t" () {threshold = dense<1.0> : tensor<2xf32>} : () -> !nir.signal<3>
}

// -----

// A kind is one of two words.
nir.graph {
  // expected-error @below {{expected 'event' or 'analog'}}
  %0 = nir.i "i" () {r = dense<1.0> : tensor<3xf32>} : () -> !nir.signal<3, spikes>
}

// -----

// A signal has positive dimensions and at most 2^40 elements.
nir.graph {
  // expected-error @below {{signal has shape [1048576, 1048577], expected positive dimensions and at most 2^40 elements}}
  %0 = nir.i "i" () {r = dense<1.0> : tensor<f32>} : () -> !nir.signal<1048576x1048577>
}

// -----

nir.graph {
  // expected-error @below {{signal has shape [0, 3], expected positive}}
  %0 = nir.i "i" () {r = dense<1.0> : tensor<f32>} : () -> !nir.signal<0x3>
}

// -----

// One element does not stand for a tensor that no memory holds.
nir.graph {
  // expected-error @below {{node 'i': r stands for more than 2^28 bytes, expected a dense_resource}}
  %0 = nir.i "i" () {r = dense<1.0> : tensor<4294967296x4294967296x8xf32>} : () -> !nir.signal<3>
}

// -----

// A parameter is missing.
nir.graph {
  // expected-error @below {{'nir.i' op requires attribute 'r'}}
  %0 = nir.i "i" () {} : () -> !nir.signal<3>
}
