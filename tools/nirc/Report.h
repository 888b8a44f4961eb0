//===- Report.h - what commands say in JSON ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/ModelFile.h"
#include "api/Provenance.h"
#include "api/io/Totals.h"
#include "ir/graph/Check.h"

namespace nirc {

/// [{"name", "severity", "node", "message", "notes": [{"node", "message"}]}]; "name" is the code
/// of an error or advice, null for other remarks, and "node" is null where it is about none.
Json diagnosticsJson(const std::vector<nir::Diagnostic> &diagnostics);

/// {"file", "format", "sha256", "version"}.
Json fileJson(const ModelFile &file);

/// {"nodes", "edges", "neurons", "synapses", "parameters", "bytes"}.
Json totalsJson(const Totals &totals);

/// JSON text, whatever bytes the file's names hold.
std::string dump(const Json &json);

} // namespace nirc
