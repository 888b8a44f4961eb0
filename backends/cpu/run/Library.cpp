//===- Library.cpp - code out of a shared library -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Library.h"

#include "backends/cpu/run/Description.h"
#include "backends/run/Clock.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"

#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::cpu;

static nir::Error notOurs(const std::string &path, const std::string &what) {
  return nir::Error(nir::Cause::NotAProgram, what)
      .in(path)
      .note("`nirc compile --emit=shared` writes libraries that nirc runs");
}

nir::Result<std::string> nirc::cpu::descriptionIn(const std::string &path,
                                                  const llvm::Triple &machine) {
  auto file = llvm::object::ObjectFile::createObjectFile(path);
  if (!file) {
    llvm::consumeError(file.takeError());
    return notOurs(path, "is not an ELF file that can be read");
  }
  if (file->getBinary()->getArch() != machine.getArch()) {
    return notOurs(path,
                   fmt::format("is code for {}, expected that of {}",
                               llvm::Triple::getArchTypeName(file->getBinary()->getArch()).str(),
                               llvm::Triple::getArchTypeName(machine.getArch()).str()));
  }
  for (const llvm::object::SectionRef &section : file->getBinary()->sections()) {
    auto name = section.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    if (*name == llvm::StringRef(descriptionSection)) {
      auto contents = section.getContents();
      if (!contents) {
        llvm::consumeError(contents.takeError());
        return notOurs(path, "has a damaged section .nirc");
      }
      return contents->str();
    }
  }
  return notOurs(path, "is a file that nirc did not write: it has no section .nirc");
}

nir::Result<std::unique_ptr<Executable>> nirc::cpu::loadLibrary(const std::string &path) {
  auto start = Clock::now();
  nir::Result<std::string> text = descriptionIn(path, llvm::Triple(LLVM_HOST_TRIPLE));
  if (!text) {
    return text.takeError();
  }
  nir::Result<Description> description = parseDescription(*text);
  if (!description) {
    return description.takeError().in(path);
  }
  if (description->firmware) {
    return notOurs(path, "is described as a program of a microcontroller");
  }
  // A name without a slash would be looked for elsewhere.
  std::string absolute = std::filesystem::absolute(path).string();
  void *handle = dlopen(absolute.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    return notOurs(path, fmt::format("cannot be loaded: {}", dlerror()));
  }
  auto code = std::make_shared<Code>();
  code->owner = std::shared_ptr<void>(handle, dlclose);
  std::string symbol = description->prefix + "_advance";
  code->step = reinterpret_cast<Code::StepFunction>(dlsym(handle, symbol.c_str()));
  if (!code->step) {
    return notOurs(path, fmt::format("has no function {}", symbol));
  }
  symbol = description->prefix + "_reset";
  code->begin = reinterpret_cast<Code::StepFunction>(dlsym(handle, symbol.c_str()));
  if (!code->begin) {
    return notOurs(path, fmt::format("has no function {}", symbol));
  }
  Layout &layout = code->lowered.layout;
  layout.bytes = description->arenaBytes;
  layout.inputs = std::move(description->inputs);
  layout.outputs = std::move(description->recorded);
  code->outputs = description->outputs;
  return executableOf(std::move(code), std::move(description->info), /*profiled=*/false,
                      {.compilation = {{"load", secondsSince(start)}}});
}
