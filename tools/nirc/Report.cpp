//===- Report.cpp - reports in JSON ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Report.h"

namespace nirc {

static Json nodeJson(const std::string &node) { return node.empty() ? Json() : Json(node); }

Json diagnosticsJson(const std::vector<nir::Diagnostic> &diagnostics) {
  Json list = Json::array();
  for (const nir::Diagnostic &diagnostic : diagnostics) {
    Json notes = Json::array();
    for (const nir::Note &note : diagnostic.notes) {
      notes.push_back({{"node", nodeJson(note.node)}, {"message", note.message}});
    }
    list.push_back({{"name", nodeJson(diagnostic.code)},
                    {"severity", nir::name(diagnostic.severity)},
                    {"node", nodeJson(diagnostic.node)},
                    {"message", diagnostic.message},
                    {"notes", std::move(notes)}});
  }
  return list;
}

Json fileJson(const ModelFile &file) {
  return {{"file", file.path},
          {"format", file.format},
          {"sha256", file.sha256()},
          {"version", nodeJson(file.model.version)}};
}

Json totalsJson(const Totals &totals) {
  return {{"nodes", totals.nodes},           {"edges", totals.edges},
          {"neurons", totals.neurons},       {"synapses", totals.synapses},
          {"parameters", totals.parameters}, {"bytes", totals.bytes}};
}

std::string dump(const Json &json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace nirc
