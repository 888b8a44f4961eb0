//===- Interface.h - what a program sees of a network -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every artifact has one interface for C, whether it is machine code or a C file: the functions
// NAME_step, NAME_run, NAME_reset and NAME_read_state, the tables NAME_inputs, NAME_outputs and
// NAME_states, and the header NAME.h that declares them. Machine code has NAME_create and
// NAME_destroy, too; the C file takes the memory of a network from the program.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/lower/BuildNetwork.h"

#include <string>
#include <vector>

namespace nirc::cpu {

/// An input, an output or a state as C sees it.
struct InterfacePort {
  Port port;
  std::string identifier; ///< "input", "lif1_v"; unique among all ports
  std::string type;       ///< of an element: "float", "double", "uint8_t", "int32_t"; in C also
                          ///< "int8_t" and "int16_t"
  int64_t elements = 0;   ///< that the program reads or writes; the slot may have more
};

struct Interface {
  std::string name;      ///< "braille", the prefix of functions
  std::string upperName; ///< "BRAILLE", the prefix of macros
  std::string file;      ///< the model's, without its folder
  std::string semantics; ///< as `nirc run --semantics` takes it
  double dtSeconds = 0.0;
  std::string number;      ///< "float", "double" or "int32_t"
  std::string format = {}; ///< of integers, as `nirc run --format` takes it; else empty
  bool isInteger() const { return number == "int32_t"; }
  std::vector<InterfacePort> inputs, outputs;
  std::vector<InterfacePort> states; ///< what NAME_read_state reads, always as numbers
  std::vector<std::pair<std::string, std::string>> renamed; ///< as an Artifact has it
};

/// Of what was built of the job.
Interface interfaceOf(const Job &job, const EmitOptions &options, const Built &network);

/// NAME.h. `members`: the members of the struct of a network, a line each, where the program is to
/// hold it; empty where it is opaque.
std::string headerText(const Interface &interface, const std::string &members);

/// main.c, which runs the network on numbers from a file. `build` is how it is compiled.
std::string exampleText(const Interface &interface, bool opaque, const std::string &build);

/// "void braille_step(braille_network *net, const float *input, uint8_t *output)".
std::string stepSignature(const Interface &interface);
std::string runSignature(const Interface &interface);

/// The largest rank of a port, 1 at least: the length of a port's `shape`.
size_t largestRank(const Interface &interface);

} // namespace nirc::cpu
