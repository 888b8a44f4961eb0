//===- FrontEnd.cpp - from a job to its clocked network -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/FrontEnd.h"

#include "dialects/snn/Records.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/SignalKinds.h"
#include "passes/pipeline/Pipeline.h"

#include <algorithm>
#include <filesystem>

using namespace mlir;
using namespace nirc;

static snn::NetworkOp onlyNetwork(ModuleOp module) {
  return *module.getOps<snn::NetworkOp>().begin();
}

FrontEnd::FrontEnd() : owned(std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED)) {
  owned->printOpOnDiagnostic(false); // a user's error names the node, not the IR
}
FrontEnd::~FrontEnd() = default;

nir::Result<std::shared_ptr<FrontEnd>> FrontEnd::parse(std::string_view bytes,
                                                       const std::string &file) {
  auto frontEnd = std::make_shared<FrontEnd>();
  DiagnosticCollector collector(frontEnd->context(), nir::Cause::DamagedFile);
  frontEnd->parsed = loadNetwork(bytes, file, frontEnd->context());
  if (!frontEnd->parsed) {
    return collector.takeError();
  }
  return frontEnd;
}

ModuleOp FrontEnd::module() const { return const_cast<FrontEnd *>(this)->parsed.get(); }
snn::NetworkOp FrontEnd::clocked() const { return onlyNetwork(module()); }

snn::NetworkOp NetworkCopy::network() const { return onlyNetwork(module.get()); }

bool Job::isClocked() const { return !network.empty() || (frontEnd && frontEnd->isClocked()); }

static bool isAmong(const std::vector<nir::Probe> &probes, const nir::Probe &probe) {
  return std::any_of(probes.begin(), probes.end(), [&](const nir::Probe &one) {
    return one.node == probe.node && one.observable == probe.observable;
  });
}

/// The job's probes, and with `states` every state of every neuron of the graph after them.
static std::vector<nir::Probe> probesOf(const Job &job) {
  std::vector<nir::Probe> probes = job.probes;
  if (!job.states) {
    return probes;
  }
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(*job.graph, problems);
  std::vector<nir::SignalKind> kinds = nir::signalKinds(flat, job.semantics);
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    std::string path = flat.path(static_cast<int32_t>(i));
    for (const std::string &observable : nir::observables(*flat.nodes[i].node, kinds[i])) {
      nir::Probe probe{path, observable};
      if (observable != "spikes" && observable != "value" && !isAmong(probes, probe)) {
        probes.push_back(std::move(probe));
      }
    }
  }
  return probes;
}

/// Every state of the network.
static std::vector<nir::Probe> statesOf(snn::NetworkOp network) {
  std::vector<nir::Probe> probes;
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    for (snn::State state : snn::statesOf(population)) {
      probes.push_back({population.getNode().str(), state.name().str()});
    }
  }
  return probes;
}

nir::Result<FrontEnd::Made *> FrontEnd::make(const Job &job,
                                             const std::function<void()> &onImported) {
  std::vector<nir::Probe> probes = probesOf(job);
  auto isSame = [&](const std::unique_ptr<Made> &one) {
    return std::equal(one->probes.begin(), one->probes.end(), probes.begin(), probes.end(),
                      [](const nir::Probe &a, const nir::Probe &b) {
                        return a.node == b.node && a.observable == b.observable;
                      });
  };
  auto found = std::find_if(made.begin(), made.end(), isSame);
  if (found != made.end()) {
    return found->get();
  }
  auto fresh = std::make_unique<Made>();
  NetworkOptions options{job.semantics, job.dtype, probes, job.balanceLatency, job.fold};
  options.onNotice = [&](const Notice &notice) { fresh->notices.push_back(notice); };
  options.onImported = onImported;
  options.quantization = job.quantization;
  if (options.quantization) {
    options.quantization->onReport = [&](const QuantizationReport &report) {
      fresh->report = report;
    };
  }
  DiagnosticCollector collector(*owned, job.quantization ? nir::Cause::CannotQuantize
                                                         : nir::Cause::CannotCompile);
  fresh->module = buildNetwork(*job.graph, job.file, options, *owned);
  if (!fresh->module) {
    return collector.takeError();
  }
  fresh->probes = std::move(probes);
  made.push_back(std::move(fresh));
  return made.back().get();
}

