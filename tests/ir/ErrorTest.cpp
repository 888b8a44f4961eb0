//===- ErrorTest.cpp - results and diagnostics ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Error.h"

#include <gtest/gtest.h>
#include <memory>
#include <type_traits>

using namespace nir;

namespace {

Result<std::vector<std::string>> names() {
  return std::vector<std::string>{"a name too long to lie inside its string", "b"};
}

/// `for` keeps alive what `*` gives, and not the result it came out of.
TEST(Result, TheValueOfATemporaryOutlivesIt) {
  static_assert(!std::is_reference_v<decltype(*names())>);
  std::string all;
  for (const std::string &name : *names()) {
    all += name;
  }
  EXPECT_EQ(all, "a name too long to lie inside its stringb");
}

TEST(Result, AValueThatOnlyMoves) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  ASSERT_TRUE(result);
  std::unique_ptr<int> value = *std::move(result);
  EXPECT_EQ(*value, 7);
}

TEST(Diagnostic, SaysFileNodeAndNotes) {
  Error error = Error::atNode(Cause::WrongValue, "lif1", "tau is 0, expected more")
                    .note("seconds")
                    .note("as here", "lif2");
  error.file = "x.nir";
  EXPECT_EQ(error.str(), "x.nir: error: node 'lif1': tau is 0, expected more\n"
                         "x.nir: note: seconds\n"
                         "x.nir: note: node 'lif2': as here");
}

} // namespace
