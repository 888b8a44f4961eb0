//===- Targets.cpp - `nirc targets` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "tools/nirc/Command.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace nirc {

using Json = nlohmann::ordered_json;

static std::vector<std::string> names(const std::vector<nir::DType> &dtypes) {
  std::vector<std::string> all;
  for (nir::DType dtype : dtypes) {
    all.emplace_back(nir::name(dtype));
  }
  return all;
}

static Json artifactsJson(const Target &target) {
  Json list = Json::array();
  for (const ArtifactKind &kind : target.artifacts()) {
    list.push_back({{"emit", kind.name}, {"summary", kind.summary}});
  }
  return list;
}

static Json optionsJson(const Target &target) {
  Json list = Json::array();
  for (const TargetOption &option : target.options()) {
    list.push_back({{"option", option.name}, {"value", option.value}, {"summary", option.summary}});
  }
  return list;
}

static void printJson() {
  Json list = Json::array();
  for (const Target *target : targets()) {
    list.push_back({{"name", target->name()},
                    {"summary", target->summary()},
                    {"dtypes", names(target->describe().dtypes)},
                    {"primitives", target->describe().primitives},
                    {"maps", target->describe().maps},
                    {"artifacts", artifactsJson(*target)},
                    {"options", optionsJson(*target)}});
  }
  fmt::print("{}\n", list.dump(2));
}

/// Every primitive that some target takes, in the order of the first target that does.
static std::vector<std::string_view> allPrimitives() {
  std::vector<std::string_view> all;
  for (const Target *target : targets()) {
    for (std::string_view primitive : target->describe().primitives) {
      if (std::find(all.begin(), all.end(), primitive) == all.end()) {
        all.push_back(primitive);
      }
    }
  }
  return all;
}

static void printTable() {
  fmt::print("{:<12}", "");
  for (const Target *target : targets()) {
    fmt::print("  {:<{}}", target->name(), std::max<size_t>(target->name().size(), 9));
  }
  fmt::print("\n");
  auto row = [](std::string_view title, auto cell) {
    std::string line = fmt::format("{:<12}", title);
    for (const Target *target : targets()) {
      line += fmt::format("  {:<{}}", cell(target), std::max<size_t>(target->name().size(), 9));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  };
  for (nir::DType dtype : {nir::DType::F32, nir::DType::F64}) {
    row(nir::name(dtype), [&](const Target *target) -> std::string {
      const std::vector<nir::DType> &has = target->describe().dtypes;
      auto found = std::find(has.begin(), has.end(), dtype);
      return found == has.end() ? "-" : found == has.begin() ? "default" : "yes";
    });
  }
  row("nirc map", [](const Target *target) { return target->describe().maps ? "yes" : "-"; });
  for (std::string_view primitive : allPrimitives()) {
    row(primitive, [&](const Target *target) -> std::string {
      const std::vector<std::string_view> &has = target->describe().primitives;
      return std::find(has.begin(), has.end(), primitive) == has.end() ? "-" : "yes";
    });
  }
  fmt::print("\n");
  for (const Target *target : targets()) {
    fmt::print("{}: {}\n", target->name(), target->summary());

    for (const ArtifactKind &kind : target->artifacts()) {
      fmt::print("  --emit={:<13} {}\n", kind.name, kind.summary);
    }
    for (const TargetOption &option : target->options()) {
      std::string_view sign = option.value.empty() ? "" : option.isFlag ? "=" : " ";
      fmt::print("  --{}{}{}: {}\n", option.name, sign, option.value, option.summary);
    }
  }
}

void addTargets(CLI::App &app, Exit & /*exit*/) {
  CLI::App *command = app.add_subcommand("targets", "List what can run a model, and what it takes");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Print JSON");
  command->footer("Examples:\n  nirc targets\n  nirc targets --json");
  command->callback([json] { *json ? printJson() : printTable(); });
}

} // namespace nirc
