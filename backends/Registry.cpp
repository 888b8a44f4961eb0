//===- Registry.cpp - the targets by name ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Claim.h"
#include "backends/Plugin.h"
#include "backends/Target.h"

#include "ir/GrowingTable.h"
#include "ir/Wording.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>

using namespace nirc;

#define NIRC_TARGET(name)                                                                          \
  namespace nirc::name {                                                                           \
  std::unique_ptr<Target> createTarget();                                                          \
  }
#include "backends/Targets.inc"
#undef NIRC_TARGET

/// Never destroyed, as what others hold of them may outlive any order of ends.
static nir::GrowingTable<const Target *> &table() {
  static auto *all = [] {
    std::vector<const Target *> builtIn;
#define NIRC_TARGET(name) builtIn.push_back(nirc::name::createTarget().release());
#include "backends/Targets.inc"
#undef NIRC_TARGET
    std::ranges::sort(builtIn, {}, &Target::name);
    return new nir::GrowingTable<const Target *>(std::move(builtIn));
  }();
  return *all;
}

const std::vector<const Target *> &nirc::targets() { return table().now(); }

//===----------------------------------------------------------------------===//
// Backends
//===----------------------------------------------------------------------===//

namespace {
/// What was added, beside the tables.
struct Added {
  std::mutex mutex;
  std::vector<std::shared_ptr<const Target>> targets;
  std::vector<std::function<void(mlir::DialectRegistry &)>> dialects;
  std::vector<std::function<void()>> passes;
};
} // namespace

static Added &added() {
  static auto *all = new Added;
  return *all;
}

static nir::Status checkTargets(const std::vector<std::shared_ptr<const Target>> &given) {
  std::set<std::string_view> names;
  for (const std::shared_ptr<const Target> &target : given) {
    if (!target) {
      return nir::Error(nir::Cause::UnknownName, "found a target that is null");
    }
    if (nir::Status bad = nir::checkNewName(target->name(), "a target")) {
      return bad;
    }
    if (findTarget(target->name()) || !names.insert(target->name()).second) {
      return nir::Error(nir::Cause::UnknownName,
                        fmt::format("there is a target '{}' already", target->name()));
    }
    if (target->describe().dtypes.empty()) {
      return nir::Error(nir::Cause::UnknownName,
                        fmt::format("target '{}' has no dtype to run in", target->name()));
    }
    for (const TargetOption &option : target->options()) {
      if (nir::Status bad = nir::checkNewName(
              option.name, fmt::format("an option of target '{}'", target->name()))) {
        return bad;
      }
    }
  }
  return {};
}

/// A preset of the backend whose name another one of it has.
template <typename Preset>
static nir::Status checkOnce(const std::vector<Preset> &presets, std::string_view what) {
  std::set<std::string_view> names;
  for (const Preset &preset : presets) {
    if (!names.insert(preset.name).second) {
      return nir::Error(nir::Cause::UnknownName,
                        fmt::format("brings the {} '{}' twice", what, preset.name));
    }
  }
  return {};
}

static nir::Status check(const Backend &backend) {
  bool isEmpty = backend.targets.empty() && backend.semantics.empty() && backend.formats.empty() &&
                 backend.dialects.empty() && backend.passes.empty();
  if (isEmpty) {
    return nir::Error(nir::Cause::NotAProgram,
                      "brings nothing, expected a target, a preset, a dialect or a pass");
  }
  nir::Status bad = checkTargets(backend.targets);
  for (const nir::Preset &preset : backend.semantics) {
    bad = bad ? std::move(bad) : nir::checkNewPreset(preset);
  }
  for (const nir::FormatPreset &preset : backend.formats) {
    bad = bad ? std::move(bad) : nir::checkNewFormatPreset(preset);
  }
  bad = bad ? std::move(bad) : checkOnce(backend.semantics, "semantics preset");
  return bad ? bad : checkOnce(backend.formats, "number format");
}

nir::Status nirc::addBackend(Backend backend) {
  Added &all = added();
  std::scoped_lock lock(all.mutex);
  if (nir::Status bad = check(backend)) {
    return bad;
  }
  for (const nir::Preset &preset : backend.semantics) {
    (void)nir::addPreset(preset);
  }
  for (const nir::FormatPreset &preset : backend.formats) {
    (void)nir::addFormatPreset(preset);
  }
  table().extend([&](std::vector<const Target *> &next) {
    for (const std::shared_ptr<const Target> &target : backend.targets) {
      next.push_back(target.get());
    }
    std::ranges::sort(next, {}, &Target::name);
  });
  auto append = [](auto &to, auto &from) { std::ranges::move(from, std::back_inserter(to)); };
  append(all.targets, backend.targets);
  append(all.dialects, backend.dialects);
  append(all.passes, backend.passes);
  return {};
}

