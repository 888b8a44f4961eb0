//===- HostCores.cpp - cores as code of this computer ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/CodeCache.h"
#include "backends/run/Digest.h"
#include "backends/run/Tools.h"
#include "backends/spinnaker2/Limits.h"
#include "backends/spinnaker2/machine/Cores.h"

#include <cstring>
#include <dlfcn.h>
#include <fmt/format.h>
#include <map>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

// As firmware/pe.h has them.
struct Counts {
  uint32_t spikes, packets;
};
using TakePackets = void(uint8_t *data, const uint32_t *keys, uint32_t count);
using UpdateNeurons = Counts(uint8_t *data);
enum HeadWord : uint32_t { StepWord = 2, SpikesWord = 12, PacketsWord = 13 };

/// A program that was compiled for this computer and loaded.
class HostProgram {
public:
  explicit HostProgram(void *library) : library(library) {}
  HostProgram(const HostProgram &) = delete;
  HostProgram &operator=(const HostProgram &) = delete;
  ~HostProgram() { dlclose(library); }

  bool find() {
    takePackets = reinterpret_cast<TakePackets *>(dlsym(library, "pe_packets"));
    updateNeurons = reinterpret_cast<UpdateNeurons *>(dlsym(library, "pe_update"));
    count = static_cast<const uint32_t *>(dlsym(library, "update_count"));
    columns = static_cast<const char *const *>(dlsym(library, "update_columns"));
    return takePackets && updateNeurons && count && columns;
  }
  std::vector<std::string_view> updateColumns() const { return {columns, columns + *count}; }
  TakePackets *takePackets = nullptr;
  UpdateNeurons *updateNeurons = nullptr;

private:
  void *library;
  const uint32_t *count = nullptr;
  const char *const *columns = nullptr;
};

class HostCore : public RunningCore {
public:
  HostCore(std::shared_ptr<const HostProgram> program) : program(std::move(program)) {}

  nir::Status load(uint32_t offset, std::string_view bytes) override {
    if (!isInside(offset, bytes.size())) {
      return tooFar();
    }
    std::memcpy(data() + offset, bytes.data(), bytes.size());
    return {};
  }
  nir::Status read(uint32_t offset, std::span<char> bytes) override {
    if (!isInside(offset, bytes.size())) {
      return tooFar();
    }
    std::memcpy(bytes.data(), data() + offset, bytes.size());
    return {};
  }
  nir::Status begin(std::span<const uint32_t> keys) override {
    program->takePackets(data(), keys.data(), static_cast<uint32_t>(keys.size()));
    return {};
  }
  nir::Status finish(StepAnswer &answer) override {
    answer.step = word(StepWord);
    Counts counts = program->updateNeurons(data());
    answer.isOverrun = false;
    list(word(SpikesWord), counts.spikes, answer.spikes);
    list(word(PacketsWord), counts.packets, answer.packets);
    return {};
  }

private:
  uint8_t *data() { return reinterpret_cast<uint8_t *>(memory.data()); }
  static bool isInside(size_t offset, size_t bytes) {
    return offset <= coreBytes && bytes <= coreBytes - offset;
  }
  static nir::Error tooFar() {
    return nir::Error(nir::Cause::ProgramFailed, "the data do not fit in the core");
  }
  uint32_t word(HeadWord which) { return reinterpret_cast<const uint32_t *>(data())[which]; }
  void list(uint32_t offset, uint32_t count, std::vector<uint16_t> &places) {
    places.resize(count);
    std::memcpy(places.data(), data() + offset, count * sizeof(uint16_t));
  }

  std::shared_ptr<const HostProgram> program;
  std::vector<uint64_t> memory = std::vector<uint64_t>(coreBytes / sizeof(uint64_t), 0);
};

class HostMachine : public CoreMachine {
public:
  nir::Result<std::unique_ptr<RunningCore>> start(const CoreImage &core) override {
    auto found = programs.find(core.program);
    if (found == programs.end()) {
      return nir::Error(nir::Cause::DamagedFile,
                        fmt::format("programs/{} is not there", core.program));
    }
    if (!fitsProgram(core.data, found->second->updateColumns())) {
      return nir::Error(nir::Cause::DamagedFile,
                        fmt::format("it has neurons that programs/{} has no update for, or other "
                                    "columns than it takes",
                                    core.program));
    }
    return std::unique_ptr<RunningCore>(std::make_unique<HostCore>(found->second));
  }
  CodeOrigin origin() const override { return code; }

  std::map<std::string, std::shared_ptr<const HostProgram>> programs;
  CodeOrigin code{true, {}};
};

/// Makes programs of sources, or takes them from the cache.
class HostBuilder {
public:
  HostBuilder(Workplace &place, std::string compiler, std::string version,
              const std::optional<CacheOptions> &options)
      : place(place), compiler(std::move(compiler)), version(std::move(version)) {
    if (options) {
      cache.emplace(*options);
    }
  }
  nir::Result<std::shared_ptr<const HostProgram>> build(const std::string &name,
                                                        const std::vector<Artifact::File> &sources);
  CodeOrigin code{true, {}};

private:
  nir::Status compile(const std::string &name, const std::vector<Artifact::File> &sources);

