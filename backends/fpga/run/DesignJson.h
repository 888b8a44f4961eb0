//===- DesignJson.h - a design as report.json holds it ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::fpga {

/// The file of an artifact that says what the design is, and how it begins.
constexpr std::string_view reportName = "report.json", reportHead = "{\"nirc-fpga\":1,";

/// The whole of report.json: all of the design, then the members of `more`, which nothing reads
/// back.
std::string designJson(const Design &design, const nlohmann::ordered_json &more = {});

/// What `more` names as "files", where the report is as it was written.
std::vector<std::string> filesOf(std::string_view json);

/// Of text from anywhere: every number is checked and every file lies in rtl/ or mem/, so that what
/// is read is a design that can be driven. Without the name of a file in its errors.
nir::Result<Design> readDesign(std::string_view json);

} // namespace nirc::fpga
