//===- Manifest.h - a case of the suite as files ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is read comes from anywhere: nothing of it is trusted, and no name in it leads out of its
// folder.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::conformance {

/// What a case gives under some semantics, of which each gives the same.
struct ExpectedRun {
  std::string file;                   ///< "expected/nir.nir", relative to the case's folder
  std::vector<std::string> semantics; ///< presets; the first is the file's name
};

/// manifest.json of a case.
struct Manifest {
  std::string name, tests, clause; ///< as in Case
  std::vector<std::string> features;
  double dtSeconds = 0.0;
  int64_t steps = 0;
  std::string model = "model.nir", input = "input.nir"; ///< files, relative to the case's folder
  std::vector<ExpectedRun> expected;                    ///< the first is that of the preset nir
  std::vector<std::string> choices;                     ///< that it tells apart: "spike-when"
  std::map<std::string, std::string> sha256;            ///< of each file, by name
};

/// The manifest in that folder of a case. The error names what is missing or wrong.
nir::Result<Manifest> readManifest(const std::string &folder);
/// The same of its text; `file` is for errors.
nir::Result<Manifest> parseManifest(std::string_view text, const std::string &file);
/// As it stands in the file.
std::string manifestText(const Manifest &manifest);

/// Whether every file of the case is there, and has the bytes that its manifest says. The error
/// names the first that is not.
nir::Status checkFiles(const Manifest &manifest, const std::string &folder);

/// The folders of all cases in that folder of a suite, in the order of suite.json; or that folder
/// alone where it is a case.
nir::Result<std::vector<std::string>> caseFolders(const std::string &folder);

/// suite.json.
struct Suite {
  std::string version;            ///< of the suite: "0.1.0"
  std::string nir;                ///< the version of NIR that it is about
  std::vector<std::string> cases; ///< by name, in order
  std::string sha256;             ///< `hashOf` its manifests
};

nir::Result<Suite> readSuite(const std::string &folder);
nir::Result<Suite> parseSuite(std::string_view text, const std::string &file);
std::string suiteText(const Suite &suite);

/// The hash over all manifests: of a line "HASH  NAME/manifest.json" for each case, as sha256sum
/// prints it. `hashes`: of the manifests, in the order of the names.
std::string hashOf(const std::vector<std::string> &names, const std::vector<std::string> &hashes);

} // namespace nirc::conformance
