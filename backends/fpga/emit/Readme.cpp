//===- Readme.cpp - what a design says to its users -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/emit/Readme.h"

#include "ir/Wording.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace nirc;
using namespace nirc::fpga;

/// A name in a cell of a table: no bar and no line end.
static std::string cell(const std::string &text) {
  std::string out;
  for (char c : text) {
    out += c == '|' || c == '`' ? '/' : static_cast<unsigned char>(c) < ' ' ? '?' : c;
  }
  return out;
}

static std::string bits(int low, int count) {
  return count == 1 ? fmt::format("bit {}", low)
                    : fmt::format("bits {} to {}", low, low + count - 1);
}

/// Where the coordinates of a port's addresses stand.
static std::string fieldsOf(const StreamPort &port) {
  std::string text;
  int low = 0;
  for (size_t d = port.dims.size(); d-- > 0;) {
    int count = indexBits(port.dims[d]);
    if (count > 0) {
      text =
          fmt::format("dimension {}: {}{}{}", d, bits(low, count), text.empty() ? "" : "; ", text);
    }
    low += count;
  }
  return text.empty() ? "one element" : text;
}

/// What an integer of a port stands for.
static std::string unitOf(const std::vector<double> &scales) {
  return scales.size() == 1 ? fmt::format("{:.6g}", scales.front())
                            : "by channel: `scales` in report.json";
}

static std::string streamText(const char *name, const BeatLayout &layout,
                              const std::vector<StreamPort> &ports) {
  std::string text = fmt::format("### {}\n\n", name);
  if (layout.isFrame()) {
    text += fmt::format(
        "`{}_tdata` has {}, of which the lowest {} are used. Each beat is a step; tlast is 1.\n\n"
        "| signal | shape | bits | an element | 1 is |\n| --- | --- | --- | --- | --- |\n",
        name, nir::counted(layout.busBits(), "bit"), layout.bits());
  } else {
    std::vector<std::string> fields;
    auto field = [&](const char *what, int low, int count, const char *more) {
      if (count > 0) {
        fields.push_back(fmt::format("{} in {}{}", what, bits(low, count), more));
      }
    };
    field("the address", 0, layout.addressBits, "");
    field("the port", layout.addressBits, layout.portBits, "");
    field("the value", layout.addressBits + layout.portBits, layout.valueBits, ", signed");
    text += fmt::format(
        "`{}_tdata` has {}. With tlast 0 a beat is an event{}{}{}. A beat with tlast 1 ends the "
        "step and is no event: its data say nothing.\n\n"
        "| port | signal | shape | address | value | 1 is |\n"
        "| --- | --- | --- | --- | --- | --- |\n",
        name, nir::counted(layout.busBits(), "bit"), fields.empty() ? "" : ": ",
        fmt::join(fields, ", "), layout.valueBits == 0 ? "; each is a 1" : "");
  }
  for (const StreamPort &port : ports) {
    std::string signal = cell(port.info.node) + ":" + port.info.observable;
    std::string shape = fmt::format("{}", fmt::join(port.dims, " x "));
    if (layout.isFrame()) {
      text += fmt::format("| {} | {} | from {} | {} | {} |\n", signal, shape, port.frameLow,
                          port.frameBits == 1 ? std::string("1 bit")
                                              : fmt::format("{} bits, {} to {}", port.frameBits,
                                                            port.least, port.most),
                          unitOf(port.scales));
    } else {
      text += fmt::format("| {} | {} | {} | {} | {} to {} | {} |\n", port.number, signal, shape,
                          fieldsOf(port), port.least, port.most, unitOf(port.scales));
    }
  }
  return text + "\n";
}

