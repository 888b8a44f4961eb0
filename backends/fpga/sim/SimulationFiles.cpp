//===- SimulationFiles.cpp - the test benches of an artifact --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/sim/SimulationFiles.h"

#include "backends/fpga/sim/Beats.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

namespace nirc::fpga {

/// A file of this folder (cmake/NircEmbed.cmake).
std::string_view embedded(std::string_view name);

/// As a text in C and in Verilog.
static std::string literal(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    bool isPlain = c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?';
    out += isPlain ? std::string(1, c) : fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  }
  return out + "\"";
}

static std::string nameOf(const PortInfo &info) {
  return fmt::format("{}:{}", info.node, info.observable);
}

//===----------------------------------------------------------------------===//
// For the bench in C++
//===----------------------------------------------------------------------===//

static std::string cppNumbers(const nir::Shape &shape) {
  return fmt::format("{{{}}}", fmt::join(shape, ", "));
}

static std::string designHeader(const Design &design) {
  std::string outputs, images, windows;
  size_t rank = 1;
  for (const StreamPort &port : design.outputs) {
    outputs += fmt::format("    {{{}, {}, {}, {}, {}}},\n", literal(nameOf(port.info)),
                           port.dims.size(), cppNumbers(port.dims), port.least, port.most);
    rank = std::max(rank, port.dims.size());
  }
  for (const MemoryImage &image : design.memories) {
    images +=
        fmt::format("    {{{}, {}, \"{}\"}},\n", literal(image.file), image.words, image.sha256);
  }
  for (const StateWindow &window : design.states) {
    windows += fmt::format("    {{{}, 0x{:x}, {}, {}, {{{}}}}},\n", literal(nameOf(window.info)),
                           window.base, window.info.shape.size(), cppNumbers(window.info.shape),
                           fmt::join(window.order, ", "));
    rank = std::max(rank, window.info.shape.size());
  }
  return fmt::format(
      R"(// The design that tb.cpp drives: {top}.
#pragma once

#include <cstdint>

namespace design {{

constexpr int outAddressBits = {address}, outPortBits = {port}, outValueBits = {value};
// Whether a beat is a whole step, and when it is then answered: cycles to its answer, and to the next step.
constexpr bool isFrame = {isFrame};
constexpr uint64_t latency = {latency}, interval = {interval};

struct Port {{
  const char *name;
  int rank;
  int64_t dims[{rank}];
  int64_t least, most; // of a value
}};
constexpr int outputCount = {outputCount};
const Port outputs[] = {{
{outputs}    {{nullptr, 0, {{}}, 0, 0}},
}};

// Files that memories are filled from.
struct Image {{
  const char *file;
  int64_t words;
  const char *sha256;
}};
const Image images[] = {{
{images}    {{nullptr, 0, nullptr}},
}};

// States, a word for each neuron. `order`: dimensions from the slowest in memory.
struct Window {{
  const char *name;
  int64_t base;
  int rank;
  int64_t dims[{rank}];
  int order[{rank}];
}};
const Window windows[] = {{
{windows}    {{nullptr, 0, 0, {{}}, {{}}}},
}};

// Registers.
constexpr uint64_t control = 0x{control:x}, status = 0x{status:x}, stepsIn = 0x{stepsIn:x}, stepsOut = 0x{stepsOut:x},
                   eventsIn = 0x{eventsIn:x}, eventsOut = 0x{eventsOut:x};

}} // namespace design
)",
      fmt::arg("top", design.top), fmt::arg("isFrame", design.out.isFrame()),
      fmt::arg("latency", design.latency), fmt::arg("interval", design.interval),
      fmt::arg("address", design.out.addressBits), fmt::arg("port", design.out.portBits),
      fmt::arg("value", design.out.valueBits), fmt::arg("rank", rank),
      fmt::arg("outputCount", design.outputs.size()), fmt::arg("outputs", outputs),
      fmt::arg("images", images), fmt::arg("windows", windows),
      fmt::arg("control", int64_t(Control)), fmt::arg("status", int64_t(Status)),
      fmt::arg("stepsIn", int64_t(StepsIn)), fmt::arg("stepsOut", int64_t(StepsOut)),
      fmt::arg("eventsIn", int64_t(EventsIn)), fmt::arg("eventsOut", int64_t(EventsOut)));
}

//===----------------------------------------------------------------------===//
// For the bench in Verilog
//===----------------------------------------------------------------------===//

