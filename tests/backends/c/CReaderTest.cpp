//===- CReaderTest.cpp - reading C ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/c/CReader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc::c;

namespace {

File fileOf(const std::string &text) {
  nir::Result<File> file = File::read(text);
  EXPECT_TRUE(file) << file.error().str();
  return *std::move(file);
}

/// The expression that a function returns, with all its parentheses.
std::string shown(const std::string &expression) {
  nir::Result<Function> function =
      fileOf("int f(int a, int b, int c) { return " + expression + "; }").function("f");
  if (!function) {
    return function.error().message;
  }
  return textOf(function->body.body.back().of[0]);
}

TEST(CReader, KnowsPrecedences) {
  EXPECT_EQ(shown("a + b * c"), "(a + (b * c))");
  EXPECT_EQ(shown("a - b - c"), "((a - b) - c)");
  EXPECT_EQ(shown("a << b + c"), "(a << (b + c))");
  EXPECT_EQ(shown("a & b == c"), "(a & (b == c))");
  EXPECT_EQ(shown("a | b ^ c & a"), "(a | (b ^ (c & a)))");
  EXPECT_EQ(shown("a < b ? b : c ? a : b"), "((a < b) ? b : (c ? a : b))");
  EXPECT_EQ(shown("a || b && !c"), "(a || (b && (!c)))");
  EXPECT_EQ(shown("-(int64_t)(uint32_t)a * b"), "((-(int64_t)(uint32_t)a) * b)");
  EXPECT_EQ(shown("net->v[a * 9 + b]"), "net->v[((a * 9) + b)]");
  EXPECT_EQ(shown("(a)[b] >> p->x.y[0]"), "(a[b] >> p->x.y[0])");
}

TEST(CReader, KnowsTypesOfNumbers) {
  auto typeOf = [](const std::string &number) {
    nir::Result<Function> function = fileOf("int f(void) { return " + number + "; }").function("f");
    EXPECT_TRUE(function) << number;
    return function ? function->body.body[0].of[0].type.name : "";
  };
  EXPECT_EQ(typeOf("2147483647"), "int32_t");
  EXPECT_EQ(typeOf("2147483648"), "int64_t");
  EXPECT_EQ(typeOf("0x80000000"), "uint32_t");
  EXPECT_EQ(typeOf("4294967295u"), "uint32_t");
  EXPECT_EQ(typeOf("4294967296u"), "uint64_t");
  EXPECT_EQ(typeOf("1ull"), "uint64_t");
  EXPECT_EQ(typeOf("UINT64_C(18446744073709551615)"), "uint64_t");
  EXPECT_EQ(typeOf("INT32_C(7)"), "int32_t");
  EXPECT_EQ(typeOf("true"), "bool");
}

TEST(CReader, KnowsStatements) {
  nir::Result<Function> function = fileOf(R"(
    static uint32_t f(uint8_t *data, const struct population *p) {
      int16_t *const restrict c0 = (int16_t *)(data + p->columns[0]); /* v */
      uint32_t count = 0; // how many
      for (size_t i = 0; i < 20; ++i) {
        const bool test = c0[i] > 3;
        if (test) {
          count += test;
        } else { c0[i] = 0; }
      }
      while (count != 0u) { count = count - 1u; }
      return count;
    })")
                                       .function("f");
  ASSERT_TRUE(function) << function.error().str();
  using enum Statement::Kind;
  std::vector<Statement::Kind> kinds;
  for (const Statement &each : function->body.body) {
    kinds.push_back(each.kind);
  }
  EXPECT_THAT(kinds, testing::ElementsAre(Declare, Declare, For, While, Return));
  const Statement &pointer = function->body.body[0], &loop = function->body.body[2];
  EXPECT_TRUE(pointer.type.isPointer);
  EXPECT_EQ(textOf(pointer.of[0].of[0]), "(data + p->columns[0])");
  EXPECT_EQ(textOf(loop.of[0]), "(i < 20)");
  EXPECT_EQ(loop.body[2].body[1].body.size(), 2U);
}

TEST(CReader, FindsTablesAndMembers) {
  File file = fileOf(R"(
    #define N 3 \
      {
    extern "C" {
    typedef struct net { uint32_t lif1_v[20];
      union { struct { uint8_t before[8]; uint16_t values[3]; } fc; } signals;
      float x[2]; size_t one; } net;
    }
    static const int8_t w[3] = {1, -2,
       3,};
    static const uint64_t large[1] = { UINT64_C(9223372036854775808) };
    static const float f[1] = {0.5f};
    void use(void) { w[0]; })");
  nir::Result<Table> table = file.table("w");
  ASSERT_TRUE(table) << table.error().str();
  EXPECT_THAT(table->numbers, testing::ElementsAre(1, -2, 3));
  EXPECT_EQ(table->type.name, "int8_t");
  EXPECT_EQ(file.table("large")->numbers[0], INT64_MIN);
  EXPECT_FALSE(file.table("f"));
  EXPECT_FALSE(file.table("none"));
  auto arrays = file.arraysOf("net");
  ASSERT_TRUE(arrays) << arrays.error().str();
  EXPECT_EQ(arrays->at("signals.fc.values").name, "uint16_t");
  EXPECT_EQ(arrays->at("lif1_v").bits, 32);
  EXPECT_FALSE(arrays->contains("one"));
}

/// Nothing is guessed.
TEST(CReader, RefusesByName) {
  EXPECT_EQ(shown("a = b"), "line 1: found '=', expected ';'");
  EXPECT_EQ(shown("sizeof a"), "line 1: found 'sizeof', expected an expression");
  EXPECT_EQ(shown("&a"), "line 1: found '&', expected an expression");
  EXPECT_EQ(shown("0.5f"),
            "line 1: found the number 0.5f, expected an integer, decimal or hexadecimal");
  EXPECT_EQ(shown("1l"),
            "line 1: found the number 1l, expected an integer, decimal or hexadecimal");
  EXPECT_EQ(shown("012"),
            "line 1: found the number 012, expected an integer, decimal or hexadecimal");
  EXPECT_EQ(shown("(a, b)"), "line 1: found ',', expected ')'");
  EXPECT_EQ(shown("a ? b"), "line 1: found ';', expected ':'");
  for (const char *body : {"switch (a) {}", "do {} while (a);", "goto end;"}) {
    nir::Result<Function> function =
        fileOf(std::string("void f(int a) { ") + body + " }").function("f");
    ASSERT_FALSE(function);
    EXPECT_THAT(function.error().message, testing::HasSubstr("expected a declaration"));
  }
  for (const char *text : {"int f() {", "/* ", "}", "f(]", "\"x", "int \x01;"}) {
    EXPECT_FALSE(File::read(text)) << text;
  }
  EXPECT_EQ(fileOf("int a;").function("f").error().message, "found no function 'f'");
}

} // namespace
