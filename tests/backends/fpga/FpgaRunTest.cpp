//===- FpgaRunTest.cpp - designs in Verilator -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/DesignJson.h"
#include "backends/fpga/run/Run.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "tests/backends/fpga/Trio.h"
#include "tests/support/Recordings.h"
#include "tests/support/TemporaryFolder.h"

#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace nirc;
using namespace nirc::fpga;
using namespace nirc::fpga::test;
using nir::test::difference;
using testing::HasSubstr;

namespace {

/// Folders of one test: TMPDIR, in which a run must leave nothing, the cache, and an artifact.
class FpgaRun : public testing::Test {
protected:
  FpgaRun() {
    setenv("TMPDIR", temporary.path.c_str(), 1);
    options.cache = CacheOptions{cached.path, int64_t(64) << 20};
    options.file = "trio.nir";
  }
  ~FpgaRun() override {
    EXPECT_EQ(left(), "");
    unsetenv("TMPDIR");
  }
  /// What runs have left.
  std::string left() const {
    std::string names;
    for (const auto &entry : std::filesystem::directory_iterator(temporary.path)) {
      names += entry.path().filename().string() + " ";
    }
    return names;
  }
  std::unique_ptr<Executable> made() const {
    return executableOf(Simulated{trio(), trioFiles()}, options);
  }
  std::string at(const std::string &name) const { return artifact.path + "/" + name; }
  void writeArtifact() const {
    writeBytes(at("report.json"), designJson(trio()));
    for (const Artifact::File &file : trioFiles()) {
      writeBytes(at(file.name), file.bytes);
    }
  }

