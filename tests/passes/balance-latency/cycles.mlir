// RUN: nir-opt %s -split-input-file -verify-diagnostics --balance-latency=remarks=true
// A cycle with more populations than steps of delay is refused by its nodes, and a Delay fixes it.

snn.network @layer of f32 <"nir", dt = 1.0e-3> {
  %past = snn.delay "a" %a by [1] : !snn.spikes<2>
  %a = snn.population "a" (%past : !snn.spikes<2>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %z = arith.cmpf ogt, %u, %u : f32
    snn.yield %z : i1
  }
  // expected-remark @below {{node 'out': lags 1 step behind the sequential network}}
  snn.output "out" %a shape [2] : !snn.spikes<2>
}

// -----

snn.network @two_layers of f32 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<2xf32>
  %past = snn.delay "b" %b by [1] : !snn.spikes<2>
  // expected-error @below {{node 'a': the cycle 'a' → 'fc' → 'b' → 'a' takes 2 steps pipelined, expected at most 1, as in sequence}}
  // expected-note @below {{a Delay of 2 steps (0.002 s) on the cycle leaves room for them; schedule=sequential takes it as it is}}
  %a = snn.population "a" (%in, %past : tensor<2xf32>, !snn.spikes<2>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %z = arith.cmpf ogt, %u, %u : f32
    snn.yield %z : i1
  }
  %fc = snn.dense "fc" %a {weight = dense<0.5> : tensor<2x2xf32>} : !snn.spikes<2> -> tensor<2xf32>
  %b = snn.population "b" (%fc : tensor<2xf32>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %z = arith.cmpf ogt, %u, %u : f32
    snn.yield %z : i1
  }
  snn.output "out" %b shape [2] : !snn.spikes<2>
}

// -----

snn.network @mended of f32 <"nir", dt = 1.0e-3> {
  %in = snn.input "in" : tensor<2xf32>
  %delay = snn.delay "delay" %b by [2] : !snn.spikes<2>
  %a = snn.population "a" (%in, %delay : tensor<2xf32>, !snn.spikes<2>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %z = arith.cmpf ogt, %u, %u : f32
    snn.yield %z : i1
  }
  %b = snn.population "b" (%a : !snn.spikes<2>) states [] params [] [] -> !snn.spikes<2> {
  ^bb0(%u: f32):
    %z = arith.cmpf ogt, %u, %u : f32
    snn.yield %z : i1
  }
  // expected-remark @below {{node 'out': lags 2 steps behind the sequential network}}
  snn.output "out" %b shape [2] : !snn.spikes<2>
}

// -----

// expected-error @below {{found a network that is pipelined, expected one of schedule=sequential, which this pass makes pipelined: pass discretize that schedule}}
snn.network @pipelined of f32 <"nir,schedule=pipelined", dt = 1.0e-3> {}

// -----

// expected-error @below {{the module has 0 networks, expected 1}}
module {}
