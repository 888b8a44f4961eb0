//===- Simulator.cpp - a design as a program ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/Simulator.h"

#include "backends/fpga/sim/SimulationFiles.h"
#include "backends/run/CodeCache.h"
#include "backends/run/Digest.h"
#include "backends/run/Team.h"
#include "backends/run/Tools.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>
#include <unistd.h>

using namespace nirc;
using namespace nirc::fpga;

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static const Artifact::File *find(const std::vector<Artifact::File> &files,
                                  const std::string &name) {
  auto found = std::find_if(files.begin(), files.end(),
                            [&](const Artifact::File &file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

static int64_t wordsIn(const std::string &text) {
  std::istringstream stream(text);
  int64_t words = 0;
  for (std::string word; stream >> word;) {
    ++words;
  }
  return words;
}

nir::Status nirc::fpga::checkFiles(const Simulated &simulated) {
  for (const std::string &source : simulated.design.sources) {
    if (!find(simulated.files, source)) {
      return nir::Error(nir::Cause::DamagedFile, fmt::format("{} is not there", source));
    }
  }
  for (const MemoryImage &image : simulated.design.memories) {
    const Artifact::File *file = find(simulated.files, image.file);
    if (!file) {
      return nir::Error(nir::Cause::DamagedFile,
                        fmt::format("{} is not there; memories are filled from it", image.file));
    }
    std::string found = sha256Of(file->bytes);
    if (found == image.sha256) {
      continue;
    }
    int64_t words = wordsIn(file->bytes);
    return nir::Error(
               nir::Cause::DamagedFile,
               words != image.words
                   ? fmt::format("{} has {} words, expected {}", image.file, words, image.words)
                   : fmt::format("{} was changed: its SHA-256 is {}, expected {}", image.file,
                                 found, image.sha256))
        .note("compile the model again");
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Tools
//===----------------------------------------------------------------------===//

static nir::Status checkTools() {
  for (const char *program : {"verilator", "make", "g++"}) {
    if (!isOnPath(program)) {
      return nir::Error(
                 nir::Cause::Toolchain,
                 fmt::format("a design is run by Verilator, and {} is not on the PATH", program))
          .note(fmt::format("the package {} has it: apt install {}", program, program));
    }
  }
  return {};
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

/// Verilator's, without the files. Warnings are for `make lint` of an artifact.
static std::vector<std::string> verilatorWords(const SimulatorOptions &options) {
  std::vector<std::string> words = {
      "verilator",    "--cc",      "--exe",    "--build", "-O3",
      "-Wno-fatal",   "-Wno-lint", "--prefix", "Vdesign", "-MAKEFLAGS",
      "OPT_FAST=-O2", "--Mdir",    "obj",      "-o",      "tb"};
  if (options.isTraced) {
    words.emplace_back("--trace-fst");
  }
  return words;
}

/// SHA-256 of all that the program is made of.
static std::string keyOf(const Simulated &simulated, const std::vector<Artifact::File> &bench,
                         const std::vector<std::string> &words, const std::string &tools) {
  llvm::SHA256 hash;
  auto add = [&](std::string_view text) { // with its length, so that no two lists are one
    hash.update(llvm::StringRef(fmt::format("{} ", text.size())));
    hash.update(llvm::StringRef(text.data(), text.size()));
  };
  add("fpga simulator");
  add(tools);
  for (const std::string &word : words) {
    add(word);
  }
  add(simulated.design.top);
  for (const std::string &source : simulated.design.sources) {
    add(source);
    add(find(simulated.files, source)->bytes);
  }
  for (const Artifact::File &file : bench) {
    add(file.bytes);
  }
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

nir::Status Simulator::make(const Simulated &simulated, const SimulatorOptions &options) {
  std::vector<Artifact::File> bench = benchFiles(simulated.design);
  std::vector<std::string> words = verilatorWords(options);
  nir::Result<std::string> verilator = versionOf(*place, "verilator");
  if (!verilator) {
    return verilator.takeError();
  }
  nir::Result<std::string> compiler = versionOf(*place, "g++");
  if (!compiler) {
    return compiler.takeError();
  }
  std::optional<CodeCache> cache;
  std::string key = keyOf(simulated, bench, words, *verilator + *compiler);
  if (options.cache) {
    cache.emplace(*options.cache);
    if (std::optional<std::string> kept = cache->find(key)) {
      code = {true, cache->pathOf(key)};
      return place->write("sim/obj/tb", *kept, /*isProgram=*/true);
    }
  }
  for (const Artifact::File &file : bench) {
    if (nir::Status failed = place->write("sim/" + file.name, file.bytes)) {
      return failed;
    }
  }
  for (const std::string &source : simulated.design.sources) {
    if (nir::Status failed = place->write(source, find(simulated.files, source)->bytes)) {
      return failed;
    }
    words.push_back("../" + source);
  }
  words.insert(words.end(),
               {"--top-module", simulated.design.top, "tb.cpp", "-j",
                std::to_string(options.threads > 0 ? options.threads : coresAvailable())});
  nir::Result<bool> isDone = runTool(*place, words, place->pathOf("sim"), "build.log");
  if (!isDone) {
    return isDone.takeError();
  }
  constexpr size_t mostLog = 1 << 20, mostProgram = size_t(1) << 30;
  if (!*isDone || access(pathOf("obj/tb").c_str(), X_OK) != 0) {
    return nir::Error(nir::Cause::Toolchain,
                      fmt::format("Verilator and g++ made no program of the design: {}",
                                  complaintIn(place->read("build.log", mostLog))));
  }
  if (cache && cache->keep(key, place->read("sim/obj/tb", mostProgram))) {
    code.file = cache->pathOf(key);
  }
  return {};
}

nir::Result<std::shared_ptr<Simulator>> Simulator::build(const Simulated &simulated,
                                                         const SimulatorOptions &options) {
  if (nir::Status failed = checkFiles(simulated)) {
    return std::move(*failed);
  }
  if (nir::Status failed = checkTools()) {
    return std::move(*failed);
  }
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  std::shared_ptr<Simulator> simulator(new Simulator(*std::move(place)));
  for (const MemoryImage &image : simulated.design.memories) {
    if (nir::Status failed =
            simulator->place->write(image.file, find(simulated.files, image.file)->bytes)) {
      return std::move(*failed);
    }
  }
  if (nir::Status failed = simulator->make(simulated, options)) {
    return std::move(*failed);
  }
  return simulator;
}

nir::Result<std::unique_ptr<Child>> Simulator::start(std::vector<std::string> options, int in,
                                                     int out, int err) {
  std::vector<std::string> words = {pathOf("obj/tb")};
  words.insert(words.end(), options.begin(), options.end());
  return place->start({std::move(words), place->pathOf("sim"), in, out, err});
}
