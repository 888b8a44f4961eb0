//===- ReferenceData.h - graphs and traces of the NIR paper -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/file/Reader.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

namespace nir::test {

/// A test on the reference data, which is skipped where that is absent.
class ReferenceData : public testing::Test {
protected:
  void SetUp() override {
    const char *given = std::getenv("NIRC_REFERENCE_DATA");
    folder = given ? given : NIRC_REFERENCE_DATA;
    if (!std::filesystem::exists(folder)) {
      GTEST_SKIP() << "no reference data at " << folder;
    }
  }

  Graph graph(const std::string &name) const {
    Result<Model> model = readInProcess(folder + "/nir-paper/" + name);
    EXPECT_TRUE(model) << model.error().str();
    return model ? model->graph : Graph{};
  }

  /// The columns input, v and output spike of a trace.
  std::array<std::vector<double>, 3> columns(const std::string &name) const {
    std::ifstream file(folder + "/nir-paper/traces/" + name);
    std::array<std::vector<double>, 3> all;
    for (std::string line; std::getline(file, line);) {
      std::istringstream cells(line);
      char comma;
      double values[3];
      cells >> values[0] >> comma >> values[1] >> comma >> values[2];
      for (size_t i = 0; i < 3; ++i) {
        all[i].push_back(values[i]);
      }
    }
    EXPECT_EQ(all[0].size(), 1000u) << name;
    return all;
  }

  std::string folder;
};

} // namespace nir::test
