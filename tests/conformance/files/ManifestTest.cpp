//===- ManifestTest.cpp - manifests from anywhere -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/files/Manifest.h"
#include "conformance/files/Names.h"
#include "tests/support/Random.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc::conformance;
using testing::HasSubstr;

static const std::string hash(64, 'a');

static Manifest sound() {
  Manifest manifest;
  manifest.name = "nodes/lif/tie";
  manifest.tests = "A tie gives no spike.";
  manifest.clause = "LIF: v > v_threshold";
  manifest.features = {"LIF", "tie"};
  manifest.dtSeconds = 0.0009765625;
  manifest.steps = 12;
  manifest.expected = {{"expected/nir.nir", {"nir", "norse"}}, {"expected/sinabs.nir", {"sinabs"}}};
  manifest.choices = {"spike-when"};
  for (const char *name : {"model.nir", "input.nir", "expected/nir.nir", "expected/sinabs.nir"}) {
    manifest.sha256[name] = hash;
  }
  return manifest;
}

/// The text of the sound one with one piece replaced.
static std::string with(const std::string &piece, const std::string &other) {
  std::string text = manifestText(sound());
  size_t at = text.find(piece);
  EXPECT_NE(at, std::string::npos) << piece;
  return at == std::string::npos ? text : text.replace(at, piece.size(), other);
}

static void expectFault(const std::string &text, const std::string &words) {
  nir::Result<Manifest> manifest = parseManifest(text, "m.json");
  ASSERT_FALSE(manifest) << text;
  EXPECT_THAT(manifest.error().str(), HasSubstr(words));
  EXPECT_EQ(manifest.error().file, "m.json");
  EXPECT_EQ(manifest.error().code, "damaged-input");
}

TEST(Manifest, IsReadBack) {
  nir::Result<Manifest> read = parseManifest(manifestText(sound()), "m.json");
  ASSERT_TRUE(read) << read.error().str();
  EXPECT_EQ(manifestText(*read), manifestText(sound()));
  EXPECT_EQ(read->dtSeconds, 0.0009765625);
  EXPECT_EQ(read->expected[0].semantics, (std::vector<std::string>{"nir", "norse"}));
}

TEST(Manifest, SaysWhatIsMissingOrWrong) {
  expectFault("", "found no object of JSON");
  expectFault("{", "found no object of JSON");
  expectFault("[]", "found no object of JSON");
  expectFault("{}", "found nothing of 'name', expected a text");
  expectFault(with("\"nodes/lif/tie\"", "7"), "found a number of 'name', expected a text");
  expectFault(with("nodes/lif/tie", "../../etc"), "expected the name of a file below the folder");
  expectFault(with("\"dt\": 0.0009765625", "\"dt\": 0"), "of 'dt', expected a positive number");
  expectFault(with("\"dt\": 0.0009765625", "\"dt\": -1e-3"), "expected a positive number");
  expectFault(with("\"dt\": 0.0009765625", "\"dt\": \"1 ms\""), "found a string of 'dt'");
  expectFault(with("\"steps\": 12", "\"steps\": -1"), "of 'steps', expected a whole number");
  expectFault(with("\"steps\": 12", "\"steps\": 1e3"), "of 'steps', expected a whole number");
  expectFault(with("\"steps\": 12", "\"steps\": 18446744073709551615"), "from 0 to 2^40");
  expectFault(with("\"model.nir\"", "\"/etc/passwd\""), "below the folder");
  expectFault(with("\"tie\"", "[]"), "found a array in 'features', expected texts");
  expectFault(with("\"tie\"", "\"LIF\""), "found 'LIF' twice in 'features'");
  expectFault(with("\"sinabs\"", "\"norse\""), "found 'norse' twice in 'expected'");
  expectFault(with("\"nir\",\n        \"norse\"", ""), "expected[0]: found no semantics");
  expectFault(with("\"nir\",", "\"spyx\","), "expected that of the semantics nir");
  expectFault(with("\"expected/sinabs.nir\"", "\"expected/nir.nir\""), "twice in 'its files'");
  expectFault(with("\"input.nir\"", "\"other.nir\""), "found no SHA-256 of 'other.nir'");
  expectFault(with(hash, "abc"), "expected 64 digits");
  expectFault(with(hash, std::string(64, 'A')), "expected 64 digits");
}

TEST(Manifest, OfRandomBytesIsAnErrorAtMost) {
  std::string text = manifestText(sound());
  nir::test::Random random(20);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = text;
    for (int64_t k = random.between(1, 4); k > 0; --k) {
      damaged[static_cast<size_t>(random.below(static_cast<int64_t>(text.size())))] =
          static_cast<char>(random.below(256));
    }
    damaged.resize(static_cast<size_t>(random.between(0, static_cast<int64_t>(text.size()))));
    nir::Result<Manifest> manifest = parseManifest(damaged, "m.json");
    EXPECT_TRUE(manifest || !manifest.error().message.empty());
  }
  std::string deep(1 << 20, '[');
  expectFault(deep, "found no object of JSON");
}

TEST(Suite, IsReadBack) {
  Suite suite{"0.1.0", "1.0.8", {"nodes/a", "nodes/b"}, hash};
  nir::Result<Suite> read = parseSuite(suiteText(suite), "s.json");
  ASSERT_TRUE(read) << read.error().str();
  EXPECT_EQ(suiteText(*read), suiteText(suite));
  std::string text = suiteText(suite);
  auto fault = [&](const std::string &piece, const std::string &other) {
    std::string changed = text;
    changed.replace(changed.find(piece), piece.size(), other);
    nir::Result<Suite> wrong = parseSuite(changed, "s.json");
    return wrong ? "none" : wrong.error().message;
  };
  EXPECT_THAT(fault("nirc-conformance", "other"), HasSubstr("expected 'nirc-conformance'"));
  EXPECT_THAT(fault("\"format\": 1", "\"format\": 2"), HasSubstr("found format 2, expected 1"));
  EXPECT_THAT(fault("nodes/b", "nodes/a"), HasSubstr("twice"));
  EXPECT_THAT(fault("nodes/b", "../b"), HasSubstr("below the folder"));
  EXPECT_THAT(fault(hash, "x"), HasSubstr("expected 64 digits"));
}

TEST(CaseFolders, AreThoseOfASuiteOrOfACase) {
  nir::test::TemporaryFolder folder;
  nir::Result<std::vector<std::string>> none = caseFolders(folder.path);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().str(), HasSubstr("found neither suite.json nor manifest.json"));
  EXPECT_FALSE(caseFolders(folder.path + "/missing"));
  EXPECT_FALSE(readManifest(folder.path));

  std::ofstream(folder.path + "/manifest.json") << manifestText(sound());
  EXPECT_EQ(*caseFolders(folder.path), std::vector<std::string>{folder.path});
  EXPECT_TRUE(readManifest(folder.path));
  nir::Status missing = checkFiles(sound(), folder.path);
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->code, "cannot-read");

  std::ofstream(folder.path + "/suite.json")
      << suiteText({"0.1.0", "1.0.8", {"nodes/b", "nodes/a"}, hash});
  EXPECT_EQ(*caseFolders(folder.path),
            (std::vector<std::string>{folder.path + "/nodes/b", folder.path + "/nodes/a"}));
}
