//===- Program.h - what Mychip loads, and what plays it ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "passes/neurons/Neurons.h"

namespace mychip {

struct Neuron {
  int32_t core = 0, code = 0;
  int64_t start = 0;
  uint8_t spikes = 1;
  std::vector<int64_t> states, parameters;
  std::vector<nirc::NeuronBias> biases;
  std::vector<nirc::Synapse> synapses;
};

/// Spikes of neurons; else a state, or, of the number -1, what they pass on.
struct Readout {
  nirc::PortInfo port;
  std::vector<int32_t> neurons;
  std::vector<double> scales; ///< of numbers, one a neuron
  int32_t state = -1;
};

struct Program {
  nirc::ProgramInfo info;
  std::vector<nirc::NeuronCode> codes;
  std::vector<Neuron> neurons;
  std::vector<Readout> readouts; ///< outputs, then records
};

inline constexpr std::string_view magic = "mychip 1 ";

/// As a text, and back: an error where a text is none of a program.
std::string write(Program program);
nir::Result<Program> read(const std::string &text);
/// Plays all cores, with what `read` gave alone. An error where a number is out of range.
nir::Result<std::unique_ptr<nirc::Executable>> executableOf(Program program, std::string file);

} // namespace mychip
