//===- Choosable.cpp - targets, semantics and formats, listed -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Backends.h"
#include "backends/Target.h"
#include "ir/choices/NumberFormat.h"
#include "ir/choices/Presets.h"
#include "plugins/c/Arrays.h"
#include "plugins/c/Boundary.h"

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

using namespace nirc;
using namespace nirc::c;

const char *nirc_version() { return NIRC_VERSION; }

uint32_t nirc_api_version() { return NIRC_API_VERSION; }

namespace {

/// Names of a table that backends add to, and a line each, with a NUL at their ends.
template <typename Preset>
class Names {
public:
  const nirc_named *at(const std::vector<Preset> &table, size_t number) {
    std::lock_guard lock(mutex);
    return number < table.size() ? &named(table[number]) : nullptr;
  }

private:
  struct Entry {
    explicit Entry(const Preset &preset)
        : name(preset.name), summary(preset.summary), view{name.c_str(), summary.c_str()} {}
    Entry(const Entry &) = delete;
    Entry &operator=(const Entry &) = delete;

    std::string name, summary;
    nirc_named view;
  };
  const nirc_named &named(const Preset &preset) {
    return entries.try_emplace(std::string(preset.name), preset).first->second.view;
  }

  std::mutex mutex;
  std::map<std::string, Entry> entries;
};

/// A target and all that its struct points to.
class TargetView {
public:
  explicit TargetView(const Target &target);
  TargetView(const TargetView &) = delete;
  TargetView &operator=(const TargetView &) = delete;

  const nirc_target &get() const { return view; }

private:
  const char *keep(std::string_view text) { return texts.emplace_back(text).c_str(); }

  std::deque<std::string> texts;
  std::vector<nirc_artifact_kind> artifacts;
  std::vector<nirc_named> settings;
  std::vector<const char *> primitives;
  std::vector<nirc_dtype> dtypes;
  nirc_target view;
};

/// All targets. Some may come later, and stand anywhere then; none goes.
class TargetList {
public:
  const nirc_target *at(size_t number) {
    std::lock_guard lock(mutex);
    const std::vector<const Target *> &all = targets();
    return number < all.size() ? &views.try_emplace(all[number], *all[number]).first->second.get()
                               : nullptr;
  }

private:
  std::mutex mutex;
  std::map<const Target *, TargetView> views;
};

} // namespace

TargetView::TargetView(const Target &target) : view() {
  for (const ArtifactKind &kind : target.artifacts()) {
    artifacts.push_back({keep(kind.name), keep(kind.summary), kind.runs});
  }
  for (const TargetOption &option : target.options()) {
    settings.push_back({keep(option.name), keep(option.summary)});
  }
  for (std::string_view primitive : target.describe().primitives) {
    primitives.push_back(keep(primitive));
  }
  for (nir::DType dtype : target.describe().dtypes) {
    dtypes.push_back(dtypeOf(dtype));
  }
  view.name = keep(target.name());
  view.summary = keep(target.summary());
  view.artifact_count = artifacts.size();
  view.artifacts = artifacts.data();
  view.setting_count = settings.size();
  view.settings = settings.data();
  view.primitive_count = primitives.size();
  view.primitives = primitives.data();
  view.dtype_count = dtypes.size();
  view.dtypes = dtypes.data();
}

static TargetList &targetList() {
  static TargetList list;
  return list;
}

size_t nirc_target_count() {
  return lookedUp<size_t>(0, [] { return targets().size(); });
}

const nirc_target *nirc_target_at(size_t number) {
  return lookedUp<const nirc_target *>(nullptr, [&] { return targetList().at(number); });
}

nirc_status nirc_load_backend(const char *path, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    if (nir::Status missing = needed(path, "path")) {
      return missing;
    }
    return loadBackend(path);
  });
}

nirc_status nirc_load_backends_of_environment(nirc_error **error) {
  return guarded(error, [] { return loadBackendsOfEnvironment(); });
}

size_t nirc_semantics_count() {
  return lookedUp<size_t>(0, [] { return nir::presets().size(); });
}

const nirc_named *nirc_semantics_at(size_t number) {
  return lookedUp<const nirc_named *>(nullptr, [&] {
    static Names<nir::Preset> names;
    return names.at(nir::presets(), number);
  });
}

size_t nirc_format_count() {
  return lookedUp<size_t>(0, [] { return nir::formatPresets().size(); });
}

const nirc_named *nirc_format_at(size_t number) {
  return lookedUp<const nirc_named *>(nullptr, [&] {
    static Names<nir::FormatPreset> names;
    return names.at(nir::formatPresets(), number);
  });
}
