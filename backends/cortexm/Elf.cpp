//===- Elf.cpp - what a program of a Cortex-M takes ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cortexm/Elf.h"

#include "llvm/Object/ELFObjectFile.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::cortexm;
using namespace llvm::object;

static nir::Error damaged(llvm::Error error) {
  return nir::Error(nir::Cause::DamagedFile, fmt::format("the program cannot be read: {}",
                                                         llvm::toString(std::move(error))));
}

static llvm::Error addSections(const ELFFile<ELF32LE> &file, Elf &elf) {
  llvm::Expected<ELF32LE::ShdrRange> sections = file.sections();
  if (!sections) {
    return sections.takeError();
  }
  for (const ELF32LE::Shdr &section : *sections) {
    uint32_t size = section.sh_size;
    if ((section.sh_flags & llvm::ELF::SHF_ALLOC) == 0) {
      continue;
    }
    bool isWritten = (section.sh_flags & llvm::ELF::SHF_WRITE) != 0;
    bool isZero = section.sh_type == llvm::ELF::SHT_NOBITS;
    (isZero ? elf.bss : isWritten ? elf.data : elf.text) += size;
    if (size > std::numeric_limits<uint32_t>::max() - section.sh_addr) {
      return llvm::createStringError("a section ends beyond 4 GiB");
    }
    elf.end = std::max<uint32_t>(elf.end, section.sh_addr + size);
  }
  return llvm::Error::success();
}

static llvm::Error addSymbols(const ELFFile<ELF32LE> &file, Elf &elf) {
  llvm::Expected<ELF32LE::ShdrRange> sections = file.sections();
  if (!sections) {
    return sections.takeError();
  }
  for (const ELF32LE::Shdr &section : *sections) {
    if (section.sh_type != llvm::ELF::SHT_SYMTAB) {
      continue;
    }
    llvm::Expected<ELF32LE::SymRange> symbols = file.symbols(&section);
    if (!symbols) {
      return symbols.takeError();
    }
    llvm::Expected<llvm::StringRef> names = file.getStringTableForSymtab(section);
    if (!names) {
      return names.takeError();
    }
    for (const ELF32LE::Sym &symbol : *symbols) {
      llvm::Expected<llvm::StringRef> name = symbol.getName(*names);
      if (!name) {
        return name.takeError();
      }
      // The lowest bit of a function says that it is Thumb code.
      uint32_t first = symbol.getType() == llvm::ELF::STT_FUNC ? symbol.st_value & ~1U
                                                               : uint32_t{symbol.st_value};
      elf.symbols[name->str()] = {first, first + symbol.st_size};
    }
  }
  return llvm::Error::success();
}

nir::Result<Elf> nirc::cortexm::readElf(std::string_view bytes) {
  llvm::Expected<ELFFile<ELF32LE>> file =
      ELFFile<ELF32LE>::create(llvm::StringRef(bytes.data(), bytes.size()));
  if (!file) {
    return damaged(file.takeError());
  }
  if (!llvm::StringRef(bytes.data(), bytes.size())
           .starts_with("\x7f"
                        "ELF\x01\x01") ||
      file->getHeader().e_machine != llvm::ELF::EM_ARM) {
    return nir::Error(nir::Cause::DamagedFile, "the program is not an ELF of 32 bits for Arm");
  }
  Elf elf;
  if (llvm::Error error = addSections(*file, elf)) {
    return damaged(std::move(error));
  }
  if (llvm::Error error = addSymbols(*file, elf)) {
    return damaged(std::move(error));
  }
  return elf;
}
