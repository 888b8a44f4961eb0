//===- AdviceKinds.cpp - every advice that there is ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Advice.h"

#include <iterator>

namespace nirc {

static constexpr AdviceKind table[] = {
    {"unstable-step", "dt/tau is 2 or more under euler: the state grows without bound",
     "Under `euler` dt/tau is 2 or more: the state grows without bound.",
     "Spikes then come of the arithmetic: a network that is silent or sparse elsewhere fires in "
     "every step.",
     "a shorter `--dt`, or `--integrator exp-euler`", /*isOfSemantics=*/true},
    {"overshooting-step", "dt/tau is above 1 under euler: each step changes the sign",
     "Under `euler` dt/tau is above 1: each step overshoots rest and changes sign.",
     "A membrane that should decay swings around rest, and can spike on the way.",
     "a shorter `--dt`, or `--integrator exp-euler`", /*isOfSemantics=*/true},
    {"coarse-step", "dt/tau is above 0.5 under euler: the decay is far from the exact one",
     "Under `euler` dt/tau is above 0.5: the decay of a step is far from the exact one. Not said "
     "where r = tau/dt shows that the network was made with Euler at this dt.",
     "A neuron forgets faster than its time constant says; counts of spikes are not those of a "
     "shorter step.",
     "a shorter `--dt`, or `--integrator exp-euler`", /*isOfSemantics=*/true},
    {"uneven-delay", "a delay is not a whole number of steps",
     "A delay is not a whole number of steps, and is rounded.",
     "What passes arrives up to half a step early or late, which another simulator may round the "
     "other way.",
     "a `--dt` that divides it"},
    {"other-step", "the file is made for steps of another length",
     "The file states another step, or its parameters are made for one (r = tau/dt, not by a "
     "weak clue).",
     "A spike counts in proportion to dt in a leaky neuron: at another step the same weights are "
     "too strong or too weak.",
     "that `--dt`"},
    {"other-semantics", "the file is as a platform writes it, and another semantics runs it",
     "The file is as a platform exports it, by a clue that is not weak, and nothing names a "
     "semantics, so that `nir` runs it. A note where two platforms export so.",
     "The same file gives other spikes there: a network trained on that platform loses accuracy "
     "here.",
     "`--semantics` of the platform; or `--semantics nir`, where that is meant",
     /*isOfSemantics=*/true},
    {"starts-above-threshold", "v starts at 0, which is above the threshold",
     "v starts at 0, which is above v_threshold, as with numbers in mV (rest at -65, threshold "
     "at -50): such neurons spike in step 0.",
     "The first step is full of spikes that no input caused, and what follows hangs on them.",
     "numbers with rest at 0, which the note computes", /*isOfSemantics=*/true},
    {"reset-above-threshold", "v_reset is at or above v_threshold",
     "v_reset is at or above v_threshold: a neuron that spikes may spike in every step from then "
     "on.",
     "The neuron is no detector of its input any more.",
     "a lower v_reset; of numbers in mV those that the note computes", /*isOfSemantics=*/true},
    {"fires-at-rest", "v_leak is above v_threshold",
     "v_leak is above v_threshold: the neuron fires without input.",
     "It is a pacemaker, which may be meant.",
     "a v_threshold above v_leak, where that is not meant", /*isOfSemantics=*/true},
    {"ignored-parameters", "the semantics ignores a parameter, and the file has a number there",
     "The semantics ignores r, w_in, v_leak or v_reset, as its platform does, and the file has "
     "another number there than the 1 or 0 that is read. Not said of a file that this platform "
     "wrote.",
     "The numbers of the file have no effect under this semantics.",
     "the semantics with `ignore=none`, which the note names", /*isOfSemantics=*/true},
    {"mixed-neurons", "IF beside leaky neurons: their balance depends on the step",
     "The graph has IF and leaky neurons: another dt changes their balance.",
     "An IF moves by r for each spike at every step, a leaky neuron by r dt/tau.",
     "one dt, the one that the network was trained with"},
    {"undecided-loop", "which edge of a cycle is late depends on the order of the file",
     "A cycle could be cut at several edges, and structure does not tell them apart "
     "(docs/semantics.md, Cycles): which edge is a step late depends on the order of the file, "
     "and so on names.",
     "Renaming nodes, which tools do, can move spikes by a step.",
     "`--late SOURCE:TARGET`, which names the edge, and is stored in what nirc writes"},
    {"dropped-late", "an edge that the file has late is not late under the semantics",
     "The file's own semantics names late edges, another semantics runs it, and under that one "
     "such an edge lies on no cycle of a step. `check` does not say it.",
     "The spikes are those of that semantics, and the file's choice has no part in them.",
     "`--late none`, which says that this is known, or a semantics with cycles within the step",
     /*isOfSemantics=*/true},
    {"assumed-ranges", "nothing tells the range of the inputs of a network of integers",
     "The network becomes one of integers, and nothing tells the range of its inputs: they are "
     "taken as whole numbers. Commands that have an input look at that; targets of spikes take 0 "
     "or 1.",
     "What lies between whole numbers, such as pixels from 0 to 1, becomes 0 or 1.",
     "`--calibrate`"},
    {"own-ranges", "the ranges of a network of integers are those of the run's own input",
     "`run` and `compare`: the network becomes one of integers, its inputs are not whole "
     "numbers, and their range is that of this very input. So `nirc compile` without "
     "`--calibrate`, and a run on another input, are other networks.",
     "Their scales differ, and so may their spikes.",
     "`--calibrate` with one input everywhere, or `nirc quantize --calibrate -o` once"},
    {"vanished-numbers", "weights or thresholds are 0 in the integers of a format",
     "Half of a connection's weights that are not 0, or more, are 0 in the format, or a "
     "threshold is, or all weights of a neuron or channel are: one large weight sets the scale "
     "of all that drive the same neurons.",
     "Those connections are gone, whatever the accuracy of the others.",
     "more `weight-bits`, `granularity=channel`, `weight-range=percentile:P` with the P that the "
     "note names; for thresholds more `state-bits`"},
    {"silent-integers", "a node that has spikes in float64 has none in integers",
     "`quantize --calibrate` alone: a node that has spikes in float64 has none in integers.",
     "What follows from that node is lost.", "more bits, `granularity=channel`"},
    {"silent-network", "no output of a run has a spike",
     "`run` alone: no output has a spike. It says how near each population came to its "
     "threshold, by what factor a larger input would wake the first that is silent, and which "
     "presets give output spikes. Not said of large networks and runs, since it runs the network "
     "again, nor of fewer than 10 steps.",
     "A result of zeros says nothing of the network, and often tells of a missing scale.",
     "the preset, the scale or the step that the notes name"},
    {"no-input", "a node, or the graph, has nothing that drives it",
     "No edge enters a node. A node of the outermost graph gets an Input in a run, which needs "
     "an input then.",
     "It computes from its bias and its state alone, or from an input that has to be given.",
     "an edge into the node, or `--input NODE=...` in a run"},
    {"no-output", "the signal of a node, or the graph, goes nowhere", "No edge leaves a node.",
     "It costs time and decides nothing.", "an edge to an Output, or the node taken away"},
    {"duplicate-edges", "an edge is there several times",
     "An edge is there several times; each counts, or one with `duplicate-edges=once`, as most "
     "platforms read it.",
     "A signal that counts twice doubles a weight.",
     "one edge, or `--duplicate-edges` as it is meant"},
    {"output-shape", "an Output declares another shape than it gets",
     "An Output declares another shape than its signal has.",
     "Results have the declared shape; a reader that goes by the signal's finds other indices.",
     "the signal's shape in the Output, or a Flatten before it"},
    {"name-drift", "the name of a semantics or format in the file has another meaning today",
     "The name of a semantics or format in the file has another meaning in this nirc; the file's "
     "own choices count.",
     "What was computed when the file was written stays; a new file by that name is another.",
     "`nirc convert --semantics` with the name, for what it means today"},
};

const std::vector<AdviceKind> &adviceKinds() {
  static const std::vector<AdviceKind> kinds(std::begin(table), std::end(table));
  return kinds;
}

const AdviceKind *findAdvice(std::string_view name) {
  for (const AdviceKind &kind : adviceKinds()) {
    if (kind.name == name) {
      return &kind;
    }
  }
  return nullptr;
}

} // namespace nirc
