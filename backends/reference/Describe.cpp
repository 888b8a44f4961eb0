//===- Describe.cpp - what a graph says of itself as a program ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/Describe.h"

#include "ir/graph/Check.h"
#include "ir/recording/RunRecords.h"

#include <filesystem>

using namespace nirc;

static PortInfo portOf(const nir::Record &record) {
  const nir::Trace &trace = record.trace;
  const nir::Shape &shape = trace.data.shape(); // [batch, T, ...]
  return {trace.node, trace.observable, nir::Shape(shape.begin() + 2, shape.end()),
          trace.data.dtype(), trace.latency};
}

nir::Result<ProgramInfo> reference::describe(const Job &job) {
  std::vector<nir::Diagnostic> none;
  nir::Checked checked = nir::check(*job.graph, job.file);
  nir::FlatGraph flat = nir::FlatGraph::of(*job.graph, none);
  std::vector<nir::Shape> shapes;
  for (const nir::NodeShapes *one : nir::flatShapes(flat, checked.shapes)) {
    shapes.push_back(one->output);
  }
  std::vector<nir::SignalKind> kinds = nir::signalKinds(flat, job.semantics);
  ProgramInfo info;
  info.target = "reference";
  info.nirc = NIRC_VERSION;
  info.model = std::filesystem::path(job.file).filename().string();
  info.semantics = job.semantics.stored();
  info.dtype = job.dtype;
  info.dtSeconds = job.semantics.dtSeconds;
  for (const nir::Entry &entry : nir::entriesOf(flat, shapes)) {
    info.inputs.push_back({entry.path, "value", entry.shape, job.dtype, 0});
  }
  std::vector<nir::Probe> probes = job.probes;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    for (const std::string &name : nir::observables(*flat.nodes[i].node, kinds[i])) {
      if (name != "spikes" && name != "value") {
        probes.push_back({flat.path(static_cast<int32_t>(i)), name});
      }
    }
  }
  nir::Result<std::vector<nir::Record>> records =
      nir::makeRecords(flat, kinds, shapes, probes, {1, 1}, job.dtype);
  if (!records) {
    return records.takeError().in(job.file);
  }
  // Outputs, the job's probes, and all states.
  size_t outputs = records->size() - probes.size(), states = outputs + job.probes.size();
  for (size_t i = 0; i < records->size(); ++i) {
    std::vector<PortInfo> &to = i < outputs  ? info.outputs
                                : i < states ? info.records
                                             : info.states;
    to.push_back(portOf((*records)[i]));
  }
  return info;
}
