//===- FileReadingTest.cpp - what is said of a file -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/FileReading.h"

#include <gtest/gtest.h>

using namespace nirc;

namespace {

std::string noteOn(const char *version) {
  ModelFile file;
  file.path = "x.nir";
  file.model.version = version;
  std::vector<nir::Diagnostic> notes = versionNotes(file);
  return notes.empty() ? "" : notes.front().str();
}

TEST(FileReading, WarnsOfVersionsThatAreNewer) {
  EXPECT_EQ(noteOn("1.1"), "x.nir: warning: is of NIR 1.1, newer than 1.0.8, the last that nirc "
                           "knows: what that version changed is read as before");
  for (const char *newer : {"1.0.9", "1.0.10", "2", "1.0.8.1", "2.0.dev3"}) {
    EXPECT_NE(noteOn(newer), "") << newer;
  }
  for (const char *known : {"1.0.8", "1.0.8.dev1", "1.0", "0.2", "", "nightly"}) {
    EXPECT_EQ(noteOn(known), "") << known;
  }
}

} // namespace
