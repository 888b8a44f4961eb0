//===- StatsLatex.cpp - counts for a paper -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/text/Grouped.h"
#include "tools/text/StatsView.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

/// Text in LaTeX: what would be a command stands for itself.
static std::string latexOf(const std::string &text) {
  std::string latex;
  for (char letter : text) {
    switch (letter) {
    case '\\':
      latex += "\\textbackslash{}";
      break;
    case '~':
      latex += "\\textasciitilde{}";
      break;
    case '^':
      latex += "\\textasciicircum{}";
      break;
    case '&':
    case '%':
    case '$':
    case '#':
    case '_':
    case '{':
    case '}':
      latex += fmt::format("\\{}", letter);
      break;
    default:
      latex += static_cast<unsigned char>(letter) < ' ' ? ' ' : letter;
    }
  }
  return latex;
}

/// "3{,}667", which a comma of LaTeX's math and text sets without a space.
static std::string numberOf(double number, bool applies) {
  if (!applies) {
    return "--";
  }
  if (number != std::floor(number)) {
    return fmt::format("{:.2f}", number);
  }
  std::string text;
  for (char letter : grouped(number)) {
    text += letter == ',' ? "{,}" : std::string(1, letter);
  }
  return text;
}

static std::string shareOf(std::optional<double> share) {
  return share ? fmt::format("{:.3f}", *share) : "--";
}

static std::string row(const std::string &node, const std::string &type, const Size &size,
                       const Activity &all, const std::optional<Workload> &work) {
  std::vector<std::string> cells = {
      latexOf(node),
      type,
      numberOf(static_cast<double>(size.neurons), size.neurons > 0),
      numberOf(static_cast<double>(size.parameters), size.parameters > 0),
      numberOf(static_cast<double>(size.footprintBytes()), size.footprintBytes() > 0),
      shareOf(size.connectionSparsity())};
  if (work) {
    auto samples = static_cast<double>(work->samples);
    auto mean = [&](int64_t count, bool applies) {
      return numberOf(static_cast<double>(count) / samples, applies);
    };
    bool connects = size.weights > 0;
    cells.push_back(shareOf(all.activationSparsity()));
    cells.push_back(mean(all.denseOperations, connects));
    cells.push_back(mean(all.effectiveMacs, connects));
    cells.push_back(mean(all.effectiveAcs, connects));
    cells.push_back(mean(all.membraneUpdates, work->hasMembranes && size.neurons > 0));
  }
  return fmt::format("    {} \\\\\n", fmt::join(cells, " & "));
}

std::string statsLatex(const Stats &stats, const std::string &caption) {
  std::string text = "\\begin{table}\n  \\centering\n";
  text += fmt::format("  \\caption{{{}}}\n", latexOf(caption));
  text += fmt::format("  \\begin{{tabular}}{{ll{}}}\n    \\toprule\n",
                      std::string(stats.workload ? 9 : 4, 'r'));
  text += "    node & type & neurons & parameters & bytes & zero weights";
  text += stats.workload ? " & sparsity & dense & eff.\\ MACs & eff.\\ ACs & updates" : "";
  text += " \\\\\n    \\midrule\n";
  for (const NodeStats &node : stats.nodes) {
    if (node.role != Role::Other || node.size.parameters > 0) {
      text += row(node.node, node.type, node.size, node.activity, stats.workload);
    }
  }
  text += "    \\midrule\n";
  text += row("total", "", stats.totalSize(), stats.totalActivity(), stats.workload);
  return text + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n";
}

} // namespace nirc
