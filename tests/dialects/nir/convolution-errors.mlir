// RUN: nir-opt %s --split-input-file -verify-diagnostics
// What convolutions refuse, by the labels of nir.conv1d and nir.conv2d.

// conv (V1): weight has four dimensions.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': weight has shape [4, 2, 3], expected [C_out, C_in/groups, Kh, Kw]}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V1): ... three over one dimension.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8]> : tensor<2xi64>} : () -> !nir.signal<2x8>
  // expected-error @below {{node 'c': weight has shape [4, 2, 3, 3], expected [C_out, C_in/groups, K]}}
  %1 = nir.conv1d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8>) -> !nir.signal<4x6x7>
}

// -----

// conv (V2): bias has one value a channel.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': bias has shape [3], expected [4], one value an output channel}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<3xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V3): stride is positive.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': stride is 0, expected at least 1}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<0> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V3): dilation is positive.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': dilation is -1, expected at least 1}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<-1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V3): groups is positive.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': groups is 0, expected at least 1}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<0> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V3): padding is not negative.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': padding is -1, expected at least 0}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<[0, -1]> : tensor<2xi64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V3): padding as text is one of two words.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': padding is 'full', expected 'same', 'valid', or whole numbers}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = "full", dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V3): "same" asks for stride 1.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': padding 'same' comes with stride 2, expected stride 1}}
  // expected-note @below {{write the padding as numbers}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<2> : tensor<i64>, padding = "same", dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V3): one number or one a dimension.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': stride has shape [3], expected one number or [2]}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<3xi64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V3): whole numbers.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': stride is 1.5, expected a whole number}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1.5> : tensor<f32>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V4): the channels are divisible by groups.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': weight has 4 output channels, expected a multiple of groups, 3}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<3> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V5): the signal has the channels.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': input has shape [2, 8, 9], expected [3, H, W], as weight has shape [4, 3, 3, 3]}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x3x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V5): the kernel fits.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': the kernel spans 9 elements, expected at most 8, the padded input}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x9x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}

// -----

// conv (V5): one element for each place of the kernel.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': result has shape [4, 6, 6], expected [4, 6, 7]}}
  %1 = nir.conv2d "c" (%0) {weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x6>
}

// -----

// conv (V6): input_shape is that of the input.
nir.graph {
  %0 = nir.input "in" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // expected-error @below {{node 'c': input has shape [2, 8, 9], expected [2, 8, 8]}}
  %1 = nir.conv2d "c" (%0) {input_shape = dense<[8, 8]> : tensor<2xi64>, weight = dense<1.0> : tensor<4x2x3x3xf32>, stride = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x6x7>
}
