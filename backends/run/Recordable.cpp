//===- Recordable.cpp - what a run of a program records -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/Recordable.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;

static bool isSame(const PortInfo &a, const PortInfo &b) {
  return a.node == b.node && a.observable == b.observable;
}

std::vector<PortInfo> nirc::recordable(const ProgramInfo &info) {
  std::vector<PortInfo> all = info.records;
  for (const PortInfo &state : info.states) {
    bool isThere = std::any_of(info.records.begin(), info.records.end(),
                               [&](const PortInfo &record) { return isSame(record, state); });
    if (!isThere) {
      all.push_back(state);
    }
  }
  return all;
}

nir::Result<std::vector<size_t>> nirc::chosenRecords(const ProgramInfo &info,
                                                     const RunOptions &options) {
  std::vector<size_t> places;
  if (!options.records) {
    for (size_t i = 0; i < info.records.size(); ++i) {
      places.push_back(i);
    }
    return places;
  }
  std::vector<PortInfo> all = recordable(info);
  for (const nir::Probe &probe : *options.records) {
    auto found = std::find_if(all.begin(), all.end(), [&](const PortInfo &port) {
      return port.node == probe.node && port.observable == probe.observable;
    });
    if (found == all.end()) {
      std::string known;
      for (const PortInfo &port : all) {
        known += fmt::format("{}{}:{}", known.empty() ? "" : ", ", port.node, port.observable);
      }
      return nir::Error::usage(nir::Cause::UnknownNode,
                               fmt::format("the program cannot record {}:{}, it can record {}",
                                           probe.node, probe.observable,
                                           known.empty() ? "nothing" : known));
    }
    places.push_back(static_cast<size_t>(found - all.begin()));
  }
  return places;
}

nir::Result<std::vector<nir::Probe>> nirc::chosenProbes(const ProgramInfo &info,
                                                        const RunOptions &options) {
  nir::Result<std::vector<size_t>> places = chosenRecords(info, options);
  if (!places) {
    return places.takeError();
  }
  std::vector<PortInfo> all = recordable(info);
  std::vector<nir::Probe> probes;
  for (size_t place : *places) {
    probes.push_back({all[place].node, all[place].observable});
  }
  return probes;
}

std::vector<nir::Entry> nirc::entriesOf(const ProgramInfo &info) {
  std::vector<nir::Entry> entries;
  for (const PortInfo &input : info.inputs) {
    entries.push_back({input.node, input.shape});
  }
  return entries;
}
