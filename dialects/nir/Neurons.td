//===- Neurons.td - neurons, spiking and not ---------------*- tablegen -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NIRC_DIALECTS_NIR_NEURONS_TD
#define NIRC_DIALECTS_NIR_NEURONS_TD

include "dialects/nir/Nodes.td"

class Nir_NeuronOp<string mnemonic, string nirType, dag params> : Nir_NeuronOpOf<Nir_Dialect, mnemonic, nirType, params>;

def Nir_IOp : Nir_NeuronOp<"i", "I", (ins Nir_Tensor:$r)> {
  let summary = "integrators";
  let description = [{
        dv/dt = r I        v [V]   r [1/F]   I [A], impulses in every published file: v jumps by r

    Constraints: (C1) every parameter has the shape of the node, or rank 0.
    Source: NIR 1.0.8 `I`; Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_IFOp : Nir_NeuronOp<"if", "IF", (ins Nir_Tensor:$r, Nir_Tensor:$v_threshold, Nir_OptionalTensor:$v_reset)> {
  let summary = "integrate-and-fire neurons";
  let description = [{
        dv/dt = r I                          v, v_threshold, v_reset [V]   r [1/F]   I [A]
        v > v_threshold  =>  spike, v := v_reset

    `v_reset` is 0 where the file lacks it.

    Constraints: (C1) every parameter has the shape of the node, or rank 0.
    Source: NIR 1.0.8 `IF`; Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_LIOp : Nir_NeuronOp<"li", "LI", (ins Nir_Tensor:$tau, Nir_Tensor:$r, Nir_Tensor:$v_leak)> {
  let summary = "leaky integrators";
  let description = [{
        tau dv/dt = (v_leak - v) + r I        tau [s]   v, v_leak [V]   r [Ohm]   I [A]

    Constraints: (C1) every parameter has the shape of the node, or rank 0. (C2) every `tau` is positive.
    Source: NIR 1.0.8 `LI`; Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_LIFOp : Nir_NeuronOp<"lif", "LIF", (ins Nir_Tensor:$tau, Nir_Tensor:$r, Nir_Tensor:$v_leak,
                                                Nir_Tensor:$v_threshold, Nir_OptionalTensor:$v_reset)> {
  let summary = "leaky integrate-and-fire neurons";
  let description = [{
    The membrane `v` relaxes to `v_leak` and is driven by the current `I`; crossing the threshold spikes and resets.

        tau dv/dt = (v_leak - v) + r I        tau [s]   v, v_leak, v_threshold, v_reset [V]   r [Ohm]   I [A]
        v > v_threshold  =>  spike, v := v_reset

    `v_reset` is 0 where the file lacks it.

    Constraints: (C1) every parameter has the shape of the node, or rank 0. (C2) every `tau` is positive.
    Source: NIR 1.0.8 `LIF`; Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9. Example: tests/dialects/nir/lif.mlir
  }];
}

def Nir_CubaLIOp : Nir_NeuronOp<"cuba_li", "CubaLI", (ins Nir_Tensor:$tau_syn, Nir_Tensor:$tau_mem, Nir_Tensor:$r,
                                                          Nir_Tensor:$v_leak, Nir_OptionalTensor:$w_in)> {
  let summary = "leaky integrators behind a synapse with a time constant";
  let description = [{
        tau_syn di/dt = -i + w_in I               tau_syn, tau_mem [s]   i, I [A]   w_in [1]
        tau_mem dv/dt = (v_leak - v) + r i        v, v_leak [V]   r [Ohm]

    `w_in` is 1 where the file lacks it.

    Constraints: (C1) every parameter has the shape of the node, or rank 0. (C2) every `tau` is positive.
    Source: NIR 1.0.8 `CubaLI`; Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9. Example: tests/dialects/nir/ops.mlir
  }];
}

def Nir_CubaLIFOp : Nir_NeuronOp<"cuba_lif", "CubaLIF",
    (ins Nir_Tensor:$tau_syn, Nir_Tensor:$tau_mem, Nir_Tensor:$r, Nir_Tensor:$v_leak, Nir_Tensor:$v_threshold,
         Nir_OptionalTensor:$v_reset, Nir_OptionalTensor:$w_in)> {
  let summary = "leaky integrate-and-fire neurons behind a synapse with a time constant";
  let description = [{
        tau_syn di/dt = -i + w_in I               tau_syn, tau_mem [s]   i, I [A]   w_in [1]
        tau_mem dv/dt = (v_leak - v) + r i        v, v_leak, v_threshold, v_reset [V]   r [Ohm]
        v > v_threshold  =>  spike, v := v_reset

    `v_reset` is 0 and `w_in` is 1 where the file lacks them.

    Constraints: (C1) every parameter has the shape of the node, or rank 0. (C2) every `tau` is positive.
    Source: NIR 1.0.8 `CubaLIF`; Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9. Example: tests/dialects/nir/ops.mlir
  }];
}

#endif
