//===- Manifest.cpp - a case of the suite as files ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/files/Manifest.h"

#include "api/Provenance.h"
#include "api/io/Files.h"
#include "api/io/JsonText.h"
#include "api/io/Printable.h"
#include "backends/run/Digest.h"
#include "conformance/files/Names.h"

#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace nirc::conformance {

namespace fs = std::filesystem;

constexpr uint64_t mostJsonBytes = uint64_t(1) << 24;
constexpr uint64_t mostFileBytes = uint64_t(1) << 30;

//===----------------------------------------------------------------------===//
// Members of an object, each of its type
//===----------------------------------------------------------------------===//

namespace {
/// Reads members of a JSON object and keeps the first fault. What follows it reads as empty.
class Members {
public:
  Members(const Json &object, std::string file) : object(object), file(std::move(file)) {
    if (!object.is_object()) {
      say("found no object of JSON, expected one that begins with '{'");
    }
  }

  std::string text(const char *name) {
    const Json *member = find(name);
    if (!member || !member->is_string()) {
      say(fmt::format("found {} of '{}', expected a text", kindOf(member), name));
      return {};
    }
    return member->get<std::string>();
  }
  /// The name of a file below the folder, or of a case.
  std::string path(const char *name) {
    std::string path = text(name);
    checkPath(path, name);
    return path;
  }
  std::vector<std::string> texts(const char *name) { return textsOf(find(name), name); }
  int64_t whole(const char *name) {
    const Json *member = find(name);
    constexpr int64_t most = int64_t(1) << 40;
    if (!member || !member->is_number_unsigned() ||
        member->get<uint64_t>() > static_cast<uint64_t>(most)) {
      say(fmt::format("found {} of '{}', expected a whole number from 0 to 2^40", kindOf(member),
                      name));
      return 0;
    }
    return member->get<int64_t>();
  }
  double positive(const char *name) {
    const Json *member = find(name);
    double value = member && member->is_number() ? member->get<double>() : 0.0;
    if (!(value > 0.0) || !std::isfinite(value)) {
      say(fmt::format("found {} of '{}', expected a positive number", kindOf(member), name));
      return 1.0;
    }
    return value;
  }
  const Json *list(const char *name) {
    const Json *member = find(name);
    if (!member || !member->is_array()) {
      say(fmt::format("found {} of '{}', expected a list", kindOf(member), name));
      return nullptr;
    }
    return member;
  }
  std::map<std::string, std::string> hashes(const char *name) {
    std::map<std::string, std::string> hashes;
    const Json *member = find(name);
    if (!member || !member->is_object()) {
      say(fmt::format("found {} of '{}', expected an object", kindOf(member), name));
      return hashes;
    }
    for (const auto &[key, value] : member->items()) {
      checkPath(key, name);
      std::string hash = value.is_string() ? value.get<std::string>() : std::string();
      checkHash(hash, key);
      hashes[key] = hash;
    }
    return hashes;
  }
  std::string hash(const char *name) {
    std::string hash = text(name);
    checkHash(hash, name);
    return hash;
  }

  void checkPath(const std::string &path, std::string_view of) {
    if (!isInside(path)) {
      say(fmt::format("found '{}' in '{}', expected the name of a file below the folder",
                      printable(path), of));
    }
  }
  /// Whether no two are the same.
  void checkUnique(const std::vector<std::string> &names, std::string_view of) {
    std::set<std::string_view> seen;
    for (const std::string &name : names) {
      if (!seen.insert(name).second) {
        say(fmt::format("found '{}' twice in '{}', expected it once", printable(name), of));
      }
    }
  }
  void say(std::string message) {
    if (!fault) {
      fault = nir::Error(nir::Cause::DamagedInput, std::move(message)).in(file);
    }
  }
  nir::Status takeFault() { return std::move(fault); }

private:
  const Json *find(const char *name) const {
    auto found = object.is_object() ? object.find(name) : object.end();
    return found == object.end() ? nullptr : &*found;
  }
  static std::string kindOf(const Json *member) {
    return member ? fmt::format("a {}", member->type_name()) : "nothing";
  }
  std::vector<std::string> textsOf(const Json *member, const char *name) {
    std::vector<std::string> texts;
    if (!member || !member->is_array()) {
      say(fmt::format("found {} of '{}', expected a list of texts", kindOf(member), name));
      return texts;
    }
    for (const Json &one : *member) {
      if (!one.is_string()) {
        say(fmt::format("found {} in '{}', expected texts", kindOf(&one), name));
        return texts;
      }
      texts.push_back(one.get<std::string>());
    }
    checkUnique(texts, name);
    return texts;
  }
  void checkHash(const std::string &hash, std::string_view of) {
    if (hash.size() != 64 || hash.find_first_not_of("0123456789abcdef") != std::string::npos) {
      say(fmt::format("found '{}' as the SHA-256 of '{}', expected 64 digits of 0-9 and a-f",
                      printable(hash.substr(0, 80)), printable(of)));
    }
  }

