//===- CodeKey.cpp - what machine code depends on -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/CodeKey.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ExecutionEngine/Orc/Shared/ExecutorAddress.h"
#include "llvm/Support/SHA256.h"

#include <algorithm>
#include <cstring>
#include <link.h>
#include <vector>

using namespace nirc;

/// The build id in a segment of notes; empty where there is none.
static std::string buildIdIn(const char *notes, size_t size) {
  static constexpr char gnu[] = "GNU";
  constexpr std::string_view owner(gnu, sizeof(gnu)); // with its zero
  constexpr size_t aligned = 4;
  auto padded = [](size_t bytes) { return (bytes + aligned - 1) / aligned * aligned; };
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes, sizeof(note));
    size_t name = padded(note.n_namesz), whole = sizeof(note) + name + padded(note.n_descsz);
    if (whole > size) {
      break;
    }
    const char *text = notes + sizeof(note);
    if (note.n_type == NT_GNU_BUILD_ID && std::string_view(text, note.n_namesz) == owner) {
      return {text + name, note.n_descsz};
    }
    notes += whole;
    size -= whole;
  }
  return "";
}

std::optional<std::string> cpu::identityOfProcess() {
  std::vector<std::string> ids;
  auto visit = [](dl_phdr_info *object, size_t, void *list) {
    std::string id;
    for (int i = 0; i < object->dlpi_phnum && id.empty(); ++i) {
      const ElfW(Phdr) &segment = object->dlpi_phdr[i];
      if (segment.p_type == PT_NOTE) {
        llvm::orc::ExecutorAddr start(object->dlpi_addr + segment.p_vaddr);
        id = buildIdIn(start.toPtr<const char *>(), segment.p_memsz);
      }
    }
    static_cast<std::vector<std::string> *>(list)->push_back(llvm::toHex(id));
    return 0;
  };
  dl_iterate_phdr(visit, &ids);
  std::sort(ids.begin(), ids.end()); // libraries may be loaded in any order
  if (ids.empty() || ids.front().empty()) {
    return std::nullopt;
  }
  return llvm::join(ids, " ");
}

std::string cpu::keyOf(mlir::ModuleOp module, const llvm::TargetMachine &machine,
                       const std::string &process) {
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  llvm::StringRef zero("\0", 1); // after each text, so that no two lists are one
  out << process << zero << machine.getTargetTriple().str() << zero << machine.getTargetCPU()
      << zero << machine.getTargetFeatureString() << zero;
  // It writes a network as it is read again, so nothing is missing.
  if (failed(mlir::writeBytecodeToFile(module, out))) {
    llvm_unreachable("no old version of bytecode is asked for");
  }
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes)), /*LowerCase=*/true);
}
