//===- ExampleTargetTest.cpp - the example of docs/add-a-target.md --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/FrontEnd.h"
#include "backends/Target.h"
#include "backends/run/Recordable.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "tests/support/Build.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/Recordings.h"

#include "mlir/Bytecode/BytecodeWriter.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <unistd.h>

using namespace nirc;

namespace {

/// Eight bytes, by which a file is known; after them comes the network as bytecode.
constexpr std::string_view magic = "EXAMPLE1";

/// What runs is the artifact, and nothing else: whether it was written to a file or not.
class Running : public Executable {
public:
  static nir::Result<std::unique_ptr<Executable>> of(std::string_view artifact,
                                                     const std::string &file) {
    nir::Result<std::shared_ptr<FrontEnd>> network =
        FrontEnd::parse(artifact.substr(magic.size()), file);
    if (!network) {
      return network.takeError();
    }
    Job job;
    job.file = file;
    job.frontEnd = *network;
    nir::Result<NetworkCopy> copy = networkOf(job);
    if (!copy) {
      return copy.takeError();
    }
    return std::unique_ptr<Executable>(
        std::make_unique<Running>(*std::move(network), infoOf("example", job, *copy)));
  }
  Running(std::shared_ptr<FrontEnd> network, ProgramInfo info)
      : network(std::move(network)), description(std::move(info)) {}

  const ProgramInfo &info() const override { return description; }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override {
    auto lock = network->lock();
    return snn::interpret(network->clocked(), input, {.steps = options.steps});
  }
  nir::Result<std::unique_ptr<Stepper>> start(int64_t) const override {
    return nir::Error::usage("target 'example' cannot be stepped");
  }

private:
  std::shared_ptr<FrontEnd> network;
  ProgramInfo description;
};

class ExampleTarget : public Target {
public:
  std::string_view name() const override { return "example"; }
  std::string_view summary() const override { return "bytecode, and the interpreter of networks"; }
  const Constraints &describe() const override {
    static const Constraints constraints{{"Input", "Output", "LIF", "Linear"}, {nir::DType::F32}};
    return constraints;
  }
  std::vector<ArtifactKind> artifacts() const override {
    return {{"bytecode", "the clocked network", /*runs=*/true}};
  }
  nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const override {
    nir::Result<std::string> kind = kindOf(*this, options);
    if (!kind) {
      return kind.takeError();
    }
    nir::Result<NetworkCopy> copy = networkOf(job);
    if (!copy) {
      return copy.takeError();
    }
    std::string bytes(magic);
    llvm::raw_string_ostream out(bytes);
    if (failed(mlir::writeBytecodeToFile(*copy->module, out))) {
      return nir::Error::internal("the network cannot be written as bytecode").in(job.file);
    }
    return Artifact{{{"network.example", bytes}}};
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override {
    nir::Result<Artifact> artifact = emit(job, {});
    return artifact ? Running::of(artifact->files[0].bytes, job.file) : artifact.takeError();
  }
  bool recognizes(std::string_view head) const override { return head.starts_with(magic); }
  nir::Result<std::unique_ptr<Executable>> load(const std::string &path,
                                                const LoadOptions &) const override {
    std::ifstream file(path, std::ios::binary);
    return Running::of(std::string{std::istreambuf_iterator<char>(file), {}}, path);
  }
};

} // namespace

TEST(ExampleTarget, RunsWhatItWroteWithTheBitsOfTheReference) {
  nir::Graph graph = nir::test::randomGraph(3, {.maxNodes = 8});
  nir::Recording input = nir::test::randomInput(graph, 3, 20, 2);
  Job job;
  job.graph = &graph;
  job.file = "random.nir";
  job.semantics = nir::test::randomSemantics();
  ExampleTarget target;

  auto compiled = target.compile(job);
  ASSERT_TRUE(compiled) << compiled.error().str();
  auto got = (*compiled)->run(input, {});
  ASSERT_TRUE(got) << got.error().str();
  auto reference = (*findTarget("reference"))->compile(job);
  ASSERT_TRUE(reference) << reference.error().str();
  EXPECT_EQ(nir::test::difference(*got, *(*reference)->run(input, {})), "");

  auto artifact = target.emit(job, {});
  ASSERT_TRUE(artifact) << artifact.error().str();
  std::string path = std::filesystem::temp_directory_path() / fmt::format("example-{}", getpid());
  std::ofstream(path, std::ios::binary) << artifact->files[0].bytes;
  EXPECT_TRUE(target.recognizes(std::string_view(artifact->files[0].bytes).substr(0, 16)));
  auto loaded = target.load(path, {});
  ASSERT_TRUE(loaded) << loaded.error().str();
  EXPECT_EQ(nir::test::difference(*(*loaded)->run(input, {}), *got), "");
  std::filesystem::remove(path);
}

TEST(ExampleTarget, RefusesKindsThatItDoesNotWrite) {
  auto artifact = ExampleTarget().emit({}, {.kind = "verilog"});
  ASSERT_FALSE(artifact);
  EXPECT_EQ(artifact.error().message, "target 'example' has no --emit=verilog, it has bytecode");
}