static std::string verilogMacros(const Design &design) {
  size_t name = 1;
  for (const MemoryImage &image : design.memories) {
    name = std::max(name, image.file.size() + 3);
  }
  for (const StreamPort &port : design.outputs) {
    name = std::max(name, nameOf(port.info).size());
  }
  std::string text = "// The design that tb.v drives.\n";
  auto define = [&](std::string_view macro, auto value) {
    text += fmt::format("`define {} {}\n", macro, value);
  };
  define("TOP", design.top);
  define("IN_BUS_BITS", design.in.busBits());
  define("OUT_BUS_BITS", design.out.busBits());
  define("OUT_ADDRESS_BITS", design.out.addressBits);
  define("OUT_PORT_BITS", design.out.portBits);
  define("OUT_VALUE_BITS", design.out.isFrame() ? design.out.frameBits : design.out.valueBits);
  if (design.out.isFrame()) {
    define("FRAME", "");
  }
  define("CONTROL_ADDRESS_BITS", design.controlAddressBits);
  define("CONTROL", int64_t(Control));
  define("STATUS", int64_t(Status));
  define("NAME_BYTES", name);
  return text;
}

/// Bits of an event, or what stands there where they are none.
static std::string bitsOf(int low, int count, std::string_view none) {
  return count == 0 ? std::string(none) : fmt::format("beat[{}:{}]", low + count - 1, low);
}

static std::string verilogNames(const Design &design) {
  const BeatLayout &out = design.out;
  int above = out.addressBits + out.portBits, used = std::max(out.bits(), 1);
  std::string names, images;
  for (const StreamPort &port : design.outputs) {
    names += fmt::format("    {}: port_name = {};\n", port.number, literal(nameOf(port.info)));
  }
  for (const MemoryImage &image : design.memories) {
    images += fmt::format("    if (!failed) check_image({}, {}, 256'h{});\n",
                          literal("../" + image.file), image.words, image.sha256);
  }
  std::string value =
      out.valueBits == 0 ? "1" : fmt::format("$signed({})", bitsOf(above, out.valueBits, ""));
  return fmt::format(R"(// What tb.v knows by name.
function integer port_of(input [{last}:0] beat);
  port_of = {port};
endfunction
function [63:0] address_of(input [{last}:0] beat);
  address_of = {address};
endfunction
function signed [63:0] value_of(input [{last}:0] beat);
  value_of = {value};
endfunction
function [8*`NAME_BYTES-1:0] port_name(input integer number);
  case (number)
{names}    default: port_name = "?";
  endcase
endfunction
task check_images;
  begin
{images}  end
endtask
)",
                     fmt::arg("last", used - 1),
                     fmt::arg("port", bitsOf(out.addressBits, out.portBits, "0")),
                     fmt::arg("address", bitsOf(0, out.addressBits, "0")), fmt::arg("value", value),
                     fmt::arg("names", names), fmt::arg("images", images));
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

static std::string beats(const BeatLayout &layout, const std::vector<StreamPort> &ports,
                         const Stimulus &stimulus,
                         std::vector<Stimulus::Event> Stimulus::Step::*events) {
  std::string text;
  for (const Stimulus::Step &step : stimulus.steps) {
    uint64_t frame = 0;
    for (const Stimulus::Event &event : step.*events) {
      if (layout.isFrame()) {
        frame |= frameFieldOf(ports[event.port], event.element, event.value);
        continue;
      }
      text +=
          fmt::format("0 {:x}\n", beatOf(layout, ports[event.port], event.element, event.value));
    }
    if (layout.isFrame()) {
      text += fmt::format("0 {:x}\n", frame);
    }
    text += "1 0\n";
  }
  return text;
}

std::vector<Artifact::File> benchFiles(const Design &design) {
  return {{"tb.cpp", std::string(embedded("tb.cpp"))}, {"design.h", designHeader(design)}};
}

std::vector<Artifact::File> simulationFiles(const Design &design, const Stimulus &stimulus) {
  std::vector<Artifact::File> files = benchFiles(design);
  files.push_back({"tb.v", std::string(embedded("tb.v"))});
  files.push_back({"Makefile", std::string(embedded("Makefile"))});
  files.push_back({"design.vh", verilogMacros(design)});
  files.push_back({"names.vh", verilogNames(design)});
  files.push_back({"design.mk", fmt::format("TOP := {}\nSOURCES := {}\n", design.top,
                                            fmt::join(design.sources, " "))});
  files.push_back({"stimulus.txt", beats(design.in, design.inputs, stimulus, &Stimulus::Step::in)});
  files.push_back(
      {"expected.txt", beats(design.out, design.outputs, stimulus, &Stimulus::Step::out)});
  std::string states;
  for (const Stimulus::Word &word : stimulus.states) {
    states += fmt::format("{:x} {}\n", word.address, word.value);
  }
  files.push_back({"states.txt", std::move(states)});
  for (Artifact::File &file : files) {
    file.name = "sim/" + file.name;
  }
  return files;
}

} // namespace nirc::fpga
