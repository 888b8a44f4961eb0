//===- Build.cpp - C as a program of a Cortex-M ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cortexm/Build.h"

#include "backends/run/Tools.h"
#include "ir/Wording.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace nirc;
using namespace nirc::cortexm;

namespace nirc::cortexm {
std::string_view embedded(std::string_view name); // Embedded.cpp, which CMake writes
} // namespace nirc::cortexm

// Arm's Cortex-M processors; an FPU that computes float alone is of the M4, float and double of the
// M7. The triples are clang's.
constexpr std::array<Processor, 8> known = {{
    {"cortex-m0", "thumbv6m-none-eabi", ""},
    {"cortex-m0plus", "thumbv6m-none-eabi", ""},
    {"cortex-m3", "thumbv7m-none-eabi", ""},
    {"cortex-m4", "thumbv7em-none-eabihf", "fpv4-sp-d16"},
    {"cortex-m7", "thumbv7em-none-eabihf", "fpv5-d16"},
    {"cortex-m23", "thumbv8m.base-none-eabi", ""},
    {"cortex-m33", "thumbv8m.main-none-eabihf", "fpv5-sp-d16"},
    {"cortex-m55", "thumbv8.1m.main-none-eabihf", "auto"},
}};

std::span<const Processor> nirc::cortexm::processors() { return known; }

const Processor *nirc::cortexm::findProcessor(std::string_view name) {
  const auto *found = std::find_if(known.begin(), known.end(),
                                   [&](const Processor &each) { return each.name == name; });
  return found == known.end() ? nullptr : &*found;
}

std::vector<Artifact::File> nirc::cortexm::bootFiles() {
  std::vector<Artifact::File> files;
  for (const char *name : {"boot.c", "host.h"}) {
    files.push_back({name, std::string(embedded(name))});
  }
  return files;
}

//===----------------------------------------------------------------------===//
// Compilers
//===----------------------------------------------------------------------===//

static std::string ofLlvm(std::string_view tool) {
  for (const char *suffix : {"-22", ""}) {
    std::string name = fmt::format("{}{}", tool, suffix);
    if (isOnPath(name)) {
      return name;
    }
  }
  return {};
}

constexpr const char *gcc = "arm-none-eabi-gcc";

/// Floats are part of the result: nothing is fused.
static void addCommon(std::vector<std::string> &words, const BuildOptions &options) {
  words.insert(words.end(), {"-std=c11", "-ffp-contract=off", "-ffunction-sections",
                             "-fdata-sections", "-Wall", "-Wextra"});
  words.insert(words.end(), options.flags.begin(), options.flags.end());
}

static std::vector<std::string> wordsOfProcessor(const Processor &processor) {
  std::vector<std::string> words = {fmt::format("-mcpu={}", processor.name), "-mthumb"};
  bool hasFloats = !processor.fpu.empty();
  if (hasFloats) {
    words.push_back(fmt::format("-mfpu={}", processor.fpu));
  }
  words.push_back(fmt::format("-mfloat-abi={}", hasFloats ? "hard" : "soft"));
  return words;
}

static nir::Result<const Processor *> processorOf(const BuildOptions &options) {
  const Processor *processor = findProcessor(options.processor);
  if (processor) {
    return processor;
  }
  std::vector<std::string_view> names;
  for (const Processor &each : known) {
    names.push_back(each.name);
  }
  return nir::Error::usage(nir::Cause::BadOption,
                           fmt::format("no processor is called '{}', there are {}",
                                       options.processor, fmt::join(names, ", ")));
}

nir::Result<std::vector<std::string>> nirc::cortexm::compilerWords(const BuildOptions &options) {
  nir::Result<const Processor *> processor = processorOf(options);
  if (!processor) {
    return processor.takeError();
  }
  std::vector<std::string> words;
  std::string clang = ofLlvm("clang"), linker = ofLlvm("ld.lld");
  if (!options.usesLibrary && !clang.empty() && !linker.empty()) {
    words = {clang, fmt::format("--target={}", (*processor)->triple)};
  } else if (isOnPath(gcc)) {
    words = {gcc};
  } else {
    return nir::Error(nir::Cause::Toolchain,
                      fmt::format("a program for {} is to be built, and {} on the PATH",
                                  (*processor)->name,
                                  options.usesLibrary
                                      ? fmt::format("{} is not", gcc)
                                      : fmt::format("neither clang with ld.lld nor {} is", gcc)))
        .note(options.usesLibrary
                  ? "Debian's packages gcc-arm-none-eabi and libnewlib-arm-none-eabi have it"
                  : "Debian's packages clang-22 and lld-22 have it, or gcc-arm-none-eabi");
  }
  std::vector<std::string> more = wordsOfProcessor(**processor);
  words.insert(words.end(), more.begin(), more.end());
  if (!options.usesLibrary) {
    words.insert(words.end(), {"-ffreestanding", "-fno-builtin"});
  }
  addCommon(words, options);
  return words;
}

/// What links objects to `program`, without them.
static std::vector<std::string> linkerWords(const std::vector<std::string> &compiler,
                                            const BuildOptions &options) {
  if (compiler.front() != gcc) {
    return {ofLlvm("ld.lld"), "--gc-sections", "-T", options.script, "-o", "program"};
  }
  std::vector<std::string> words = compiler;
  words.insert(words.end(),
               {"-nostartfiles", "-Wl,--gc-sections", "-T", options.script, "-o", "program"});
  if (!options.usesLibrary) {
    words.emplace_back("-nostdlib");
  }
  return words;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

static nir::Status runOrComplain(Workplace &place, const std::vector<std::string> &words) {
  nir::Result<bool> isDone = runTool(place, words, place.path(), "build.log");
  if (!isDone) {
    return isDone.takeError();
  }
  constexpr size_t mostLog = 1 << 20;
  if (!*isDone) {
    return nir::Error(nir::Cause::Toolchain,
                      fmt::format("{} made no program: {}", words.front(),
                                  complaintIn(place.read("build.log", mostLog))));
  }
  return {};
}

nir::Result<std::string> nirc::cortexm::build(const std::vector<Artifact::File> &files,
                                              const BuildOptions &options) {
  nir::Result<std::vector<std::string>> compiler = compilerWords(options);
  if (!compiler) {
    return compiler.takeError();
  }
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  for (const Artifact::File &file : files) {
    if (nir::Status failed = (*place)->write(file.name, file.bytes)) {
      return std::move(*failed);
    }
  }
  std::vector<std::string> linker = linkerWords(*compiler, options);
  for (const std::string &source : options.sources) {
    std::string object = source.substr(0, source.rfind('.')) + ".o";
    std::vector<std::string> words = *compiler;
    words.insert(words.end(), {"-c", source, "-o", object});
    if (nir::Status failed = runOrComplain(**place, words)) {
      return std::move(*failed);
    }
    linker.push_back(std::move(object));
  }
  if (options.usesLibrary) {
    linker.emplace_back("-lm"); // behind what needs it
  }
  if (nir::Status failed = runOrComplain(**place, linker)) {
    return std::move(*failed);
  }
  constexpr size_t mostProgram = size_t{1} << 28;
  return (*place)->read("program", mostProgram);
}
