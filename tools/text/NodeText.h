//===- NodeText.h - a node in words -----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Printable.h"
#include "ir/graph/Graph.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace nirc {

/// Columns that the text takes on a terminal, taking every character as one wide.
size_t displayWidth(std::string_view text);

/// "tau 0.02, v_threshold 0.5 … 1.5 per neuron", in the order of the primitive.
std::string parametersText(const nir::Node &node);

/// {"tau": {"dtype", "shape", "min", "max", "uniform"}, "padding": "same"}; absent ones are null.
nlohmann::ordered_json parametersJson(const nir::Node &node);

/// The name of a node in a line of words: lif1, and in quotes '1' and 'a b', which would be read as
/// a number and as two words.
std::string nameText(const std::string &name);

} // namespace nirc
