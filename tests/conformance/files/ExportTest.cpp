//===- ExportTest.cpp - cases as files ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/files/Export.h"
#include "conformance/files/Names.h"
#include "conformance/files/Outcomes.h"
#include "ir/file/NirData.h"
#include "ir/file/Reader.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <map>

using namespace nirc::conformance;
using nir::test::TemporaryFolder;
using testing::HasSubstr;
namespace fs = std::filesystem;

static const std::string sealed = NIRC_SOURCE_DIR "/conformance/sealed/cases";

static std::vector<Case> called(const std::vector<std::string> &names) {
  std::vector<Case> found;
  for (const std::string &name : names) {
    for (Case &one : allCases()) {
      if (one.name == name) {
        found.push_back(std::move(one));
      }
    }
  }
  return found;
}

/// The bytes of all files below the folder.
static std::map<std::string, std::string> filesOf(const std::string &folder) {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry &entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      std::ifstream file(entry.path(), std::ios::binary);
      files[fs::relative(entry.path(), folder).string()] = {std::istreambuf_iterator<char>(file),
                                                            std::istreambuf_iterator<char>()};
    }
  }
  return files;
}

static const std::vector<std::string> some = {"nodes/lif/tie-at-threshold", "nodes/graphs/depth-2",
                                              "nodes/names/dots", "nodes/metadata/unicode",
                                              "models/random/01"};

TEST(Export, GivesTheSameBytesEachTime) {
  TemporaryFolder folder;
  std::vector<Case> cases = called(some);
  ASSERT_EQ(cases.size(), some.size());
  nir::Result<Suite> first = exportSuite(cases, folder.path + "/a", {.threads = 1});
  ASSERT_TRUE(first) << first.error().str();
  nir::Result<Suite> second = exportSuite(cases, folder.path + "/b", {.threads = 2});
  ASSERT_TRUE(second) << second.error().str();
  EXPECT_EQ(first->sha256, second->sha256);
  std::map<std::string, std::string> a = filesOf(folder.path + "/a"),
                                     b = filesOf(folder.path + "/b");
  EXPECT_GT(a.size(), 30U);
  EXPECT_TRUE(a == b);
  EXPECT_THAT(filesOf(folder.path), testing::SizeIs(a.size() + b.size())) << "and nothing else";
}

TEST(Export, IsReadBack) {
  TemporaryFolder folder;
  std::string suite = folder.path + "/suite";
  std::vector<Case> cases = called(some);
  ASSERT_TRUE(exportSuite(cases, suite));
  nir::Result<std::vector<std::string>> folders = caseFolders(suite);
  ASSERT_TRUE(folders);
  ASSERT_EQ(folders->size(), cases.size());
  for (size_t i = 0; i < cases.size(); ++i) {
    const Case &one = cases[i];
    const std::string &path = (*folders)[i];
    nir::Result<Manifest> manifest = readManifest(path);
    ASSERT_TRUE(manifest) << manifest.error().str();
    EXPECT_EQ(manifest->name, one.name);
    EXPECT_EQ(manifest->features, one.features);
    EXPECT_EQ(manifest->dtSeconds, one.dtSeconds);
    EXPECT_FALSE(checkFiles(*manifest, path));

    nir::Result<nir::Model> model = nir::read(path + "/" + manifest->model);
    ASSERT_TRUE(model) << model.error().str();
    EXPECT_EQ(model->graph, one.graph);
    EXPECT_EQ(model->metadata, one.metadata);
    nir::Result<nir::NIRGraphData> input = nir::readData(path + "/" + manifest->input);
    ASSERT_TRUE(input) << input.error().str();
    for (const ExpectedRun &run : manifest->expected) {
      nir::Result<nir::NIRGraphData> data = nir::readData(path + "/" + run.file);
      ASSERT_TRUE(data) << data.error().str();
      EXPECT_TRUE(nir::toRecording(*data, one.dtSeconds)) << run.file;
    }
  }
}

