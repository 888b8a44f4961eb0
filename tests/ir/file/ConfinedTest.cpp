//===- ConfinedTest.cpp - a reading process that misbehaves ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NIRC_READ_HELPER puts another program in the place of nirc-read: one that crashes, hangs, says
// nothing. And Wire.h is fed what nirc-read would never say.
//
//===----------------------------------------------------------------------===//

#include "ir/file/Confined.h"

#include "Hdf5Fixture.h"
#include "ir/file/ReadData.h"
#include "ir/file/Reader.h"
#include "ir/file/Writer.h"

#include <csignal>
#include <fstream>
#include <random>
#include <thread>

using namespace nir;
using namespace nir::test;

namespace {

struct Confined : testing::Test {
  TemporaryFolder folder;
  std::string path = folder.file("x.nir");

  void SetUp() override { ASSERT_FALSE(write(smallModel(), path)); }
  void TearDown() override { unsetenv("NIRC_READ_HELPER"); }

  /// Puts a shell script in the place of nirc-read.
  void replaceHelper(const std::string &script) {
    std::string helper = folder.file("helper");
    std::ofstream(helper) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(helper, std::filesystem::perms::owner_all);
    setenv("NIRC_READ_HELPER", helper.c_str(), 1);
  }
  /// Whether the process that left its number in the file `pid` is there.
  bool isRunning() const {
    pid_t pid = 0;
    std::ifstream(folder.file("pid")) >> pid;
    EXPECT_GT(pid, 0);
    return kill(pid, 0) == 0;
  }
  std::string message(const ReadLimits &limits = {}) {
    Result<Model> model = nir::read(path, limits);
    return model ? "it was read" : model.error().str();
  }
  static ReadLimits seconds(double most) {
    ReadLimits limits;
    limits.maxSeconds = most;
    return limits;
  }
};

TEST_F(Confined, saysThatTheReaderCrashed) {
  replaceHelper("kill -SEGV $$");
  EXPECT_EQ(message(), path + ": error: crashed the HDF5 library (SIGSEGV) while it was read: the "
                              "file is damaged");
}

TEST_F(Confined, endsAReaderThatHangs) {
  replaceHelper("echo $$ > " + folder.file("pid") + "; exec sleep 100000");
  EXPECT_EQ(message(seconds(0.2)),
            path + ": error: took longer than 0.2 s to read (limit maxSeconds)\n" + path +
                ": note: a damaged file can keep the HDF5 library busy for ever");
  EXPECT_FALSE(isRunning());
}

TEST_F(Confined, endsAReaderThatClosesThePipeAndHangs) {
  replaceHelper("echo $$ > " + folder.file("pid") + "; exec 4>&-; exec sleep 100000");
  EXPECT_EQ(message(seconds(0.2)).substr(0, path.size() + 15), path + ": error: took l");
  EXPECT_FALSE(isRunning());
}

TEST_F(Confined, doesNotWaitForOthersThatHoldThePipe) {
  // As a fork of another thread would: a process that outlives the reader.
  std::string held = folder.file("held");
  std::ofstream(held).flush();
  replaceHelper("(while [ -e " + held + " ]; do sleep 0.1; done) & echo $! > " +
                folder.file("pid") + "; exit 7");
  EXPECT_EQ(message(), path + ": error: cannot be read safely: nirc-read ended with exit code 7");
  EXPECT_TRUE(isRunning()); // and still holds the pipe
  std::filesystem::remove(held);
}

TEST_F(Confined, saysThatThereIsNoAnswer) {
  replaceHelper("exit 0");
  EXPECT_EQ(message(), path +
                           ": error: made the reading process end without an answer: the file is "
                           "damaged");
}

TEST_F(Confined, saysThatMemoryRanOut) {
  replaceHelper("exit 65");
  ReadLimits limits;
  limits.maxWorkBytes = 12345678;
  EXPECT_EQ(message(limits), path +
                                 ": error: took more than 12345678 bytes beside its parameters to "
                                 "read (limit maxWorkBytes)");
}

TEST_F(Confined, saysThatTheReaderIsOfAnotherVersion) {
  replaceHelper("exit 64");
  EXPECT_EQ(message(), path +
                           ": error: cannot be read safely: nirc-read is of another version than "
                           "this program");
}

TEST_F(Confined, saysThatTheReaderIsNotThere) {
  setenv("NIRC_READ_HELPER", "/nowhere/nirc-read", 1);
  EXPECT_EQ(message(), path +
                           ": error: cannot be read safely: /nowhere/nirc-read cannot be started: "
                           "No such file or directory");
}

TEST_F(Confined, boundsTheMemoryOfTheReader) {
  // 10^6 edges of text take more than the work memory, and are refused as one of two things.
  Model model = smallModel();
  model.graph.edges.assign(1'000'000, {"some rather long name of a node", "output"});
  ASSERT_FALSE(write(model, path));
  ReadLimits limits;
  limits.maxWorkBytes = limits.maxTotalBytes = 1 << 20;
  EXPECT_NE(message(limits), "it was read");
}

TEST_F(Confined, readsFromManyThreadsAndWithSignalsIgnored) {
  auto *before = signal(SIGCHLD, SIG_IGN); // children are reaped by the kernel: no exit status
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 5; ++k) {
        Result<Model> model = nir::read(path);
        good += model && *model == smallModel();
      }
    });
  }
  for (std::thread &thread : threads) {
    thread.join();
  }
  signal(SIGCHLD, before);
  EXPECT_EQ(good, 20);
}

