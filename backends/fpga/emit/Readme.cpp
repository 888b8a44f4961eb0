//===- Readme.cpp - what a design says to its users -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/emit/Readme.h"

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
  return count == 0   ? "none"
         : count == 1 ? fmt::format("bit {}", low)
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

static std::string streamText(const char *name, const BeatLayout &layout,
                              const std::vector<StreamPort> &ports) {
  std::string text = fmt::format("### {}\n\n", name);
  if (layout.isFrame()) {
    text += fmt::format(
        "tdata has {} bits, {} of them used. A beat is a step; tlast is 1.\n\n"
        "| signal | shape | bits | an element | stands for |\n| --- | --- | --- | --- | --- |\n",
        layout.busBits(), layout.bits());
  } else {
    text += fmt::format("tdata has {} bits. With tlast 0 it is an event: address {}, port {}, "
                        "value {}{}. With tlast 1 it "
                        "ends the step.\n\n"
                        "| port | signal | shape | address | value | stands for |\n"
                        "| --- | --- | --- | --- | --- | --- |\n",
                        layout.busBits(), bits(0, layout.addressBits),
                        bits(layout.addressBits, layout.portBits),
                        bits(layout.addressBits + layout.portBits, layout.valueBits),
                        layout.valueBits == 0 ? " (each event is a 1)" : ", signed");
  }
  for (const StreamPort &port : ports) {
    std::string scale = port.scales.size() == 1 ? fmt::format("{} for 1", port.scales.front())
                                                : "one scale a channel, see report.json";
    std::string signal = cell(port.info.node) + ":" + port.info.observable;
    std::string shape = fmt::format("{}", fmt::join(port.dims, " x "));
    if (layout.isFrame()) {
      text += fmt::format("| {} | {} | from {} | {} | {} |\n", signal, shape, port.frameLow,
                          port.frameBits == 1 ? std::string("1 bit")
                                              : fmt::format("{} bits, {} to {}", port.frameBits,
                                                            port.least, port.most),
                          scale);
    } else {
      text += fmt::format("| {} | {} | {} | {} | {} to {} | {} |\n", port.number, signal, shape,
                          fieldsOf(port), port.least, port.most, scale);
    }
  }
  return text + "\n";
}

static std::string registersText(const Design &design) {
  std::string text =
      fmt::format("## Registers\n\n"
                  "AXI4-Lite, words of 32 bits, addresses of {} bits.\n\n"
                  "| address | register | |\n| --- | --- | --- |\n"
                  "| 0x00 | CONTROL | bit 0: input is taken. Bit 1: back to before step 0; it "
                  "falls by itself |\n"
                  "| 0x04 | STATUS | bit 0: idle. Bit 1: going back to before step 0 |\n"
                  "| 0x08 | STEPS_IN | steps that were taken |\n"
                  "| 0x0c | STEPS_OUT | steps that were answered |\n"
                  "| 0x10 | CYCLES | in which it was not idle |\n"
                  "| 0x14 | EVENTS_IN | |\n| 0x18 | EVENTS_OUT | |\n"
                  "| 0x1c | STALLS | cycles in which a beat waited for m_axis_tready |\n"
                  "| 0x20 | BUILD_ID | of rtl/ and mem/ |\n",
                  design.controlAddressBits);
  if (design.states.empty()) {
    return text + "\n";
  }
  text +=
      "\nStates can be read while STATUS says idle: a word for each neuron, with its sign.\n\n"
      "| first address | state | neurons | order | stands for |\n| --- | --- | --- | --- | --- |\n";
  for (const StateWindow &window : design.states) {
    text +=
        fmt::format("| 0x{:x} | {}:{} | {} | {} | {} |\n", window.base, cell(window.info.node),
                    cell(window.info.observable), fmt::join(window.dims, " x "),
                    window.order.size() == 1 ? std::string("as numbered")
                                             : fmt::format("dimensions {}, the last one fastest",
                                                           fmt::join(window.order, ", ")),
                    window.scales.size() == 1 ? fmt::format("{} for 1", window.scales.front())
                                              : "one scale a channel");
  }
  return text + "\n";
}

std::string nirc::fpga::readmeOf(const Plan &plan, const Design &design, bool hasDiagram) {
  const ProgramInfo &info = design.info;
  std::string text = fmt::format("# {}\n\n"
                                 "{} as a circuit, written by nirc {}: steps of {} s. "
                                 "`report.json` holds all of this page, and the semantics and\n"
                                 "number format in full.\n\n",
                                 design.top, cell(info.model), info.nirc, info.dtSeconds);
  if (hasDiagram) {
    text += "![blocks and the streams between them](diagram.svg)\n\n";
  }
  text += "| folder | holds |\n| --- | --- |\n"
          "| rtl/ | Verilog-2005, a module a file; the top module is `" +
          design.top +
          "` |\n| mem/ | what memories are filled from: `$readmemh` of `../mem/NAME.hex`, so run "
          "tools in a folder beside "
          "rtl/ |\n"
          "| sim/ | `make`: Verilator, with recorded input and the answers of nirc's integer "
          "interpreter; `make icarus`, "
          "`make waves`, `make lint` |\n"
          "| syn/ | `make`: what Yosys and nextpnr make of it |\n\n"
          "## Streams\n\n"
          "AXI4-Stream on `aclk`, `aresetn` is active low. After a reset it clears its memories; "
          "then write 1 to CONTROL.\n\n";
  text += streamText("s_axis", design.in, design.inputs);
  text += streamText("m_axis", design.out, design.outputs);
  if (design.in.isFrame()) {
    text += fmt::format("A step is taken every {} cycles at most, and answered {} cycles after it "
                        "was taken, as long as "
                        "m_axis_tready is 1.\n\n",
                        design.interval, design.latency);
  } else {
    text += "Events of a step may come in any order; an element that is 0 is not sent. Steps "
            "overlap: several can be under "
            "way.\n\n";
  }
  text += registersText(design);
  if (!plan.units.empty()) {
    text += "## Cycles\n\n"
            "A unit adds each event to the sums that it is in, one word of lanes a cycle, and then "
            "updates a neuron a cycle.\n"
            "One that no event reached and that was at rest takes 3 cycles. Units work at the same "
            "time on different steps.\n\n"
            "| unit | neurons | lanes | words an event takes |\n| --- | --- | --- | --- |\n";
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
      text += fmt::format("| {} | {} | {} | {} |\n", cell(unit.name), unit.layout.elements(),
                          unit.layout.lanes, loops);
    }
    text += "\n";
  }
  text += "## Memories\n\n| file | words | bits |\n| --- | --- | --- |\n";
  for (const MemoryImage &image : design.memories) {
    text += fmt::format("| {} | {} | {} |\n", image.file, image.words, image.bits);
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
