//===- Firmware.h - a network on a microcontroller --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A program of a Cortex-M that steps a network, and how nirc talks to it while QEMU runs it. It
// takes orders of one byte:
//
//     r            back to before the first step
//     w FLAGS      what to send after a step: a byte for each recorded port, 0 or 1
//     s INPUTS     a step, with the numbers of all inputs
//
// and answers each with the order's byte; a step's is followed by the outputs, and then by the
// recorded ports whose flag is 1. Numbers are as the C file keeps them, in the machine's order.

#pragma once

#include "backends/cpu/run/Description.h"

namespace nirc::cpu {

/// The file of a folder that holds such a program.
constexpr std::string_view firmwareFile = "program.elf";

/// The board that QEMU has for a processor.
struct Board {
  std::string_view processor, machine; ///< "cortex-m4", "mps2-an386"
  uint32_t flash = 0, ram = 0;         ///< where they start
  uint32_t flashBytes = 0, ramBytes = 0;
};
const Board *boardOf(std::string_view processor);

/// The program in an ELF file that has the description of one.
nir::Result<std::unique_ptr<Executable>> loadFirmware(const std::string &path,
                                                      const Description &description);

} // namespace nirc::cpu