  const Json &object;
  std::string file;
  nir::Status fault;
};
} // namespace

static Json parsed(std::string_view text) {
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

static nir::Result<std::string> textOf(const std::string &path, uint64_t most) {
  nir::Result<std::vector<std::byte>> bytes = readFile(path, most);
  if (!bytes) {
    return bytes.takeError();
  }
  return std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size());
}

static std::string within(const std::string &folder, std::string_view name) {
  return (fs::path(folder) / name).string();
}

//===----------------------------------------------------------------------===//
// manifest.json
//===----------------------------------------------------------------------===//

/// The runs in "expected", the first of which must be that of NIR itself.
static std::vector<ExpectedRun> expectedRuns(Members &members, const std::string &file) {
  std::vector<ExpectedRun> runs;
  const Json *entries = members.list("expected");
  std::vector<std::string> all;
  for (size_t i = 0; entries && i < entries->size(); ++i) {
    Members member((*entries)[i], file);
    runs.push_back({member.path("file"), member.texts("semantics")});
    if (nir::Status fault = member.takeFault()) {
      members.say(fmt::format("expected[{}]: {}", i, fault->message));
      break;
    }
    if (runs.back().semantics.empty()) {
      members.say(fmt::format("expected[{}]: found no semantics, expected one at least", i));
    }
    all.insert(all.end(), runs.back().semantics.begin(), runs.back().semantics.end());
  }
  members.checkUnique(all, "expected");
  if (runs.empty() || runs.front().semantics.empty() || runs.front().semantics.front() != "nir") {
    members.say("found another run first in 'expected', expected that of the semantics nir");
  }
  return runs;
}

nir::Result<Manifest> parseManifest(std::string_view text, const std::string &file) {
  Json json = parsed(text);
  Members members(json, file);
  Manifest manifest;
  manifest.name = members.path("name");
  manifest.tests = members.text("tests");
  manifest.clause = members.text("clause");
  manifest.features = members.texts("features");
  manifest.dtSeconds = members.positive("dt");
  manifest.steps = members.whole("steps");
  manifest.model = members.path("model");
  manifest.input = members.path("input");
  manifest.expected = expectedRuns(members, file);
  manifest.choices = members.texts("choices");
  manifest.sha256 = members.hashes("sha256");
  std::vector<std::string> files = {manifest.model, manifest.input};
  for (const ExpectedRun &run : manifest.expected) {
    files.push_back(run.file);
  }
  members.checkUnique(files, "its files");
  for (const std::string &name : files) {
    if (!manifest.sha256.contains(name)) {
      members.say(fmt::format("found no SHA-256 of '{}', expected one of each file", name));
    }
  }
  if (nir::Status fault = members.takeFault()) {
    return std::move(*fault);
  }
  return manifest;
}

nir::Result<Manifest> readManifest(const std::string &folder) {
  std::string path = within(folder, "manifest.json");
  nir::Result<std::string> text = textOf(path, mostJsonBytes);
  return text ? parseManifest(*text, path) : nir::Result<Manifest>(text.takeError());
}

