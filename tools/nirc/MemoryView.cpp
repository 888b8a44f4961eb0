//===- MemoryView.cpp - what a network takes of a small machine -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/MemoryView.h"

#include "api/io/Printable.h"
#include "tools/text/Table.h"

#include <fmt/format.h>

namespace nirc {

/// Of what was built, or what is known before.
static std::string programText(const MemoryUse &use) {
  if (!use.program) {
    return fmt::format(
        "flash is that of weights and parameters, RAM the size of the network's struct; "
        "code takes about {} bytes more\n(an estimate for Cortex-M: --cpu measures it)\n",
        use.codeBytes);
  }
  const MemoryUse::Program &program = *use.program;
  return fmt::format("the program for {}, linked: {} bytes of flash, {} bytes of RAM and a stack\n",
                     program.processor, program.flashBytes, program.ramBytes);
}

std::string memoryText(const MemoryUse &use) {
  Table table(1);
  table.add({"node", "flash", "RAM"});
  for (const MemoryUse::Row &row : use.rows) {
    table.add({row.node.empty() ? "(the network)" : printable(row.node),
               fmt::format("{}", row.flashBytes), fmt::format("{}", row.ramBytes)});
  }
  table.add({"signals of a step", "0", fmt::format("{}", use.signalBytes)});
  table.add({"all", fmt::format("{}", use.flashBytes()), fmt::format("{}", use.ramBytes)});
  return table.str() + programText(use);
}

Json memoryJson(const MemoryUse &use) {
  Json json = {{"flash_bytes", use.flashBytes()},
               {"ram_bytes", use.ramBytes},
               {"signal_bytes", use.signalBytes},
               {"code_bytes_estimated", use.codeBytes},
               {"nodes", Json::array()}};
  for (const MemoryUse::Row &row : use.rows) {
    json["nodes"].push_back(
        {{"node", row.node}, {"flash_bytes", row.flashBytes}, {"ram_bytes", row.ramBytes}});
  }
  if (use.program) {
    json["program"] = {{"cpu", use.program->processor},
                       {"flash_bytes", use.program->flashBytes},
                       {"ram_bytes", use.program->ramBytes}};
  }
  return json;
}

} // namespace nirc