  Workplace &place;
  std::string compiler, version;
  std::optional<CodeCache> cache;
};

} // namespace

/// Floats are part of the result: nothing is fused.
static std::vector<std::string> flags() {
  return {"-std=gnu11", "-O2", "-fPIC", "-shared", "-ffp-contract=off", "-w"};
}

nir::Status HostBuilder::compile(const std::string &name,
                                 const std::vector<Artifact::File> &sources) {
  for (const Artifact::File &file : sources) {
    if (nir::Status failed = place.write(name + "/" + file.name, file.bytes)) {
      return failed;
    }
  }
  std::vector<std::string> words = {compiler};
  for (const std::string &flag : flags()) {
    words.push_back(flag);
  }
  words.insert(words.end(), {"pe.c", "update.c", "-o", "core.so"});
  nir::Result<bool> isDone = runTool(place, words, place.pathOf(name), "build.log");
  if (!isDone) {
    return isDone.takeError();
  }
  constexpr size_t shown = 500;
  return *isDone ? nir::Status()
                 : nir::Error(nir::Cause::Toolchain,
                              fmt::format("{} made no program of programs/{}: {}", compiler, name,
                                          place.read("build.log", shown)));
}

nir::Result<std::shared_ptr<const HostProgram>>
HostBuilder::build(const std::string &name, const std::vector<Artifact::File> &sources) {
  std::string all = "spinnaker2 host\n" + version;
  for (const std::string &flag : flags()) {
    all += flag + "\n";
  }
  for (const Artifact::File &file : sources) {
    all += fmt::format("{} {}\n{}", file.name, file.bytes.size(), file.bytes);
  }
  std::string key = sha256Of(all), library = name + "/core.so";
  std::optional<std::string> kept = cache ? cache->find(key) : std::nullopt;
  if (kept) {
    code.file = cache->pathOf(key);
    if (nir::Status failed = place.write(library, *kept, /*isProgram=*/true)) {
      return std::move(*failed);
    }
  } else {
    code.isFromCache = false;
    if (nir::Status failed = compile(name, sources)) {
      return std::move(*failed);
    }
    constexpr size_t mostProgram = size_t{1} << 26;
    if (cache && cache->keep(key, place.read(library, mostProgram))) {
      code.file = cache->pathOf(key);
    }
  }
  void *loaded = dlopen(place.pathOf(library).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!loaded) {
    return nir::Error(
        nir::Cause::Toolchain,
        fmt::format("the program of programs/{} cannot be loaded: {}", name, dlerror()));
  }
  auto program = std::make_shared<HostProgram>(loaded);
  if (!program->find()) {
    return nir::Error(nir::Cause::DamagedFile,
                      fmt::format("programs/{} is not a program of a core", name));
  }
  return std::shared_ptr<const HostProgram>(std::move(program));
}

static std::string compilerOnPath() {
  for (const char *each : {"clang-22", "clang", "gcc", "cc"}) {
    if (isOnPath(each)) {
      return each;
    }
  }
  return {};
}

nir::Result<std::unique_ptr<CoreMachine>>
nirc::spinnaker2::hostCores(const std::vector<Artifact::File> &files,
                            const std::optional<CacheOptions> &cache) {
  std::string compiler = compilerOnPath();
  if (compiler.empty()) {
    return nir::Error(nir::Cause::Toolchain,
                      "the cores' C is compiled for this computer, and there is neither clang nor "
                      "gcc on the PATH")
        .note("the package gcc has it: apt install gcc");
  }
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  nir::Result<std::string> version = versionOf(**place, compiler);
  if (!version) {
    return version.takeError();
  }
  std::vector<Artifact::File> firmware;
  std::map<std::string, std::vector<Artifact::File>> programs;
  for (const Artifact::File &file : files) {
    std::string_view name = file.name;
    if (name == "firmware/pe.c" || name == "firmware/pe.h") {
      firmware.push_back({file.name.substr(file.name.find('/') + 1), file.bytes});
    } else if (name.starts_with("programs/") && (name.ends_with(".c") || name.ends_with(".h"))) {
      size_t from = name.find('/') + 1, end = name.find('/', from);
      programs[std::string(name.substr(from, end - from))].push_back(
          {std::string(name.substr(end + 1)), file.bytes});
    }
  }
  HostBuilder builder(**place, compiler, *version, cache);
  auto machine = std::make_unique<HostMachine>();
  for (auto &[name, sources] : programs) {
    sources.insert(sources.end(), firmware.begin(), firmware.end());
    nir::Result<std::shared_ptr<const HostProgram>> program = builder.build(name, sources);
    if (!program) {
      return program.takeError();
    }
    machine->programs[name] = *std::move(program);
  }
  machine->code = builder.code;
  return std::unique_ptr<CoreMachine>(std::move(machine));
}
