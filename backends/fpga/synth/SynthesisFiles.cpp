//===- SynthesisFiles.cpp - how a design becomes a bitstream --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/synth/SynthesisFiles.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

namespace nirc::fpga {

namespace synth {
/// A file of this folder (cmake/NircEmbed.cmake).
std::string_view embedded(std::string_view name);
} // namespace synth

namespace {

struct Pin {
  std::string_view name;
  int bits;
  bool acts; ///< an input that makes the design do something: low unless `apply` is high
};

} // namespace

static std::vector<Pin> inputPins(const Design &design) {
  int address = design.controlAddressBits;
  return {{"s_axis_tvalid", 1, true},        {"s_axis_tdata", design.in.busBits(), false},
          {"s_axis_tlast", 1, false},        {"m_axis_tready", 1, true},
          {"s_axil_awaddr", address, false}, {"s_axil_awprot", 3, false},
          {"s_axil_awvalid", 1, true},       {"s_axil_wdata", 32, false},
          {"s_axil_wstrb", 4, false},        {"s_axil_wvalid", 1, true},
          {"s_axil_bready", 1, true},        {"s_axil_araddr", address, false},
          {"s_axil_arprot", 3, false},       {"s_axil_arvalid", 1, true},
          {"s_axil_rready", 1, true}};
}

static std::vector<Pin> outputPins(const Design &design) {
  return {{"s_axis_tready", 1, false},
          {"m_axis_tvalid", 1, false},
          {"m_axis_tdata", design.out.busBits(), false},
          {"m_axis_tlast", 1, false},
          {"s_axil_awready", 1, false},
          {"s_axil_wready", 1, false},
          {"s_axil_bresp", 2, false},
          {"s_axil_bvalid", 1, false},
          {"s_axil_arready", 1, false},
          {"s_axil_rdata", 32, false},
          {"s_axil_rresp", 2, false},
          {"s_axil_rvalid", 1, false}};
}

/// The design behind five pins. Its inputs are shifted in bit by bit and its outputs out; in a
/// cycle in which `apply` is high the design sees the inputs, and what it answers is kept to be
/// shifted.
static std::string pinsModule(const Design &design) {
  std::string connections;
  int in = 0, out = 0;
  for (const Pin &pin : inputPins(design)) {
    connections += fmt::format("    .{}({}in[{}:{}]{}),\n", pin.name, pin.acts ? "apply & " : "",
                               in + pin.bits - 1, in, "");
    in += pin.bits;
  }
  std::vector<std::string> outputs;
  for (const Pin &pin : outputPins(design)) {
    outputs.push_back(fmt::format("    .{}(out[{}:{}])", pin.name, out + pin.bits - 1, out));
    out += pin.bits;
  }
  return fmt::format(
      R"(// {top} behind five pins. Its inputs are shifted in, its outputs out, the highest bit first. In a cycle in which
// apply is high the design sees the inputs, and its outputs are kept; in others nothing is valid or ready.
module pins (
    input  wire aclk,
    input  wire aresetn,
    input  wire apply,
    input  wire shift_in,
    output wire shift_out
);
  reg [{inLast}:0] in;
  reg [{outLast}:0] kept;
  wire [{outLast}:0] out;
  always @(posedge aclk) begin
    if (!apply) in <= {{in[{inBelow}:0], shift_in}};
    kept <= apply ? out : {{kept[{outBelow}:0], 1'b0}};
  end
  assign shift_out = kept[{outLast}];
  {top} design (
    .aclk(aclk),
    .aresetn(aresetn),
{connections}{outputs}
  );
endmodule
)",
      fmt::arg("top", design.top), fmt::arg("inLast", in - 1), fmt::arg("inBelow", in - 2),
      fmt::arg("outLast", out - 1), fmt::arg("outBelow", out - 2),
      fmt::arg("connections", connections), fmt::arg("outputs", fmt::join(outputs, ",\n")));
}

/// `DEVICE` is what nextpnr-ice40 is told: a design for no device goes on the larger part, and one
/// for another family on none.
static std::string makeVariables(const Design &design, const SynthesisChoices &choices) {
  const Device *device = choices.device;
  bool isPlaced = device != nullptr && !device->part.empty();
  bool isUltraPlus = isPlaced && device->hasMultipliers();
  return fmt::format("TOP := {}\nSOURCES := {}\nDEVICE ?= {}\nDSP := {}\nMEGAHERTZ ?= {}\n",
                     design.top, fmt::join(design.sources, " "),
                     isPlaced ? device->part
                     : device ? device->name
                              : "hx8k",
                     isUltraPlus && choices.usesMultipliers ? "-dsp" : "", isUltraPlus ? 12 : 40);
}

std::vector<Artifact::File> synthesisFiles(const Design &design, const SynthesisChoices &choices) {
  std::string predicted;
  for (const auto &[family, needs] : choices.predicted) {
    for (auto [what, count] : {std::pair("luts", needs.luts),
                               {"flip-flops", needs.flipFlops},
                               {"blocks", needs.blocks},
                               {"multipliers", needs.multipliers}}) {
      predicted += fmt::format("{} {} {}\n", name(family), what, std::lround(count));
    }
  }
  return {{"syn/Makefile", std::string(synth::embedded("Makefile"))},
          {"syn/report.awk", std::string(synth::embedded("report.awk"))},
          {"syn/design.mk", makeVariables(design, choices)},
          {"syn/predicted.txt", std::move(predicted)},
          {"syn/pins.v", pinsModule(design)}};
}

} // namespace nirc::fpga