nir::Result<NetworkCopy> nirc::networkOf(const Job &job, const std::function<void()> &onImported) {
  NetworkCopy copy;
  copy.frontEnd = job.frontEnd;
  bool isOwn = !copy.frontEnd; // of this call alone: nobody else needs what is made
  if (isOwn && !job.network.empty()) {
    nir::Result<std::shared_ptr<FrontEnd>> parsed = FrontEnd::parse(job.network, job.file);
    if (!parsed) {
      return parsed.takeError();
    }
    copy.frontEnd = *std::move(parsed);
  } else if (isOwn) {
    copy.frontEnd = std::make_shared<FrontEnd>();
  }
  FrontEnd &frontEnd = *copy.frontEnd;
  copy.lock = frontEnd.lock();
  auto take = [&](OwningOpRef<ModuleOp> &module) {
    copy.module = isOwn ? std::move(module) : OwningOpRef<ModuleOp>(module->clone());
  };
  if (!frontEnd.isClocked()) {
    nir::Result<FrontEnd::Made *> made = frontEnd.make(job, onImported);
    if (!made) {
      return made.takeError();
    }
    for (const Notice &notice : (*made)->notices) {
      if (job.onNotice) {
        job.onNotice(notice);
      }
    }
    if (job.quantization && job.quantization->onReport) {
      job.quantization->onReport((*made)->report);
    }
    take((*made)->module);
    copy.records = job.probes.size();
    return copy;
  }
  if (onImported) {
    onImported();
  }
  take(frontEnd.parsed);
  DiagnosticCollector collector(frontEnd.context(), nir::Cause::UnknownNode);
  if (failed(addRecords(copy.network(), job.probes))) {
    return collector.takeError();
  }
  auto records = copy.network().getBody().getOps<snn::RecordOp>();
  copy.records = static_cast<size_t>(std::distance(records.begin(), records.end()));
  if (job.states && failed(addRecords(copy.network(), statesOf(copy.network())))) {
    return collector.takeError();
  }
  return copy;
}

static PortInfo portOf(StringRef node, StringRef observable, Type signal, bool isCount,
                       int64_t latency) {
  PortInfo port{node.str(), observable.str(), {}, nir::DType::F64, latency};
  ArrayRef<int64_t> shape = snn::shapeOf(signal);
  port.shape.assign(shape.begin(), shape.end());
  auto tensor = dyn_cast<RankedTensorType>(signal);
  port.dtype = isCount                           ? nir::DType::I32
               : !tensor                         ? nir::DType::U8
               : tensor.getElementType().isF32() ? nir::DType::F32
                                                 : nir::DType::F64;
  return port;
}

ProgramInfo nirc::infoOf(std::string_view target, const Job &job, const NetworkCopy &copy) {
  snn::NetworkOp network = copy.network();
  ProgramInfo info;
  info.target = target;
  info.nirc = NIRC_VERSION;
  info.model = std::filesystem::path(job.file).filename().string();
  info.semantics =
      (job.isClocked() ? network.getSemantics().getSemantics() : job.semantics).stored();
  info.format = network.getFormat() ? network.getFormat()->getFormat().stored() : "";
  info.dtype = network.getElement().isF32() ? nir::DType::F32 : nir::DType::F64;
  info.dtSeconds = network.getSemantics().getDtSeconds();
  for (auto input : network.getBody().getOps<snn::InputOp>()) {
    info.inputs.push_back(portOf(input.getNode(), "value", input.getType(), false, 0));
  }
  for (auto output : network.getBody().getOps<snn::OutputOp>()) {
    Type type = output.getSignal().getType();
    bool spikes = output.getCount() || snn::isSpikes(type);
    PortInfo port = portOf(output.getNode(), spikes ? "spikes" : "value", type, output.getCount(),
                           static_cast<int64_t>(output.getLatency()));
    port.shape.assign(output.getShape().begin(), output.getShape().end());
    info.outputs.push_back(std::move(port));
  }
  size_t number = 0;
  for (auto record : network.getBody().getOps<snn::RecordOp>()) {
    bool isState = !record.getSignal();
    Type type = isState ? Type(snn::stateOf(record)->type()) : record.getSignal().getType();
    PortInfo port = portOf(record.getNode(), record.getObservable(), type, record.getCount(),
                           static_cast<int64_t>(record.getLatency()));
    if (number++ < copy.records) {
      info.records.push_back(port);
    }
    if (isState) {
      info.states.push_back(std::move(port));
    }
  }
  return info;
}
