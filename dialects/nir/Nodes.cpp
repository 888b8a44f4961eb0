//===- Nodes.cpp - what all nodes share -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Nodes.h"

#include "llvm/ADT/StringMap.h"

namespace nir {

template <typename... OpTs>
static llvm::StringMap<llvm::StringRef> opNames() {
  llvm::StringMap<llvm::StringRef> names;
  (names.try_emplace(OpTs::getNirType(), OpTs::getOperationName()), ...);
  return names;
}

llvm::StringRef opNameOf(std::string_view nirType) {
  static const llvm::StringMap<llvm::StringRef> names = opNames<
#define GET_OP_LIST
#include "dialects/nir/NirOps.cpp.inc"
      >();
  llvm::StringRef name = names.lookup(nirType);
  assert(!name.empty() && "every primitive of ir/graph/Graph.h has an op");
  return name;
}

Node nodeOf(NodeOpInterface op, Tensor (*read)(mlir::ElementsAttr)) {
  std::optional<Params> primitive = primitiveOfType(op.getNirType());
  assert(primitive && "every op stands for a primitive of ir/graph/Graph.h");
  Params params = std::move(primitive).value_or(Params());
  visitParams(params, [&](const char *name, auto &parameter) {
    mlir::Attribute attribute = op->getAttr(name);
    if (auto tensor = llvm::dyn_cast_or_null<mlir::ElementsAttr>(attribute)) {
      parameter = read(tensor);
      return;
    }
    if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, Padding>) {
      parameter = llvm::cast<mlir::StringAttr>(attribute).str();
    }
  });
  return {op.getNodeName().str(), std::move(params), {}};
}

} // namespace nir
