//===- Certificate.cpp - what a proof leaves behind -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Proof.h"
#include "api/io/Files.h"
#include "api/io/JsonText.h"
#include "backends/run/Digest.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

using namespace nirc;

static Json answerJson(const Question &question, const proof::Answer &answer) {
  Json json = {{"question", question.text},
               {"by", answer.by},
               {"seconds", answer.seconds},
               {"cached", std::any_of(answer.said.begin(), answer.said.end(),
                                      [](const auto &said) { return said.isFromCache; })}};
  if (answer.verdict == proof::Verdict::Refuted) {
    json["counterexample"] = Json::object();
    for (const auto &[name, value] : answer.values) {
      json["counterexample"][name] = value;
    }
  }
  if (!answer.why.empty()) {
    json["why"] = answer.why;
  }
  return json;
}

static Json claimJson(const ProvenClaim &one) {
  Json json = {{"target", one.target.empty() ? Json() : Json(one.target)},
               {"node", one.claim.node},
               {"code", one.claim.code},
               {"statement", one.claim.statement},
               {"state", name(one.state)}};
  if (!one.claim.unasked.empty()) {
    json["unasked"] = one.claim.unasked;
  }
  json["answers"] = Json::array();
  for (size_t i = 0; i < one.answers.size(); ++i) {
    json["answers"].push_back(answerJson(one.claim.questions[i], one.answers[i]));
  }
  return json;
}

static Json solversJson(const ProofReport &report) {
  Json json = Json::array();
  for (const proof::Solver &solver : report.solvers) {
    json.push_back({{"name", solver.name}, {"version", solver.version}});
  }
  return json;
}

Json nirc::proofJson(const ProofReport &report) {
  Json json = {{"solvers", solversJson(report)}, {"claims", Json::array()}};
  for (const ProvenClaim &one : report.claims) {
    json["claims"].push_back(claimJson(one));
  }
  json["refused"] = Json::array();
  for (const auto &[target, why] : report.refused) {
    json["refused"].push_back({{"target", target}, {"why", why}});
  }
  json["silent"] = report.silent;
  for (auto state : {ProvenClaim::State::Proved, ProvenClaim::State::Refuted,
                     ProvenClaim::State::Undecided, ProvenClaim::State::Unasked}) {
    json[std::string(name(state))] = report.count(state);
  }
  json["seconds"] = report.seconds;
  return json;
}

namespace {

/// Writes files into a folder, and lists their digests.
class Folder {
public:
  explicit Folder(std::string path) : path(std::move(path)) {}

  nir::Status make() {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    return failed
               ? nir::Status(nir::Error(nir::Cause::CannotWrite,
                                        fmt::format("cannot make the folder: {}", failed.message()))
                                 .in(path))
               : std::nullopt;
  }
  /// The file as the manifest has it.
  nir::Result<Json> write(const std::string &name, const std::string &bytes) {
    if (nir::Status failed = writeFile((std::filesystem::path(path) / name).string(), bytes)) {
      return *std::move(failed);
    }
    return Json{{"file", name}, {"sha256", sha256Of(bytes)}};
  }

private:
  std::string path;
};

} // namespace

/// The texts of one claim and what was said of each.
static nir::Result<Json> writeClaim(Folder &folder, const ProvenClaim &one, size_t number) {
  Json json = claimJson(one);
  json["asked"] = Json::array();
  for (size_t i = 0; i < one.answers.size(); ++i) {
    for (const proof::Said &said : one.answers[i].said) {
      std::string stem = fmt::format("{:04}-{}-{}.{}", number, i, said.form, said.solver);
      const Form &form = one.claim.questions[i].forms[said.form];
      nir::Result<Json> asked = folder.write(stem + ".smt2", proof::scriptOf(form, said.solver));
      nir::Result<Json> answered = folder.write(stem + ".txt", said.text);
      if (!asked || !answered) {
        return asked ? answered.takeError() : asked.takeError();
      }
      json["asked"].push_back({{"question", one.claim.questions[i].text},
                               {"solver", said.solver},
                               {"exact", form.isExact},
                               {"text", *std::move(asked)},
                               {"said", *std::move(answered)},
                               {"answer", said.answer},
                               {"seconds", said.seconds}});
    }
  }
  return json;
}

nir::Status nirc::writeCertificate(const ProofReport &report, const Json &of,
                                   const Artifact &artifact, const std::string &path) {
  Folder folder(path);
  if (nir::Status failed = folder.make()) {
    return failed;
  }
  Json json = {{"certificate", "nirc-proof"}, {"format", 1}, {"nirc", NIRC_VERSION}};
  json.update(of);
  json["solvers"] = solversJson(report);
  json["artifact"] = Json::array();
  for (const Artifact::File &file : artifact.files) {
    json["artifact"].push_back({{"file", file.name}, {"sha256", sha256Of(file.bytes)}});
  }
  json["proved"] = report.isProved();
  json["claims"] = Json::array();
  for (size_t number = 0; number < report.claims.size(); ++number) {
    nir::Result<Json> claim = writeClaim(folder, report.claims[number], number);
    if (!claim) {
      return claim.takeError();
    }
    json["claims"].push_back(*std::move(claim));
  }
  // Last, so that a certificate with a manifest is whole.
  nir::Result<Json> manifest = folder.write("manifest.json", jsonText(json, 2) + "\n");
  return manifest ? std::nullopt : nir::Status(manifest.takeError());
}
