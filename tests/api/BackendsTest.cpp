//===- BackendsTest.cpp - chips of others, loaded by a host ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Backends.h"

#include "backends/Plugin.h"
#include "backends/Target.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"
#include "tests/support/Alone.h"
#include "tests/support/TemporaryFolder.h"

#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

using namespace nirc;
using nir::test::alone;

namespace {

class Backends : public testing::Test {
protected:
  std::string chip(const std::string &name) const {
    std::string path = folder.path + "/" + name + ".json";
    std::ofstream(path) << fmt::format(R"({{"nirc-chip": 1, "name": "{}",
      "cores": {{"columns": 2, "rows": 2, "neurons": 9}}, "synapse": {{"weight-bits": 7}}}})",
                                       name);
    return path;
  }
  nir::test::TemporaryFolder folder;
};

std::string textOf(const nir::Status &status) { return status ? status->str() : ""; }

TEST_F(Backends, AreKnownFromWhenTheyAreLoaded) {
  alone([&] {
    std::string path = chip("first-chip");
    EXPECT_FALSE(findTarget("first-chip"));
    EXPECT_EQ(textOf(loadBackend(path)), "");
    EXPECT_TRUE(findTarget("first-chip"));
    EXPECT_EQ((*findTarget("first-chip"))->name(), "first-chip");
    EXPECT_EQ(nir::numberFormatOf("first-chip")->weightBits, 7);
    EXPECT_TRUE(nir::presetSemantics("first-chip"));
    // Again, and by another way to it, it is the same.
    size_t count = targets().size();
    EXPECT_EQ(textOf(loadBackend(path)), "");
    EXPECT_EQ(textOf(loadBackend(folder.path + "/./first-chip.json")), "");
    EXPECT_EQ(targets().size(), count);
  });
}

TEST_F(Backends, AreAddedWholeOrNotAtAll) {
  alone([&] {
    size_t formats = nir::formatPresets().size(), semantics = nir::presets().size();
    Backend backend;
    backend.formats = {{"whole", "", "weight-bits=4", ""}};
    backend.semantics = {{"whole", "", "reset=subtract", "", ""}, {"whole", "", "", "", ""}};
    nir::Status failed = addBackend(backend);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->message, "brings the semantics preset 'whole' twice");
    EXPECT_EQ(nir::formatPresets().size(), formats);
    EXPECT_EQ(nir::presets().size(), semantics);
  });
}

TEST_F(Backends, AreTakenOutOfArguments) {
  alone([&] {
    std::vector<std::string> arguments = {"--load-backend=" + chip("argument-one"),
                                          "run",
                                          "m.nir",
                                          "--load-backend",
                                          chip("argument-two"),
                                          "--",
                                          "--load-backend=none"};
    EXPECT_EQ(textOf(loadBackendsOf(arguments)), "");
    EXPECT_EQ(arguments, (std::vector<std::string>{"run", "m.nir", "--", "--load-backend=none"}));
    EXPECT_TRUE(findTarget("argument-one"));
    EXPECT_TRUE(findTarget("argument-two"));
  });
}

TEST_F(Backends, AreLoadedWhileOthersLook) {
  alone([&] {
    constexpr int each = 20;
    std::vector<std::string> paths;
    for (int i = 0; i < 2 * each; ++i) {
      paths.push_back(chip(fmt::format("chip-{}", i)));
    }
    size_t before = targets().size();
    std::vector<std::thread> threads;
    for (int t = 0; t < 2; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < each; ++i) {
          EXPECT_EQ(textOf(loadBackend(paths[static_cast<size_t>(t * each + i)])), "");
          EXPECT_TRUE(findTarget(fmt::format("chip-{}", t * each + i)));
        }
      });
      threads.emplace_back([] {
        for (int i = 0; i < 50 * each; ++i) {
          std::string_view last;
          for (const Target *target : targets()) {
            EXPECT_LT(last, target->name()); // by name, and none twice
            last = target->name();
          }
        }
      });
    }
    for (std::thread &thread : threads) {
      thread.join();
    }
    EXPECT_EQ(targets().size(), before + 2 * each);
  });
}

} // namespace
