//===- Diagram.cpp - a design as a picture --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/emit/Diagram.h"

#include "ir/Wording.h"

#include <fmt/format.h>
#include <graphviz/gvc.h>
#include <mutex>
#include <utility>
#include <vector>

using namespace nirc;
using namespace nirc::fpga;

namespace {

/// Text for a quoted string of DOT; control characters and quotes would end it.
std::string quoted(const std::string &text) {
  std::string out;
  for (char c : text) {
    out += c == '"' || c == '\\'                 ? std::string("\\") + c
           : static_cast<unsigned char>(c) < ' ' ? std::string("?")
                                                 : std::string(1, c);
  }
  return out;
}

/// Blocks, and which of them sends a stream.
class Blocks {
public:
  void add(const std::string &id, const std::string &text, const char *style) {
    dot += fmt::format("  {} [label=\"{}\" {}];\n", id, text, style);
  }
  void sends(size_t stream, const std::string &id) { senders.push_back({stream, id}); }
  void takes(size_t stream, const std::string &id, const std::string &text = "") {
    takers.push_back({stream, id, text});
  }
  std::string finish(const std::vector<Stream> &streams) {
    for (const auto &[stream, id, text] : takers) {
      for (const auto &[sent, from] : senders) {
        if (sent == stream) {
          dot += fmt::format("  {} -> {} [label=\"{}\"{}];\n", from, id, quoted(text),
                             streams[stream].valueBits() > 0 ? " style=bold" : "");
        }
      }
    }
    return dot;
  }

private:
  struct Taker {
    size_t stream;
    std::string id, text;
  };
  std::string dot;
  std::vector<std::pair<size_t, std::string>> senders;
  std::vector<Taker> takers;
};

} // namespace

static std::string dotOf(const Plan &plan) {
  constexpr const char *edge = "shape=box style=filled fillcolor=\"#e8e8e8\"";
  constexpr const char *neurons = "shape=box style=filled fillcolor=\"#cfe3f5\"";
  constexpr const char *memory = "shape=box style=filled fillcolor=\"#f8e3c4\"";
  Blocks blocks;
  blocks.add("s_axis", "s_axis", edge);
  blocks.add("m_axis", "m_axis", edge);
  for (const Port &port : plan.inputs) {
    blocks.sends(port.stream, "s_axis");
  }
  for (const Port &port : plan.outputs) {
    blocks.takes(port.stream, "m_axis", port.name);
  }
  for (size_t u = 0; u < plan.units.size(); ++u) {
    const Unit &unit = plan.units[u];
    std::string id = fmt::format("unit{}", u);
    blocks.add(id,
               fmt::format("{}\\n{} {}\\n{} {} of {} {}", quoted(unit.name), unit.layout.elements(),
                           unit.elementNoun(), unit.layout.words(),
                           unit.layout.words() == 1 ? "word" : "words", unit.layout.lanes,
                           unit.layout.lanes == 1 ? "lane" : "lanes"),
               neurons);
    blocks.sends(unit.result, id);
    for (const Term &term : unit.terms) {
      blocks.takes(term.stream, id, term.name);
    }
  }
  for (size_t m = 0; m < plan.maps.size(); ++m) {
    std::string id = fmt::format("map{}", m);
    snn::PopulationOp population = plan.maps[m].population;
    blocks.add(id, quoted(population.getNode().str()), neurons);
    blocks.sends(plan.maps[m].to, id);
    blocks.takes(plan.maps[m].from, id);
  }
  for (size_t d = 0; d < plan.delays.size(); ++d) {
    const Delay &delay = plan.delays[d];
    std::string id = fmt::format("delay{}", d);
    std::string steps =
        delay.steps.size() == 1 ? nir::counted(delay.steps.front(), "step") : "steps by element";
    blocks.add(id, fmt::format("delay {}\\n{}", quoted(delay.name), steps), memory);
    blocks.sends(delay.to, id);
    blocks.takes(delay.from, id);
  }
  return "digraph design {\n  rankdir=LR;\n  node [fontname=\"Helvetica\" fontsize=11];\n"
         "  edge [fontname=\"Helvetica\" fontsize=9];\n" +
         blocks.finish(plan.streams) + "}\n";
}

std::string nirc::fpga::diagramOf(const Plan &plan) {
  static std::mutex oneAtATime; // Graphviz keeps what it does in globals
  std::scoped_lock lock(oneAtATime);
  std::string dot = dotOf(plan);
  GVC_t *context = gvContext();
  Agraph_t *graph = agmemread(dot.c_str());
  std::string svg;
  if (graph && gvLayout(context, graph, "dot") == 0) {
    char *text = nullptr;
    unsigned length = 0;
    if (gvRenderData(context, graph, "svg", &text, &length) == 0) {
      svg.assign(text, length);
      gvFreeRenderData(text);
    }
    gvFreeLayout(context, graph);
  }
  if (graph) {
    agclose(graph);
  }
  gvFreeContext(context);
  return svg;
}
