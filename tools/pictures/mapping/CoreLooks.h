//===- CoreLooks.h - how nodes look on cores --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/draw/Sheet.h"
#include "tools/text/Figures.h"

#include <map>
#include <string>
#include <vector>

namespace nirc {

/// The colour of a node; beyond seven with stripes, then with columns, and beyond 21 grey.
struct NodeLook {
  Color color;
  size_t texture = 0;
};

/// A look for each node, and cores drawn with them.
class CoreLooks {
public:
  CoreLooks(const Mapping &mapping, const std::vector<MappedNode> &nodes, const Theme &theme);

  NodeLook of(const std::string &node) const;
  /// That of the node with most neurons on the core.
  Color lineOf(const Mapping::Core &core) const;
  /// How many have a look of their own.
  size_t distinct() const;

  /// A square in that look, filled up to `level` (0 to 1) and pale above.
  void drawSquare(Drawing &drawing, const Rectangle &at, NodeLook look, double level) const;
  /// A core: side by side its nodes, wider for more neurons, filled as its memory is.
  void drawCore(Drawing &drawing, const Rectangle &at, const Mapping::Core &core) const;

private:
  const Mapping &mapping;
  const Theme &theme;
  std::map<std::string, size_t> ranks;
  std::optional<size_t> shown; ///< the resource that cores are filled with
};

} // namespace nirc
