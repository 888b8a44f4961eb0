//===- Export.cpp - the suite, written ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/files/Export.h"

#include "api/io/Files.h"
#include "backends/run/Digest.h"
#include "conformance/files/Names.h"
#include "conformance/files/Outcomes.h"
#include "ir/file/NirData.h"
#include "ir/file/Writer.h"
#include "ir/graph/FlatGraph.h"
#include "ir/recording/RunInput.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace nirc::conformance {

namespace fs = std::filesystem;

constexpr uint64_t mostFileBytes = uint64_t(1) << 30;

//===----------------------------------------------------------------------===//
// One case
//===----------------------------------------------------------------------===//

static nir::Error cannotWrite(const std::string &path, const std::string &why) {
  return nir::Error(nir::Cause::CannotWrite, fmt::format("cannot be written: {}", why)).in(path);
}

static nir::Result<std::string> hashOfFile(const std::string &path) {
  nir::Result<std::vector<std::byte>> bytes = readFile(path, mostFileBytes);
  if (!bytes) {
    return bytes.takeError();
  }
  return sha256Of({reinterpret_cast<const char *>(bytes->data()), bytes->size()});
}

static nir::Status writeRun(const Case &one, const Outcome &outcome, const nir::FlatGraph &flat,
                            const std::string &path) {
  auto isSubgraph = [&](std::string_view name) {
    std::optional<nir::FlatGraph::Named> named = flat.find(name);
    return named && named->isScope;
  };
  nir::Recording recording = outcome.recording;
  recording.dtSeconds = one.dtSeconds;
  nir::WriteDataOptions options;
  options.provenance = {{"semantics", outcome.presets.front()},
                        {"semantics_choices", outcome.choices}};
  return nir::writeData(nir::toData(recording, isSubgraph), path, options);
}

nir::Result<Manifest> exportCase(const Case &one, const std::string &folder) {
  std::error_code failed;
  fs::create_directories(fs::path(folder) / "expected", failed);
  if (failed) {
    return cannotWrite(folder, failed.message());
  }
  nir::Result<Outcomes> outcomes = outcomesOf(one);
  if (!outcomes) {
    return outcomes.takeError().in(one.name);
  }
  Manifest manifest;
  manifest.name = one.name;
  manifest.tests = one.tests;
  manifest.clause = one.clause;
  manifest.features = one.features;
  manifest.dtSeconds = one.dtSeconds;
  manifest.steps = one.input.traces.empty() ? 0 : one.input.traces.front().data.shape()[1];
  manifest.choices = outcomes->choices;

  auto pathOf = [&](const std::string &name) { return (fs::path(folder) / name).string(); };
  if (nir::Status bad = nir::write({"", one.graph, one.metadata}, pathOf(manifest.model))) {
    return std::move(*bad);
  }
  nir::Recording input = one.input;
  input.dtSeconds = one.dtSeconds;
  if (nir::Status bad = nir::writeData(nir::toData(input), pathOf(manifest.input))) {
    return std::move(*bad);
  }
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(one.graph, problems);
  std::vector<std::string> files = {manifest.model, manifest.input};
  for (const Outcome &outcome : outcomes->all) {
    files.push_back(fmt::format("expected/{}.nir", outcome.presets.front()));
    manifest.expected.push_back({files.back(), outcome.presets});
    if (nir::Status bad = writeRun(one, outcome, flat, pathOf(files.back()))) {
      return std::move(*bad);
    }
  }
  for (const std::string &name : files) {
    nir::Result<std::string> hash = hashOfFile(pathOf(name));
    if (!hash) {
      return hash.takeError();
    }
    manifest.sha256[name] = *std::move(hash);
  }
  if (nir::Status bad = writeFile(pathOf("manifest.json"), manifestText(manifest))) {
    return std::move(*bad);
  }
  return manifest;
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

namespace {
/// A folder beside another, which takes its name in the end or is removed.
class NewFolder {
public:
  explicit NewFolder(const std::string &folder) : target(folder) {
    while (target.size() > 1 && target.back() == '/') {
      target.pop_back();
    }
    path = fmt::format("{}.{}.tmp", target, ::getpid());
  }
  NewFolder(const NewFolder &) = delete;
  NewFolder &operator=(const NewFolder &) = delete;
  ~NewFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }

  nir::Status open() const {
    std::error_code failed;
    if (fs::exists(target, failed) && !fs::is_empty(target, failed)) {
      return nir::Error(nir::Cause::CannotWrite,
                        "is there already, expected a folder that is empty or does not exist")
          .in(target)
          .note("remove it, or name another");
    }
    fs::create_directories(path, failed);
    return failed ? nir::Status(cannotWrite(target, failed.message())) : nir::Status();
  }
  nir::Status commit() const {
    if (::rename(path.c_str(), target.c_str()) != 0) {
      return cannotWrite(target, std::strerror(errno));
    }
    return {};
  }

  std::string path;

private:
  std::string target;
};
} // namespace

/// Writes each case, on several threads, and gives the hashes of the manifests.
static nir::Result<std::vector<std::string>> exportCases(const std::vector<Case> &cases,
                                                         const std::string &folder,
                                                         const ExportOptions &options) {
  std::vector<std::string> hashes(cases.size());
  std::vector<nir::Status> faults(cases.size());
  std::atomic<size_t> next = 0;
  std::mutex lock;
  int64_t done = 0;
  auto work = [&] {
    for (size_t i = next++; i < cases.size() && !options.stop.stop_requested(); i = next++) {
      std::string path = (fs::path(folder) / cases[i].name).string();
      nir::Result<Manifest> manifest = exportCase(cases[i], path);
      if (!manifest) {
        faults[i] = manifest.takeError();
      } else {
        hashes[i] = sha256Of(manifestText(*manifest));
      }
      std::lock_guard<std::mutex> guard(lock);
      if (++done; options.progress) {
        options.progress(done, static_cast<int64_t>(cases.size()));
      }
    }
  };
  std::vector<std::jthread> others;
  for (int i = 1; i < options.threads; ++i) {
    others.emplace_back(work);
  }
  work();
  others.clear();
  if (nir::Status stopped = nir::checkStop(options.stop)) {
    return std::move(*stopped);
  }
  for (nir::Status &fault : faults) {
    if (fault) {
      return std::move(*fault);
    }
  }
  return hashes;
}

nir::Result<Suite> exportSuite(const std::vector<Case> &cases, const std::string &folder,
                               const ExportOptions &options) {
  NewFolder fresh(folder);
  if (nir::Status failed = fresh.open()) {
    return std::move(*failed);
  }
  nir::Result<std::vector<std::string>> hashes = exportCases(cases, fresh.path, options);
  if (!hashes) {
    return hashes.takeError();
  }
  Suite suite;
  suite.version = suiteVersion;
  suite.nir = nir::writtenVersion;
  for (const Case &one : cases) {
    suite.cases.push_back(one.name);
  }
  suite.sha256 = hashOf(suite.cases, *hashes);
  std::string path = (fs::path(fresh.path) / "suite.json").string();
  if (nir::Status failed = writeFile(path, suiteText(suite))) {
    return std::move(*failed);
  }
  if (nir::Status failed = fresh.commit()) {
    return std::move(*failed);
  }
  return suite;
}

} // namespace nirc::conformance
