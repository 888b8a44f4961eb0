//===- IntegerNetwork.cpp - what quantize makes of a model ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/IntegerNetwork.h"

#include "api/io/Files.h"
#include "backends/FrontEnd.h"
#include "dialects/snn/Snn.h"
#include "passes/pipeline/Pipeline.h"

#include <filesystem>
#include <fmt/format.h>
#include <optional>

namespace nirc {

struct IntegerNetwork::Content {
  std::shared_ptr<FrontEnd> frontEnd;
  QuantizationReport report;
  std::vector<Notice> notices;
};

IntegerNetwork::IntegerNetwork(std::unique_ptr<Content> content) : content(std::move(content)) {}
IntegerNetwork::IntegerNetwork(IntegerNetwork &&) noexcept = default;
IntegerNetwork &IntegerNetwork::operator=(IntegerNetwork &&) noexcept = default;
IntegerNetwork::~IntegerNetwork() = default;

nir::Result<IntegerNetwork> IntegerNetwork::build(const Network &network, const Choices &choices) {
  auto content = std::make_unique<Content>();
  content->frontEnd = std::make_shared<FrontEnd>();
  auto lock = content->frontEnd->lock();
  DiagnosticCollector collector(content->frontEnd->context(), nir::Cause::CannotQuantize);
  NetworkOptions options{choices.semantics, nir::DType::F64, choices.probes, choices.balanceLatency,
                         choices.fold};
  options.onNotice = [&](const Notice &fold) {
    if (fold.rounds) {
      content->notices.push_back(fold);
    }
  };
  options.quantization = choices.quantization;
  options.quantization->onReport = [&](const QuantizationReport &report) {
    content->report = report;
  };
  auto module =
      buildNetwork(network.graph, network.file.path, options, content->frontEnd->context());
  if (!module) {
    nir::Error error = collector.takeError();
    return error.file.empty() ? std::move(error).in(network.file.path) : std::move(error);
  }
  content->frontEnd->adopt(std::move(module));
  return IntegerNetwork(std::move(content));
}

IntegerNetwork IntegerNetwork::of(const ClockedModel &model) {
  auto content = std::make_unique<Content>();
  content->frontEnd = model.frontEnd;
  return IntegerNetwork(std::move(content));
}

nir::Result<MlirForm> IntegerNetwork::formOf(const std::string &path) {
  std::string ending = std::filesystem::path(path).extension().string();
  if (path.empty() || ending == ".mlirbc" || ending == ".mlir") {
    return ending == ".mlir" ? MlirForm::Text : MlirForm::Bytecode;
  }
  return nir::Error::usage(nir::Cause::FileEnding,
                           fmt::format("found the ending '{}', expected .mlirbc or .mlir", ending))
      .in(path)
      .note("the result is a clocked network of integers, which `nirc run` takes as it is");
}

snn::NetworkOp IntegerNetwork::network() const { return content->frontEnd->clocked(); }

std::shared_ptr<FrontEnd> IntegerNetwork::frontEnd() const { return content->frontEnd; }

const QuantizationReport &IntegerNetwork::report() const { return content->report; }

const std::vector<Notice> &IntegerNetwork::notices() const { return content->notices; }

nir::Result<std::string> IntegerNetwork::bytes(MlirForm form) const {
  std::optional<std::string> bytes = moduleBytes(content->frontEnd->module(), form);
  return bytes ? nir::Result<std::string>(*std::move(bytes))
               : nir::Error(nir::Cause::CannotWrite, "the network cannot be written as bytecode");
}

nir::Status IntegerNetwork::write(const std::string &path, MlirForm form) const {
  nir::Result<std::string> written = bytes(form);
  return written ? writeFile(path, *written) : nir::Status(written.takeError().in(path));
}

} // namespace nirc
