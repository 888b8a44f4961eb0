//===- SplitModuleTest.cpp - files that are sound, and that are not -------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/SplitModule.h"

#include "api/MlirFile.h"
#include "api/io/Files.h"
#include "tests/support/Build.h"

#include "mlir/IR/MLIRContext.h"

#include <csignal>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <new>
#include <span>

using namespace nir;
using namespace nir::test;
using testing::HasSubstr;

namespace {

using Read = Result<mlir::OwningOpRef<mlir::ModuleOp>>;

Result<nirc::ParsedMlir> parse(const std::string &bytes) {
  return nirc::parseMlir("net.mlirbc", std::as_bytes(std::span(bytes.data(), bytes.size())));
}

/// The error of a reader that does `act` instead of reading.
std::string errorOf(const std::function<Read()> &act) {
  Result<nirc::SplitModule> split =
      nirc::readApart("bytes", "net.mlirbc", [&](llvm::StringRef) { return act(); });
  return split ? "no error" : split.error().str();
}

TEST(SplitModule, TheErrorOfTheReaderIsHandedOver) {
  EXPECT_EQ(
      errorOf([] {
        return Error(Cause::Internal, "is no network").note("for two reasons").note("or three");
      }),
      "net.mlirbc: error: is no network\nnet.mlirbc: note: for two reasons\n"
      "net.mlirbc: note: or three");
}

TEST(SplitModule, AReaderThatDiesIsAnError) {
  std::string crash = "net.mlirbc: error: is damaged: MLIR's reader crashes on it";
  for (int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
    EXPECT_THAT(errorOf([&] {
                  raise(number);
                  return Error(Cause::Internal, "was not raised");
                }),
                HasSubstr(crash))
        << number;
  }
  EXPECT_THAT(errorOf([]() -> Read { throw std::bad_alloc(); }), HasSubstr("memory is too small"));
  EXPECT_THAT(errorOf([]() -> Read { _exit(0); }), HasSubstr("does not come to an end"));
  EXPECT_THAT(errorOf([]() -> Read {
                raise(SIGXCPU);
                _exit(0);
              }),
              HasSubstr("is not read in 5 s"));
}

/// A reader that spoils its own memory and goes on leaves none of it here.
TEST(SplitModule, WhatTheReaderWritesStaysInItsProcess) {
  std::string here = "as it was";
  EXPECT_THAT(errorOf([&] {
                here = "spoilt";
                return Error(Cause::Internal, "is no network");
              }),
              HasSubstr("is no network"));
  EXPECT_EQ(here, "as it was");
}

/// Weights of each size, small ones in the text and large ones as resources, with all bits.
TEST(SplitModule, HoldsTheModel) {
  for (int64_t size : {1, 7, 300}) {
    std::vector<double> weights(static_cast<size_t>(2 * size));
    for (size_t i = 0; i < weights.size(); ++i) {
      weights[i] = 1.0 / (1.0 + static_cast<double>(i));
    }
    Model model{
        "1.0",
        graphOf({{"in", input({2})},
                 {"fc", Linear{array({size, 2}, weights)}},
                 {"with 'odd' \"name\"",
                  Scale{vec(std::vector<double>(static_cast<size_t>(size), 0.1))}},
                 {"out", output({size})}},
                {{"in", "fc"}, {"fc", "with 'odd' \"name\""}, {"with 'odd' \"name\"", "out"}}),
        {}};
    Result<std::string> text = nirc::mlirBytes(model, "net", nirc::MlirForm::Text);
    Result<std::string> bytes = nirc::mlirBytes(model, "net", nirc::MlirForm::Bytecode);
    ASSERT_TRUE(text && bytes);
    Result<nirc::ParsedMlir> parsed = parse(*bytes);
    ASSERT_TRUE(parsed) << parsed.error().str();
    EXPECT_EQ(*nirc::mlirBytes(parsed->model, "net", nirc::MlirForm::Text), *text) << size;
  }
}

/// MLIR 22 asks an index for its width.
TEST(MlirText, ThatCrashesTheReaderIsDamaged) {
  Result<nirc::ParsedMlir> parsed = parse("module attributes {a = array<index: 1>} {}");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().str(),
            "net.mlirbc: error: is damaged: MLIR's reader crashes on it\n"
            "net.mlirbc: note: write it again, with `nirc convert` or `nirc quantize`");
}

/// Text that ends within a string, whatever lies behind it in memory: its length goes through all
/// places in a page.
TEST(MlirText, EndsWhereItEnds) {
  std::string text = "{-# dialect_resources: { builtin: { w: \"0x" + std::string(200'000, '0');
  for (int i = 0; i < 4096 + 64; i += 16) {
    text += std::string(16, '0');
    Result<nirc::ParsedMlir> parsed = parse(text);
    ASSERT_FALSE(parsed);
    ASSERT_EQ(parsed.error().str(), "net.mlirbc: error: line 1: expected '\"' in string literal");
  }
}

/// Each byte of each kept file is damaged in turn.
TEST(SplitModule, EveryDamagedByteEndsInAnAnswer) {
  int refused = 0, tried = 0;
  for (const char *file : {"graph.mlirbc", "integers.mlirbc"}) {
    Result<std::vector<std::byte>> sound =
        nirc::readFile(fmt::format("{}/tests/formats/v1/{}", NIRC_SOURCE_DIR, file), 1 << 20);
    ASSERT_TRUE(sound);
    std::string bytes(reinterpret_cast<const char *>(sound->data()), sound->size());
    ASSERT_TRUE(parse(bytes)) << file;
    for (size_t i = 4; i < bytes.size(); ++i) { // behind MLIR's mark, without which it is text
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] + (i % 3 == 0 ? 0x7d : 2));
      Result<nirc::ParsedMlir> parsed = parse(damaged);
      ++tried;
      if (!parsed) {
        ++refused;
        EXPECT_THAT(parsed.error().str(), HasSubstr("net.mlirbc: error: ")) << file << " at " << i;
        EXPECT_THAT(parsed.error().str(), testing::Not(HasSubstr("process was ended")));
      }
    }
  }
  EXPECT_GT(refused, tried / 2);
}

} // namespace
