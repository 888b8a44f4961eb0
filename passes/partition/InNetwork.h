//===- InNetwork.h - a mapping as part of a network -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"
#include "passes/partition/Mapping.h"

#include <optional>

namespace nirc {

/// Makes the mapping the network's snn.mapping, instead of one that is there.
void writeMapping(snn::NetworkOp network, const Mapping &mapping);

/// The network's snn.mapping. It knows its cores, what is on them and their routes; resources,
/// what is used of them and the least number of cores are empty.
std::optional<Mapping> readMapping(snn::NetworkOp network);

void eraseMapping(snn::NetworkOp network);

} // namespace nirc