static std::string portsText(const Design &design) {
  return fmt::format(
      "## Ports\n\n"
      "All are of the clock `aclk`; `aresetn` is low for a cycle or more to begin.\n\n"
      "| port | bits | direction |\n| --- | --- | --- |\n"
      "| `aclk`, `aresetn` | 1 | in |\n"
      "| `s_axis_tvalid`, `s_axis_tlast` | 1 | in |\n| `s_axis_tdata` | {0} | in |\n"
      "| `s_axis_tready` | 1 | out |\n"
      "| `m_axis_tvalid`, `m_axis_tlast` | 1 | out |\n| `m_axis_tdata` | {1} | out |\n"
      "| `m_axis_tready` | 1 | in |\n"
      "| `s_axil_awaddr`, `s_axil_araddr` | {2} | in |\n"
      "| `s_axil_awprot`, `s_axil_arprot` (not read) | 3 | in |\n"
      "| `s_axil_wdata` | 32 | in |\n| `s_axil_wstrb` (not read) | 4 | in |\n"
      "| `s_axil_awvalid`, `s_axil_wvalid`, `s_axil_bready`, `s_axil_arvalid`, `s_axil_rready` | "
      "1 | in |\n"
      "| `s_axil_awready`, `s_axil_wready`, `s_axil_bvalid`, `s_axil_arready`, `s_axil_rvalid` | "
      "1 | out |\n"
      "| `s_axil_rdata` | 32 | out |\n| `s_axil_bresp`, `s_axil_rresp` (0: okay) | 2 | out "
      "|\n\n",
      design.in.busBits(), design.out.busBits(), design.controlAddressBits);
}

static std::string streamsText(const Design &design) {
  std::string text =
      fmt::format("## Streams\n\n"
                  "AXI4-Stream. After a reset the design {}; write 1 to CONTROL, and it takes "
                  "input.\n\n",
                  design.memories.empty() ? "is before step 0" : "clears its memories");
  text += streamText("s_axis", design.in, design.inputs);
  text += streamText("m_axis", design.out, design.outputs);
  if (design.in.isFrame()) {
    return text + fmt::format("A step can enter {}. Its answer leaves {} after it entered, as long "
                              "as m_axis_tready is 1.\n\n",
                              design.interval == 1
                                  ? std::string("every cycle")
                                  : fmt::format("every {} cycles", design.interval),
                              nir::counted(design.latency, "cycle"));
  }
  return text +
         "Events of a step may come in any order. An element sends one event a step, or none "
         "if it is 0. Steps overlap: several can be\nunder way. What an address or a value "
         "outside the table does is not defined.\n\n";
}

static std::string registersText(const Design &design) {
  std::string_view taken = design.in.isFrame() ? "beats" : "events";
  std::string text = fmt::format(
      "## Registers\n\n"
      "AXI4-Lite, words of 32 bits at addresses that are multiples of 4. Other addresses read as "
      "0.\n\n"
      "| address | register | |\n| --- | --- | --- |\n"
      "| 0x00 | CONTROL | bit 0: take input. Bit 1: go back to before step 0; clears itself |\n"
      "| 0x04 | STATUS | bit 0: idle. Bit 1: going back to before step 0 |\n"
      "| 0x08 | STEPS_IN | steps taken |\n"
      "| 0x0c | STEPS_OUT | steps answered |\n"
      "| 0x10 | CYCLES | cycles in which it was not idle |\n"
      "| 0x14 | EVENTS_IN | {1} taken |\n| 0x18 | EVENTS_OUT | {1} sent |\n"
      "| 0x1c | STALLS | cycles in which a beat waited for m_axis_tready |\n"
      "| 0x20 | BUILD_ID | 0x{0:08x}, of rtl/ and mem/ |\n",
      design.buildId, taken);
  if (design.states.empty()) {
    return text + "\n";
  }
  text += "\nStates can be read while STATUS says idle: a word of 4 bytes for each neuron, signed."
          "\n\n| first address | state | neurons | order | 1 is |\n"
          "| --- | --- | --- | --- | --- |\n";
  for (const StateWindow &window : design.states) {
    text +=
        fmt::format("| 0x{:x} | {}:{} | {} | {} | {} |\n", window.base, cell(window.info.node),
                    cell(window.info.observable), fmt::join(window.dims, " x "),
                    window.order.size() == 1 ? std::string("by number")
                                             : fmt::format("dimensions {}, the last one fastest",
                                                           fmt::join(window.order, ", ")),
                    unitOf(window.scales));
  }
  return text + "\n";
}

