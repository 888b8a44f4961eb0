//===- CodeCacheTest.cpp - what is kept, and what is not trusted ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/CodeCache.h"

#include "tests/support/TemporaryFolder.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using nirc::CacheOptions;
using nirc::CodeCache;
namespace fs = std::filesystem;

namespace {

constexpr int64_t mebibyte = int64_t(1) << 20;

std::string key(int number) { return fmt::format("{:064x}", number); }

void writeFile(const std::string &path, const std::string &bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct CodeCacheTest : testing::Test {
  nir::test::TemporaryFolder folder;
  std::string path = folder.path + "/cache/nirc";
  CodeCache cache{{path, mebibyte}};
};

TEST_F(CodeCacheTest, FindsWhatWasKept) {
  EXPECT_FALSE(cache.find(key(1)));
  ASSERT_TRUE(cache.keep(key(1), "machine code"));
  EXPECT_EQ(cache.find(key(1)), "machine code");
  EXPECT_FALSE(cache.find(key(2)));
  ASSERT_TRUE(cache.keep(key(1), "other code"));
  EXPECT_EQ(cache.find(key(1)), "other code");
  ASSERT_TRUE(cache.keep(key(2), ""));
  EXPECT_EQ(cache.find(key(2)), "");
}

TEST_F(CodeCacheTest, IsTheUsersAlone) {
  ASSERT_TRUE(cache.keep(key(1), "code"));
  constexpr auto folderMode = fs::perms::owner_all;
  constexpr auto fileMode = fs::perms::owner_read | fs::perms::owner_write;
  EXPECT_EQ(fs::status(path).permissions(), folderMode);
  EXPECT_EQ(fs::status(fs::path(path).parent_path()).permissions(), folderMode);
  EXPECT_EQ(fs::status(cache.pathOf(key(1))).permissions(), fileMode);
}

TEST_F(CodeCacheTest, MakesNoHome) {
  CodeCache homeless({folder.path + "/home/cache/nirc"});
  EXPECT_FALSE(homeless.keep(key(1), "code"));
  EXPECT_FALSE(fs::exists(folder.path + "/home"));
}

TEST_F(CodeCacheTest, DoesNotReadDamagedEntries) {
  ASSERT_TRUE(cache.keep(key(1), "machine code"));
  std::string whole = readFile(cache.pathOf(key(1)));
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    writeFile(cache.pathOf(key(1)), damaged);
    EXPECT_FALSE(cache.find(key(1))) << i;
    writeFile(cache.pathOf(key(1)), whole.substr(0, i));
    EXPECT_FALSE(cache.find(key(1))) << i;
  }
  writeFile(cache.pathOf(key(1)), whole + "x");
  EXPECT_FALSE(cache.find(key(1)));
  writeFile(cache.pathOf(key(1)), whole);
  EXPECT_EQ(cache.find(key(1)), "machine code");
}

TEST_F(CodeCacheTest, DoesNotReadAnEntryUnderAnotherName) {
  ASSERT_TRUE(cache.keep(key(1), "machine code"));
  fs::rename(cache.pathOf(key(1)), cache.pathOf(key(2)));
  EXPECT_FALSE(cache.find(key(2)));
}

TEST_F(CodeCacheTest, DoesNotReadWhatOthersMayWrite) {
  ASSERT_TRUE(cache.keep(key(1), "code"));
  for (mode_t mode : {0620, 0602}) {
    ASSERT_EQ(chmod(cache.pathOf(key(1)).c_str(), mode), 0);
    EXPECT_FALSE(cache.find(key(1)));
  }
  ASSERT_EQ(chmod(cache.pathOf(key(1)).c_str(), 0644), 0); // others may read
  EXPECT_TRUE(cache.find(key(1)));
  for (mode_t mode : {0770, 0777, 01777}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_FALSE(cache.find(key(1)));
    EXPECT_FALSE(cache.keep(key(2), "code"));
  }
}

TEST_F(CodeCacheTest, DoesNotReadLinksPipesAndFolders) {
  ASSERT_TRUE(cache.keep(key(1), "code"));
  fs::create_symlink(cache.pathOf(key(1)), cache.pathOf(key(2)));
  EXPECT_FALSE(cache.find(key(2)));
  ASSERT_EQ(mkfifo(cache.pathOf(key(3)).c_str(), 0600), 0);
  EXPECT_FALSE(cache.find(key(3))); // and does not wait
  fs::create_directory(cache.pathOf(key(4)));
  EXPECT_FALSE(cache.find(key(4)));
  EXPECT_FALSE(cache.keep(key(4), "code"));
}

TEST_F(CodeCacheTest, DoesNotReadWhatIsAnothers) {
  ASSERT_TRUE(cache.keep(key(1), "code"));
  constexpr uid_t nobody = 65534;
  if (chown(cache.pathOf(key(1)).c_str(), nobody, nobody) != 0) {
    GTEST_SKIP() << "files can be given away by root alone";
  }
  EXPECT_FALSE(cache.find(key(1)));
  ASSERT_EQ(chown(cache.pathOf(key(1)).c_str(), geteuid(), getegid()), 0);
  EXPECT_TRUE(cache.find(key(1)));
  ASSERT_EQ(chown(path.c_str(), nobody, nobody), 0);
  EXPECT_FALSE(cache.find(key(1)));
  EXPECT_FALSE(cache.keep(key(2), "code"));
}

TEST_F(CodeCacheTest, KeepsNothingWhereItCannot) {
  writeFile(folder.path + "/file", "");
  CodeCache inFile({folder.path + "/file"}), underFile({folder.path + "/file/cache"});
  EXPECT_FALSE(inFile.keep(key(1), "code"));
  EXPECT_FALSE(inFile.find(key(1)));
  EXPECT_FALSE(underFile.keep(key(1), "code"));
}

/// When an entry was used last, in seconds from now.
void setUsed(const std::string &file, int seconds) {
  struct timespec times[2] = {{.tv_sec = time(nullptr) + seconds, .tv_nsec = 0}, {}};
  times[1] = times[0];
  ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
}

TEST_F(CodeCacheTest, RemovesWhatWasNotUsedForLongest) {
  std::string third(mebibyte * 3 / 10, 'x');
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(cache.keep(key(i), third));
    setUsed(cache.pathOf(key(i)), 10 * i - 1000);
  }
  ASSERT_TRUE(cache.find(key(1))); // used now
  writeFile(path + "/notes.txt", std::string(mebibyte, 'x'));
  ASSERT_TRUE(cache.keep(key(4), third));
  EXPECT_TRUE(cache.find(key(1)));
  EXPECT_FALSE(cache.find(key(2)));
  EXPECT_TRUE(cache.find(key(3)));
  EXPECT_TRUE(cache.find(key(4)));
  EXPECT_TRUE(fs::exists(path + "/notes.txt")); // not its own
}