TEST_F(Confined, takesPathsAsTheyAre) {
  std::string odd = folder.file("-ö \n'x");
  ASSERT_FALSE(write(smallModel(), odd));
  Result<Model> model = nir::read(odd);
  EXPECT_TRUE(model) << model.error().str();
}

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

/// The message of a model, and the memory its tensors lie in.
std::pair<std::vector<std::byte>, std::shared_ptr<std::byte>> messageOf(size_t memory) {
  std::shared_ptr<std::byte> shared(new std::byte[memory](), std::default_delete<std::byte[]>());
  Model model = smallModel();
  for (Node &node : model.graph.nodes) {
    visitParams(node.params, [&](const char *, auto &parameter) {
      if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, Tensor>) {
        parameter = Tensor(parameter.dtype(), parameter.shape(), shared);
      } else {
        parameter = {};
      }
    });
  }
  auto &inner = std::get<Graph>(model.graph.nodes[4].params);
  inner = Graph{};
  model.metadata.clear();
  model.graph.nodes[2].metadata.clear();
  WireWriter wire(shared.get());
  // An absent padding is float64 0 by default, which lies elsewhere: give it a text.
  std::get<Conv2d>(model.graph.nodes[0].params).padding = std::string("valid");
  put(wire, model);
  return {wire.message(), shared};
}

TEST(Wire, takesNoMessageThatWasChanged) {
  // Not that it finds every change, but that no change makes it reach outside: run under the
  // sanitizers this is the proof.
  constexpr size_t memory = 4096;
  auto [message, shared] = messageOf(memory);
  Model model;
  WireReader whole(message, shared, memory);
  take(whole, model);
  ASSERT_TRUE(whole.atEnd());
  constexpr uint64_t seed = 7;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::byte> changed = message;
    for (uint64_t hits = 1 + random() % 3; hits > 0; --hits) {
      changed[random() % changed.size()] = std::byte(random() & 0xFF);
    }
    changed.resize(random() % 4 ? changed.size() : random() % changed.size());
    Model model;
    WireReader wire(changed, shared, memory);
    take(wire, model);
    if (!wire.atEnd()) {
      ++refused;
      continue;
    }
    for (const Node &node : model.graph.nodes) {
      visitParams(node.params, [&](const char *, const auto &parameter) {
        if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, Tensor>) {
          (void)parameter.toDoubles();
        }
      });
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(Wire, refusesTensorsOutsideTheMemory) {
  std::shared_ptr<std::byte> shared(new std::byte[64](), std::default_delete<std::byte[]>());
  auto isTaken = [&](const std::vector<uint64_t> &numbers) {
    WireWriter writer(shared.get());
    for (uint64_t number : numbers) {
      writer.number(number);
    }
    WireReader reader(writer.message(), shared, 64);
    (void)reader.tensor();
    return reader.atEnd();
  };
  auto f64 = static_cast<uint64_t>(DType::F64);
  EXPECT_TRUE(isTaken({f64, 1, 8, 0}));
  EXPECT_TRUE(isTaken({f64, 2, 2, 2, 32}));
  EXPECT_TRUE(isTaken({f64, 1, 0, 56}));
  EXPECT_FALSE(isTaken({f64, 1, 9, 0}));
  EXPECT_FALSE(isTaken({f64, 1, 8, 8}));
  EXPECT_FALSE(isTaken({f64, 1, 1, 64}));
  EXPECT_FALSE(isTaken({f64, 1, 1, 4}));
  EXPECT_FALSE(isTaken({f64 + 1, 0, 0}));
  EXPECT_FALSE(isTaken({f64, 33, 0}));
  EXPECT_FALSE(isTaken({f64, 2, uint64_t(1) << 32, uint64_t(1) << 32, 0}));
  EXPECT_FALSE(isTaken({f64, 2, 0, uint64_t(1) << 63, 0}));
  EXPECT_FALSE(isTaken({f64, 1, ~uint64_t(0), 0}));
}

} // namespace
