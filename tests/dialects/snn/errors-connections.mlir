// Shapes, windows and buffers of connections: numbers that no memory holds, and none that overflow.

// RUN: nir-opt %s -split-input-file -verify-diagnostics

// dense (C2)
snn.network @bias of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 'w': bias is 'tensor<3xf32>', expected shape [2]}}
  %b = snn.dense "w" %a {weight = dense<1.0> : tensor<2x3xf32>, bias = dense<0.0> : tensor<3xf32>}
    : tensor<3xf32> -> tensor<2xf32>
}

// -----

// conv (C2)
snn.network @dimensions of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<4x8xf32>
  // expected-error @below {{node 'w': strides, pads and dilations have 1, 2 and 1 entries for a signal of rank 2}}
  %b = snn.conv "w" %a strides [1] pads [0, 0] dilations [1] groups 1 {weight = dense<1.0> : tensor<2x4x3xf32>}
    : tensor<4x8xf32> -> tensor<2x6xf32>
}

// -----

// conv (C3)
snn.network @convBias of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<4x8xf32>
  // expected-error @below {{node 'w': bias is 'tensor<4xf32>', expected shape [2]}}
  %b = snn.conv "w" %a strides [1] pads [0] dilations [1] groups 1
    {weight = dense<1.0> : tensor<2x4x3xf32>, bias = dense<0.0> : tensor<4xf32>} : tensor<4x8xf32> -> tensor<2x6xf32>
}

// -----

// conv (C4)
snn.network @stride of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<1x8xf32>
  // expected-error @below {{node 'w': dimension 0 has kernel 3, stride 0, dilation 1 and pad 0, expected 1 to 2^31, and a pad of at least 0}}
  %b = snn.conv "w" %a strides [0] pads [0] dilations [1] groups 1 {weight = dense<1.0> : tensor<1x1x3xf32>}
    : tensor<1x8xf32> -> tensor<1x6xf32>
}

// -----

// conv (C4)
snn.network @pad of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<1x8xf32>
  // expected-error @below {{node 'w': dimension 0 has kernel 3, stride 1, dilation 1 and pad 9223372036854775807, expected 1 to 2^31}}
  %b = snn.conv "w" %a strides [1] pads [9223372036854775807] dilations [1] groups 1
    {weight = dense<1.0> : tensor<1x1x3xf32>} : tensor<1x8xf32> -> tensor<1x6xf32>
}

// -----

// conv (C4): what lies on the signal.
snn.network @windows of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<1x8xf32>
  // expected-error @below {{node 'w': dimension 0 has 9 windows, expected at most 7 over 8 positions}}
  %b = snn.conv "w" %a strides [1] pads [0] dilations [1] groups 1 {weight = dense<1.0> : tensor<1x1x3xf32>}
    : tensor<1x8xf32> -> tensor<1x9xf32>
}

// -----

// pool (C1)
snn.network @channels of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2x4x4xf32>
  // expected-error @below {{expected the same channels and a dimension for each entry of kernel}}
  %b = snn.pool "p" %a kernel [2, 2] strides [2, 2] pads [0, 0] : tensor<2x4x4xf32> -> tensor<3x2x2xf32>
}

// -----

// pool (C1): over no dimension there is no window.
snn.network @none of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2xf32>
  // expected-error @below {{expected the same channels and a dimension for each entry of kernel}}
  %b = snn.pool "p" %a kernel [] strides [] pads [] : tensor<2xf32> -> tensor<2xf32>
}

// -----

// pool (C2)
snn.network @entries of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2x4x4xf32>
  // expected-error @below {{node 'p': kernel, strides and pads have 2, 1 and 2 entries, expected as many}}
  %b = snn.pool "p" %a kernel [2, 2] strides [2] pads [0, 0] : tensor<2x4x4xf32> -> tensor<2x2x2xf32>
}

// -----

// pool (C3)
snn.network @kernel of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2x4x4xf32>
  // expected-error @below {{node 'p': dimension 1 has kernel 0, stride 2, dilation 1 and pad 0}}
  %b = snn.pool "p" %a kernel [2, 0] strides [2, 2] pads [0, 0] : tensor<2x4x4xf32> -> tensor<2x2x2xf32>
}

// -----

// scale (C1)
snn.network @factors of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 's': scale has 2 values, expected 1 or 3}}
  %b = snn.scale "s" %a {scale = dense<1.0> : tensor<2xf32>} : tensor<3xf32> -> tensor<3xf32>
}

// -----

// scale (C2)
snn.network @scaled of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 's': gets 'tensor<3xf32>', expected as many elements as 'tensor<2xf32>'}}
  %b = snn.scale "s" %a {scale = dense<1.0> : tensor<f32>} : tensor<3xf32> -> tensor<2xf32>
}

// -----

// add (C1)
snn.network @terms of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 's': gets 'tensor<3xf32>', expected as many elements as 'tensor<2xf32>'}}
  %b = snn.add "s" (%a : tensor<3xf32>) -> tensor<2xf32>
}

// -----

// rescale (C1)
snn.network @floats of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2xf32>
  // expected-error @below {{node 'r': rescales in a network of floating-point numbers, expected one of i32}}
  %b = snn.rescale "r" %a by [1] shift 0 floor wrap : tensor<2xf32> -> tensor<2xf32>
}

// -----

// rescale (C2)
!n = !quant.uniform<i32:f64, 1.0>
snn.network @multipliers of i32 <"nir", dt = 1.0> in <"int8"> {
  %a = snn.input "a" : tensor<3x!n>
  // expected-error @below {{node 'r': multiplier has 2 values, expected 1, one a channel or one of 3 elements}}
  %b = snn.rescale "r" %a by [1, 2] shift 0 floor wrap : tensor<3x!n> -> tensor<3x!n>
}

// -----

// rescale (C2)
!n = !quant.uniform<i32:f64, 1.0>
snn.network @noMultiplier of i32 <"nir", dt = 1.0> in <"int8"> {
  %a = snn.input "a" : tensor<3x!n>
  // expected-error @below {{node 'r': multiplier has 0 values, expected 1, one a channel or one of 3 elements}}
  %b = snn.rescale "r" %a by [] shift 0 floor wrap : tensor<3x!n> -> tensor<3x!n>
}

// -----

// rescale (C3)
!n = !quant.uniform<i32:f64, 1.0>
snn.network @rescaled of i32 <"nir", dt = 1.0> in <"int8"> {
  %a = snn.input "a" : tensor<3x!n>
  // expected-error @below {{node 'r': gets}}
  %b = snn.rescale "r" %a by [1] shift 0 floor wrap : tensor<3x!n> -> tensor<2x!n>
}

// -----

// rescale (C4)
!n = !quant.uniform<i32:f64, 1.0>
snn.network @shift of i32 <"nir", dt = 1.0> in <"int8"> {
  %a = snn.input "a" : tensor<3x!n>
  // expected-error @below {{node 'r': shift is 63, expected 0 to 62}}
  %b = snn.rescale "r" %a by [1] shift 63 floor wrap : tensor<3x!n> -> tensor<3x!n>
}

// -----

// delay (C1)
snn.network @negative of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2xf32>
  // expected-error @below {{node 'd': a delay is -1 steps, expected 0 or more}}
  %b = snn.delay "d" %a by [1, -1] : tensor<2xf32>
}

// -----

// delay (C2)
snn.network @long of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<4xf32>
  // expected-error @below {{node 'd': holds 9223372036854775807 steps of 4 numbers, expected at most 4294967296 numbers}}
  %b = snn.delay "d" %a by [9223372036854775807] : tensor<4xf32>
}
