// What a population's body may hold.

// RUN: nir-opt %s -split-input-file -verify-diagnostics

// Isolated: it reads nothing of its network.
snn.network @isolated of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<1xf32>
  // expected-note @below {{required by region isolation constraints}}
  %n = snn.population "n" (%a : tensor<1xf32>) states [] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32):
    // expected-error @below {{using value defined outside the region}}
    %b = arith.addf %a, %a : tensor<1xf32>
    snn.yield %u : f32
  }
}

// -----

// population (C6): arith and math,
snn.network @nodes of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': the body holds 'func.call', which a neuron has no meaning for}}
  %n = snn.population "n" () states [] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32):
    // expected-note @below {{expected arith and math on i1, i8, i16, i32, i64, f32 and f64}}
    func.call @f() : () -> ()
    snn.yield %u : f32
  }
}
func.func private @f()

// -----

// of scalars,
snn.network @vectors of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': the body holds 'arith.constant', which a neuron has no meaning for}}
  %n = snn.population "n" () states [] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32):
    // expected-note @below {{expected arith and math on i1, i8, i16, i32, i64, f32 and f64}}
    %c = arith.constant dense<1.0> : vector<4xf32>
    snn.yield %u : f32
  }
}

// -----

// of these widths.
snn.network @widths of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': the body holds 'arith.fptosi', which a neuron has no meaning for}}
  %n = snn.population "n" () states [] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32):
    // expected-note @below {{expected arith and math on i1, i8, i16, i32, i64, f32 and f64}}
    %c = arith.fptosi %u : f32 to i128
    snn.yield %u : f32
  }
}

// -----

// population (C7): no promises that a file need not keep,
snn.network @wraps of i32 <"nir", dt = 1.0> in <"int8"> {
  // expected-error @below {{node 'n': the body holds 'arith.addi' with a flag, expected none}}
  %n = snn.population "n" () states [] params [] [] -> tensor<1x!quant.uniform<i32:f64, 1.0>> {
  ^bb0(%u: i32):
    // expected-note @below {{remove fastmath, overflow, exact, nneg or rounding mode}}
    %c = arith.addi %u, %u overflow<nsw> : i32
    snn.yield %c : i32
  }
}

// -----

snn.network @exact of i32 <"nir", dt = 1.0> in <"int8"> {
  // expected-error @below {{node 'n': the body holds 'arith.shrsi' with a flag, expected none}}
  %n = snn.population "n" () states [] params [] [] -> tensor<1x!quant.uniform<i32:f64, 1.0>> {
  ^bb0(%u: i32):
    // expected-note @below {{remove fastmath, overflow, exact, nneg or rounding mode}}
    %c = arith.shrsi %u, %u exact : i32
    snn.yield %c : i32
  }
}

// -----

// and nothing that is left to the platform.
snn.network @fast of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': the body holds 'arith.addf' with a flag, expected none}}
  %n = snn.population "n" () states [] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32):
    // expected-note @below {{remove fastmath, overflow, exact, nneg or rounding mode}}
    %c = arith.addf %u, %u fastmath<nnan> : f32
    snn.yield %c : f32
  }
}

// -----

// population (C8)
snn.network @states of f32 <"nir", dt = 1.0> {
  // expected-error @below {{node 'n': has two states 'v', expected one of a name}}
  %n = snn.population "n" () states ["v", "v"] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32, %v: f32, %w: f32):
    snn.yield %u, %v, %w : f32, f32, f32
  }
}

// -----

// population (C3), of inputs.
snn.network @inputs of f32 <"nir", dt = 1.0> {
  %a = snn.input "a" : tensor<2xf32>
  // expected-error @below {{node 'n': an input is 'tensor<2xf32>', expected 1 element like the result}}
  %n = snn.population "n" (%a : tensor<2xf32>) states [] params [] [] -> tensor<1xf32> {
  ^bb0(%u: f32):
    snn.yield %u : f32
  }
}

// -----

// population (C4)
snn.network @types of i32 <"nir", dt = 1.0> in <"int8"> {
  // expected-error @below {{node 'n': does not say what its states stand for}}
  %n = snn.population "n" () states ["v"] params [] [] -> !snn.spikes<1> {
  ^bb0(%u: i32, %v: i32):
    %z = arith.cmpi sgt, %u, %v : i32
    snn.yield %z, %v : i1, i32
  }
}

// -----

// population (C4): the result's shape, with one scale or one a channel.
snn.network @stateScales of i32 <"nir", dt = 1.0> in <"int8"> {
  // expected-error @below {{node 'n': a state stands for}}
  %n = snn.population "n" () states ["v"] of [tensor<2x!quant.uniform<i8:f64:0, {1.0, 2.0, 3.0}>>] params [] []
    -> !snn.spikes<2> {
  ^bb0(%u: i32, %v: i32):
    %z = arith.cmpi sgt, %u, %v : i32
    snn.yield %z, %v : i1, i32
  }
}

// -----

// population (C5)
snn.network @scales of i32 <"nir", dt = 1.0> in <"int8"> {
  %a = snn.input "a" : tensor<1x!quant.uniform<i8:f64, 1.0>>
  %b = snn.input "b" : tensor<1x!quant.uniform<i8:f64, 0.5>>
  // expected-error @below {{expected the scale of those before it}}
  %n = snn.population "n" (%a, %b : tensor<1x!quant.uniform<i8:f64, 1.0>>, tensor<1x!quant.uniform<i8:f64, 0.5>>)
    states [] params [] [] -> !snn.spikes<1> {
  ^bb0(%u: i32):
    %z = arith.cmpi sgt, %u, %u : i32
    snn.yield %z : i1
  }
}

// -----

// The body ends with what it yields.
snn.network @ends of f32 <"nir", dt = 1.0> {
  "snn.population"() <{node = "n", states = [], param_names = [], params = []}> ({
  ^bb0(%u: f32):
    // expected-error @below {{block with no terminator}}
    %one = "arith.constant"() <{value = 1.0 : f32}> : () -> f32
  }) : () -> tensor<1xf32>
}

// -----

// population (C9): a start beyond what the state holds.
snn.network @start of i32 <"nir", dt = 1.0> in <"int8"> {
  %a = snn.input "a" : tensor<1x!quant.uniform<i8:f64, 1.0>>
  // expected-error @below {{initial state 'v' is 200, expected -128 to 127}}
  %n = snn.population "n" (%a : tensor<1x!quant.uniform<i8:f64, 1.0>>)
    states ["v"] of [tensor<1x!quant.uniform<i8:f64, 1.0>>] params [] [] -> !snn.spikes<1>
    attributes {snn.initial = [dense<200> : tensor<1xi32>]} {
  ^bb0(%u: i32, %v: i32):
    %z = arith.cmpi sgt, %u, %v : i32
    snn.yield %z, %v : i1, i32
  }
}

// -----

snn.network @start of f32 <"nir", dt = 1.0> {
  // expected-error @below {{initial state 'v' is nan, expected a finite number}}
  %n = snn.population "n" () states ["v"] params [] [] -> !snn.spikes<1>
    attributes {snn.initial = [dense<0x7FC00000> : tensor<1xf32>]} {
  ^bb0(%u: f32, %v: f32):
    %z = arith.cmpf ogt, %u, %v : f32
    snn.yield %z, %v : i1, f32
  }
}