static std::string cyclesText(const Plan &plan) {
  std::string text =
      "## Cycles\n\n"
      "A unit adds each event to the sums that it is in, a word of lanes a cycle, and then updates "
      "a "
      "neuron a cycle. One that no event\nreached and that was at rest takes 3 cycles. Units work "
      "at the same time on different steps.\n\n"
      "| unit | elements | lanes | cycles of an event |\n| --- | --- | --- | --- |\n";
  for (const Unit &unit : plan.units) {
    std::string loops;
    for (const Term &term : unit.terms) {
      int64_t most = term.blocks;
      for (const Term::Axis &axis : term.axes) {
        most *= axis.isTable() ? static_cast<int64_t>(axis.mostEntries()) : 1;
      }
      loops += fmt::format("{}{}: {}{}", loops.empty() ? "" : ", ", cell(term.name),
                           most == term.blocks ? "" : "at most ", most);
    }
    text += fmt::format("| {} | {} {} | {} | {} |\n", cell(unit.name), unit.layout.elements(),
                        unit.elementNoun(), unit.layout.lanes, loops);
  }
  return text + "\n";
}

static std::string foldersText(const Design &design, bool hasDiagram) {
  std::string text =
      fmt::format("| | holds |\n| --- | --- |\n"
                  "| rtl/ | Verilog-2005, a module a file; the top module is `{0}` |\n",
                  design.top);
  if (!design.memories.empty()) {
    text += "| mem/ | what memories are filled from: `$readmemh` of `../mem/NAME.hex`, relative to "
            "where a tool runs |\n";
  }
  text += "| sim/ | `make`: Verilator, with recorded input and the answers of nirc's integer "
          "interpreter; `make icarus`, `make waves`, `make lint` |\n"
          "| formal/ | `python3 formal/prove.py` proves the arithmetic of each neuron, and "
          "`formal/streams.py` that no event is lost |\n"
          "| syn/ | `make` lists what there is: `make bitstream gates report` goes through Yosys, "
          "nextpnr and icepack, simulates the netlist and sums up |\n"
          "| report.json | what programs need to drive it; `nirc run` of this folder simulates it "
          "|\n";
  text += fmt::format("| {}.core | the same sources for FuseSoC |\n", design.top);
  return text + (hasDiagram ? "| diagram.svg | the picture below |\n\n" : "\n");
}

std::string nirc::fpga::readmeOf(const Plan &plan, const Design &design,
                                 const std::vector<std::string> &facts, bool hasDiagram) {
  const ProgramInfo &info = design.info;
  std::string text =
      fmt::format("# {}\n\n{} as a circuit, in steps of {} s, written by nirc {}.\n\n"
                  "- semantics: {}\n- number format: {}\n",
                  design.top, cell(info.model), info.dtSeconds, info.nirc, cell(info.semantics),
                  cell(info.format));
  for (const std::string &fact : facts) {
    text += fmt::format("- {}\n", fact);
  }
  text += "\n" + foldersText(design, hasDiagram);
  if (hasDiagram) {
    text += "![blocks and the streams between them](diagram.svg)\n\n"
            "Thick lines carry numbers, thin ones spikes.\n\n";
  }
  text += portsText(design) + streamsText(design) + registersText(design);
  if (!plan.units.empty()) {
    text += cyclesText(plan);
  }
  if (!design.memories.empty()) {
    text += "## Memories\n\n| file | words | bits |\n| --- | --- | --- |\n";
    for (const MemoryImage &image : design.memories) {
      text += fmt::format("| {} | {} | {} |\n", image.file, image.words, image.bits);
    }
  }
  return text;
}

std::string nirc::fpga::coreFileOf(const Design &design) {
  std::string sources, memories;
  for (const std::string &file : design.sources) {
    sources += fmt::format("      - {}: {{file_type: verilogSource}}\n", file);
  }
  for (const MemoryImage &image : design.memories) {
    memories +=
        fmt::format("      - {}: {{file_type: user, copyto: {}}}\n", image.file, image.file);
  }
  return fmt::format("CAPI=2:\n"
                     "name: nirc:design:{0}:0\n"
                     "description: {0}, a spiking network\n\n"
                     "filesets:\n"
                     "  rtl:\n"
                     "    files:\n{1}"
                     "{2}{3}\n"
                     "targets:\n"
                     "  default: &default\n"
                     "    filesets: [rtl{4}]\n"
                     "    toplevel: {0}\n"
                     "  lint:\n"
                     "    <<: *default\n"
                     "    default_tool: verilator\n"
                     "    tools:\n"
                     "      verilator: {{mode: lint-only, verilator_options: [-Wall]}}\n",
                     design.top, sources, memories.empty() ? "" : "  mem:\n    files:\n", memories,
                     memories.empty() ? "" : ", mem");
}
