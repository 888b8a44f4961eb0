//===- Provenance.h - results say how they came about -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <nlohmann/json.hpp>

namespace nirc {

/// Keeps the order of its keys. Of the headers of api/ only those of results and reports use it.
using Json = nlohmann::ordered_json;

} // namespace nirc
