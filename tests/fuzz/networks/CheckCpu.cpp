//===- CheckCpu.cpp - however cpu compiles, it is the same ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Checks.h"

#include "backends/cpu/run/Run.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/Random.h"

#include <fmt/format.h>

namespace nir::fuzz {

using nirc::cpu::LowerOptions;
using test::Random;

namespace {

const nirc::Target &cpu() { return **nirc::findTarget("cpu"); }

/// Vectors of any length, sharing, lists and tables, and what C has.
class Lowered final : public Check {
public:
  std::string name() const override { return "cpu-lowered"; }
  Verdict run(Trial &trial) const override;
};

LowerOptions drawOptions(Random &random) {
  if (random.chance(0.3)) { // as C has it
    return {.vectorBits = 0, .compact = random.chance(0.7)};
  }
  LowerOptions options{.vectorBits = random.pick(std::vector<int64_t>{0, 128, 256, 512}),
                       .compresses = random.chance(0.5)};
  if (random.chance(0.5)) { // what is kept for large networks
    options.parts = true;
    options.leastShared = options.nearBytes = 0;
  }
  if (random.chance(0.5)) { // and for many nodes
    options.leastEqual = options.leastListed = 2;
  }
  return options;
}

Verdict Lowered::run(Trial &trial) const {
  Random random(trial.of.seed + 12);
  for (DType dtype : trial.dtypes()) {
    LowerOptions options = drawOptions(random);
    int threads = static_cast<int>(random.between(1, 3));
    auto executable = nirc::cpu::compile(jobOf(trial.of, dtype), options);
    Outcome got;
    if (executable) {
      Result<Recording> run = (*executable)->run(trial.of.input, {.threads = threads});
      got = run ? Outcome{*std::move(run), {}} : Outcome{{}, judged(cpu(), run.error())};
    } else {
      got.verdict = judged(cpu(), executable.error());
    }
    std::string what =
        fmt::format("cpu in {}, {} bits, {} threads{}{}", nir::name(dtype), options.vectorBits,
                    threads, options.compact ? ", compact" : "", options.parts ? ", in parts" : "");
    Verdict verdict = compared(trial, dtype, got, what);
    if (verdict.kind != Verdict::Holds) {
      return verdict;
    }
  }
  return Verdict::holds();
}

/// Exact folds change no bit.
class Folded final : public Check {
public:
  std::string name() const override { return "folds"; }
  int every() const override { return 3; }
  Verdict run(Trial &trial) const override {
    DType dtype = trial.dtypes()[trial.of.seed % trial.dtypes().size()];
    nirc::Job job = jobOf(trial.of, dtype);
    job.fold = nirc::Folding::None;
    return compared(trial, dtype, outcomeOn(cpu(), job, trial.of.input, {}), "cpu without folds");
  }
};

/// A sample is the same alone and among others.
class Alone final : public Check {
public:
  std::string name() const override { return "batches"; }
  int every() const override { return 3; }
  Verdict run(Trial &trial) const override;
};

Recording sampleOf(const Recording &all, int64_t at) {
  Recording one{all.dtSeconds, {}};
  for (const Trace &trace : all.traces) {
    Shape shape = trace.data.shape();
    size_t size = trace.data.sizeInBytes() / static_cast<size_t>(shape[0]);
    shape[0] = 1;
    auto [tensor, bytes] = Tensor::allocate(trace.data.dtype(), shape);
    std::copy_n(trace.data.bytes() + static_cast<size_t>(at) * size, size, bytes);
    one.traces.push_back({trace.node, trace.observable, tensor, trace.latency});
  }
  return one;
}

Verdict Alone::run(Trial &trial) const {
  DType dtype = trial.dtypes()[trial.of.seed % trial.dtypes().size()];
  const Result<Recording> &want = trial.want(dtype);
  if (!want || trial.of.input.traces.empty()) {
    return want ? Verdict::holds() : Verdict::refused(want.error());
  }
  int64_t batch = trial.of.input.traces[0].data.shape()[0];
  auto at = static_cast<int64_t>(trial.of.seed % static_cast<uint64_t>(batch));
  Outcome got =
      outcomeOn(cpu(), jobOf(trial.of, dtype), sampleOf(trial.of.input, at), {.threads = 2});
  if (!got.recording) {
    return got.verdict;
  }
  std::string differs = differenceInBits(*got.recording, sampleOf(*want, at));
  return differs.empty() ? Verdict::holds()
                         : Verdict::fails("bits", fmt::format("sample {} alone: {}", at, differs));
}

} // namespace

void addCpuChecks(std::vector<std::unique_ptr<Check>> &all) {
  all.push_back(std::make_unique<Lowered>());
  all.push_back(std::make_unique<Folded>());
  all.push_back(std::make_unique<Alone>());
}

} // namespace nir::fuzz