void nirc::registerBackendDialects(mlir::DialectRegistry &registry) {
  std::scoped_lock lock(added().mutex);
  for (const auto &insert : added().dialects) {
    insert(registry);
  }
}

void nirc::registerBackendPasses() {
  std::scoped_lock lock(added().mutex);
  for (const auto &add : added().passes) {
    add();
  }
}

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

nir::Result<Artifact> Target::emit(const Job &, const EmitOptions &options) const {
  return kindOf(*this, options).takeError();
}

nir::Result<std::unique_ptr<Executable>> Target::load(const std::string &path,
                                                      const LoadOptions &) const {
  return nir::Error(nir::Cause::NotAProgram, fmt::format("target '{}' executes no files", name()))
      .in(path);
}

nir::Result<Mapping> Target::map(const Job &, const MapOptions &) const {
  return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                           fmt::format("target '{}' has no cores to choose from", name()))
      .note("`nirc targets` tells which targets have");
}

nir::Result<std::vector<Claim>> Target::claims(const Job &) const { return std::vector<Claim>(); }

nir::Result<const Target *> nirc::findTarget(std::string_view name) {
  std::string known;
  for (const Target *target : targets()) {
    if (target->name() == name) {
      return target;
    }
    known += (known.empty() ? "" : ", ") + std::string(target->name());
  }
  return nir::Error::usage(nir::Cause::UnknownName,
                           fmt::format("no target is called '{}', there are {}", name, known));
}

const Target *nirc::targetOfArtifact(std::string_view head) {
  for (const Target *target : targets()) {
    if (target->recognizes(head)) {
      return target;
    }
  }
  return nullptr;
}

std::string nirc::programInFolder(const std::string &folder) {
  for (const Target *target : targets()) {
    if (target->fileInFolder().empty()) {
      continue;
    }
    std::filesystem::path path = std::filesystem::path(folder) / target->fileInFolder();
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none)) {
      continue;
    }
    std::array<char, headOfArtifact> head{};
    std::ifstream file(path, std::ios::binary);
    file.read(head.data(), head.size());
    if (target->recognizes({head.data(), static_cast<size_t>(file.gcount())})) {
      return path.string();
    }
  }
  return {};
}

/// Whether the text is a value of the option.
static bool isValue(const TargetOption &option, std::string_view text) {
  int64_t number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool isNumber = failed == std::errc() && end == text.data() + text.size() && number >= 1;
  bool isAny = option.values.empty() && !option.takesNumber && !option.isFlag && !text.empty();
  return isAny || (option.takesNumber && isNumber) || (option.isFlag && text == "on") ||
         std::find(option.values.begin(), option.values.end(), text) != option.values.end();
}

nir::Status nirc::checkSettings(const Target &target, const Settings &settings) {
  std::vector<TargetOption> options = target.options();
  for (const auto &[name, text] : settings) {
    auto isIt = [&](const TargetOption &option) { return option.name == name; };
    auto found = std::find_if(options.begin(), options.end(), isIt);
    if (found == options.end()) {
      std::string others;
      for (const Target *other : targets()) {
        std::vector<TargetOption> all = other->options();
        if (std::any_of(all.begin(), all.end(), isIt)) {
          others += fmt::format("{}'{}'", others.empty() ? "" : ", ", other->name());
        }
      }
      return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                               fmt::format("target '{}' has no --{}", target.name(), name))
          .note(others.empty() ? "leave it out"
                               : fmt::format("leave it out; it is an option of target {}", others));
    }
    if (!isValue(*found, text)) {
      std::string known = fmt::format("{}", fmt::join(found->values, ", "));
      if (found->takesNumber) {
        known += known.empty() ? "a number of 1 or more" : " or a number of 1 or more";
      }
      known = !known.empty() ? known : found->isFlag ? "no value" : "a text";
      nir::Error error =
          nir::Error::usage(fmt::format("--{}: found '{}', expected {}", name, text, known));
      std::vector<std::string> names(found->values.begin(), found->values.end());
      std::string meant = nir::nearest(text, names);
      return meant.empty() ? error
                           : std::move(error).note(fmt::format("did you mean --{}{}{}?", name,
                                                               found->isFlag ? "=" : " ", meant));
    }
  }
  return {};
}

nir::Result<std::string> nirc::kindOf(const Target &target, const EmitOptions &options) {
  std::string known;
  for (const ArtifactKind &one : target.artifacts()) {
    if (options.kind.empty() || options.kind == one.name) {
      return std::string(one.name);
    }
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  if (known.empty()) {
    return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                             fmt::format("target '{}' writes nothing to disk, it only runs models",
                                         target.name()))
        .note("`nirc targets` lists what each target writes");
  }
  return nir::Error::usage(
      nir::Cause::UnsupportedByTarget,
      fmt::format("target '{}' has no --emit={}, it has {}", target.name(), options.kind, known));
}
