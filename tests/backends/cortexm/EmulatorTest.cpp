//===- EmulatorTest.cpp - programs of a Cortex-M4 under QEMU ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cortexm/Emulator.h"
#include "backends/cortexm/Build.h"
#include "backends/run/Tools.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
using namespace nirc::cortexm;
using testing::HasSubstr;

namespace {

// Memory of 128 kB at 0, as a core of SpiNNaker2 has.
constexpr const char *script = R"(
MEMORY { sram : ORIGIN = 0, LENGTH = 128K }
SECTIONS {
  .text : { KEEP(*(.vectors)) *(.text*) *(.rodata*) } > sram
  .bss : { bss_start = .; *(.bss*) *(COMMON) . = ALIGN(4); bss_end = .; } > sram
  stack_top = ORIGIN(sram) + LENGTH(sram);
  /DISCARD/ : { *(.ARM.exidx*) *(.comment) *(.ARM.attributes) }
})";

// Answers a number with the sum of the numbers below it; 0 takes an address to write to, 1 is the
// end.
constexpr const char *program = R"(
#include "host.h"
uint32_t sums;
__attribute__((noinline)) uint32_t sum_below(uint32_t n) {
  volatile uint32_t sum = 0;
  for (uint32_t i = 0; i < n; ++i) {
    sum += i;
  }
  return sum;
}
int main(void) {
  for (;;) {
    uint32_t n;
    host_read(&n, sizeof n);
    if (n == 0) {
      host_read(&n, sizeof n);
      *(volatile uint32_t *)(uintptr_t)n = 1;
    } else if (n == 1) {
      host_say("enough\n");
      return 7;
    }
    n = sum_below(n);
    ++sums;
    host_write(&n, sizeof n);
  }
})";

std::vector<Artifact::File> files() {
  std::vector<Artifact::File> all = bootFiles();
  all.push_back({"main.c", program});
  all.push_back({"pe.ld", script});
  return all;
}

BuildOptions options() {
  BuildOptions options;
  options.sources = {"boot.c", "main.c"};
  options.script = "pe.ld";
  options.flags = {"-O2", "-DNIRC_MEMORY_BYTES=131072"};
  return options;
}

class EmulatorTest : public testing::Test {
protected:
  void SetUp() override {
    if (!isOnPath("qemu-system-arm")) {
      GTEST_SKIP() << "no QEMU";
    }
    nir::Result<std::string> built = build(files(), options());
    ASSERT_TRUE(built) << built.error().message;
    nir::Result<Elf> read = readElf(*built);
    ASSERT_TRUE(read) << read.error().message;
    elf = *read;
    nir::Result<std::unique_ptr<Workplace>> made = Workplace::make();
    ASSERT_TRUE(made);
    place = *std::move(made);
    ASSERT_FALSE(place->write("main.elf", *built));
    start();
  }
  void start(bool isTimed = false) {
    EmulatorOptions how;
    how.counted = {elf.symbols.at("sum_below")};
    how.isTimed = isTimed;
    nir::Result<std::unique_ptr<Emulator>> started = Emulator::start(place, "main.elf", how);
    ASSERT_TRUE(started) << started.error().message;
    emulator = *std::move(started);
  }
  nir::Status send(uint32_t number) {
    return emulator->send({reinterpret_cast<const char *>(&number), sizeof number});
  }
  nir::Status answer(uint32_t &number) {
    return emulator->receive({reinterpret_cast<char *>(&number), sizeof number});
  }
  /// Instructions in sum_below of a sum.
  uint64_t instructionsOf(uint32_t n) {
    uint64_t before = emulator->counts()[0];
    uint32_t sum = 0;
    EXPECT_FALSE(send(n));
    EXPECT_FALSE(answer(sum));
    EXPECT_EQ(sum, n * (n - 1) / 2);
    return emulator->counts()[0] - before;
  }

  Elf elf;
  std::shared_ptr<Workplace> place;
  std::unique_ptr<Emulator> emulator;
};

