//===- BackendTest.cpp - chips of others ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/plugins/c/Support.h"

#include <cstdlib>
#include <set>

using namespace nirc::test;

namespace {

const char *pocket = NIRC_SOURCE_DIR "/examples/chip-file/pocket.json";

std::set<std::string> targetNames() {
  std::set<std::string> names;
  for (size_t i = 0; i < nirc_target_count(); ++i) {
    names.insert(nirc_target_at(i)->name);
  }
  return names;
}

TEST(Backend, OfAChipFileBringsATarget) {
  const nirc_target *first = nirc_target_at(0);
  nirc_load_backend(pocket, Well());
  nirc_load_backend(pocket, Well()); // it stays as it is
  EXPECT_EQ(targetNames().count("pocket"), 1u);
  EXPECT_EQ(targetNames().size(), nirc_target_count());
  EXPECT_STRNE(first->name, ""); // what was given before lives on
  EXPECT_STREQ(nirc_semantics_at(nirc_semantics_count() - 1)->name, "pocket");
  EXPECT_STREQ(nirc_format_at(nirc_format_count() - 1)->name, "pocket");
  // It can be chosen, and runs.
  constexpr int64_t steps = 50;
  Program program = programOf(planOf(smallModel(), "pocket", "pocket", "pocket"));
  EXPECT_STREQ(nirc_program_describe(program.get())->target, "pocket");
  std::vector<float> values = smallInput(1, steps);
  const int64_t shape[] = {steps, 2};
  nirc_signal signal{nullptr, nullptr, {values.data(), shape, 2, NIRC_FLOAT32}};
  Recording recording = owned<Recording>([&](nirc_recording **out) {
    nirc_program_run(program.get(), &signal, 1, nullptr, out, Well());
  });
  const nirc_event *events = nullptr;
  size_t count = 0;
  nirc_recording_events(recording.get(), 0, &events, &count, Well());
  EXPECT_GT(count, 5u);
}

TEST(Backend, ThatIsNoneIsAnError) {
  std::set<std::string> before = targetNames();
  Failed failed;
  EXPECT_EQ(nirc_load_backend(NIRC_SOURCE_DIR "/README.md", failed), NIRC_E_INPUT);
  EXPECT_STREQ(failed.what().file, NIRC_SOURCE_DIR "/README.md");
  EXPECT_EQ(nirc_load_backend("/no/such/file.so", failed), NIRC_E_INPUT);
  EXPECT_EQ(targetNames(), before);
}

TEST(Backend, OfTheEnvironmentIsLoadedWhenItIsAskedFor) {
  setenv("NIRC_BACKENDS", "", 1);
  nirc_load_backends_of_environment(Well());
  setenv("NIRC_BACKENDS", "/no/such/file.so", 1);
  Failed failed;
  EXPECT_EQ(nirc_load_backends_of_environment(failed), NIRC_E_INPUT);
  EXPECT_STREQ(failed.what().file, "/no/such/file.so");
  unsetenv("NIRC_BACKENDS");
}

} // namespace
