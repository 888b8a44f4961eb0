//===- EnergyTables.cpp - prices of operations, as published -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/stats/Energy.h"

#include <limits>

namespace nirc {

namespace {
constexpr double notPublished = std::numeric_limits<double>::infinity();

constexpr std::string_view horowitz =
    "Horowitz, ISSCC 2014, doi:10.1109/ISSCC.2014.6757323, as table 3 of PMC8934428 has it";
constexpr std::string_view rough = "rough figures of 45 nm logic";
constexpr std::string_view arithmeticAlone =
    "memory (8 kB of cache: 10 pJ a read of 64 bits), leakage, routing, neurons";
constexpr std::string_view degnan =
    "Degnan et al. 2016, as KerasSpiking 1384ec3 has it; the paper was not read";
constexpr std::string_view measured = "a figure for a multiply-accumulate";
} // namespace

static EnergyTable horowitzTable(std::string_view name, std::string_view summary, double mac,
                                 double ac) {
  return {name,
          summary,
          "45 nm, 0.9 V",
          horowitz,
          rough,
          arithmeticAlone,
          {{Priced::Mac, mac, mac}, {Priced::Ac, ac, ac}}};
}

static EnergyTable denseTable(std::string_view name, std::string_view summary,
                              std::string_view process, double mac) {
  return {name,
          summary,
          process,
          degnan,
          measured,
          "that zeros may be skipped: it prices dense operations",
          {{Priced::DenseMac, mac, mac}}};
}

static std::vector<EnergyTable> makeTables() {
  std::vector<EnergyTable> tables = {
      horowitzTable("horowitz45-fp32", "arithmetic in float32", 3.7 + 0.9, 0.9),
      horowitzTable("horowitz45-fp16", "arithmetic in float16", 1.1 + 0.4, 0.4),
      horowitzTable("horowitz45-int32", "arithmetic in int32", 3.1 + 0.1, 0.1),
      horowitzTable("horowitz45-int8", "arithmetic in int8", 0.2 + 0.03, 0.03),
      {"loihi1-davies2018",
       "Loihi 1, the figures of its designers",
       "14 nm, 0.75 V",
       "Davies et al. 2018, doi:10.1109/MM.2018.112130359, table 2",
       "simulated before silicon; the price of a synaptic operation is a minimum; an update is "
       "active here where v changes, which the source does not define; a spike goes at least to "
       "a core of the same tile",
       "memory reads, hops between tiles (3.0 to 4.0 pJ each), barriers, x86 cores, input and "
       "output, and the power at rest",
       {{Priced::SynapticEvent, 23.6, notPublished},
        {Priced::ActiveUpdate, 81.0, 81.0},
        {Priced::InactiveUpdate, 52.0, 52.0},
        {Priced::Spike, 1.7, notPublished}}},
      {"loihi1-sanafe",
       "Loihi 1, as SANA-FE models it",
       "14 nm",
       "SLAM-Lab/SANA-FE 8951ab0, arch/loihi.yaml",
       "fitted to measurements of a board of Loihi 1; a synaptic event is 24.0 pJ in a "
       "convolution and 35.5 pJ in a dense core; a spike sends at least one message",
       "hops between tiles (3.0 to 4.2 pJ each), x86 cores, input and output, and the power at "
       "rest",
       {{Priced::SynapticEvent, 24.0, 35.5},
        {Priced::Update, 51.2, 51.2},
        {Priced::ActiveUpdate, 21.6, 21.6},
        {Priced::Spike, 69.3 + 111.0, notPublished}}},
      {"truenorth-2014",
       "TrueNorth, a whole chip divided by its synaptic events",
       "28 nm, 0.775 V",
       "Merolla et al. 2014, doi:10.1126/science.1254642",
       "72 mW at 20 Hz and 128 active synapses a neuron, power at rest included; others found "
       "it off by -41 % at 11.6 Hz and by +256 % at 95.9 Hz",
       "other rates: it holds at that one",
       {{Priced::SynapticEvent, 26.0, 26.0}}},
      {"odin-2019",
       "ODIN, one core",
       "28 nm",
       "Frenkel et al. 2019, doi:10.1109/TBCAS.2018.2880425, its title",
       "the figure of the title, the least that was measured",
       "input and output",
       {{Priced::SynapticEvent, 12.7, notPublished}}},
      {"spinnaker1",
       "SpiNNaker, one chip",
       "130 nm, 1.2 V",
       "KerasSpiking 1384ec3, which cites arXiv:1903.08941; its table was not read",
       "whole machines took 600 nJ and more an event in a model of the cortex "
       "(INM-6/microcircuit-PD14-model 6c69d0d)",
       "routing between chips, and the power at rest",
       {{Priced::SynapticEvent, 13.3e3, notPublished}, {Priced::Update, 26e3, 26e3}}},
      {"spinnaker2-prototype",
       "a test chip of SpiNNaker2",
       "28 nm, 0.7 to 1.0 V",
       "KerasSpiking 1384ec3, which cites arXiv:1903.08941; its table was not read",
       "copies of the figure of a synaptic event differ, 450 pJ and 1.5 nJ",
       "routing between chips, and the power at rest",
       {{Priced::SynapticEvent, 450.0, 1500.0}, {Priced::Update, 2190.0, 2190.0}}},
      denseTable("i7-4960x-degnan2016", "a desktop processor", "22 nm", 8600.0),
      denseTable("titan-black-degnan2016", "a graphics card", "28 nm", 300.0),
      denseTable("cortex-a-degnan2016", "a processor of phones", "not stated", 900.0),
  };
  return tables;
}

const std::vector<EnergyTable> &energyTables() {
  static const std::vector<EnergyTable> tables = makeTables();
  return tables;
}

const std::vector<NoEnergyTable> &missingEnergyTables() {
  static const std::vector<NoEnergyTable> missing = {
      {"loihi2", "no energy of an operation has been published for Loihi 2"},
      {"speck", "its papers give the power of whole applications, and they disagree on a synaptic "
                "operation"},
      {"xylo", "its papers give the energy of an inference, not of an operation "
               "(arXiv:2406.15112)"},
      {"pulsar", "no energy of an operation was found for Pulsar"},
      {"spinnaker2", "no energy of an operation was found for the chip in 22 nm; "
                     "spinnaker2-prototype is a test chip"},
      {"keras-spiking-loihi", "KerasSpiking adds 23.6 pJ and 3.5, which is the time of the "
                              "operation in ns; see loihi1-davies2018"},
      {"truenorth-marginal", "it is a fit of others, found in one place; see truenorth-2014"},
  };
  return missing;
}

} // namespace nirc
