//===- Prove.cpp - `nirc prove` -------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Proof.h"
#include "api/io/Printable.h"
#include "ir/Wording.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/Outputs.h"
#include "tools/nirc/ProofText.h"

#include <cstdio>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct ProveCommand : ExecutionOptions {
  proof::SolverOptions solver;
  bool isAll = false; ///< targets
  bool json = false;
  std::string certificate;
};
} // namespace

/// The targets whose code is proved.
static std::vector<const Target *> targetsOf(const ProveCommand &command, const Choices &choices) {
  return command.isAll ? targets() : std::vector<const Target *>{choices.target};
}

/// What the claims are about. Of several targets there is no one artifact.
static nir::Result<Artifact> artifactOf(const Job &job,
                                        const std::vector<const Target *> &targets) {
  if (targets.size() != 1 || targets.front()->artifacts().empty()) {
    return Artifact();
  }
  EmitOptions options;
  options.kind = targets.front()->artifacts().front().name;
  return targets.front()->emit(job, options);
}

static nir::Result<ProofReport> proveAll(const ProveCommand &command, const Job &job,
                                         const std::vector<const Target *> &targets) {
  ProofOptions options{command.solver, command.threads};
  bool tells = !command.quiet && !command.json;
  std::string waiting = "asking solvers";
  Waiting line(waiting, command.quiet || command.json || tells);
  if (tells) {
    options.onClaim = [](const ProvenClaim &one) {
      fmt::print("{}", claimText(one));
      std::fflush(stdout);
    };
  }
  return prove(job, targets, options);
}

static Exit prove(ProveCommand &command) {
  Network network;
  if (Exit exit = loadNetwork(command, network, Clocked::Taken); exit != Exit::Done) {
    return exit;
  }
  nir::Result<Choices> choices = prepare(command, network);
  if (!choices) {
    return fail(Exit::Usage, choices.error());
  }
  std::vector<nir::Diagnostic> said;
  if (Exit exit = advise(command, network, *choices, said); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = calibrate(command, network, nullptr, *choices, said)) {
    return fail(*failed);
  }
  std::vector<const Target *> targets = targetsOf(command, *choices);
  Job job = jobOf(network, *choices);
  job.cache = command.solver.cache;
  if (!command.quiet && !command.json) {
    fmt::print("{}", proofHead(command.model, *choices, command.isAll));
  }
  nir::Result<ProofReport> report = proveAll(command, job, targets);
  if (!report) {
    return fail(report.error());
  }
  Json of = proofOf(command.model, network, *choices, targets);
  if (!command.certificate.empty()) {
    nir::Result<Artifact> artifact = artifactOf(job, targets);
    if (!artifact) {
      return fail(artifact.error());
    }
    if (nir::Status failed = writeCertificate(*report, of, *artifact, command.certificate)) {
      return fail(*failed);
    }
  }
  if (command.json) {
    of.update(proofJson(*report));
    fmt::print("{}", dump(of));
  } else if (!command.quiet) {
    fmt::print("{}", summaryText(*report));
    if (!command.certificate.empty()) {
      fmt::print("certificate written to {}\n", printable(command.certificate));
    }
  }
  return report->isProved() ? Exit::Done : Exit::Input;
}

/// A time in seconds, of which there is some.
static std::string isTime(const std::string &text) {
  double seconds = 0.0;
  bool isNumber = CLI::detail::lexical_cast(text, seconds);
  return isNumber && seconds > 0.0 && seconds <= 86400.0
             ? std::string()
             : fmt::format("found {}, expected seconds, more than 0 and at most 86400", text);
}

void addProve(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand(
      "prove", "Prove that a target's code computes what the network says, for all inputs");
  auto options = std::make_shared<ProveCommand>();
  command
      ->add_option("model", options->model,
                   "A .nir, .mlir or .mlirbc file: a graph, or what `nirc quantize` wrote")
      ->required();
  command
      ->add_option_function<std::string>(
          "--target",
          [options](const std::string &name) {
            options->isAll = name == "all";
            options->choices.target = options->isAll ? "" : name;
          },
          "Whose code to prove, or all; see `nirc targets`")
      ->default_str("cpu")
      ->type_name("TARGET");
  addTargetOptions(*command, options->choices);
  addNetworkOptions(*command, *options);
  addSourceOptions(*command, *options);
  addLayout(*command, *options);
  for (const char *ofCalibration : {"--bin", "--steps", "--seed"}) {
    command->get_option(ofCalibration)->needs(command->get_option("--calibrate"));
  }
  command
      ->add_option("--solver", options->solver.solver,
                   "Who decides: cvc5, z3, any (the first that answers), or both, which must agree")
      ->check(CLI::IsMember({"any", "both", "cvc5", "z3"}))
      ->capture_default_str();
  command
      ->add_option("--time-limit", options->solver.seconds,
                   "Seconds for each form of a question and each solver")
      ->check(isTime)
      ->capture_default_str();
  command
      ->add_option("--threads", options->threads,
                   "Questions that are asked at once; 0: one a core. No answer depends on it")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  options->solver.cache = CacheOptions::ofEnvironment();
  command->add_flag_callback(
      "--no-cache", [options] { options->solver.cache.reset(); },
      "Ask again, and keep nothing; otherwise answers are kept for later runs");
  command->add_option("--certificate", options->certificate,
                      "A folder for what anyone needs to ask again: the questions in SMT-LIB, the "
                      "answers, and a manifest");
  command->add_flag("--json", options->json, "Print the claims in JSON on standard output");
  command->add_flag("-q,--quiet", options->quiet, "Print errors only; the exit code says the rest");
  command->footer("Ends with 0 where all that could be asked is proved, and with 1 where something "
                  "is refuted or undecided.\n\n"
                  "Examples:\n"
                  "  nirc prove model.nir --dt 1ms --format int8\n"
                  "  nirc prove model.nir --dt 1ms --format int8 --target all --solver both\n"
                  "  nirc prove model.mlir --target fpga --certificate certificate/");
  command->callback([options, &exit] { exit = prove(*options); });
}

} // namespace nirc
