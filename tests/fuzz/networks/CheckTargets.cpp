//===- CheckTargets.cpp - every target gives the same bits ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Checks.h"

#include "backends/chipfile/ChipTarget.h"
#include "backends/chipfile/ReadChip.h"
#include "tests/support/Random.h"
#include "tests/support/TemporaryFolder.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace nir::fuzz {

namespace {

std::string contentOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Outputs, and every state of every neuron, against the reference.
class OnTarget : public Check {
public:
  explicit OnTarget(const nirc::Target &target) : target(target) {}
  std::string name() const override { return std::string(target.name()); }
  Verdict run(Trial &trial) const override;

protected:
  virtual nirc::Settings settings(const Case &) const { return {}; }

  const nirc::Target &target;
};

Verdict OnTarget::run(Trial &trial) const {
  const std::vector<DType> &takes = target.describe().dtypes;
  bool isOfFloats = std::ranges::find(takes, DType::F32) != takes.end();
  Verdict last = Verdict::refused(Error(Cause::UnsupportedByTarget, "floats"));
  for (DType dtype : trial.dtypes()) {
    if (!trial.of.format && !isOfFloats) {
      break;
    }
    nirc::Job job = jobOf(trial.of, dtype);
    job.settings = settings(trial.of);
    Outcome got = outcomeOn(target, job, trial.of.input, {});
    last = compared(trial, dtype, got, fmt::format("{} in {}", name(), nir::name(dtype)));
    if (last.kind == Verdict::Fails) {
      break;
    }
  }
  return last;
}

/// Cores' programs as programs of this computer, on any number of cores.
class OnSpinnaker2 final : public OnTarget {
public:
  using OnTarget::OnTarget;

private:
  nirc::Settings settings(const Case &of) const override {
    test::Random random(of.seed + 11);
    return {{"emulate", "host"},
            {"neurons-per-core",
             std::to_string(random.pick(std::vector<int64_t>{2, 5, 9, 20, 16384}))}};
  }
};

/// The design in Verilator, which takes half a minute to compile one.
class OnFpga final : public OnTarget {
public:
  using OnTarget::OnTarget;
  int every() const override { return 300; }
  double maxSeconds() const override { return 600.0; }
};

/// The design's own test, in Icarus Verilog: all events and states, with pauses on the streams.
class InIcarus final : public Check {
public:
  std::string name() const override { return "fpga-icarus"; }
  int every() const override { return 60; }
  double maxSeconds() const override { return 600.0; }
  Verdict run(Trial &trial) const override;
};

Verdict InIcarus::run(Trial &trial) const {
  const nirc::Target &fpga = **nirc::findTarget("fpga");
  auto artifact = fpga.emit(jobOf(trial.of, DType::F32), {.name = "random"});
  if (!trial.want(DType::F64)) {
    return Verdict::refused(trial.want(DType::F64).error());
  }
  if (!artifact) {
    return judged(fpga, artifact.error());
  }
  test::TemporaryFolder folder;
  for (const nirc::Artifact::File &file : artifact->files) {
    std::filesystem::path path = std::filesystem::path(folder.path) / file.name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << file.bytes;
  }
  std::string command =
      fmt::format("cd {}/sim && make -s lint icarus OFTEN=1 > log 2>&1", folder.path);
  if (std::system(command.c_str()) == 0) {
    return Verdict::holds();
  }
  constexpr size_t most = 3000;
  return Verdict::fails("bits", contentOf(folder.path + "/sim/log").substr(0, most));
}

/// A chip from a JSON file, wide enough for any format, of small cores, so that there are many.
class OnChipFile final : public Check {
public:
  std::string name() const override { return "chip-file"; }
  Verdict run(Trial &trial) const override {
    test::Random random(trial.of.seed + 12);
    auto chip = nirc::chipfile::readChip(fmt::format(
        R"({{"nirc-chip": 1, "name": "random", "synapse": {{"weight-bits": 16, "delay": 4096}},
          "cores": {{"columns": {}, "rows": 30, "chips": 3, "neurons": {}}}}})",
        random.between(10, 30), random.between(1, 40)));
    if (!chip) {
      return Verdict::fails("chip", chip.error().str());
    }
    auto target = nirc::chipfile::targetOf(*chip);
    if (!trial.of.format) {
      return Verdict::refused(Error(Cause::UnsupportedByTarget, "floats"));
    }
    Outcome got = outcomeOn(*target, jobOf(trial.of, DType::F32), trial.of.input, {});
    return compared(trial, DType::F64, got, name());
  }
};

} // namespace

void addTargetChecks(std::vector<std::unique_ptr<Check>> &all) {
  for (const nirc::Target *target : nirc::targets()) {
    std::string_view name = target->name();
    if (name == "spinnaker2") {
      all.push_back(std::make_unique<OnSpinnaker2>(*target));
    } else if (name == "fpga") {
      all.push_back(std::make_unique<OnFpga>(*target));
      all.push_back(std::make_unique<InIcarus>());
    } else if (name != "reference") {
      all.push_back(std::make_unique<OnTarget>(*target));
    }
  }
  all.push_back(std::make_unique<OnChipFile>());
}

} // namespace nir::fuzz
