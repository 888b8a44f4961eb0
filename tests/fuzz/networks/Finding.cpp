//===- Finding.cpp - a failure as files -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Finding.h"

#include "api/io/Files.h"
#include "ir/choices/Choices.h"
#include "ir/file/NirData.h"
#include "ir/file/Reader.h"
#include "ir/file/Writer.h"
#include "tests/support/Describe.h"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace nir::fuzz {

using Json = nlohmann::ordered_json;

static constexpr std::array<std::string_view, 3> calibrations = {"none", "inputs", "run"};

std::string Finding::command(const std::string &folder) const {
  bool isTarget = static_cast<bool>(nirc::findTarget(check));
  if (!isTarget) {
    return fmt::format("nirc-fuzz --again {}", folder);
  }
  return fmt::format("nirc compare --model {0}/model.nir --input {0}/input.nir {1} target={2} "
                     "target={3}",
                     folder, of.options(), of.balances ? "cpu" : "reference", check);
}

Status writeFinding(const Finding &finding, const std::string &folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  const Case &of = finding.of;
  if (Status bad = write({"1.0.8", of.graph, {}}, folder + "/model.nir")) {
    return bad;
  }
  if (Status bad = writeData(toData(of.input), folder + "/input.nir")) {
    return bad;
  }
  Json json = {{"nirc-fuzz", 1},
               {"check", finding.check},
               {"seed", of.seed},
               {"dt", of.semantics.dtSeconds},
               {"semantics", of.semantics.text()},
               {"format", of.format ? Json(of.format->text()) : Json()},
               {"calibrated", calibrations[static_cast<size_t>(of.calibrated)]},
               {"balances", of.balances},
               {"for-chips", of.isForChips},
               {"found", finding.text},
               {"network", test::describe(of.graph)}};
  std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace);
  if (Status bad = nirc::writeFile(folder + "/case.json", text + "\n")) {
    return bad;
  }
  std::string first = finding.text.substr(0, finding.text.find('\n'));
  return nirc::writeFile(
      folder + "/case.test",
      fmt::format("# {}: {}\n# RUN: nirc-fuzz --again %S\n", finding.check, first));
}

/// An input as NIRData has it, in the shapes of the network again.
static Result<Recording> readInput(const std::string &path, const Graph &graph) {
  Result<NIRGraphData> data = readDataInProcess(path);
  if (!data) {
    return data.takeError();
  }
  Result<Recording> input = toRecording(*data);
  if (!input) {
    return input;
  }
  for (Trace &trace : input->traces) {
    const Node *node = graph.find(trace.node);
    if (const auto *port = node ? node->as<Input>() : nullptr) {
      Result<Trace> shaped = reshape(trace, port->shape.toInts());
      if (!shaped) {
        return shaped.takeError();
      }
      trace = *std::move(shaped);
    }
  }
  return input;
}

Result<Finding> readFinding(const std::string &folder) {
  constexpr uint64_t most = uint64_t{1} << 24;
  auto bytes = nirc::readFile(folder + "/case.json", most);
  if (!bytes) {
    return bytes.takeError();
  }
  Json json =
      Json::parse(reinterpret_cast<const char *>(bytes->data()),
                  reinterpret_cast<const char *>(bytes->data()) + bytes->size(), nullptr, false);
  if (!json.is_object() || json.value("nirc-fuzz", 0) != 1) {
    return Error(Cause::DamagedFile, "found no case, expected what nirc-fuzz wrote")
        .in(folder + "/case.json");
  }
  Result<Model> model = readInProcess(folder + "/model.nir");
  if (!model) {
    return model.takeError();
  }
  Result<Recording> input = readInput(folder + "/input.nir", model->graph);
  Result<Semantics> semantics = semanticsOf(json.value("semantics", "nir"));
  if (!input || !semantics) {
    return input ? semantics.takeError() : input.takeError();
  }
  Finding finding;
  finding.check = json.value("check", "");
  finding.text = json.value("found", "");
  Case &of = finding.of;
  of.seed = json.value("seed", uint64_t{0});
  of.graph = std::move(model->graph);
  of.input = *std::move(input);
  of.semantics = *semantics;
  of.semantics.dtSeconds = of.input.dtSeconds = json.value("dt", 1e-3);
  if (json.contains("format") && json["format"].is_string()) {
    Result<NumberFormat> format = numberFormatOf(json["format"].get<std::string>());
    if (!format) {
      return format.takeError();
    }
    of.format = *format;
  }
  auto at = std::ranges::find(calibrations, json.value("calibrated", "none"));
  of.calibrated = static_cast<Calibrated>(at == calibrations.end() ? 0 : at - calibrations.begin());
  of.balances = json.value("balances", false);
  of.isForChips = json.value("for-chips", false);
  return finding;
}

} // namespace nir::fuzz
