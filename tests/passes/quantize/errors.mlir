// RUN: nir-opt %s --split-input-file --verify-diagnostics --quantize

// expected-error@+1 {{the network computes in 'f32', expected f64: pass discretize{element=f64}}}
snn.network @single of f32 <"nir", dt = 1.0e-3> {
  %a = snn.input "a" : tensor<2xf32>
  snn.output "out" %a shape [2] : tensor<2xf32>
}

// -----

snn.network @exponential of f64 <"nir", dt = 1.0e-3> {
  %a = snn.input "a" : tensor<2xf64>
  // expected-error@+1 {{node 'odd': computes math.exp, which has no integer form}}
  %s = snn.population "odd" (%a : tensor<2xf64>) states [] params [] [] -> tensor<2xf64> {
  ^bb0(%u: f64):
    %e = math.exp %u : f64
    snn.yield %e : f64
  }
  snn.output "out" %s shape [2] : tensor<2xf64>
}

// -----

// A product of two states is no sum of them.
snn.network @square of f64 <"nir", dt = 1.0e-3> {
  %a = snn.input "a" : tensor<2xf64>
  // expected-error@+1 {{node 'square': computes arith.mulf, which has no integer form}}
  %s = snn.population "square" (%a : tensor<2xf64>) states ["v"] params [] [] -> tensor<2xf64> {
  ^bb0(%u: f64, %v: f64):
    %e = arith.mulf %u, %v : f64
    snn.yield %e, %e : f64, f64
  }
  snn.output "out" %s shape [2] : tensor<2xf64>
}

// -----

// Nothing says how large the numbers of this loop become.
snn.network @loop of f64 <"nir", dt = 1.0e-3> {
  %a = snn.input "a" : tensor<2xf64>
  // expected-error@+1 {{node 'loop': is part of a cycle of numbers without a spike, whose range nothing bounds, expected a calibration: pass --calibrate INPUT}}
  %before = snn.delay "loop" %sum by [1] : tensor<2xf64>
  %half = snn.scale "half" %before {scale = dense<[0.5, 0.25]> : tensor<2xf64>} : tensor<2xf64> -> tensor<2xf64>
  %sum = snn.add "sum" (%a, %half : tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
  snn.output "out" %sum shape [2] : tensor<2xf64>
}

// -----

// Units are found state by state: not of two that drive each other.
snn.network @coupled of f64 <"nir", dt = 1.0e-3> {
  %a = snn.input "a" : tensor<2xf64>
  // expected-error@+1 {{node 'swing': state x is driven by y, which comes after it, and has no integer form: expected states that are driven by those before them alone}}
  %s = snn.population "swing" (%a : tensor<2xf64>) states ["x", "y"] params [] [] -> tensor<2xf64> {
  ^bb0(%u: f64, %x: f64, %y: f64):
    %half = arith.constant 0.5 : f64
    %from_y = arith.mulf %half, %y : f64
    %from_x = arith.mulf %half, %x : f64
    %x1 = arith.addf %from_y, %u : f64
    snn.yield %from_x, %x1, %from_x : f64, f64, f64
  }
  snn.output "out" %s shape [2] : tensor<2xf64>
}
