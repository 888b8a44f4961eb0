//===- TemporaryFolder.h - a folder for one test ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace nir::test {

/// An empty folder for this user alone, which is removed with all that is in it.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "nirc-test-XXXXXX").string();
    path = mkdtemp(name.data()) ? name : "";
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }

  std::string path; ///< empty where there could be none
};

} // namespace nir::test
