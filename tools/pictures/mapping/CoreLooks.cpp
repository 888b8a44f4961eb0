//===- CoreLooks.cpp - how nodes look on cores ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/mapping/CoreLooks.h"

#include <algorithm>

namespace nirc {

constexpr size_t textures = 3; ///< none, stripes, columns

CoreLooks::CoreLooks(const Mapping &mapping, const std::vector<MappedNode> &nodes,
                     const Theme &theme)
    : mapping(mapping), theme(theme), shown(shownResource(mapping)) {
  for (const MappedNode &node : nodes) {
    ranks.emplace(node.name, ranks.size());
  }
}

size_t CoreLooks::distinct() const { return std::min(ranks.size(), okabeIto.size() * textures); }

NodeLook CoreLooks::of(const std::string &node) const {
  auto found = ranks.find(node);
  if (found == ranks.end() || found->second >= okabeIto.size() * textures) {
    return {theme.muted, 0};
  }
  return {theme.fill(found->second), found->second / okabeIto.size()};
}

Color CoreLooks::lineOf(const Mapping::Core &core) const {
  auto most = std::max_element(core.neurons.begin(), core.neurons.end(),
                               [](const auto &a, const auto &b) { return count(a) < count(b); });
  return most == core.neurons.end() ? theme.muted : legible(of(most->node).color, theme.paper, 3.0);
}

/// Lines of the paper's colour over a part of a square.
static Path textureOf(const Rectangle &at, size_t texture) {
  constexpr double pitch = 2.4;
  Path lines;
  if (texture == 1) {
    for (int line = 0; pitch * (line + 0.5) < at.height; ++line) {
      double y = at.bottom() - pitch * (line + 0.5);
      lines.move({at.x, y}).line({at.right(), y});
    }
  } else if (texture == 2) {
    for (int line = 0; pitch * (line + 0.5) < at.width; ++line) {
      double x = at.x + pitch * (line + 0.5);
      lines.move({x, at.y}).line({x, at.bottom()});
    }
  }
  return lines;
}

void CoreLooks::drawSquare(Drawing &drawing, const Rectangle &at, NodeLook look,
                           double level) const {
  Rectangle full{at.x, at.y + at.height * (1.0 - level), at.width, at.height * level};
  drawing.add(std::move(Path().rectangle(at)), {.fill = mixed(theme.paper, look.color, 0.25)});
  drawing.add(std::move(Path().rectangle(full)), {.fill = look.color});
  drawing.add(textureOf(full, look.texture), {.stroke = theme.paper, .width = 0.8});
}

void CoreLooks::drawCore(Drawing &drawing, const Rectangle &at, const Mapping::Core &core) const {
  double level = 1.0;
  if (shown) {
    // A used core never looks empty.
    level = std::clamp(shareOf(mapping, core, *shown).value_or(1.0), 0.06, 1.0);
  }
  auto all = static_cast<double>(std::max<int64_t>(neuronsOf(core), 1));
  auto parts = static_cast<double>(core.neurons.size());
  double thinnest = std::min(2.0, at.width / (2 * parts)), x = at.x; // ten of a thousand are seen
  for (const Mapping::Neurons &neurons : core.neurons) {
    double width =
        thinnest + (at.width - parts * thinnest) * static_cast<double>(count(neurons)) / all;
    drawSquare(drawing, {x, at.y, width, at.height}, of(neurons.node), level);
    x += width;
  }
  drawing.add(std::move(Path().rectangle(at)), {.stroke = theme.ink, .width = widths.axis});
}

} // namespace nirc