  ExecutableOptions options;

private:
  nir::test::TemporaryFolder temporary, cached, artifact;
};

/// Values for both inputs: numbers beyond the range, halves that are rounded to even, NaN.
nir::Recording inputOf(int64_t batch, int64_t steps) {
  std::mt19937_64 random(3);
  std::vector<double> spikes, numbers;
  for (int64_t i = 0; i < batch * steps * 3; ++i) {
    spikes.push_back(random() % 4 == 0);
    auto number = static_cast<double>(static_cast<int64_t>(random() % 200) - 90) / 8;
    numbers.push_back(random() % 16 == 0   ? 1e9
                      : random() % 16 == 0 ? -33
                      : random() % 16 == 0 ? NAN
                                           : number);
  }
  nir::Recording input{1e-3, {}};
  input.traces.push_back({"in", "value", nir::Tensor::of<double>({batch, steps, 3}, spikes)});
  input.traces.push_back({"x", "value", nir::Tensor::of<double>({batch, steps, 3}, numbers)});
  return input;
}

nir::Recording wanted(const nir::Recording &input, int64_t steps = 0) {
  TrioNetwork source;
  nir::Result<nir::Recording> recording = snn::interpret(source.network(), input, {.steps = steps});
  EXPECT_TRUE(recording) << recording.error().str();
  return *std::move(recording);
}

TEST_F(FpgaRun, GivesTheBitsOfTheInterpreter) {
  nir::Recording input = inputOf(5, 30);
  std::unique_ptr<Executable> design = made();
  for (int threads : {1, 3, 8}) {
    std::vector<int64_t> progress;
    RunOptions run;
    run.threads = threads;
    run.progress = [&](int64_t done, int64_t total) {
      progress.push_back(done);
      EXPECT_EQ(total, 150);
    };
    auto got = design->run(input, run);
    ASSERT_TRUE(got) << got.error().str();
    EXPECT_EQ(difference(*got, wanted(input)), "") << threads << " threads";
    EXPECT_EQ(progress.back(), 150);
    ASSERT_EQ(got->traces.size(), 3u);
    EXPECT_EQ(got->traces[0].data.dtype(), nir::DType::U8);
    EXPECT_EQ(got->traces[2].observable, "v");
  }

  // more steps than the input has, and no records
  RunOptions longer;
  longer.steps = 40;
  longer.records.emplace();
  auto got = design->run(input, longer);
  ASSERT_TRUE(got) << got.error().str();
  nir::Recording want = wanted(input, 40);
  want.traces.resize(1);
  EXPECT_EQ(difference(*got, want), "");
  EXPECT_EQ(got->traces.size(), 1u);
  longer.records = std::vector<nir::Probe>{{"lif", "w"}};
  EXPECT_THAT(design->run(input, longer).error().message, HasSubstr("cannot record lif:w"));

  // what was measured
  const Profile *profile = design->profile();
  ASSERT_NE(profile, nullptr);
  EXPECT_EQ(profile->steps, 200);
  ASSERT_EQ(profile->counts.rows.size(), 5u);
  EXPECT_EQ(profile->counts.rows[0].node, "in");
  EXPECT_NEAR(static_cast<double>(profile->counts.rows[0].values[0]), 450 * 0.25, 40);
  EXPECT_EQ(profile->counts.rows[4].node, "trio");
  EXPECT_GT(profile->counts.rows[4].values[1], 200 * 7);
  EXPECT_GE(profile->estimates.at(0).least, 8);
  EXPECT_LE(profile->estimates.at(0).most, 16);
  ASSERT_TRUE(profile->code);
  EXPECT_FALSE(profile->code->isFromCache);

  // the same once more, of what was kept, and from disk
  writeArtifact();
  auto loaded = loadDesign(at("report.json"), options);
  ASSERT_TRUE(loaded) << loaded.error().str();
  EXPECT_EQ((*loaded)->info().model, "trio.nir");
  auto again = (*loaded)->run(input, {});
  ASSERT_TRUE(again) << again.error().str();
  EXPECT_EQ(difference(*again, wanted(input)), "");
  EXPECT_TRUE((*loaded)->profile()->code->isFromCache);

  // an input that does not fit
  nir::Recording half = input;
  half.traces.pop_back();
  EXPECT_FALSE(design->run(half, {}));
}

TEST_F(FpgaRun, StepsSamplesBesideEachOther) {
  constexpr int64_t batch = 2, steps = 12;
  nir::Recording input = inputOf(batch, steps), want = wanted(input);
  std::unique_ptr<Executable> design = made();
  auto stepper = design->start(batch);
  ASSERT_TRUE(stepper) << stepper.error().str();
  design.reset(); // which it may outlive
  std::vector<double> values(3);
  for (int run = 0; run < 2; ++run) {
    for (int64_t t = 0; t < steps; ++t) {
      for (int64_t b = 0; b < batch; ++b) {
        for (size_t i = 0; i < 2; ++i) {
          for (int64_t n = 0; n < 3; ++n) {
            values[static_cast<size_t>(n)] = input.traces[i].data.at((b * steps + t) * 3 + n);
          }
          ASSERT_FALSE((*stepper)->setInput(i, b, values));
        }
      }
      nir::Status failed = (*stepper)->step();
      ASSERT_FALSE(failed) << failed->str();
      for (int64_t b = 0; b < batch; ++b) {
        auto expect = [&](const nir::Trace &trace) {
          for (int64_t n = 0; n < 3; ++n) {
            EXPECT_EQ(values[static_cast<size_t>(n)], trace.data.at((b * steps + t) * 3 + n))
                << trace.node << " step " << t << " sample " << b << " run " << run;
          }
        };
        (*stepper)->readOutput(0, b, values);
        expect(want.traces[0]);
        (*stepper)->readState(0, b, values);
        expect(want.traces[2]);
      }
    }
    (*stepper)->reset();
    (*stepper)->readState(0, 0, values);
    EXPECT_THAT(values, testing::ElementsAre(0, 0, 0));
  }
  EXPECT_EQ((*stepper)->writeState(0, 0, values)->code, "unsupported-by-target");

  // back to where it was, by sending the same once more
  auto statesNow = [&](Stepper &of) {
    std::vector<double> all;
    for (int64_t b = 0; b < batch; ++b) {
      for (bool isState : {true, false}) {
        isState ? of.readState(0, b, values) : of.readOutput(0, b, values);
        all.insert(all.end(), values.begin(), values.end());
      }
    }
    return all;
  };
  for (int i = 0; i < 5; ++i) {
    ASSERT_FALSE((*stepper)->setInput(0, i % 2, std::vector<double>{1, 0, double(i % 2)}));
    ASSERT_FALSE((*stepper)->setInput(1, i % 2, std::vector<double>{1.0 * i, -2, 3}));
    ASSERT_FALSE((*stepper)->step());
  }
  std::string snapshot = (*stepper)->snapshot();
  std::vector<double> then = statesNow(**stepper);
  ASSERT_FALSE((*stepper)->step());
  std::vector<double> later = statesNow(**stepper);
  EXPECT_NE(then, later);
  ASSERT_FALSE((*stepper)->restore(snapshot));
  EXPECT_EQ(statesNow(**stepper), then);
  ASSERT_FALSE((*stepper)->step());
  EXPECT_EQ(statesNow(**stepper), later);
  for (const std::string &other : {snapshot.substr(1), snapshot + "1", std::string()}) {
    EXPECT_EQ((*stepper)->restore(other)->kind, nir::ErrorKind::Usage);
  }
  EXPECT_EQ(statesNow(**stepper), later);
}

TEST_F(FpgaRun, RefusesFilesThatAreNotThoseOfTheDesign) {
  auto error = [&] {
    auto loaded = loadDesign(at("report.json"), options);
    return loaded ? "" : loaded.error().code + ": " + loaded.error().str();
  };
  EXPECT_THAT(error(), HasSubstr("cannot-read"));
  writeArtifact();
  EXPECT_EQ(error(), "");
  std::string image = bytesOf(at("mem/weights.hex"));
  writeBytes(at("mem/weights.hex"), image.substr(0, 9));
  EXPECT_THAT(error(), HasSubstr("mem/weights.hex has 3 words, expected 9"));
  writeBytes(at("mem/weights.hex"), "29" + image.substr(2));
  EXPECT_THAT(error(), HasSubstr("mem/weights.hex was changed"));
  std::filesystem::remove(at("mem/weights.hex"));
  EXPECT_THAT(error(), HasSubstr("cannot-read"));
  EXPECT_THAT(error(), HasSubstr("mem/weights.hex"));
  EXPECT_EQ(mkfifo(at("mem/weights.hex").c_str(), 0600), 0);
  EXPECT_THAT(error(), HasSubstr("is not a file"));
  writeBytes(at("report.json"), "{\"nirc-fpga\":1,");
  EXPECT_THAT(error(), HasSubstr("damaged-file"));
  EXPECT_THAT(error(), HasSubstr("report.json"));
}

TEST_F(FpgaRun, SaysWhatToolsSay) {
  Simulated broken{trio(), trioFiles()};
  broken.files[1].bytes += "module other(;\n";
  auto got = executableOf(broken, options)->run(inputOf(1, 2), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, "toolchain");
  EXPECT_THAT(got.error().message, HasSubstr("syntax error"));
  EXPECT_EQ(got.error().file, "trio.nir");

  std::string path = getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  got = made()->run(inputOf(1, 2), {});
  setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, "toolchain");
  EXPECT_THAT(got.error().str(), HasSubstr("verilator is not on the PATH"));
  EXPECT_THAT(got.error().str(), HasSubstr("apt install verilator"));
}

