//===- Program.cpp - the firmware of a core --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/firmware/Program.h"

#include "backends/c/CExpressions.h"
#include "backends/c/CText.h"
#include "backends/cortexm/Build.h"
#include "backends/spinnaker2/map/CoreData.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace nirc::spinnaker2::firmware {
std::string_view embedded(std::string_view name); // Embedded.cpp, which CMake writes
} // namespace nirc::spinnaker2::firmware

constexpr const char *folder = "firmware";

std::vector<Artifact::File> nirc::spinnaker2::firmwareFiles() {
  std::vector<Artifact::File> files;
  for (const char *name : {"pe.h", "pe.c", "core.c", "pe.ld", "Makefile"}) {
    files.push_back({fmt::format("{}/{}", folder, name), std::string(firmware::embedded(name))});
  }
  for (Artifact::File &file : cortexm::bootFiles()) {
    files.push_back({fmt::format("{}/{}", folder, file.name), std::move(file.bytes)});
  }
  return files;
}

std::string nirc::spinnaker2::elfOf(const std::string &name) {
  return fmt::format("programs/{}/core.elf", name);
}

/// The nodes whose neurons have an update.
static std::string nodesWith(const Model &model, size_t update) {
  std::vector<std::string> nodes;
  for (const Population &each : model.populations) {
    if (each.update == update) {
      nodes.push_back(fmt::format("'{}'", each.node));
    }
  }
  constexpr size_t most = 8;
  size_t more = nodes.size() - std::min(nodes.size(), most);
  nodes.resize(nodes.size() - more);
  return fmt::format("{}{}", fmt::join(nodes, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

static std::string updateText(const Model &model, const ProgramKind &kind) {
  std::string text = "/* The neurons of this program. */\n\n#include \"pe.h\"\n\n#include "
                     "<stdbool.h>\n\n";
  std::set<std::string> helpers;
  std::string functions, names, columns;
  for (size_t i = 0; i < kind.updates.size(); ++i) {
    const Update &update = model.updates[kind.updates[i]];
    helpers.insert(update.helpers.begin(), update.helpers.end());
    std::string name = fmt::format("update_{}", i), function = update.text;
    function.replace(function.find("%s"), 2, name);
    functions += fmt::format("/* Of {}. */\n{}\n",
                             cpu::commentText(nodesWith(model, kind.updates[i])), function);
    names += (i > 0 ? ", " : "") + name;
    columns += fmt::format("{}\"{}\"", i > 0 ? ", " : "", update.columns);
  }
  for (const std::string &each : helpers) {
    text += cpu::helperText(each) + "\n";
  }
  return text + functions +
         fmt::format("const update_function updates[] = {{{}}};\n"
                     "const uint32_t update_count = {};\n"
                     "const char *const update_columns[] = {{{}}};\n",
                     names, kind.updates.size(), columns);
}

std::vector<Artifact::File> nirc::spinnaker2::programFiles(const Model &model,
                                                           const ProgramKind &kind,
                                                           const std::string &name) {
  std::string core = fmt::format("/* What differs between programs. */\n\n#ifndef NIRC_CORE_H\n"
                                 "#define NIRC_CORE_H\n\n#define RING_BITS {}\n{}\n#endif\n",
                                 kind.ringBits, model.isFloat ? "#define STATES_ARE_FLOAT\n" : "");
  std::string script =
      fmt::format("DATA_BEGIN = {:#x};\nINCLUDE pe.ld\n", dataBegin(model, kind.updates));
  std::string at = fmt::format("programs/{}/", name);
  return {{at + "core.h", std::move(core)},
          {at + "update.c", updateText(model, kind)},
          {at + "core.ld", std::move(script)}};
}

nir::Result<std::string> nirc::spinnaker2::buildElf(const std::vector<Artifact::File> &files,
                                                    const std::string &name) {
  std::vector<Artifact::File> sources; // in one folder
  for (const Artifact::File &file : files) {
    for (const std::string &from : {std::string(folder) + "/", fmt::format("programs/{}/", name)}) {
      if (file.name.starts_with(from)) {
        sources.push_back({file.name.substr(from.size()), file.bytes});
      }
    }
  }
  cortexm::BuildOptions options;
  options.sources = {"boot.c", "core.c", "pe.c", "update.c"};
  options.script = "core.ld";
  // As firmware/Makefile has it. Loops are short: unrolled they would only take memory.
  options.flags = {"-O2", "-fno-unroll-loops", fmt::format("-DNIRC_MEMORY_BYTES={}", coreBytes)};
  return cortexm::build(sources, options);
}
