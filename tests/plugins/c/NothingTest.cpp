//===- NothingTest.cpp - every call with nothing --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/plugins/c/Support.h"

#include <type_traits>

using namespace nirc::test;

namespace {

/// 0 and NULL, but for the place of an error.
template <typename Argument>
Argument nothing(nirc_error **error) {
  if constexpr (std::is_same_v<Argument, nirc_error **>) {
    return error;
  } else {
    return Argument();
  }
}

/// Calls a function with nothing. Where it returns a status, that is a fault of usage.
template <typename Result, typename... Arguments>
int callWithNothing(const char *name, Result (*function)(Arguments...)) {
  SCOPED_TRACE(name);
  constexpr bool hasStatus = std::is_same_v<Result, nirc_status> && sizeof...(Arguments) > 1;
  Failed failed;
  if constexpr (hasStatus) {
    EXPECT_EQ(function(nothing<Arguments>(nullptr)...), NIRC_E_USAGE);
    EXPECT_EQ(function(nothing<Arguments>(failed)...), NIRC_E_USAGE);
    EXPECT_TRUE(failed.has());
    EXPECT_EQ(failed.status(), NIRC_E_USAGE);
    EXPECT_NE(failed.message().find("found NULL for"), std::string::npos) << failed.text();
    EXPECT_EQ(failed.code(), "bad-option");
    EXPECT_STREQ(failed.what().expected, "a pointer");
  } else {
    function(nothing<Arguments>(failed)...);
    EXPECT_FALSE(failed.has());
  }
  return hasStatus ? 1 : 0;
}

TEST(Nothing, IsAnErrorOfUsageEverywhere) {
  int functions = 0, statuses = 0;
#define FUNCTION(name)                                                                             \
  ++functions;                                                                                     \
  statuses += callWithNothing(#name, name);
#include "Functions.inc"
#undef FUNCTION
  EXPECT_GE(functions, 116);
  EXPECT_GE(statuses, 45);
}

TEST(Nothing, GivesTextsThatAreEmpty) {
  EXPECT_STREQ(nirc_plan_text(nullptr), "");
  EXPECT_STREQ(nirc_plan_json(nullptr), "");
  EXPECT_STREQ(nirc_model_name(nullptr), "");
  EXPECT_STREQ(nirc_error_text(nullptr), "");
  EXPECT_STREQ(nirc_error_diagnostic(nullptr)->code, "");
  EXPECT_EQ(nirc_error_status(nullptr), NIRC_OK);
  EXPECT_STREQ(nirc_artifact_summary(nullptr), "");
  EXPECT_EQ(nirc_program_describe(nullptr), nullptr);
  EXPECT_EQ(nirc_model_graph(nullptr), nullptr);
}

TEST(Nothing, OutIsClearedByAFailedCall) {
  Failed failed;
  auto *graph = reinterpret_cast<nirc_graph *>(1);
  EXPECT_EQ(nirc_graph_read("/no/such/file.nir", nullptr, &graph, failed), NIRC_E_INPUT);
  EXPECT_EQ(graph, nullptr);
  auto *session = reinterpret_cast<nirc_session *>(1);
  EXPECT_EQ(nirc_session_create(nullptr, 1, &session, failed), NIRC_E_USAGE);
  EXPECT_EQ(session, nullptr);
  size_t number = 7;
  EXPECT_EQ(nirc_session_find_input(nullptr, "in", &number, failed), NIRC_E_USAGE);
  EXPECT_EQ(number, 0u);
}

TEST(Nothing, ErrorsAreWrittenByCallsThatGoWellToo) {
  auto *error = reinterpret_cast<nirc_error *>(1);
  nirc_graph *graph = nullptr;
  EXPECT_EQ(nirc_graph_create(&graph, &error), NIRC_OK);
  EXPECT_EQ(error, nullptr);
  nirc_graph_free(graph);
}

TEST(Versions, AreThoseOfTheHeaderAndTheProject) {
  EXPECT_EQ(nirc_api_version(), static_cast<uint32_t>(NIRC_API_VERSION));
  EXPECT_STREQ(nirc_version(), NIRC_VERSION);
}

} // namespace
