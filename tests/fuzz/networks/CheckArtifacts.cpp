//===- CheckArtifacts.cpp - what is written is what was compiled ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Checks.h"

#include "api/Program.h"
#include "tests/support/TemporaryFolder.h"

#include <algorithm>
#include <fmt/format.h>

namespace nir::fuzz {

namespace {

/// The kind of a target that `load` runs; empty where it has none.
std::string runnable(const nirc::Target &target) {
  for (const nirc::ArtifactKind &kind : target.artifacts()) {
    if (kind.runs) {
      return std::string(kind.name);
    }
  }
  return {};
}

/// A program that is saved and loaded gives the same bits.
class Saved final : public Check {
public:
  explicit Saved(const nirc::Target &target) : target(target) {}
  std::string name() const override { return fmt::format("{}-saved", target.name()); }
  int every() const override { return target.name() == "fpga" ? 600 : 8; }
  double maxSeconds() const override { return 600.0; }
  Verdict run(Trial &trial) const override;

private:
  const nirc::Target &target;
};

Verdict Saved::run(Trial &trial) const {
  DType dtype = trial.dtypes()[trial.of.seed % trial.dtypes().size()];
  const Result<Recording> &want = trial.want(dtype);
  if (!want) {
    return Verdict::refused(want.error());
  }
  auto artifact = target.emit(jobOf(trial.of, dtype), {.kind = runnable(target), .name = "random"});
  if (!artifact) {
    return judged(target, artifact.error());
  }
  test::TemporaryFolder folder;
  if (Status bad = nirc::writeFolder(folder.path, artifact->files)) {
    return Verdict::fails("write", bad->str());
  }
  auto entry = std::ranges::find_if(artifact->files, [&](const nirc::Artifact::File &file) {
    return target.recognizes(std::string_view(file.bytes).substr(0, nirc::headOfArtifact));
  });
  if (entry == artifact->files.end()) {
    return Verdict::fails("load", fmt::format("{} recognizes no file of its own", target.name()));
  }
  std::string path = fmt::format("{}/{}", folder.path, entry->name);
  nirc::LoadOptions options;
  if (target.name() == "spinnaker2") {
    options.settings["emulate"] = "host";
  }
  auto loaded = target.load(path, options);
  if (!loaded) {
    return Verdict::fails("load", loaded.error().str());
  }
  Result<Recording> got = (*loaded)->run(trial.of.input, {});
  return compared(trial, dtype,
                  got ? Outcome{*std::move(got), {}} : Outcome{{}, judged(target, got.error())},
                  fmt::format("{}, saved and loaded", target.name()));
}

/// The same job gives the same bytes, in every form that a target writes.
class WrittenTwice final : public Check {
public:
  std::string name() const override { return "written-twice"; }
  int every() const override { return 20; }
  Verdict run(Trial &trial) const override;
};

Verdict WrittenTwice::run(Trial &trial) const {
  DType dtype = trial.dtypes()[trial.of.seed % trial.dtypes().size()];
  for (const nirc::Target *target : nirc::targets()) {
    for (const nirc::ArtifactKind &kind : target->artifacts()) {
      nirc::EmitOptions options{.kind = std::string(kind.name), .name = "random"};
      auto first = target->emit(jobOf(trial.of, dtype), options),
           second = target->emit(jobOf(trial.of, dtype), options);
      if (!first && first.error().kind == ErrorKind::Internal) {
        return judged(*target, first.error());
      }
      bool isSame = static_cast<bool>(first) == static_cast<bool>(second) &&
                    (!first || std::ranges::equal(first->files, second->files,
                                                  [](const auto &a, const auto &b) {
                                                    return a.name == b.name && a.bytes == b.bytes;
                                                  }));
      if (!isSame) {
        return Verdict::fails("bytes", fmt::format("{} as {} has other bytes the second time",
                                                   target->name(), kind.name));
      }
    }
  }
  return Verdict::holds();
}

} // namespace

void addArtifactChecks(std::vector<std::unique_ptr<Check>> &all) {
  for (const nirc::Target *target : nirc::targets()) {
    if (!runnable(*target).empty()) {
      all.push_back(std::make_unique<Saved>(*target));
    }
  }
  all.push_back(std::make_unique<WrittenTwice>());
}

} // namespace nir::fuzz
