//===- Features.cpp - what cases are about --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Features.h"

namespace nirc::conformance {

std::span<const Feature> features() {
  static constexpr Feature all[] = {
      // primitives
      {"Input", "An Input passes on what drives it, in its own shape."},
      {"Output", "An Output shows what reaches it."},
      {"Affine", "y = W x + b."},
      {"Linear", "y = W x."},
      {"Scale", "y = s x, element by element."},
      {"Conv1d", "A correlation over [C, N]."},
      {"Conv2d", "A correlation over [C, H, W]."},
      {"SumPool2d", "The sum over windows."},
      {"AvgPool2d", "The mean over windows; what is padded counts."},
      {"Flatten", "Dimensions are joined, and no number moves."},
      {"Delay", "y(t) = x(t - delay)."},
      {"Threshold", "1 where x > threshold, else 0; without a state."},
      {"I", "dv/dt = r u, and v is passed on."},
      {"IF", "An integrator that spikes and is reset."},
      {"LI", "tau dv/dt = v_leak - v + r u, and v is passed on."},
      {"LIF", "A leaky integrator that spikes and is reset."},
      {"CubaLI", "A leaky integrator behind a synaptic current."},
      {"CubaLIF", "A leaky integrator that spikes, behind a synaptic current."},
      {"NIRGraph", "A graph as a node of another."},
      // neurons
      {"tie", "A number that is equal to a threshold is not above it."},
      {"ulp", "A number that is above a threshold by its last bit is above it."},
      {"reset", "A spike sets v to v_reset, whatever v was."},
      {"v_reset", "v_reset is read: above, below or at 0, or missing."},
      {"v_leak", "v relaxes to v_leak, which need not be 0."},
      {"v_threshold", "v_threshold is read: 0 and negative ones too."},
      {"resistance", "r scales what drives v, also where it is 0 or negative."},
      {"w_in", "w_in scales what drives i; it is 1 where it is missing."},
      {"synapse", "i follows its own time constant, and a reset leaves it as it is."},
      {"time-constant", "The decay follows from dt/tau of this neuron."},
      {"coarse-step", "A step as long as tau or longer."},
      {"several-thresholds", "One spike in a step, however many thresholds v is above."},
      {"inhibition", "Negative input takes v below its rest, and there is no floor."},
      // parameters
      {"rank-0", "A parameter without dimensions holds for every element."},
      {"per-element", "Each element has its own parameters."},
      {"dimensions", "Signals of two and more dimensions."},
      {"dtype", "Parameters in float16, float64 and integers."},
      {"bias", "A bias acts in every step, also without input."},
      // windows
      {"stride", "Windows are a stride apart; what is left over is dropped."},
      {"padding", "Zeros around the signal: numbers, one a dimension, or 'valid'."},
      {"same", "padding = 'same' keeps the size; an odd zero goes behind."},
      {"dilation", "Elements of a kernel are a dilation apart."},
      {"groups", "Each group of channels has its own kernels."},
      {"channels", "A kernel sums over its channels."},
      // structure
      {"fan-in", "Several edges into one node add up."},
      {"fan-out", "One node drives several."},
      {"duplicate-edges", "An edge that is listed twice counts twice."},
      {"several-inputs", "A graph with several Inputs."},
      {"several-outputs", "A graph with several Outputs."},
      {"unconnected", "Nodes that no edge enters, or none leaves."},
      {"cycle", "A cycle: one of its edges carries the value of the last step."},
      {"cycle-start", "What an edge of a cycle carries into the first step."},
      {"nesting", "Graphs in graphs, and their ports."},
      {"names", "Names of any letters; no result depends on them."},
      {"metadata", "What a file says beside the network changes nothing."},
      {"rounded-delay", "A delay that is not a whole number of steps is rounded, half up."},
      // numbers
      {"input-dtype", "Inputs as bools, integers and floats of any width."},
      {"range", "Very large and very small numbers, subnormal ones too."},
      {"rounding", "Sums have the order of the file, and numbers their full width."},
      // runs
      {"timing", "A spike passes through the network within its step."},
      {"one-step", "A run of a single step."},
      {"silence", "Nothing comes out, and nothing should."},
      // models
      {"feedforward", "Layers in a row."},
      {"recurrent", "Layers that read themselves."},
      {"convolutional", "Convolutions, pools and neurons in a row."},
      {"hybrid", "Spikes and analog numbers in one network."},
      {"random", "A graph from a seed."},
  };
  return all;
}

} // namespace nirc::conformance
