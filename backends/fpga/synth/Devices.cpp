//===- Devices.cpp - what a design can be for -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/synth/Devices.h"

namespace nirc::fpga {

// Sources of the figures:
//   iCE40 UltraPlus  Lattice FPGA-DS-02008, table 2.1. Its four SPRAMs of 256 Kb, which have no
//                    start values and one port, are left out.
//   iCE40 HX         Lattice FPGA-DS-02029, table 1.1
//   ECP5             Lattice FPGA-DS-02012, table 1.1; LUTs as nextpnr-ecp5 counts them
//   Artix-7          Xilinx DS180, table 4
//   Zynq-7000        Xilinx DS190, table 1
// A block of a Xilinx part is half a RAMB36, which is two independent RAMB18.
static constexpr Device all[] = {
    {"ice40-up5k", Family::Ice40, 5280, 5280, 30, 4096, 8, "up5k", "sg48"},
    {"ice40-hx8k", Family::Ice40, 7680, 7680, 32, 4096, 0, "hx8k", "ct256"},
    {"ecp5-25k", Family::Ecp5, 24288, 24288, 56, 18432, 28, "", ""},
    {"ecp5-85k", Family::Ecp5, 83640, 83640, 208, 18432, 156, "", ""},
    {"xc7a35t", Family::Xc7, 20800, 41600, 100, 18432, 90, "", ""},
    {"xc7z020", Family::Xc7, 53200, 106400, 280, 18432, 220, "", ""},
};

std::span<const Device> devices() { return all; }

const Device *findDevice(std::string_view name) {
  for (const Device &device : all) {
    if (device.name == name) {
      return &device;
    }
  }
  return nullptr;
}

std::string_view name(Family family) {
  switch (family) {
  case Family::Ice40:
    return "ice40";
  case Family::Ecp5:
    return "ecp5";
  case Family::Xc7:
    return "xilinx";
  }
  return "";
}

} // namespace nirc::fpga
