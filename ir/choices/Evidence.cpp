//===- Evidence.cpp - what the presets were compared with -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Evidence.h"

#include <cassert>

namespace nir {

using How = Evidence::How;
using Count = Evidence::Count;

/// A run that tests/conformance/PlatformsTest.cpp repeats.
static constexpr Evidence live(std::string_view preset, std::string_view network,
                               std::string_view by, std::string_view spikes, double dtSeconds,
                               Count count, std::string_view note = "") {
  return {preset, network, How::LiveRun, by, count, note, "PlatformsTest", spikes, dtSeconds};
}

/// A recording that tests/conformance/PresetsTest.cpp has.
static constexpr Evidence recording(std::string_view preset, std::string_view network,
                                    std::string_view by, Count count, std::string_view note = "") {
  return {preset, network, How::Recording, by, count, note, "PresetsTest"};
}

/// What no test repeats: the data are not the project's.
static constexpr Evidence byHand(How how, std::string_view preset, std::string_view network,
                                 std::string_view by, Count count, std::string_view note = "") {
  return {preset, network, how, by, count, note, ""};
}

/// Families whose sequences in PresetsTest.cpp were worked out by hand from what was read.
static constexpr Evidence source(std::string_view preset, std::string_view families,
                                 std::string_view by, std::string_view note = "") {
  return {preset, families, How::Source, by, {}, note, "PresetsTest"};
}

static constexpr Evidence nothing(std::string_view preset, std::string_view families,
                                  std::string_view note = "") {
  return {preset, families, How::Nothing, "", {}, note, ""};
}

constexpr Evidence table[] = {
    live("norse", "LIF", "norse 065a3b4, from_nir", "norse/lif", 0.001, {600, 600, 61}),
    live("norse", "feed-forward", "norse 065a3b4, from_nir", "norse/feed-forward", 0.001,
         {600, 600, 152}, "LIF, then IF"),
    live("norse", "feed-forward", "norse 065a3b4, from_nir", "norse/parameters", 0.001,
         {600, 600, 107}, "LIF, IF, CubaLIF with r and v_reset that to_nir never writes"),
    live("norse", "recurrent", "norse 065a3b4, from_nir", "norse/recurrent", 0.001,
         {1200, 1200, 571}, "The loop was drawn by hand: to_nir writes none"),
    live("norse", "feed-forward", "norse 065a3b4, from_nir", "norse/leak", 0.001, {600, 600, 43},
         "LIF that start at v_leak"),
    recording("norse", "LIF", "NIR paper, paper/01_lif/lif_norse.csv", {1000, 1000, 4}),
    live("snntorch", "LIF", "snnTorch 634fc22, import_from_nir", "snntorch/lif", 0.0001,
         {600, 600, 53}),
    live("snntorch", "feed-forward", "snnTorch 634fc22, import_from_nir", "snntorch/feed-forward",
         0.0001, {600, 600, 66}, "LIF, then CubaLIF"),
    live("snntorch", "feed-forward", "snnTorch 634fc22, import_from_nir", "snntorch/parameters",
         0.0001, {600, 600, 159},
         "LIF, CubaLIF with r, w_in and v_reset that export_to_nir never writes"),
    live("snntorch", "recurrent", "snnTorch 634fc22, RLeaky as import_nir builds it",
         "snntorch/recurrent", 0.0001, {1200, 1200, 310},
         "import_from_nir itself turns a loop into another network"),
    recording("snntorch", "LIF", "NIR paper, paper/01_lif/lif_snntorch.csv", {1000, 1000, 4}),
    nothing("snntorch", "IF",
            "634fc22 reads an IF as a Leaky with beta 0.9, whose network sends a pair"),
    live("snntorch-native", "LIF", "snnTorch 634fc22, its own layers", "snntorch/lif-native",
         0.0001, {600, 600, 66}),
    live("snntorch-native", "feed-forward", "snnTorch 634fc22, its own layers",
         "snntorch/feed-forward-native", 0.0001, {600, 600, 71}, "Leaky, then Synaptic"),
    live("snntorch-native", "recurrent", "snnTorch 634fc22, its own layers",
         "snntorch/recurrent-native", 0.0001, {1200, 1200, 396}, "RLeaky"),
    source("snntorch-native", "IF", "snnTorch 634fc22"),
    live("sinabs", "LIF", "Sinabs 904eb89, from_nir", "sinabs/lif", 1.0, {600, 600, 257},
         "tau in steps"),
    live("sinabs", "feed-forward", "Sinabs 904eb89, from_nir", "sinabs/feed-forward", 1.0,
         {600, 600, 46}, "LIF, then IF"),
    live("sinabs", "feed-forward", "Sinabs 904eb89, from_nir", "sinabs/parameters", 1.0,
         {600, 600, 303}, "LIF, IF with r and v_reset that to_nir never writes"),
    nothing("sinabs", "CubaLIF and loops", "from_nir reads neither"),
    recording("sinabs-paper", "LIF", "NIR paper, paper/01_lif/lif_sinabs.csv", {1000, 1000, 4}),
    source("sinabs-paper", "IF", "the same source"),
    nothing("sinabs-paper", "CubaLIF"),
    live("rockpool", "LIF", "Rockpool 42cee1c, its own modules", "rockpool/lif", 0.001,
         {600, 600, 125}, "from_nir reads no LIF: it looks for tau_mem"),
    live("rockpool", "feed-forward", "Rockpool 42cee1c, from_nir", "rockpool/feed-forward",
         0.0009720056, {600, 600, 162},
         "CubaLIF. --dt is what from_nir takes as dt: the least tau_mem/(1 + r)"),
    live("rockpool", "feed-forward", "Rockpool 42cee1c, its own modules",
         "rockpool/feed-forward-native", 0.001, {600, 600, 150}),
    live("rockpool", "LIF", "Rockpool 42cee1c, from_nir", "rockpool/parameters", 0.0009720056,
         {600, 600, 114}, "CubaLIF with w_in and v_reset that to_nir never writes"),
    live("rockpool", "recurrent", "Rockpool 42cee1c, from_nir", "rockpool/recurrent", 0.0009720056,
         {1200, 1200, 251}, "The loop was drawn by hand: to_nir writes none"),
    live("rockpool", "recurrent", "Rockpool 42cee1c, its own modules", "rockpool/recurrent-native",
         0.001, {1200, 1200, 236}),
    byHand(How::Recording, "rockpool", "LIF", "NIR paper, paper/01_lif/lif_rockpool.csv",
           {1000, 1000, 4},
           "lif_rockpool.nir; PresetsTest compares it with the same spikes of lif_sinabs.csv"),
    nothing("rockpool", "IF", "Rockpool has none"),
    live("spyx", "LIF", "Spyx 38374e9, from_nir, with NumPy in the place of JAX", "spyx/lif", 0.001,
         {600, 600, 28}),
    live("spyx", "feed-forward", "Spyx 38374e9, from_nir, with NumPy in the place of JAX",
         "spyx/feed-forward", 0.001, {600, 600, 42}, "LIF, then CubaLIF"),
    live("spyx", "feed-forward", "Spyx 38374e9, from_nir, with NumPy in the place of JAX",
         "spyx/parameters", 0.001, {600, 600, 234},
         "LIF, IF, CubaLIF with r, w_in, v_leak and v_reset that to_nir never writes"),
    live("spyx", "recurrent", "Spyx 38374e9, from_nir, with NumPy in the place of JAX",
         "spyx/recurrent", 0.001, {1200, 1200, 250},
         "The loop's input was moved by hand: to_nir leads it into the recurrent weights, which "
         "neither RLIF nor from_nir does"),
    byHand(How::Recording, "spyx-paper", "LIF", "NIR paper, paper/01_lif/lif_spyx.csv",
           {1000, 1000, 4}),
    source("spyx-paper", "IF and CubaLIF", "the same source"),
    live("nengo", "feed-forward", "Nengo 43e46ed, nir_to_nengo of NIR 7232ada",
         "nengo/feed-forward", 0.001, {600, 600, 249}, "CubaLIF"),
    live("nengo", "recurrent", "Nengo 43e46ed, nir_to_nengo of NIR 7232ada", "nengo/recurrent",
         0.001, {1200, 1200, 540}, "CubaLIF"),
    byHand(How::LiveRun, "nengo", "recurrent",
           "Nengo 43e46ed, nir_to_nengo of NIR 7232ada, braille_noDelay_bias_zero.nir",
           {11520, 11520, 529},
           "Of the recurrent and of the last layer, for random spikes: the input of the published "
           "activity is not at hand"),
    byHand(How::LiveRun, "nengo", "recurrent",
           "Nengo 43e46ed, nir_to_nengo of NIR 7232ada, braille_noDelay_noBias_subtract.nir",
           {12032, 12032, 112}, "The same"),
    nothing("nengo", "IF and LIF", "They are those of nengo-direct"),
    live("nengo-direct", "LIF", "Nengo 43e46ed, nir_to_nengo of NIR 7232ada", "nengo/lif", 0.001,
         {600, 600, 191}),
    live("nengo-direct", "feed-forward", "Nengo 43e46ed, nir_to_nengo of NIR 7232ada", "nengo/if",
         0.001, {600, 600, 78}, "IF"),
    byHand(How::Recording, "nengo-direct", "LIF", "NIR paper, paper/01_lif/lif_nengo.csv",
           {1000, 1000, 4}),
    nothing("nengo-direct", "CubaLIF", "It is that of nengo"),
    recording("lava-float", "LIF", "NIR paper, paper/01_lif/lif_lava_cpu_float.csv",
              {1000, 1000, 4}),
    source("lava-float", "CubaLIF", "the same source"),
    nothing("lava-float", "IF"),
    byHand(How::Recording, "loihi2", "LIF", "NIR paper, paper/01_lif/lif_lava_loihi_fixed.csv",
           {1000, 1000, 4}, "The chip computed in integers; its spikes alone are compared"),
    source("loihi2", "CubaLIF", "the same source"),
    nothing("loihi2", "IF"),
    byHand(How::Recording, "spinnaker2", "LIF", "NIR paper, paper/01_lif/lif_spinnaker2.csv",
           {999, 999, 4}, "Without the first sample, which the recording leaves out"),
    source("spinnaker2", "IF and CubaLIF", "the same source"),
    source("hxtorch", "LIF and CubaLIF", "hxtorch 3bfc7aa"),
    nothing("hxtorch", "IF"),
    live("spikingjelly", "LIF", "SpikingJelly afb1322, import_from_nir", "spikingjelly/lif", 0.001,
         {600, 600, 72}),
    live("spikingjelly", "feed-forward", "SpikingJelly afb1322, import_from_nir",
         "spikingjelly/feed-forward", 0.001, {600, 600, 44}, "LIF, then IF"),
    live("spikingjelly", "feed-forward", "SpikingJelly afb1322, import_from_nir",
         "spikingjelly/reset", 0.001, {600, 600, 46}, "LIF, then IF, that start at v_reset"),
    live("spikingjelly", "recurrent", "SpikingJelly afb1322, import_from_nir",
         "spikingjelly/recurrent", 0.001, {1200, 1200, 193},
         "The loop was drawn by hand: export_to_nir writes none"),
    nothing("spikingjelly", "CubaLIF", "import_from_nir reads none"),
};

std::span<const Evidence> evidence() { return table; }

std::string_view name(Evidence::How how) {
  switch (how) {
  case How::LiveRun:
    return "live run";
  case How::Recording:
    return "recording";
  case How::Source:
    return "source";
  case How::Nothing:
    return "not compared";
  }
  assert(false && "a way of comparing that has no name");
  return "";
}

} // namespace nir
