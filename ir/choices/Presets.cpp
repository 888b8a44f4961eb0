//===- Presets.cpp - the choices of each platform -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Presets.h"

#include "ir/GrowingTable.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace nir {

static const std::vector<Preset> *other = nullptr;

OtherPresets::OtherPresets(std::vector<Preset> table) : table(std::move(table)) {
  assert(!other && "one other table at a time");
  other = &this->table;
}

OtherPresets::~OtherPresets() { other = nullptr; }

static const std::vector<Preset> &builtIn() {
  static const std::vector<Preset> all = {
      {"nir", "NIR's equations in Euler steps, and what its published files assume", "",
       "NIR 1.0.8; docs/semantics.md", ""},
      {"norse", "Norse: Euler steps, without the r of IF and LIF",
       "ignore=v_reset,IF.ignore=r+v_reset,LIF.ignore=r+v_reset,start=v_leak,feedback-start=zero,"
       "duplicate-edges=once",
       "norse 065a3b4",
       "Norse warns that it ignores r of LIF neurons. It adds v_leak of CubaLIF to the synaptic "
       "current as well, which is not reproduced: v_leak must be 0."},
      {"snntorch", "snnTorch, as it imports NIR", "gain=unit,ignore=v_reset,duplicate-edges=once",
       "snntorch 634fc22",
       "v is in the units of snnTorch, the file's v / (r dt/tau). The import needs v_leak 0, for "
       "CubaLIF r tau_mem/dt, and always takes dt 1e-4."},
      {"snntorch-native", "snnTorch's own layers: beta v + x, reset a step late",
       "gain=raw,reset=subtract,reset-delay=1,ignore=v_leak+v_reset", "snntorch 634fc22",
       "beta is 1 - dt/tau."},
      {"sinabs", "Sinabs, as it imports NIR: exponential leak, no gain, several spikes a step",
       "integrator=exp-euler,gain=raw,spike-when=ge,spikes-per-step=multi,reset=subtract,"
       "ignore=r+v_leak+v_reset,IF.floor=-threshold,duplicate-edges=once",
       "sinabs 904eb89",
       "Sinabs' own files hold tau in steps. Its import switches off the gain of its LIF layers "
       "(norm_input)."},
      {"sinabs-paper", "Sinabs as it was in the NIR paper: the same with the gain dt/tau",
       "integrator=exp-euler,gain=euler,spike-when=ge,spikes-per-step=multi,reset=subtract,"
       "ignore=v_reset,IF.ignore=r+v_reset,IF.floor=-threshold",
       "the sinabs of the NIR paper, doi:10.1038/s41467-024-52259-9",
       "A notebook of the paper multiplied the input by dt/tau before Sinabs got it."},
      {"rockpool", "Rockpool and Xylo's simulator: no gain; Cuba input decays at once",
       "integrator=exp-euler,gain=raw,spike-when=ge,spikes-per-step=multi,reset=subtract,"
       "ignore=v_reset,CubaLIF.enters=before-decay",
       "rockpool 42cee1c",
       "What a LIF of another platform has as gain is in the weights of Rockpool's files. It turns "
       "r into its dt, tau_mem/(1 + r), and it adds v_leak to v in every step as a bias, which is "
       "not reproduced: v_leak must be 0."},
      {"spyx", "Spyx today: spike and reset from the v of the last step, no gain",
       "gain=raw,spike-test=old,reset=subtract,ignore=r+w_in+v_leak+v_reset,"
       "CubaLIF.late-reset=before-update,duplicate-edges=once",
       "spyx 38374e9", ""},
      {"spyx-paper", "Spyx as it was in the NIR paper: the same with the gain dt/tau",
       "spike-test=old,reset=subtract,ignore=v_leak+v_reset,IF.ignore=r+v_leak+v_reset,"
       "CubaLIF.late-reset=before-update",
       "the spyx of the NIR paper, doi:10.1038/s41467-024-52259-9", ""},
      {"nengo",
       "Nengo, as the NIR paper's importer builds CubaLIF networks: a synapse takes a step",
       "integrator=exp-euler,floor=0,IF.floor=none,CubaLIF.synapse-integrator=euler,ignore=v_reset,"
       "schedule=pipelined,feedback-start=zero",
       "nengo 43e46ed, nir_to_nengo of the NIR paper",
       "Nengo's v is in units of the threshold. The importer takes r 1 for IF and LIF, v_leak 0, "
       "and "
       "the tau of a layer's first neuron. The step is that of the synapse: neurons without one, "
       "IF "
       "and LIF, see their inputs at once, which nengo-direct gives. A layer behind LIF neurons "
       "gets "
       "1/dt for a spike there, which is not reproduced."},
      {"nengo-direct",
       "Nengo, as the same importer builds networks of IF and LIF: no edge takes a step",
       "integrator=exp-euler,floor=0,IF.floor=none,CubaLIF.synapse-integrator=euler,ignore=v_reset",
       "nengo 43e46ed, nir_to_nengo of the NIR paper",
       "For networks without CubaLIF neurons and without loops, which Nengo refuses where no "
       "synapse "
       "is in them. The rest as for nengo. A Nengo neuron with a refractory time tau_ref of dt "
       "integrates the rest of a step: after-spike=rest."},
      {"lava-float", "Lava's float simulation: a synapse delivers a step late",
       "schedule=pipelined,ignore=v_reset", "lava, as in the NIR paper", ""},
      {"loihi2", "Loihi 2's order of operations, in floating point",
       "schedule=pipelined,ignore=v_reset", "lava-dl and Loihi, as in the NIR paper",
       "The chip computes in integers."},
      {"spinnaker2", "SpiNNaker2: gains folded into the threshold, a spike takes a step",
       "gain=unit,reset=subtract,schedule=pipelined,ignore=v_reset", "s2_nir of the NIR paper",
       "v is in scaled units. The leak is Euler's, as in the paper; py-spinnaker2 takes "
       "integrator=exp-euler as its default. Published traces leave out the first sample, which "
       "hides the step that an input takes."},
      {"hxtorch", "hxtorch (BrainScaleS-2): the membrane sees the current of the last step",
       "current=old,synapse-gain=raw", "hxtorch 3bfc7aa", "Its own files hold times in ms."},
      {"spikingjelly", "SpikingJelly: Euler, v >= v_threshold, IF with dt",
       "spike-when=ge,IF.drive=held,start=v_reset,feedback-start=zero,duplicate-edges=once",
       "spikingjelly afb1322",
       "SpikingJelly counts tau in steps (dt = 1) and leaks to v_reset: v_leak must be v_reset."},
      {"exact", "the solution of NIR's equations: spikes at the time of their crossing",
       "integrator=exact,schedule=events", "NIR 1.0.8; docs/semantics.md",
       "Runs on the reference target alone."}};
  return all;
}