std::string manifestText(const Manifest &manifest) {
  Json expected = Json::array();
  for (const ExpectedRun &run : manifest.expected) {
    expected.push_back({{"file", run.file}, {"semantics", run.semantics}});
  }
  Json json = {{"name", manifest.name},
               {"tests", manifest.tests},
               {"clause", manifest.clause},
               {"features", manifest.features},
               {"dt", manifest.dtSeconds},
               {"steps", manifest.steps},
               {"model", manifest.model},
               {"input", manifest.input},
               {"expected", std::move(expected)},
               {"choices", manifest.choices},
               {"sha256", manifest.sha256},
               {"versions", {{"suite", suiteVersion}, {"format", suiteFormat}}}};
  return jsonText(json, 2) + "\n";
}

nir::Status checkFiles(const Manifest &manifest, const std::string &folder) {
  for (const auto &[name, hash] : manifest.sha256) {
    std::string path = within(folder, name);
    nir::Result<std::string> bytes = textOf(path, mostFileBytes);
    if (!bytes) {
      return bytes.takeError();
    }
    if (std::string found = sha256Of(*bytes); found != hash) {
      return nir::Error(
                 nir::Cause::DamagedInput,
                 fmt::format("found SHA-256 {}, expected {} as the manifest says", found, hash))
          .in(path)
          .note("`nirc conformance export` writes the case again");
    }
  }
  return {};
}

//===----------------------------------------------------------------------===//
// suite.json
//===----------------------------------------------------------------------===//

nir::Result<Suite> parseSuite(std::string_view text, const std::string &file) {
  Json json = parsed(text);
  Members members(json, file);
  if (std::string name = members.text("suite"); name != suiteName) {
    members.say(fmt::format("found the suite '{}', expected '{}'", printable(name), suiteName));
  }
  if (int64_t format = members.whole("format"); format != suiteFormat) {
    members.say(fmt::format("found format {}, expected {}", format, suiteFormat));
  }
  Suite suite;
  suite.version = members.text("version");
  suite.nir = members.text("nir");
  suite.cases = members.texts("cases");
  suite.sha256 = members.hash("sha256");
  for (const std::string &name : suite.cases) {
    members.checkPath(name, "cases");
  }
  if (nir::Status fault = members.takeFault()) {
    return std::move(*fault);
  }
  return suite;
}

nir::Result<Suite> readSuite(const std::string &folder) {
  std::string path = within(folder, "suite.json");
  nir::Result<std::string> text = textOf(path, mostJsonBytes);
  return text ? parseSuite(*text, path) : nir::Result<Suite>(text.takeError());
}

std::string suiteText(const Suite &suite) {
  Json json = {{"suite", suiteName}, {"format", suiteFormat}, {"version", suite.version},
               {"nir", suite.nir},   {"cases", suite.cases},  {"sha256", suite.sha256}};
  return jsonText(json, 2) + "\n";
}

nir::Result<std::vector<std::string>> caseFolders(const std::string &folder) {
  std::error_code ignored;
  bool isSuite = fs::exists(within(folder, "suite.json"), ignored);
  if (!isSuite && fs::exists(within(folder, "manifest.json"), ignored)) {
    return std::vector<std::string>{folder};
  }
  if (!isSuite) {
    return nir::Error(nir::Cause::CannotRead,
                      "found neither suite.json nor manifest.json, expected the folder of a suite "
                      "or of a case")
        .in(folder)
        .note("`nirc conformance export DIR` writes a suite");
  }
  nir::Result<Suite> suite = readSuite(folder);
  if (!suite) {
    return suite.takeError();
  }
  std::vector<std::string> folders;
  folders.reserve(suite->cases.size());
  for (const std::string &name : suite->cases) {
    folders.push_back(within(folder, name));
  }
  return folders;
}

std::string hashOf(const std::vector<std::string> &names, const std::vector<std::string> &hashes) {
  std::string lines;
  for (size_t i = 0; i < names.size(); ++i) {
    lines += fmt::format("{}  {}/manifest.json\n", hashes[i], names[i]);
  }
  return sha256Of(lines);
}

} // namespace nirc::conformance
