//===- CheckFiles.cpp - graphs as files and as IR -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Checks.h"

#include "api/MlirFile.h"
#include "ir/file/Reader.h"
#include "ir/file/Writer.h"
#include "ir/graph/Check.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/Random.h"
#include "tests/support/TemporaryFolder.h"

#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace nir::fuzz {

namespace {

/// A graph as a .nir file is read as it was, and the same bytes are written twice.
class NirFile final : public Check {
public:
  std::string name() const override { return "nir-file"; }
  Verdict run(Trial &trial) const override;
};

std::string contentOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Verdict NirFile::run(Trial &trial) const {
  test::TemporaryFolder folder;
  std::string path = folder.path + "/a.nir", second = folder.path + "/b.nir";
  Model model{"1.0.8", trial.of.graph, {}};
  for (const std::string &file : {path, second}) {
    if (Status bad = write(model, file)) {
      if (bad->code == kindOf(Cause::NodeName).code) { // HDF5 has no order for it
        return Verdict::refused(*bad);
      }
      return Verdict::fails("write", bad->str());
    }
  }
  // One in eight through the reading process, which takes longer.
  Result<Model> again = trial.of.seed % 8 ? readInProcess(path) : read(path);
  if (!again) {
    return Verdict::fails("read", again.error().str());
  }
  if (!(*again == model)) {
    return Verdict::fails("differs", "the graph that is read is not the one that was written");
  }
  bool isSame = contentOf(path) == contentOf(second);
  return isSame ? Verdict::holds() : Verdict::fails("bytes", "written twice, it has other bytes");
}

/// A graph as text and as bytecode of the nir dialect is the same graph.
class NirDialect final : public Check {
public:
  std::string name() const override { return "nir-dialect"; }
  Verdict run(Trial &trial) const override;
};

Verdict NirDialect::run(Trial &trial) const {
  Model model{"1.0.8", trial.of.graph, {}};
  for (nirc::MlirForm form : {nirc::MlirForm::Text, nirc::MlirForm::Bytecode}) {
    std::string_view what = form == nirc::MlirForm::Text ? "text" : "bytecode";
    Result<std::string> bytes = nirc::mlirBytes(model, "random.nir", form);
    if (!bytes) {
      return Verdict::fails("write", fmt::format("{}: {}", what, bytes.error().str()));
    }
    auto parsed = nirc::parseMlir("random.mlir", std::as_bytes(std::span(*bytes)));
    if (!parsed) {
      return Verdict::fails("read", fmt::format("{}: {}", what, parsed.error().str()));
    }
    if (!(parsed->model == model)) {
      return Verdict::fails("differs", fmt::format("as {} it is another graph", what));
    }
  }
  return Verdict::holds();
}

/// A network that is clocked already, as text or bytecode, computes the same: what `nirc quantize`
/// writes.
class Clocked final : public Check {
public:
  std::string name() const override { return "clocked"; }
  int every() const override { return 3; }
  Verdict run(Trial &trial) const override;
};

Verdict Clocked::run(Trial &trial) const {
  DType dtype = trial.dtypes()[trial.of.seed % trial.dtypes().size()];
  nirc::Job job = jobOf(trial.of, dtype);
  if (trial.of.semantics.timing == Timing::Events || !trial.want(dtype)) {
    return Verdict::refused(trial.want(dtype) ? Error(Cause::UnsupportedByTarget, "events")
                                              : trial.want(dtype).error());
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  nirc::DiagnosticCollector collector(context);
  nirc::NetworkOptions options{job.semantics, job.dtype, job.probes, job.balanceLatency};
  options.quantization = job.quantization;
  auto module = nirc::buildNetwork(trial.of.graph, job.file, options, context);
  if (!module) {
    return Verdict::fails("build", collector.takeError().str());
  }
  bool isText = trial.of.seed % 2;
  auto bytes = nirc::moduleBytes(*module, isText ? nirc::MlirForm::Text : nirc::MlirForm::Bytecode);
  if (!bytes) {
    return Verdict::fails("write", collector.takeError().str());
  }
  nirc::Job clocked;
  clocked.file = "random.mlir";
  clocked.network = *bytes;
  for (const char *name : {"cpu", "reference"}) {
    const nirc::Target &target = **nirc::findTarget(name);
    if (std::string_view(name) == "reference" && !trial.of.format) {
      continue; // it interprets clocked networks of integers alone
    }
    Outcome got = outcomeOn(target, clocked, trial.of.input, {});
    Verdict verdict =
        compared(trial, dtype, got, fmt::format("{}, from {}", name, isText ? "text" : "bytecode"));
    if (verdict.kind == Verdict::Fails) {
      verdict.text += isText ? "\n" + *bytes : "";
      return verdict;
    }
  }
  return Verdict::holds();
}

} // namespace

void addFileChecks(std::vector<std::unique_ptr<Check>> &all) {
  all.push_back(std::make_unique<NirFile>());
  all.push_back(std::make_unique<NirDialect>());
  all.push_back(std::make_unique<Clocked>());
}

} // namespace nir::fuzz
