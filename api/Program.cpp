//===- Program.cpp - a network that is compiled ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Program.h"

#include "api/io/Files.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fmt/format.h>

namespace nirc {

static uint64_t nextNumber() {
  static std::atomic<uint64_t> number = 0;
  return ++number;
}

Program::Program(std::shared_ptr<Executable> executable, std::optional<Plan> plan, std::string path)
    : executable(std::move(executable)), plan(std::move(plan)), path(std::move(path)),
      number(nextNumber()) {}

nir::Result<Program> Program::compile(const Plan &plan, const CompileOptions &options) {
  Job job = plan.job();
  job.profile = options.profile;
  job.states = options.states;
  job.cache = options.cache;
  nir::Result<std::unique_ptr<Executable>> executable = plan.target().compile(job);
  if (!executable) {
    return executable.takeError();
  }
  return Program(std::shared_ptr<Executable>(*std::move(executable)), plan, "");
}

bool Program::recognizes(std::string_view head) { return targetOfArtifact(head) != nullptr; }

nir::Result<Program> Program::load(const std::string &given, const LoadOptions &options) {
  std::error_code none;
  std::string inside =
      std::filesystem::is_directory(given, none) ? programInFolder(given) : std::string();
  const std::string &path = inside.empty() ? given : inside;
  nir::Result<std::vector<std::byte>> head = readHead(path, headOfArtifact);
  if (!head) {
    return head.takeError();
  }
  const Target *target =
      targetOfArtifact({reinterpret_cast<const char *>(head->data()), head->size()});
  if (!target) {
    return nir::Error(nir::Cause::NotAProgram, "is not a program that a target executes")
        .in(path)
        .note("`nirc targets` lists what each target writes, and what of it can be run");
  }
  nir::Result<std::unique_ptr<Executable>> executable = target->load(path, options);
  if (!executable) {
    return executable.takeError();
  }
  return Program(std::shared_ptr<Executable>(*std::move(executable)), std::nullopt, path);
}

nir::Status writeFolder(const std::string &folder, const std::vector<Artifact::File> &files) {
  for (const Artifact::File &file : files) {
    std::filesystem::path path = std::filesystem::path(folder) / file.name;
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    if (failed) {
      return nir::Error(nir::Cause::CannotWrite,
                        fmt::format("cannot make the folder: {}", failed.message()))
          .in(path.parent_path().string());
    }
    if (nir::Status problem = writeFile(path.string(), file.bytes)) {
      return problem;
    }
  }
  return {};
}

nir::Status Program::save(const std::string &to) const {
  if (!plan && !executable->files().empty()) {
    return writeFolder(to, executable->files());
  }
  if (!plan) { // it is a file already
    nir::Result<std::vector<std::byte>> bytes = readFile(path, uint64_t(1) << 40, "");
    if (!bytes) {
      return bytes.takeError();
    }
    return writeFile(to, {reinterpret_cast<const char *>(bytes->data()), bytes->size()});
  }
  EmitOptions options;
  for (const ArtifactKind &kind : plan->target().artifacts()) {
    if (kind.runs) {
      options.kind = kind.name;
    }
  }
  if (options.kind.empty()) {
    return nir::Error::usage(
               nir::Cause::UnsupportedByTarget,
               fmt::format("target '{}' writes no file that can be run", plan->target().name()))
        .note("`nirc targets` lists what each target writes");
  }
  nir::Result<Artifact> artifact = plan->emit(options);
  if (!artifact) {
    return artifact.takeError();
  }
  std::string_view program = plan->target().fileInFolder();
  bool isFolder = std::any_of(artifact->files.begin(), artifact->files.end(),
                              [&](const Artifact::File &file) { return file.name == program; });
  if (isFolder) {
    return writeFolder(to, artifact->files);
  }
  for (const Artifact::File &file : artifact->files) {
    if (targetOfArtifact(std::string_view(file.bytes).substr(0, headOfArtifact)) ==
        &plan->target()) {
      return writeFile(to, file.bytes);
    }
  }
  return nir::Error::internal("the target wrote no file that it recognizes").in(to);
}

nir::Result<nir::Recording> Program::run(const nir::Recording &input, const RunOptions &options) {
  constexpr int64_t mostSteps = int64_t(1) << 40;
  if (options.steps < 0 || options.steps > mostSteps) {
    return nir::Error::usage(
        fmt::format("found {} steps, expected 0 to {}", options.steps, mostSteps));
  }
  if (options.threads < 0) {
    return nir::Error::usage(fmt::format("found {} threads, expected 0 or more", options.threads));
  }
  return executable->run(input, options);
}

nir::Result<Session> Program::start(int64_t batch) const {
  if (batch < 1) {
    return nir::Error::usage(fmt::format("found a batch of {}, expected 1 or more", batch));
  }
  constexpr int64_t mostSamples = int64_t(1) << 24;
  if (batch > mostSamples) {
    return nir::Error::usage(
               nir::Cause::NoMemory,
               fmt::format("found a batch of {}, expected at most {}", batch, mostSamples))
        .note("sessions are independent: take several");
  }
  nir::Result<std::unique_ptr<Stepper>> stepper = executable->start(batch);
  if (!stepper) {
    return stepper.takeError();
  }
  return Session(*std::move(stepper), std::make_shared<const ProgramInfo>(info()), batch, number);
}

} // namespace nirc
