//===- Compile.cpp - `nirc compile` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"
#include "api/io/Printable.h"
#include "ir/Wording.h"
#include "tools/nirc/MemoryView.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/Outputs.h"
#include "tools/nirc/ProofText.h"
#include "tools/nirc/Report.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <memory>

namespace nirc {

namespace {
struct CompileCommand : ExecutionOptions {
  EmitOptions emit;
  std::string out;
  bool json = false, certificate = false;
};
} // namespace

static std::string pathOf(const Artifact::File &file, const std::string &folder) {
  return (std::filesystem::path(folder) / file.name).string();
}

static nir::Status write(const Artifact &artifact, const std::string &folder,
                         const std::vector<std::string> &inputs) {
  for (const Artifact::File &file : artifact.files) {
    if (nir::Status failed = checkOutput(pathOf(file, folder), inputs)) {
      return failed;
    }
  }
  for (const Artifact::File &file : artifact.files) {
    std::error_code failed; // a file may lie in a folder of its own
    std::string parent = std::filesystem::path(pathOf(file, folder)).parent_path();
    std::filesystem::create_directories(parent, failed);
    if (failed) {
      return nir::Error(nir::Cause::CannotWrite,
                        fmt::format("cannot make the folder: {}", failed.message()))
          .in(parent);
    }
  }
  for (const Artifact::File &file : artifact.files) {
    if (nir::Status problem = writeFile(pathOf(file, folder), file.bytes)) {
      return problem;
    }
  }
  return std::nullopt;
}

/// What an earlier artifact of the target left in the folder, by what it says itself.
static std::vector<std::string> earlierFiles(const Target &target, const std::string &folder) {
  std::string_view name = target.fileInFolder();
  return name.empty() ? std::vector<std::string>()
                      : target.filesWith((std::filesystem::path(folder) / name).string());
}

/// Removes what the earlier artifact had and the new one has not, so that no tool takes it for a
/// part of the new one. Returns how many files those were.
static size_t removeEarlier(const std::vector<std::string> &earlier, const Artifact &artifact,
                            const std::string &folder) {
  size_t count = 0;
  for (const std::string &name : earlier) {
    std::filesystem::path path(name);
    bool isInside = path.is_relative() && std::find(path.begin(), path.end(), "..") == path.end();
    bool isNew = std::any_of(artifact.files.begin(), artifact.files.end(),
                             [&](const Artifact::File &file) { return file.name == name; });
    std::error_code failed;
    std::filesystem::path whole = std::filesystem::path(folder);
    for (const std::filesystem::path &part : path.parent_path()) { // no link leads elsewhere
      whole /= part;
      isInside &= std::filesystem::symlink_status(whole, failed).type() ==
                  std::filesystem::file_type::directory;
    }
    whole /= path.filename();
    if (isInside && !isNew &&
        std::filesystem::symlink_status(whole, failed).type() ==
            std::filesystem::file_type::regular) {
      count += std::filesystem::remove(whole, failed) ? 1 : 0;
    }
  }
  return count;
}

/// One note of all names that the artifact has in another form.
static std::optional<nir::Diagnostic> renamedNote(const CompileCommand &command,
                                                  const Artifact &artifact) {
  constexpr size_t listed = 8;
  if (artifact.renamed.empty()) {
    return std::nullopt;
  }
  std::string text;
  for (size_t i = 0; i < std::min(listed, artifact.renamed.size()); ++i) {
    const auto &[name, written] = artifact.renamed[i];
    text += fmt::format("{}'{}' is {}", i == 0 ? "" : ", ", printable(name), written);
  }
  if (artifact.renamed.size() > listed) {
    text += fmt::format(" and {} more, which the header lists", artifact.renamed.size() - listed);
  }
  return nir::Diagnostic{
      nir::Severity::Note, command.model, {}, "names that C cannot have are changed: " + text, {}};
}

static Json artifactJson(const CompileCommand &command, const Network &network,
                         const Choices &choices, const Artifact &artifact,
                         const std::vector<nir::Diagnostic> &said) {
  Json json = {{"nirc", NIRC_VERSION},
               {"model", command.model},
               {"model_sha256", network.file.sha256()},
               {"target", choices.target->name()},
               {"emit", command.emit.kind},
               {"semantics", choices.semantics.text()},
               {"dt", choices.semantics.dtSeconds},
               {"folder", command.out},
               {"files", Json::array()},
               {"renamed", Json::array()},
               {"advice", diagnosticsJson(said)}};
  if (choices.quantization) {
    json["format"] = choices.quantization->format.text();
  } else {
    json["dtype"] = nir::name(choices.dtype);
  }
  for (const Artifact::File &file : artifact.files) {
    json["files"].push_back({{"file", pathOf(file, command.out)}, {"bytes", file.bytes.size()}});
  }
  for (const auto &[name, written] : artifact.renamed) {
    json["renamed"].push_back({{"name", name}, {"written", written}});
  }
  if (artifact.memory) {
    json["memory"] = memoryJson(*artifact.memory);
  }
  return json;
}

/// Where files name each other, -o names the first before they are written: net.wasm is found by
/// net.mjs.
static void takeNameOfModule(CompileCommand &command) {
  std::filesystem::path out(command.out);
  std::error_code none;
  if (command.emit.kind == "wasm" && out.extension() == ".wasm" &&
      !std::filesystem::is_directory(out, none)) {
    command.emit.name = out.stem().string();
    command.out = out.has_parent_path() ? out.parent_path().string() : ".";
  }
}

/// An artifact of one file can be given its name: by an `-o` that ends as the file does, and is not
/// a folder.
static void takeName(CompileCommand &command, Artifact &artifact) {
  std::filesystem::path out(command.out);
  std::error_code none;
  if (artifact.files.size() == 1 && out.has_extension() &&
      out.extension() == std::filesystem::path(artifact.files[0].name).extension() &&
      !std::filesystem::is_directory(out, none)) {
    artifact.files[0].name = out.filename().string();
    command.out = out.has_parent_path() ? out.parent_path().string() : ".";
  }
}

/// Its files; of a folder that holds more than a few, how many.
static std::vector<std::string> entriesOf(const Artifact &artifact) {
  constexpr size_t few = 3;
  std::map<std::string, size_t> count;
  auto folderOf = [](const Artifact::File &file) {
    return file.name.substr(0, file.name.find('/') + 1); // empty where there is none
  };
  for (const Artifact::File &file : artifact.files) {
    ++count[folderOf(file)];
  }
  std::vector<std::string> entries;
  for (const Artifact::File &file : artifact.files) {
    std::string folder = folderOf(file);
    if (folder.empty() || count[folder] <= few) {
      entries.push_back(file.name);
    } else if (std::string entry = fmt::format("{} ({} files)", folder, count[folder]);
               std::find(entries.begin(), entries.end(), entry) == entries.end()) {
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

static void printSummary(const CompileCommand &command, const Network &network,
                         const Choices &choices, const Artifact &artifact) {
  fmt::print("{}: semantics {}, target {} in {}\n{}written to {}:", command.model,
             choices.semantics.text(), choices.target->name(),
             choices.quantization ? choices.quantization->format.text()
                                  : std::string(nir::name(choices.dtype)),
             rangesText(network, choices), command.out);
  for (const std::string &entry : entriesOf(artifact)) {
    fmt::print(" {}", entry);
  }
  fmt::print("\n");
  for (const std::string &line : artifact.summary) {
    fmt::print("{}\n", line);
  }
  if (artifact.memory) {
    fmt::print("\n{}", memoryText(*artifact.memory));
  }
}

static nir::Result<Artifact> emit(const CompileCommand &command, const Network &network,
                                  const Choices &choices, std::vector<Notice> &notices) {
  Job job = jobOf(network, choices);
  job.onNotice = [&](const Notice &notice) {
    if (notice.rounds) {
      notices.push_back(notice);
    }
  };
  Waiting waiting("compiling", command.quiet);
  return choices.target->emit(job, command.emit);
}

/// Proves what was written, and leaves the certificate beside it.
static Exit certify(const CompileCommand &command, const Network &network, const Choices &choices,
                    Artifact &artifact) {
  std::string folder = (std::filesystem::path(command.out) / "certificate").string();
  std::vector<const Target *> targets{choices.target};
  ProofOptions options;
  options.solver.cache = CacheOptions::ofEnvironment();
  nir::Result<ProofReport> report = [&] {
    Job job = jobOf(network, choices);
    job.cache = options.solver.cache;
    Waiting waiting("proving", command.quiet);
    return prove(job, targets, options);
  }();
  if (!report) {
    return fail(report.error());
  }
  if (nir::Status failed = writeCertificate(
          *report, proofOf(command.model, network, choices, targets), artifact, folder)) {
    return fail(*failed);
  }
  size_t proved = report->count(ProvenClaim::State::Proved);
  if (!report->isProved()) {
    return fail(nir::Error(nir::Cause::CannotCompile,
                           fmt::format("found {} of {} proved, expected all", proved,
                                       nir::counted(report->claims.size(), "claim")))
                    .in(folder)
                    .note("`nirc prove` with the same options says which, and where they fail"));
  }
  artifact.summary.push_back(fmt::format("proved: {}, {}", nir::counted(proved, "claim"), folder));
  return Exit::Done;
}

static Exit compile(CompileCommand &command) {
  Network network;
  if (Exit exit = loadNetwork(command, network, Clocked::Taken); exit != Exit::Done) {
    return exit;
  }
  nir::Result<Choices> choices = prepare(command, network);
  if (!choices) {
    return fail(Exit::Usage, choices.error());
  }
  for (const TargetOption &option : choices->target->options()) {
    if (option.isOfRuns && choices->settings.contains(option.name)) {
      return fail(Exit::Usage,
                  nir::Error::usage(nir::Cause::OptionConflict,
                                    fmt::format("found --{}, which is about runs", option.name))
                      .note("give it to `nirc run`, with the folder or the model"));
    }
  }
  std::vector<nir::Diagnostic> said;
  if (Exit exit = advise(command, network, *choices, said); exit != Exit::Done) {
    return exit;
  }
  nir::Result<std::string> kind = kindOf(*choices->target, command.emit);
  if (!kind) {
    return fail(kind.error());
  }
  command.emit.kind = *kind;
  takeNameOfModule(command);
  if (nir::Status failed = calibrate(command, network, nullptr, *choices, said)) {
    return fail(*failed);
  }
  std::vector<Notice> notices;
  nir::Result<Artifact> artifact = emit(command, network, *choices, notices);
  if (!artifact) {
    return fail(artifact.error());
  }
  takeName(command, *artifact);
  std::vector<std::string> earlier = earlierFiles(*choices->target, command.out);
  if (nir::Status failed = write(*artifact, command.out, filesRead(network))) {
    return fail(*failed);
  }
  if (size_t count = removeEarlier(earlier, *artifact, command.out)) {
    artifact->summary.push_back(
        fmt::format("removed: {} of what was compiled there before", nir::counted(count, "file")));
  }
  if (command.certificate) {
    if (Exit exit = certify(command, network, *choices, *artifact); exit != Exit::Done) {
      return exit;
    }
  }
  if (!command.quiet) {
    print(network, notices, command, said);
    say(command, renamedNote(command, *artifact), said);
  }
  if (command.json) {
    fmt::print("{}", dump(artifactJson(command, network, *choices, *artifact, said)));
  } else if (!command.quiet) {
    printSummary(command, network, *choices, *artifact);
  }
  return Exit::Done;
}

void addCompile(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("compile", "Write a model as code for other programs");
  auto options = std::make_shared<CompileCommand>();
  command
      ->add_option("model", options->model,
                   "A .nir, .mlir or .mlirbc file: a graph, or what `nirc quantize` wrote")
      ->required();
  command
      ->add_option("-o,--out", options->out,
                   "The folder for the files; where there is one, as a .fmu, also its name, and "
                   "NAME.wasm for a module and what is beside it")
      ->required();
  command->add_option("--emit", options->emit.kind,
                      "What to write; see `nirc targets`. Otherwise the target's first");
  command->add_option("--name", options->emit.name,
                      "What functions and files are called; otherwise as the model's file");
  command->add_option("--cpu", options->emit.cpu,
                      "What code is for: native, generic, x86-64-v3, ... Otherwise native, "
                      "x86-64-v3 for a .fmu, and generic with --triple");
  command->add_option("--triple", options->emit.triple,
                      "The platform that code is for, as aarch64-linux-gnu; otherwise this one");
  addCompilationOptions(*command, *options);
  addSourceOptions(*command, *options);
  addLayout(*command, *options);
  for (const char *ofCalibration : {"--bin", "--one-per-step", "--frames", "--polarity", "--sensor",
                                    "--crop", "--time-zero", "--steps", "--seed"}) {
    command->get_option(ofCalibration)->needs(command->get_option("--calibrate"));
  }
  command->add_flag("--balance-latency", options->choices.balanceLatency,
                    "With --schedule pipelined: delay what comes early, so that each output is "
                    "that of --schedule sequential, some steps later");
  command->add_flag("--certificate", options->certificate,
                    "Prove the code, as `nirc prove` does, and leave what anyone needs to ask the "
                    "solvers again beside it, in certificate/");
  command->add_flag("--json", options->json,
                    "Print what was written, and what of, in JSON on standard output");
  command->add_flag("-q,--quiet", options->quiet, "Print errors only");
  command->footer("Examples:\n"
                  "  nirc compile model.nir --dt 1ms -o build/\n"
                  "  nirc compile model.nir --dt 1ms --emit=c --name net -o firmware/\n"
                  "  nirc compile model.nir --dt 1ms --emit=object --triple=aarch64-linux-gnu "
                  "-o arm/\n"
                  "  nirc compile model.nir --dt 1ms --emit=c --format int8 --calibrate x.npy "
                  "-o firmware/\n"
                  "  nirc compile model.nir --dt 1ms --emit=fmu -o controller.fmu\n"
                  "  nirc compile model.nir --dt 1ms --emit=wasm -o web/net.wasm\n"
                  "  nirc compile model.nir --dt 1ms --target fpga --format int8 "
                  "--device ice40-hx8k -o design/");
  command->callback([options, &exit] { exit = compile(*options); });
}

} // namespace nirc