static GrowingTable<Preset> &table() {
  static GrowingTable<Preset> all(builtIn());
  return all;
}

const std::vector<Preset> &presets() { return other ? *other : table().now(); }

Status checkNewName(std::string_view name, std::string_view what) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view known = "abcdefghijklmnopqrstuvwxyz0123456789-";
  constexpr size_t most = 40;
  bool isSound = !name.empty() && name.size() <= most &&
                 letters.find(name.front()) != std::string_view::npos &&
                 name.find_first_not_of(known) == std::string_view::npos;
  if (isSound) {
    return {};
  }
  std::string shown(name.substr(0, most));
  std::replace_if(shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return Error(Cause::UnknownName,
               fmt::format("{} is called '{}', expected a name of small letters, digits and '-' "
                           "that begins with a letter and has at most {} characters",
                           what, shown, most));
}

Status checkNewPreset(const Preset &preset) {
  if (Status bad = checkNewName(preset.name, "a semantics preset")) {
    return bad;
  }
  for (const Preset &other : presets()) {
    if (other.name == preset.name) {
      return Error(Cause::UnknownName,
                   fmt::format("there is a semantics preset '{}' already", preset.name));
    }
  }
  Semantics semantics;
  Status bad = chooseAll(semantics, preset.choices);
  if (!bad && semantics.dtSeconds != 0.0) {
    bad = Error(Cause::ChoiceConflict, "found dt, expected choices alone");
  }
  if (!bad) {
    bad = checkSemantics(semantics);
  }
  if (bad) {
    bad->message = fmt::format("semantics preset '{}': {}", preset.name, bad->message);
  }
  return bad;
}

Status addPreset(const Preset &preset) {
  if (Status bad = checkNewPreset(preset)) {
    return bad;
  }
  GrowingTable<Preset> &all = table();
  Preset kept{all.keep(preset.name), all.keep(preset.summary), all.keep(preset.choices),
              all.keep(preset.source), all.keep(preset.notes)};
  all.extend([&](std::vector<Preset> &next) { next.push_back(kept); });
  return {};
}

Result<Semantics> presetSemantics(std::string_view name) {
  std::vector<std::string> names;
  for (const Preset &preset : presets()) {
    names.emplace_back(preset.name);
    if (preset.name == name) {
      Semantics semantics; // what a preset's text differs from
      if (Status bad = chooseAll(semantics, preset.choices)) {
        return std::move(*bad);
      }
      semantics.preset = preset.name;
      return semantics;
    }
  }
  Error error(Cause::UnknownName, fmt::format("no semantics is called '{}', there are {}", name,
                                              fmt::join(names, ", ")));
  std::string meant = nearest(name, names);
  return meant.empty() ? std::move(error)
                       : std::move(error).note(fmt::format("did you mean '{}'?", meant));
}

} // namespace nir