TEST_F(CodeCacheTest, TakesNothingThatIsLargerThanItself) {
  ASSERT_TRUE(cache.keep(key(1), "code"));
  EXPECT_FALSE(cache.keep(key(2), std::string(mebibyte, 'x')));
  EXPECT_TRUE(cache.find(key(1)));
  CodeCache larger({path, 4 * mebibyte});
  ASSERT_TRUE(larger.keep(key(2), std::string(mebibyte, 'x')));
  EXPECT_FALSE(cache.find(key(2)));
}

TEST_F(CodeCacheTest, RemovesWhatAnEndedProcessLeft) {
  ASSERT_TRUE(cache.keep(key(1), "code"));
  std::string fresh = path + "/new-1-0-a.code", old = path + "/new-2-0-a.code";
  writeFile(fresh, "x");
  writeFile(old, "x");
  setUsed(old, -7200);
  ASSERT_TRUE(cache.keep(key(2), "code"));
  EXPECT_TRUE(fs::exists(fresh)); // it may be being written
  EXPECT_FALSE(fs::exists(old));
}

TEST_F(CodeCacheTest, IsForSeveralProcessesAtOnce) {
  constexpr int processes = 4, keys = 8, rounds = 200;
  auto contentsOf = [](int number) {
    return std::string(static_cast<size_t>(mebibyte) / 6, static_cast<char>('a' + number));
  };
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    pid_t child = fork();
    if (child == 0) { // there is not room for all keys: entries come and go
      int wrong = 0;
      for (int round = 0; round < rounds; ++round) {
        int number = (round * 7 + process) % keys;
        std::optional<std::string> found = cache.find(key(number));
        wrong += found && *found != contentsOf(number) ? 1 : 0;
        cache.keep(key(number), contentsOf(number));
      }
      _exit(wrong == 0 ? 0 : 1);
    }
    ASSERT_GT(child, 0);
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  int64_t total = 0;
  for (const auto &file : fs::directory_iterator(path)) {
    EXPECT_EQ(file.path().filename().string().find("new-"), std::string::npos);
    total += static_cast<int64_t>(file.file_size());
  }
  EXPECT_LE(total, mebibyte);
}

//===----------------------------------------------------------------------===//
// Which cache
//===----------------------------------------------------------------------===//

/// The environment of one test.
class Environment : public testing::Test {
protected:
  void SetUp() override {
    for (const char *name : names) {
      const char *value = getenv(name);
      before.push_back(value ? std::optional<std::string>(value) : std::nullopt);
      unsetenv(name);
    }
  }
  void TearDown() override {
    for (size_t i = 0; i < std::size(names); ++i) {
      before[i] ? setenv(names[i], before[i]->c_str(), 1) : unsetenv(names[i]);
    }
  }
  static std::string folder() {
    std::optional<CacheOptions> options = CacheOptions::ofEnvironment();
    return options ? options->folder : "none";
  }

private:
  static constexpr const char *names[] = {"NIRC_CACHE_DIR", "NIRC_CACHE_MIB", "XDG_CACHE_HOME",
                                          "HOME"};
  std::vector<std::optional<std::string>> before;
};

TEST_F(Environment, NamesTheFolder) {
  EXPECT_EQ(folder(), "none");
  setenv("HOME", "/home/user", 1);
  EXPECT_EQ(folder(), "/home/user/.cache/nirc");
  setenv("XDG_CACHE_HOME", "relative", 1);
  EXPECT_EQ(folder(), "/home/user/.cache/nirc");
  setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_EQ(folder(), "/caches/nirc");
  setenv("NIRC_CACHE_DIR", "own", 1);
  EXPECT_EQ(folder(), "own");
}

TEST_F(Environment, NamesTheSize) {
  setenv("NIRC_CACHE_DIR", "/own", 1);
  ASSERT_TRUE(CacheOptions::ofEnvironment());
  EXPECT_EQ(CacheOptions::ofEnvironment()->mostBytes, 256 * mebibyte);
  setenv("NIRC_CACHE_MIB", "3", 1);
  EXPECT_EQ(CacheOptions::ofEnvironment()->mostBytes, 3 * mebibyte);
  for (const char *off : {"0", "-1", "3M", "x", "9999999999999999"}) {
    setenv("NIRC_CACHE_MIB", off, 1);
    EXPECT_FALSE(CacheOptions::ofEnvironment()) << off;
  }
}

} // namespace
