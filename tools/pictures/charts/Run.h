//===- Run.h - spikes, voltages and rates of a run as figures ---*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/Recording.h"
#include "tools/pictures/draw/Sheet.h"

#include <map>
#include <string>
#include <vector>

namespace nirc {

/// A run, and what there is to say of it. Figures show its first sample.
struct RunPicture {
  const nir::Recording *recording = nullptr;
  std::vector<std::string> order;                ///< of the nodes, from inputs to outputs
  std::vector<std::string> outputs;              ///< the Output nodes
  std::map<std::string, nir::Tensor> thresholds; ///< of v, by node, where they are known
  std::string caption;                           ///< model, steps, semantics, target
};

/// A panel for each node that spikes, a row for each neuron. Where there are so many spikes that
/// marks would cover each other, dots of several steps and neurons stand for them: the stronger,
/// the more spikes. The caption says where.
Drawing rasterFigure(const RunPicture &run, const FigureStyle &style);

/// A panel for each node with a recorded v: the neurons with most spikes (of none, the first ones),
/// their thresholds dashed, and their spikes above.
Drawing voltageFigure(const RunPicture &run, const FigureStyle &style);

/// Spikes a second and neuron over time, a line for each node.
Drawing rateFigure(const RunPicture &run, const FigureStyle &style);

} // namespace nirc