TEST(Export, HasTheOutputsAndAllStates) {
  TemporaryFolder folder;
  ASSERT_TRUE(exportCase(called({"nodes/graphs/depth-1-cubalif"}).front(), folder.path));
  auto data = nir::readData(folder.path + "/expected/nir.nir");
  ASSERT_TRUE(data) << data.error().str();
  nir::Result<nir::Recording> recording = nir::toRecording(*data);
  ASSERT_TRUE(recording);
  EXPECT_TRUE(recording->find("output", "spikes"));
  for (const char *state : {"v", "i"}) {
    const nir::Trace *trace = recording->find("inner.node", state);
    ASSERT_TRUE(trace) << state;
    EXPECT_EQ(trace->data.dtype(), nir::DType::F64);
    EXPECT_EQ(trace->data.shape(), (nir::Shape{1, 16, 2}));
  }
}

TEST(Export, NoticesAByte) {
  TemporaryFolder folder;
  nir::Result<Manifest> manifest = exportCase(called({"nodes/affine/square"}).front(), folder.path);
  ASSERT_TRUE(manifest);
  EXPECT_FALSE(checkFiles(*manifest, folder.path));
  std::fstream file(folder.path + "/model.nir", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);
  file.put('\x7f');
  file.close();
  nir::Status damaged = checkFiles(*manifest, folder.path);
  ASSERT_TRUE(damaged);
  EXPECT_THAT(damaged->str(), HasSubstr("model.nir"));
  EXPECT_THAT(damaged->str(), HasSubstr("as the manifest says"));
}

TEST(Export, ReplacesNothing) {
  TemporaryFolder folder;
  std::vector<Case> cases = called({"nodes/affine/square"});
  std::ofstream(folder.path + "/mine") << "kept";
  nir::Result<Suite> suite = exportSuite(cases, folder.path);
  ASSERT_FALSE(suite);
  EXPECT_THAT(suite.error().str(), HasSubstr("expected a folder that is empty"));
  EXPECT_EQ(filesOf(folder.path).size(), 1U);
  EXPECT_FALSE(exportSuite(cases, "/proc/nowhere"));
  EXPECT_FALSE(exportSuite(cases, folder.path + "/mine")) << "a file";
  fs::create_directory(folder.path + "/empty");
  EXPECT_TRUE(exportSuite(cases, folder.path + "/empty/"));
}

TEST(Export, StopsWhenAsked) {
  TemporaryFolder folder;
  std::stop_source source;
  source.request_stop();
  nir::Result<Suite> suite =
      exportSuite(called(some), folder.path + "/suite", {.stop = source.get_token()});
  ASSERT_FALSE(suite);
  EXPECT_EQ(suite.error().code, "stopped");
  EXPECT_TRUE(fs::is_empty(folder.path));
}

/// What is sealed may change with the version of the suite alone: conformance/sealed/README.md.
TEST(Sealed, CasesAreWhatTheyWere) {
  nir::Result<Suite> suite = readSuite(sealed);
  ASSERT_TRUE(suite) << suite.error().str();
  EXPECT_EQ(suite->version, suiteVersion) << "`conformance/sealed/seal.sh` seals a new version";
  std::vector<Case> cases = called(suite->cases);
  ASSERT_EQ(cases.size(), suite->cases.size());
  EXPECT_EQ(cases.size(), 8U);
  TemporaryFolder folder;
  nir::Result<Suite> fresh = exportSuite(cases, folder.path + "/suite");
  ASSERT_TRUE(fresh) << fresh.error().str();
  EXPECT_EQ(fresh->sha256, suite->sha256);
  std::map<std::string, std::string> now = filesOf(folder.path + "/suite"), then = filesOf(sealed);
  EXPECT_EQ(now.size(), then.size());
  size_t bytes = 0;
  for (const auto &[name, content] : then) {
    EXPECT_TRUE(now[name] == content)
        << name << " has other bytes: see conformance/sealed/README.md";
    bytes += content.size();
  }
  EXPECT_LE(bytes, 400U << 10);
}
