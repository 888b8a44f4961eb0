//===- Claims.cpp - what is to be proven of Verilog -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/proof/Claims.h"

#include "backends/run/CodeCache.h"
#include "backends/run/Digest.h"
#include "backends/run/Tools.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

using namespace nirc;
using namespace nirc::fpga;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Products as functions
//===----------------------------------------------------------------------===//

/// What a query calls an operation of SMT-LIB.
static std::string operationOf(llvm::StringRef function) {
  return llvm::StringSwitch<std::string>(function)
      .Case("smul", "bvmul")
      .Case("sdiv", "bvsdiv")
      .Case("srem", "bvsrem");
}

static std::string replaced(std::string text, const std::string &from, const std::string &to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// The module and the query with any functions in the place of products, and of quotients too;
/// empty where there are none. What is then proven is true.
static std::string abstracted(std::string module, const std::string &query, bool quotients) {
  std::string first, rest;
  for (StringRef line : llvm::split(query, '\n')) {
    StringRef name = line;
    bool isProduct = name.starts_with("(define-fun smul");
    if (!isProduct && !(quotients && name.starts_with("(define-fun s"))) {
      rest += line.str() + "\n";
      continue;
    }
    name = line.drop_front(StringRef("(define-fun ").size()).take_until([](char c) {
      return c == ' ';
    });
    std::string bits = name.drop_front(4).str(); // behind "smul"
    std::string sort = fmt::format("(_ BitVec {})", bits);
    first += fmt::format("(declare-fun {} ({} {}) {})\n", name.str(), sort, sort, sort);
    module =
        replaced(std::move(module), fmt::format("{} ({} ", sort, operationOf(name.take_front(4))),
                 fmt::format("{} ({} ", sort, name.str()));
  }
  return first.empty() ? "" : first + module + "\n" + rest;
}

//===----------------------------------------------------------------------===//
// yosys
//===----------------------------------------------------------------------===//

namespace {

/// Makes SMT-LIB of modules.
class Yosys {
public:
  static nir::Result<Yosys> find(const Artifact &artifact,
                                 const std::optional<CacheOptions> &cache);
  nir::Result<std::string> read(const std::string &module);

private:
  explicit Yosys(const Artifact &artifact) : artifact(artifact) {}
  /// That which defines the module: one of the design, or that of its stages in a row and all of
  /// the design.
  std::vector<const Artifact::File *> sourcesOf(const std::string &module) const;

  const Artifact &artifact;
  std::unique_ptr<Workplace> place;
  std::string version;
  std::optional<CodeCache> cache;
};

} // namespace

nir::Result<Yosys> Yosys::find(const Artifact &artifact, const std::optional<CacheOptions> &cache) {
  if (!isOnPath("yosys")) {
    return nir::Error(nir::Cause::Toolchain, "found no 'yosys' on the PATH, which reads Verilog")
        .note("install it, as the package yosys of Debian");
  }
  Yosys yosys(artifact);
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  yosys.place = *std::move(place);
  nir::Result<bool> isThere =
      runTool(*yosys.place, {"yosys", "-V"}, yosys.place->path(), "version.log");
  if (!isThere) {
    return isThere.takeError();
  }
  constexpr size_t enough = 1 << 12;
  yosys.version = yosys.place->read("version.log", enough);
  if (cache) {
    yosys.cache.emplace(*cache);
  }
  for (const Artifact::File &file : artifact.files) {
    if (nir::Status failed =
            file.name.ends_with(".v") ? yosys.place->write(file.name, file.bytes) : std::nullopt) {
      return *std::move(failed);
    }
  }
  return yosys;
}

std::vector<const Artifact::File *> Yosys::sourcesOf(const std::string &module) const {
  std::string own = "rtl/" + module + ".v", row = "formal/" + module + ".v";
  std::vector<const Artifact::File *> all;
  for (const Artifact::File &file : artifact.files) {
    if (file.name == own) {
      return {&file};
    }
    if (file.name == row || (file.name.starts_with("rtl/") && file.name.ends_with(".v"))) {
      all.push_back(&file);
    }
  }
  return all;
}

nir::Result<std::string> Yosys::read(const std::string &module) {
  std::string files, contents;
  for (const Artifact::File *file : sourcesOf(module)) {
    files += fmt::format(" \"{}\"", file->name);
    contents += file->bytes;
  }
  std::string script = fmt::format("read_verilog -defer{}; hierarchy -top {}; proc; flatten; "
                                   "opt_clean; write_smt2 module.smt2",
                                   files, module);
  std::string key = sha256Of(fmt::format("yosys 1\n{}\n{}\n{}", version, script, contents));
  if (std::optional<std::string> kept = cache ? cache->find(key) : std::nullopt) {
    return *std::move(kept);
  }
  nir::Result<bool> isDone =
      runTool(*place, {"yosys", "-q", "-p", script}, place->path(), "yosys.log");
  if (!isDone) {
    return isDone.takeError();
  }
  constexpr size_t most = size_t(1) << 28, shown = 1 << 12;
  if (!*isDone) {
    return nir::Error(nir::Cause::Toolchain,
                      fmt::format("yosys does not read module {}: {}", module,
                                  complaintIn(place->read("yosys.log", shown))));
  }
  std::string text = place->read("module.smt2", most);
  if (cache) {
    cache->keep(key, text);
  }
  return text;
}

nir::Result<std::vector<Claim>> nirc::fpga::claimsOf(const Artifact &artifact,
                                                     const std::vector<ModuleQuery> &queries,
                                                     const std::optional<CacheOptions> &cache) {
  nir::Result<Yosys> yosys = Yosys::find(artifact, cache);
  if (!yosys) {
    return yosys.takeError();
  }
  std::vector<Claim> claims;
  for (const ModuleQuery &each : queries) {
    nir::Result<std::string> module = yosys->read(each.module);
    if (!module) {
      return module.takeError();
    }
    // The solver is asked by who asks the question.
    std::string query = each.query.substr(0, each.query.rfind("(check-sat)"));
    Claim claim{each.node, "Verilog",
                fmt::format("is equal to the body, as module {}", each.module)};
    Question question{"an output of the module differs from the body's", {}};
    bool divides = query.find("(define-fun sdiv") != std::string::npos ||
                   query.find("(define-fun srem") != std::string::npos;
    for (bool quotients : divides ? std::vector<bool>{true, false} : std::vector<bool>{true}) {
      if (std::string loose = abstracted(*module, query, quotients); !loose.empty()) {
        question.forms.push_back({std::move(loose), false});
      }
    }
    question.forms.push_back({*module + "\n" + query});
    claim.questions.push_back(std::move(question));
    claims.push_back(std::move(claim));
  }
  return claims;
}
