//===- NeuronNetworks.h - a network for each kind of neuron -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/support/Build.h"

namespace nirc::fpga::test {

/// All neurons alike, or each with parameters of its own.
enum class Parameters { Uniform, Own };

/// in -> weights -> neuron -> weights -> LIF -> out, of three neurons each; where the first neurons
/// pass on numbers, these are rescaled before the second weights. Of all that have states, and
/// Threshold.
inline std::vector<nir::test::NamedParams> neuronKinds(Parameters parameters) {
  using nir::test::vec;
  bool own = parameters == Parameters::Own;
  auto of = [&](double x, double y, double z) { return own ? vec({x, y, z}) : vec({x, x, x}); };
  nir::Tensor tau = of(0.02, 0.013, 0.031), synapse = of(0.005, 0.007, 0.0041);
  nir::Tensor r = of(1.3, 0.9, 1.1), leak = of(0.05, 0.0, -0.02);
  nir::Tensor threshold = of(1.0, 0.8, 1.25), reset = of(0.1, 0.0, -0.1), gain = of(1.5, 1.0, 0.7);
  return {{"I", nir::I{r}},
          {"IF", nir::IF{r, threshold, reset}},
          {"LI", nir::LI{tau, r, leak}},
          {"LIF", nir::LIF{tau, r, leak, threshold, reset}},
          {"CubaLI", nir::CubaLI{synapse, tau, r, leak, gain}},
          {"CubaLIF", nir::CubaLIF{synapse, tau, r, leak, threshold, reset, gain}},
          {"Threshold", nir::Threshold{threshold}}};
}

inline nir::Graph networkOf(const nir::test::NamedParams &neuron) {
  using nir::test::array;
  using nir::test::vec;
  nir::Linear first{array({3, 3}, {0.9, -0.4, 0.31, 0.22, 0.7, -0.15, 0.5, 0.45, 0.6})};
  nir::Linear second{array({3, 3}, {0.8, -0.3, 0.2, 0.1, 0.6, -0.5, 0.4, 0.3, 0.7})};
  nir::LIF last{vec({0.02, 0.02, 0.02}), vec({1, 1, 1}), vec({0, 0, 0}), vec({1, 1, 1}), {}};
  return nir::test::graphOf({{"in", nir::test::input({3})},
                             {"first", first},
                             {neuron.name + "1", neuron.params},
                             {"second", second},
                             {"LIF2", last},
                             {"out", nir::test::output({3})}},
                            {{"in", "first"},
                             {"first", neuron.name + "1"},
                             {neuron.name + "1", "second"},
                             {"second", "LIF2"},
                             {"LIF2", "out"}});
}

} // namespace nirc::fpga::test
