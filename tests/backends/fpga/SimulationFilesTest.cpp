//===- SimulationFilesTest.cpp - the test benches of an artifact ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/sim/SimulationFiles.h"
#include "tests/backends/fpga/Trio.h"
#include "tests/support/TemporaryFolder.h"

#include <cstdio>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

using namespace nirc;
using namespace nirc::fpga;
using namespace nirc::fpga::test;
using testing::HasSubstr;

namespace {

/// An artifact of Inputs/trio, as it would be on disk.
class OnDisk {
public:
  OnDisk() {
    TrioNetwork source;
    llvm::FailureOr<Stimulus> recorded = recordStimulus(source.network(), trio());
    EXPECT_TRUE(succeeded(recorded));
    stimulus = *recorded;
    for (const auto &files : {trioFiles(), simulationFiles(trio(), stimulus)}) {
      for (const Artifact::File &file : files) {
        writeBytes(at(file.name), file.bytes);
      }
    }
  }
  std::string at(const std::string &name) const { return folder.path + "/" + name; }
  std::string read(const std::string &name) const { return bytesOf(at(name)); }
  void write(const std::string &name, const std::string &bytes) { writeBytes(at(name), bytes); }
  /// Both streams of a command in sim/, and "exit N" where it fails.
  std::string run(const std::string &command) const {
    std::string line = fmt::format("cd {}/sim && ({}) 2>&1", folder.path, command), text;
    FILE *pipe = popen(line.c_str(), "r");
    char buffer[4096];
    for (size_t count; (count = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
      text.append(buffer, count);
    }
    int status = pclose(pipe);
    return status == 0 ? text : text + fmt::format("exit {}\n", WEXITSTATUS(status));
  }
  Stimulus stimulus;

private:
  nir::test::TemporaryFolder folder;
};

/// What the network's body says, computed once more.
TEST(FpgaStimulus, IsWhatTheNetworkDoes) {
  TrioNetwork source;
  llvm::FailureOr<Stimulus> stimulus = recordStimulus(source.network(), trio());
  ASSERT_TRUE(succeeded(stimulus));
  ASSERT_EQ(stimulus->steps.size(), 40u);
  constexpr int64_t weights[3][3] = {{40, -10, 5}, {20, 50, -20}, {0, 15, 70}};
  int64_t v[3] = {}, spikesIn = 0, spikesOut = 0, least = 0, most = 0;
  for (const Stimulus::Step &step : stimulus->steps) {
    int64_t u[3] = {};
    for (const Stimulus::Event &event : step.in) {
      EXPECT_NE(event.value, 0);
      spikesIn += event.port == 0;
      least = std::min(least, event.value);
      most = std::max(most, event.value);
      for (int64_t n = 0; n < 3; ++n) {
        u[n] += event.port == 0 ? weights[event.element][n] : n == event.element ? event.value : 0;
      }
    }
    std::vector<std::string> want, got;
    for (int64_t n = 0; n < 3; ++n) {
      v[n] += u[n];
      if (v[n] > 100) {
        v[n] = 0;
        ++spikesOut;
        want.push_back(fmt::format("0 {} 1", n));
      }
      if (u[n] != 0) {
        want.push_back(fmt::format("1 {} {}", n, u[n]));
      }
    }
    for (const Stimulus::Event &event : step.out) {
      got.push_back(fmt::format("{} {} {}", event.port, event.element, event.value));
    }
    EXPECT_THAT(got, testing::UnorderedElementsAreArray(want));
  }
  EXPECT_NEAR(static_cast<double>(spikesIn) / (40 * 3), 0.15, 0.1);
  EXPECT_GT(spikesOut, 3);
  EXPECT_LT(least, -30);
  EXPECT_GT(most, 30);
  for (int n = 0; n < 3; ++n) {
    EXPECT_EQ(stimulus->states[static_cast<size_t>(n)].address, FirstState + 4 * n);
    EXPECT_EQ(stimulus->states[static_cast<size_t>(n)].value, v[n]);
  }
}

/// A design that is right passes in both simulators; then everything that can be wrong outside of
/// it is said.
TEST(FpgaSimulation, ChecksWhatComesAndWhatMemoriesHold) {
  OnDisk artifact;
  std::string made = artifact.run("make -s");
  EXPECT_THAT(made, HasSubstr("PASS: 40 steps in"));
  EXPECT_THAT(made, testing::Not(HasSubstr("exit")));
  EXPECT_THAT(artifact.run("make -s icarus"),
              testing::AllOf(HasSubstr("PASS: 40 steps in"), testing::Not(HasSubstr("exit"))));
  EXPECT_EQ(artifact.run("make -s lint"), "");
  const std::string tb = "obj/tb --in stimulus.txt --expect expected.txt --states states.txt";
  const std::string vvp = "vvp -n tb.vvp";

  // the answers, as a file that can be expected
  EXPECT_THAT(artifact.run(tb + " --out got.txt --cycles cycles.txt"), HasSubstr("PASS"));
  EXPECT_THAT(artifact.run("obj/tb --in stimulus.txt --expect got.txt"), HasSubstr("PASS"));
  EXPECT_EQ(artifact.run("wc -l < cycles.txt"), "40\n");

  // another event, one less, one more step
  std::string expected = artifact.read("sim/expected.txt");
  size_t event = expected.find("0 ");
  std::string other = expected;
  other.replace(event, other.find('\n', event) - event, "0 1c"); // sum[0] = 3
  artifact.write("sim/expected.txt", other);
  EXPECT_THAT(artifact.run(tb),
              testing::AllOf(HasSubstr("FAIL: "), HasSubstr("sum:value[0]: found"),
                             HasSubstr("expected 3\n"), HasSubstr("exit 1")));
  EXPECT_THAT(artifact.run(vvp), HasSubstr("FAIL: step"));
  artifact.write("sim/expected.txt", expected + "1 0\n");
  EXPECT_THAT(artifact.run(tb), HasSubstr("FAIL: 40 steps were sent, and more are expected"));
  EXPECT_THAT(artifact.run(vvp), HasSubstr("FAIL: 40 steps were sent, and more are expected"));
  artifact.write("sim/expected.txt", expected.substr(0, expected.size() - 4));
  EXPECT_THAT(artifact.run(tb), HasSubstr("FAIL: "));
  EXPECT_THAT(artifact.run(vvp), HasSubstr("FAIL: the end of step 39"));
  artifact.write("sim/expected.txt", expected);

  // another state
  std::string states = artifact.read("sim/states.txt");
  artifact.write("sim/states.txt", fmt::format("1008 {}\n", artifact.stimulus.states[2].value + 1));
  EXPECT_THAT(artifact.run(tb), HasSubstr("FAIL: after step 39: lif:v[2] at 1008: found"));
  EXPECT_THAT(artifact.run(vvp), HasSubstr("FAIL: after step 39: the state at"));
  artifact.write("sim/states.txt", states);

  // memory images
  std::string image = artifact.read("mem/weights.hex");
  for (const auto &[bytes, message] :
       {std::pair(image.substr(0, 6), "mem/weights.hex has 2 words, expected 9"),
        std::pair("29" + image.substr(2), "mem/weights.hex was changed"),
        std::pair(image + "\n", "mem/weights.hex was changed")}) {
    artifact.write("mem/weights.hex", bytes);
    EXPECT_THAT(artifact.run(tb), testing::AllOf(HasSubstr(message), HasSubstr("exit 1")));
    EXPECT_THAT(artifact.run(vvp), HasSubstr(message));
  }
  std::filesystem::remove(artifact.at("mem/weights.hex"));
  EXPECT_THAT(artifact.run(tb), HasSubstr("FAIL: mem/weights.hex cannot be read"));
  EXPECT_THAT(artifact.run(vvp), HasSubstr("mem/weights.hex cannot be read"));
}

/// What is asked of a bench that is driven step by step.
TEST(FpgaSimulation, AnswersQuestions) {
  OnDisk artifact;
  artifact.run("make -s obj/tb");
  artifact.write("sim/in.txt", "? 1000\n0 0\n1 0\nw\n? 1000\n? 1004\nr\n? 1000\n0 1\n1 0\n");
  artifact.write("sim/read.txt", "1008\n1000\n");
  // weights of input 0: 40, -10, 5; of input 1: 20, 50, -20
  EXPECT_EQ(artifact.run("obj/tb --in in.txt --out - --read read.txt 2>/dev/null"),
            "s 0\n0 144\n0 1fb5\n0 2e\n1 0\ns 5\ns 40\nw\ns 40\ns -10\nr\ns 0\n"
            "0 a4\n0 195\n0 1f66\n1 0\ns -20\ns 20\n");
  EXPECT_EQ(artifact.run("obj/tb --in - < in.txt | sed 's/in .*//'"), "PASS: 2 steps \n");
  EXPECT_THAT(artifact.run("echo x | obj/tb --in -"), HasSubstr("FAIL: -:1: found 'x', expected"));
  EXPECT_THAT(artifact.run("echo 0 | obj/tb --in -"), HasSubstr("FAIL: -:1: expected a hex"));
  EXPECT_THAT(artifact.run("obj/tb --on x"), HasSubstr("FAIL: found '--on', expected --in"));
  EXPECT_THAT(artifact.run("obj/tb --in in.txt --trace x.fst"), HasSubstr("make waves"));
}

TEST(FpgaSimulation, FindsFaultsOfDesigns) {
  struct Fault {
    std::string number, said, saidByIcarus;
  };
  OnDisk artifact;
  artifact.run("make -s obj/tb tb.vvp");
  for (const Fault &fault :
       {Fault{"1", "out:spikes[1]: found 0, expected 1", "events did not come"},
        Fault{"2", "m_axis changed while it waited", "m_axis changed while it waited"},
        Fault{"3", "nothing moved for 1000 cycles", "nothing moved for 1000 cycles"},
        Fault{"4", "sum:value[0] came twice", "is not expected, or came twice"},
        Fault{"5", "expected 0", "an event is not expected"},
        Fault{"6", "sum:value[0]: found 203, expected a number from -148 to 202",
              "is not expected"},
        Fault{"7", "an access over AXI4-Lite was refused", "over AXI4-Lite was refused"}}) {
    artifact.write("fault.hex", fault.number + "\n");
    std::string recorded = "--in stimulus.txt --expect expected.txt --states states.txt";
    EXPECT_THAT(artifact.run("obj/tb " + recorded + " --cap 1000 --stall 3"),
                testing::AllOf(HasSubstr(fault.said), HasSubstr("exit 1")))
        << "fault " << fault.number;
    EXPECT_THAT(artifact.run("vvp -n tb.vvp +cap=1000 +stall=3"),
                testing::AllOf(HasSubstr("FAIL: "), HasSubstr(fault.saidByIcarus),
                               testing::Not(HasSubstr("PASS"))))
        << "fault " << fault.number;
  }
}

} // namespace
