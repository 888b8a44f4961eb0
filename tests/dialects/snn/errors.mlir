// RUN: nir-opt %s -split-input-file -verify-diagnostics

// network (C1): an operand is defined before it is used.
snn.network @late of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'a': reads a signal that is computed later in the step}}
  %a = snn.scale "a" %b {scale = dense<2.0> : tensor<f32>} : tensor<1xf32> -> tensor<1xf32>
  // expected-note @below {{a snn.delay of at least one step may read it}}
  %b = snn.input "b" : tensor<1xf32>
}

// -----

// network (C1): but for what a delay reads.
snn.network @delayed of f32 <"nir", dt = 1.0> {
  %a = snn.delay "a" %b by [1] : tensor<1xf32>
  %b = snn.input "b" : tensor<1xf32>
}

// -----

// network (C2): all numbers have one type.
snn.network @mixed of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'a': has numbers of 'f64', expected 'f32' like its network}}
  %a = snn.input "a" : tensor<1xf64>
}

// -----

// network (C3): names are unique.
snn.network @twice of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<1xf32>
  // expected-error @below {{node 'a': is there twice}}
  %b = snn.input "a" : tensor<1xf32>
}

// -----

// expected-error @below {{dt is -1.000000e+00 : f64, expected a positive number of seconds}}
snn.network @dt of f32 <"nir", dt = -1.0> {}

// -----

// expected-error @below {{no integrator is called 'heun', there are euler, exp-euler, exact}}
snn.network @heun of f32 <"nir,integrator=heun", dt = 1.0> {}

// -----

// semantics (C2)
// expected-error @below {{CubaLIF: current=old does not go with integrator=exact}}
// expected-note @below {{exact solves current and membrane as one; take exp-euler}}
snn.network @both of f32 <"nir,integrator=exact,current=old", dt = 1.0> {}

// -----

// semantics (C3)
// expected-error @below {{the choices are "reset=subtract", expected them written as "nir,reset=subtract"}}
snn.network @short of f32 <"reset=subtract", dt = 1.0> {}

// -----

// semantics (C3), of the brackets
// expected-error @below {{the choices are "v1,reset=to-value", expected them written as "v1"}}
snn.network @longer of f32 <"nir[v1,reset=to-value]", dt = 1.0> {}

// -----

// semantics (C2), of the brackets
// expected-error @below {{the choices of 'norse' are counted from 'v2', expected v1}}
// expected-note @below {{a later nirc wrote them, and that one reads them}}
snn.network @later of f32 <"norse[v2]", dt = 1.0> {}

// -----

// expected-error @below {{found 'norse[v1', expected NAME or NAME[v1,CHOICE=VALUE,...]}}
snn.network @open of f32 <"norse[v1", dt = 1.0> {}

// -----

// format (C1) and (C2), of the brackets
// expected-error @below {{weight-bits is '17', expected a whole number from 1 to 16}}
snn.network @wide of i32 <"nir", dt = 1.0> in <"int8[v1,weight-bits=17]"> {}

// -----

// expected-error @below {{the format is "v1,weight-bits=8", expected it written as "v1"}}
snn.network @long of i32 <"nir", dt = 1.0> in <"int8[v1,weight-bits=8]"> {}

// -----

// dialect (C1): a version that is known.
// expected-error @below {{found version 2 of the dialect snn, expected 1}}
// expected-note @below {{nirc 0.9.0 wrote it; this is nirc}}
module attributes {snn.dialect = #snn.dialect<2, "0.9.0">} {}

// -----

// record (C1): a state of a population that is there.
snn.network @record of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': no population has this name}}
  snn.record "n" "v"
}

// -----

// population (C1): the body's arguments.
snn.network @body of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': the body takes 1 number, expected 2: u, 1 state, 0 parameters}}
  %n = snn.population "n" () states ["v"] params [] [] -> !snn.spikes<1> {
  ^bb0(%u: f32):
    %z = arith.cmpf ogt, %u, %u : f32
    snn.yield %z, %u : i1, f32
  }
}

// -----

// population (C2): what the body yields.
snn.network @yield of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': value 0 that the body yields is 'f32', expected 'i1'}}
  %n = snn.population "n" () states [] params [] [] -> !snn.spikes<1> {
  ^bb0(%u: f32):
    snn.yield %u : f32
  }
}

// -----

// population (C3): one value of a parameter an element.
snn.network @params of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': parameter 't' is 'tensor<2xf32>', expected 3 values of 'f32'}}
  %n = snn.population "n" () states [] params ["t"] [dense<1.0> : tensor<2xf32>] -> tensor<3xf32> {
  ^bb0(%u: f32, %t: f32):
    snn.yield %u : f32
  }
}

// -----

// dense (C1)
snn.network @dense of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<3xf32>
  // expected-error @below {{node 'w': weight is 'tensor<2x4xf32>', expected shape [2, 3]}}
  %b = snn.dense "w" %a {weight = dense<1.0> : tensor<2x4xf32>} : tensor<3xf32> -> tensor<2xf32>
}

// -----

// conv (C1)
snn.network @conv of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<4x8xf32>
  // expected-error @below {{node 'w': weight is 'tensor<2x4x3xf32>', expected [2, 4 / 2, kernel..]}}
  %b = snn.conv "w" %a strides [1] pads [0] dilations [1] groups 2 {weight = dense<1.0> : tensor<2x4x3xf32>}
    : tensor<4x8xf32> -> tensor<2x6xf32>
}

// -----

// delay (C1)
snn.network @delay of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<4xf32>
  // expected-error @below {{node 'd': steps has 2 entries, expected 1 or 4}}
  %b = snn.delay "d" %a by [1, 2] : tensor<4xf32>
}

// -----

// reshape (C1)
snn.network @reshape of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<4xf32>
  // expected-error @below {{node 'r': makes '!snn.spikes<2x2>' of 'tensor<4xf32>', expected both spikes or both numbers}}
  %b = snn.reshape "r" %a : tensor<4xf32> -> !snn.spikes<2x2>
}

// -----

snn.network @start of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<4xf32>
  // expected-error @below {{attribute 'start' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
  %b = snn.delay "d" %a by [1] start -1 : tensor<4xf32>
}
