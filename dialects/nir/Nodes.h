//===- Nodes.h - an op as the node it stands for ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/Ops.h"
#include "ir/graph/Graph.h"

namespace nir {

/// The op of a NIR primitive: "nir.lif" for "LIF".
llvm::StringRef opNameOf(std::string_view nirType);

/// The node that an op stands for, with its name and its parameters, without its metadata and
/// without what is inside a subgraph. `read` is tensorOf or viewOf (Tensors.h) and its promises are
/// those of the node.
Node nodeOf(NodeOpInterface op, Tensor (*read)(mlir::ElementsAttr));

} // namespace nir