TEST_F(EmulatorTest, AnswersAndCounts) {
  // In steps of 16, whatever the compiler unrolls.
  uint64_t once = instructionsOf(16), twice = instructionsOf(32), thrice = instructionsOf(48);
  EXPECT_EQ(thrice - twice, twice - once);
  EXPECT_EQ(instructionsOf(16), once);
  EXPECT_GE(twice - once, 16 * 3U); // a load, a sum and a store at least
  EXPECT_LE(twice - once, 16 * 8U);
  start(/*isTimed=*/true);
  EXPECT_EQ(instructionsOf(16), once);
}

TEST_F(EmulatorTest, HasItsMemoryAlone) {
  uint32_t got = 0;
  ASSERT_FALSE(send(0));
  ASSERT_FALSE(send(0x1fff0));
  ASSERT_FALSE(answer(got)); // inside
  ASSERT_FALSE(send(0));
  ASSERT_FALSE(send(0x20000));
  nir::Status failed = answer(got);
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->code, "program-failed");
  EXPECT_THAT(failed->message, HasSubstr("fault 0x00000082 at 0x00020000"));
}

TEST_F(EmulatorTest, SaysWhyItEnded) {
  uint32_t got = 0;
  ASSERT_FALSE(send(1));
  nir::Status failed = answer(got);
  ASSERT_TRUE(failed);
  EXPECT_THAT(failed->message, HasSubstr("enough"));
}

TEST_F(EmulatorTest, IsNotWaitedForWithoutEnd) {
  EmulatorOptions how;
  how.patience = std::chrono::milliseconds(300);
  nir::Result<std::unique_ptr<Emulator>> started = Emulator::start(place, "main.elf", how);
  ASSERT_TRUE(started);
  emulator = *std::move(started);
  uint32_t got = 0; // nothing was sent
  nir::Status failed = answer(got);
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->message, "the program has not answered for 300 ms");
}

TEST_F(EmulatorTest, EndsWithItsInput) { EXPECT_FALSE(emulator->finish()); }

TEST_F(EmulatorTest, ReadsSizes) {
  EXPECT_EQ(elf.bss, 12); // sums, and the numbers of two files
  EXPECT_EQ(elf.data, 0);
  EXPECT_GT(elf.text, 64);
  EXPECT_GE(elf.end, elf.text + elf.bss);
  EXPECT_LT(elf.end, elf.text + elf.bss + 16); // aligned
  EXPECT_EQ(elf.symbols.at("sums").bytes(), 4U);
}

TEST(CortexmBuild, SaysWhatTheCompilerSays) {
  std::vector<Artifact::File> broken = files();
  broken[2].bytes = "int main(void) { return nothing; }\n";
  nir::Result<std::string> built = build(broken, options());
  ASSERT_FALSE(built);
  EXPECT_EQ(built.error().code, "toolchain");
  EXPECT_THAT(built.error().message, HasSubstr("nothing"));
}

TEST(CortexmBuild, SaysThatItIsTooLarge) {
  std::vector<Artifact::File> large = files();
  large[2].bytes.replace(large[2].bytes.find("++sums;"), 7,
                         "static char much[200000]; much[n] = 1; host_write(much, n); ++sums;");
  nir::Result<std::string> built = build(large, options());
  ASSERT_FALSE(built);
  EXPECT_THAT(built.error().message, HasSubstr("sram"));
}

TEST(CortexmBuild, TakesGcc) {
  BuildOptions with = options();
  with.usesLibrary = true;
  nir::Result<std::string> built = build(files(), with);
  ASSERT_TRUE(built) << built.error().message;
  EXPECT_TRUE(readElf(*built));
}

TEST(CortexmBuild, KnowsProcessors) {
  BuildOptions other = options();
  other.processor = "cortex-m9";
  nir::Result<std::vector<std::string>> words = compilerWords(other);
  ASSERT_FALSE(words);
  EXPECT_THAT(words.error().message, HasSubstr("cortex-m4"));
}

TEST(CortexmElf, TakesAnyBytes) {
  nir::Result<std::string> built = build(files(), options());
  ASSERT_TRUE(built);
  std::string whole = *built;
  size_t read = 0;
  for (size_t cut = 0; cut < whole.size(); cut += 97) {
    read += readElf(std::string_view(whole).substr(0, cut)) ? 1 : 0;
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x5a);
    read += readElf(damaged) ? 1 : 0;
  }
  EXPECT_GT(read, 0U); // most bytes are code
  EXPECT_FALSE(readElf("not a program"));
}

} // namespace
