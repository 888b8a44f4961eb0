//===- TestNeurons.td - neurons that NIR does not have -----*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// One op a neuron, and TestNeurons.cpp has its equations: nothing else of nirc knows them.

#ifndef NIRC_TESTS_SUPPORT_NEURONS_TD
#define NIRC_TESTS_SUPPORT_NEURONS_TD

include "dialects/nir/Nodes.td"

def Test_Dialect : Dialect {
  let name = "test";
  let cppNamespace = "::nir::test";
  let summary = "neurons that NIR does not have";
}

def Test_AdaptiveLIFOp : Nir_NeuronOpOf<Test_Dialect, "adaptive_lif", "AdaptiveLIF",
    (ins Nir_Tensor:$tau_mem, Nir_Tensor:$tau_w, Nir_Tensor:$r, Nir_Tensor:$a, Nir_Tensor:$b, Nir_Tensor:$v_leak,
         Nir_Tensor:$v_threshold, Nir_OptionalTensor:$v_reset)> {
  let summary = "leaky integrate-and-fire neurons that tire";
  let description = [{
        tau_mem dv/dt = (v_leak - v) + r (I - w)      tau_mem, tau_w [s]   v, v_leak, v_threshold, v_reset [V]   r [Ohm]
        tau_w dw/dt = -w + a (v - v_leak)             w, b, I [A]   a [S]
        v > v_threshold  =>  spike, v := v_reset, w := w + b

    Source: Brette and Gerstner 2005, doi:10.1152/jn.00686.2005, without the exponential.
  }];
}

def Test_ResonateAndFireOp : Nir_NeuronOpOf<Test_Dialect, "resonate_and_fire", "ResonateAndFire",
    (ins Nir_Tensor:$decay, Nir_Tensor:$omega, Nir_Tensor:$threshold, Nir_Tensor:$x_reset, Nir_Tensor:$y_reset)> {
  let summary = "neurons that answer to a frequency";
  let description = [{
        dx/dt = decay x - omega y + I                 decay, omega [1/s]
        dy/dt = omega x + decay y
        y > threshold  =>  spike, x := x_reset, y := y_reset

    Source: Izhikevich 2001, doi:10.1016/S0893-6080(01)00078-8.
  }];
}

#endif
