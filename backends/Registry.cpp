//===- Registry.cpp - the targets by name ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;

#define NIRC_TARGET(name)                                                                          \
  namespace nirc::name {                                                                           \
  std::unique_ptr<Target> createTarget();                                                          \
  }
#include "backends/Targets.inc"
#undef NIRC_TARGET

const std::vector<const Target *> &nirc::targets() {
  static const std::vector<std::unique_ptr<Target>> owned = [] {
    std::vector<std::unique_ptr<Target>> all;
#define NIRC_TARGET(name) all.push_back(nirc::name::createTarget());
#include "backends/Targets.inc"
#undef NIRC_TARGET
    std::sort(all.begin(), all.end(),
              [](const auto &a, const auto &b) { return a->name() < b->name(); });
    return all;
  }();
  static const std::vector<const Target *> view = [] {
    std::vector<const Target *> all;
    all.reserve(owned.size());
    for (const auto &target : owned) {
      all.push_back(target.get());
    }
    return all;
  }();
  return view;
}

nir::Result<Artifact> Target::emit(const Job &, const EmitOptions &options) const {
  return kindOf(*this, options).takeError();
}

nir::Result<std::unique_ptr<Executable>> Target::load(const std::string &path) const {
  return nir::Error(nir::Cause::NotAProgram, fmt::format("target '{}' executes no files", name()))
      .in(path);
}

nir::Result<Mapping> Target::map(const Job &, const MapOptions &) const {
  return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                           fmt::format("target '{}' has no cores to choose from", name()))
      .note("`nirc targets` tells which targets have");
}

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