TEST_F(FpgaRun, SaysWhatADesignDoesWrong) {
  Simulated wrong{trio(), trioFiles()};
  std::string &rtl = wrong.files[1].bytes;
  std::string what = "assign m_axis_tlast = state == FINISH;";
  rtl.replace(rtl.find(what), what.size(), "assign m_axis_tlast = 1'b1;");
  auto got = executableOf(wrong, options)->run(inputOf(1, 2), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, "damaged-file");
  EXPECT_THAT(got.error().message, HasSubstr("the end of step 1 came before it was sent"));
}

/// Processes that work in a folder of this test.
int processes() {
  int count = 0;
  for (const auto &entry : std::filesystem::directory_iterator("/proc")) {
    std::error_code none;
    std::string folder = std::filesystem::read_symlink(entry.path() / "cwd", none).string();
    count += folder.starts_with(getenv("TMPDIR"));
  }
  return count;
}

bool waitFor(const std::function<bool()> &what) {
  for (int i = 0; i < 2000 && !what(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return what();
}

/// Whoever ends the program, however and whenever: nothing stays behind.
TEST_F(FpgaRun, LeavesNothingWhenItIsKilled) {
  auto endlessly = [&] {
    pid_t child = fork();
    if (child == 0) {
      RunOptions endless;
      endless.steps = int64_t(1) << 24;
      endless.records.emplace();
      auto got = made()->run(inputOf(1, 1), endless);
      _exit(got ? 0 : 1);
    }
    return child;
  };
  auto hasFile = [&](const std::string &name) {
    for (const auto &entry : std::filesystem::directory_iterator(getenv("TMPDIR"))) {
      if (std::filesystem::exists(entry.path() / name)) {
        return true;
      }
    }
    return false;
  };
  auto end = [&](pid_t child, int signal) {
    EXPECT_GT(processes(), 0);
    kill(child, signal);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_TRUE(waitFor([&] { return processes() == 0 && left().empty(); })) << left();
  };
  const char *before = getenv("OBJCACHE");
  std::string compilerCache = before ? before : "";
  unsetenv("OBJCACHE");
  pid_t child = endlessly(); // g++ then takes its time
  setenv("OBJCACHE", compilerCache.c_str(), 1);
  ASSERT_TRUE(waitFor([&] { return hasFile("sim/obj/Vdesign.mk"); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  end(child, SIGTERM);

  ASSERT_TRUE(made()->run(inputOf(1, 1), {})); // now it is in the cache
  child = endlessly();
  ASSERT_TRUE(waitFor([&] { return hasFile("sim/cycles0.txt"); }));
  end(child, SIGKILL);
}

TEST_F(FpgaRun, WritesWaves) {
  nir::test::TemporaryFolder folder;
  options.trace = folder.path + "/x.fst";
  auto got = made()->run(inputOf(2, 5), {});
  ASSERT_TRUE(got) << got.error().str();
  EXPECT_EQ(difference(*got, wanted(inputOf(2, 5))), "");
  EXPECT_GT(std::filesystem::file_size(options.trace), 1000u);
}

} // namespace
