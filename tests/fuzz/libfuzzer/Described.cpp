//===- Described.cpp - what programs say of themselves, in JSON -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// report.json of a design, and the section .nirc of a library; and programs for Cortex-M, as ELF.

#include "tests/fuzz/libfuzzer/Input.h"

#include "backends/cortexm/Elf.h"
#include "backends/cpu/run/Description.h"
#include "backends/fpga/run/DesignJson.h"

using namespace nir;

static void readPorts(const nirc::ProgramInfo &info) {
  for (const auto *ports : {&info.inputs, &info.outputs, &info.records, &info.states}) {
    for (const nirc::PortInfo &port : *ports) {
      fuzz::require(numElements(port.shape) >= 0, "a port has a number of elements");
    }
  }
}

NIRC_FUZZER(input) {
  switch (input.byte() % 3) {
  case 0:
    (void)nirc::fpga::filesOf(input.text());
    (void)fuzz::isValue(nirc::fpga::readDesign(input.text()));
    break;
  case 1: {
    auto description = nirc::cpu::parseDescription(input.text());
    if (fuzz::isValue(description)) {
      readPorts(description->info);
    }
    break;
  }
  default:
    (void)fuzz::isValue(nirc::cortexm::readElf(input.text()));
  }
}
