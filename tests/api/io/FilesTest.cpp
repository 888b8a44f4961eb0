//===- FilesTest.cpp - files appear whole or not at all -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace nirc;
namespace fs = std::filesystem;

namespace {
class Files : public testing::Test {
protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             ("nirc-files-" +
              std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string path(const char *name) const { return (folder / name).string(); }
  static std::string content(const std::string &path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  size_t count() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder), {}));
  }

  fs::path folder;
};
} // namespace

TEST_F(Files, WritesAndReplaces) {
  EXPECT_FALSE(writeFile(path("a"), "one"));
  EXPECT_FALSE(writeFile(path("a"), "two"));
  EXPECT_EQ(content(path("a")), "two");
  EXPECT_EQ(count(), 1U) << "a temporary file is left";
}

TEST_F(Files, AFailedWriteLeavesTheOldFile) {
  EXPECT_FALSE(writeFile(path("a"), "old"));
  nir::Status failed = writeAtomically(path("a"), [&](const std::string &temporary) -> nir::Status {
    std::ofstream(temporary) << "half";
    return nir::Error(nir::Cause::CannotWrite, "no more room");
  });
  ASSERT_TRUE(failed);
  EXPECT_EQ(content(path("a")), "old");
  EXPECT_EQ(count(), 1U);
}

TEST_F(Files, FollowsALink) {
  EXPECT_FALSE(writeFile(path("target"), "old"));
  fs::create_symlink(path("target"), path("link"));
  EXPECT_FALSE(writeFile(path("link"), "new"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content(path("target")), "new");
}

TEST_F(Files, ADeviceIsNotReplaced) {
  EXPECT_FALSE(writeFile("/dev/null", "gone"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(Files, SaysWhyNot) {
  nir::Status failed = writeFile(path("missing/a"), "x");
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->message, "cannot write the file: No such file or directory");
  EXPECT_EQ(writeFile(folder.string(), "x")->message,
            "is a folder, expected the name of a file to write");
  EXPECT_EQ(readFile(folder.string(), 10).error().message, "is a folder, expected a file");
  EXPECT_EQ(readFile(path("none"), 10).error().message,
            "cannot open the file: No such file or directory");
}

TEST_F(Files, ReadsUpToTheLimit) {
  EXPECT_FALSE(writeFile(path("a"), "12345"));
  EXPECT_EQ(readFile(path("a"), 5)->size(), 5U);
  EXPECT_EQ(readFile(path("a"), 4).error().message, "is larger than the limit of 4 bytes");
}
