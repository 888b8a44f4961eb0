//===- Firmware.cpp - a network as a program of a Cortex-M ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Firmware.h"

#include "backends/cortexm/Build.h"
#include "backends/cortexm/Elf.h"
#include "backends/cpu/run/Firmware.h"
#include "ir/Wording.h"

#include "llvm/Support/MathExtras.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

using namespace nirc;
using namespace nirc::cpu;

/// A small machine has little flash: small code.
static cortexm::BuildOptions optionsFor(const std::string &name, const std::string &processor) {
  return {.processor = processor,
          .sources = {name + ".c", "main.c", "boot.c", "description.c"},
          .script = "memory.ld",
          .flags = {"-Os"},
          .usesLibrary = true};
}

nir::Status nirc::cpu::checkProcessor(const std::string &processor) {
  std::vector<std::string> known;
  for (const cortexm::Processor &each : cortexm::processors()) {
    if (boardOf(each.name)) {
      known.emplace_back(each.name);
    }
  }
  if (std::find(known.begin(), known.end(), processor) != known.end()) {
    return {};
  }
  nir::Error error =
      nir::Error::usage(nir::Cause::BadOption, fmt::format("--emit=c has no --cpu {}, expected {}",
                                                           processor, fmt::join(known, ", ")));
  std::string meant = nir::nearest(processor, known);
  if (!meant.empty()) {
    return std::move(error).note(fmt::format("did you mean --cpu {}?", meant));
  }
  return std::move(error).note("without --cpu the C file is for every machine");
}

//===----------------------------------------------------------------------===//
// The files
//===----------------------------------------------------------------------===//

static std::string memoryScript(const Board &board) {
  return fmt::format(R"(/* memory.ld - where a program of {0} lies: on QEMU's board {1}
 *
 * For a board of yours its flash and RAM go here. What a step needs of stack is less than the KiB that is asked for. */

MEMORY {{
  FLASH (rx) : ORIGIN = {2:#010x}, LENGTH = {3}K
  RAM (rw) : ORIGIN = {4:#010x}, LENGTH = {5}K
}}

SECTIONS {{
  .text : {{
    KEEP(*(.vectors))
    *(.text .text.*)
    *(.rodata .rodata.*)
    . = ALIGN(8);
  }} > FLASH
  .data : {{
    data_start = .;
    *(.data .data.*)
    . = ALIGN(8);
    data_end = .;
  }} > RAM AT > FLASH
  data_kept = LOADADDR(.data);
  .bss (NOLOAD) : {{
    bss_start = .;
    *(.bss .bss.* COMMON)
    . = ALIGN(4);
    bss_end = .;
  }} > RAM
  stack_top = ORIGIN(RAM) + LENGTH(RAM);
  ASSERT(stack_top - bss_end >= 1024, "no room is left for a stack of 1 KiB")
  .nirc 0 (INFO) : {{ KEEP(*(.nirc)) }}
  /DISCARD/ : {{ *(.ARM.exidx* .ARM.extab*) }}
}}
)",
                     board.processor, board.machine, board.flash, board.flashBytes / 1024,
                     board.ram, board.ramBytes / 1024);
}

/// The arrays between the program and nirc, and the calls that fill and send them.
namespace {
struct Carried {
  std::string arrays, reads, writes, arguments;
};
} // namespace

static Carried carriedBy(const Interface &interface, const std::vector<std::string> &states) {
  Carried carried;
  auto add = [&](const InterfacePort &port) {
    carried.arrays += fmt::format("static {} {}_data[{}];\n", port.type, port.identifier,
                                  std::max<int64_t>(port.elements, 1));
    carried.arguments += fmt::format(", {}_data", port.identifier);
  };
  for (const InterfacePort &port : interface.inputs) {
    add(port);
    carried.reads += fmt::format("      host_read({0}_data, sizeof {0}_data);\n", port.identifier);
  }
  for (const InterfacePort &port : interface.outputs) {
    add(port);
    carried.writes +=
        fmt::format("      host_write({0}_data, sizeof {0}_data);\n", port.identifier);
  }
  for (size_t state = 0; state < states.size(); ++state) {
    carried.writes += fmt::format("      if (wanted[{0}]) {{\n"
                                  "        host_write(net.{1}, sizeof net.{1});\n"
                                  "      }}\n",
                                  state, states[state]);
  }
  return carried;
}

static std::string mainText(const Interface &interface, const std::vector<std::string> &states) {
  Carried carried = carriedBy(interface, states);
  std::string wanted, read;
  if (!states.empty()) {
    wanted = fmt::format("static uint8_t wanted[{}]; /* which states are sent after a step */\n",
                         states.size());
    read = "      host_read(wanted, sizeof wanted);\n";
  }
  return fmt::format(R"(/* main.c - steps the network of {0}.h in an emulator
 *
 *     nirc run FOLDER --emulate --input x.npy
 *
 * Orders of one byte come from the host: r, back to before the first step; w, which states to send; s, a step, whose
 * inputs follow. Each is answered by its byte, and a step's by its results. On a board of yours this file is what has
 * to be written: numbers from a sensor in, {0}_step, and what to do with its outputs. */

#include "{0}.h"
#include "host.h"

static {0}_network net;
{1}{2}
static void answer(char order) {{ host_write(&order, 1); }}

int main(void) {{
  {0}_reset(&net);
  for (;;) {{
    char order;
    host_read(&order, 1);
    switch (order) {{
    case 'r':
      {0}_reset(&net);
      answer(order);
      break;
    case 'w':
{3}      answer(order);
      break;
    case 's':
{4}      {0}_step(&net{5});
      answer(order);
{6}      break;
    default:
      host_say("an order that is not known\n");
      return 1;
    }}
  }}
}}
)",
                     interface.name, carried.arrays, wanted, read, carried.reads, carried.arguments,
                     carried.writes);
}

/// The description as a section that is no part of the program.
static std::string descriptionSource(std::string_view text) {
  std::string source = "/* description.c - what nirc needs to know of the program, as JSON that "
                       "takes no memory */\n\n"
                       "__asm__(\".section .nirc,\\\"\\\",%progbits\\n\"";
  constexpr size_t perLine = 24;
  for (size_t at = 0; at < text.size(); at += perLine) {
    std::string numbers;
    for (char letter : text.substr(at, perLine)) {
      numbers += fmt::format("{}{}", numbers.empty() ? "" : ",",
                             static_cast<unsigned>(static_cast<unsigned char>(letter)));
    }
    source += fmt::format("\n        \".byte {}\\n\"", numbers);
  }
  return source + "\n        \".text\\n\");\n";
}

/// How it was built, for who changes it.
static std::string makefileText(const std::vector<std::string> &compiler,
                                const cortexm::BuildOptions &options) {
  std::vector<std::string> flags(compiler.begin() + 1, compiler.end());
  std::vector<std::string> objects;
  for (const std::string &source : options.sources) {
    objects.push_back(source.substr(0, source.rfind('.')) + ".o");
  }
  return fmt::format(R"(# Makes {4} as `nirc compile --emit=c --cpu {0}` does.
CC = {1}
CFLAGS = {2}
OBJECTS = {3}

{4}: $(OBJECTS) {5}
	$(CC) $(CFLAGS) -nostartfiles -Wl,--gc-sections -T {5} -o $@ $(OBJECTS) -lm

clean:
	rm -f $(OBJECTS) {4}
)",
                     options.processor, compiler.front(), fmt::join(flags, " "),
                     fmt::join(objects, " "), firmwareFile, options.script);
}

//===----------------------------------------------------------------------===//
// What is said of it
//===----------------------------------------------------------------------===//

/// An output as the interface gives it: spikes as bytes, and counts of them as whole numbers.
static Port asOutput(const InterfacePort &output) {
  Port port = output.port;
  if (port.slot.bits) {
    port.slot = {0, output.elements, output.elements, nir::DType::U8};
  } else if (output.type == "int32_t" && !port.quantized) {
    port.slot.type = nir::DType::I32;
    port.quantized = Quantized{{1.0}, 0, std::numeric_limits<int32_t>::max()};
  }
  return port;
}

/// Ports in memory of nirc's own, one after the other.
static std::vector<Port> placed(std::vector<Port> all, int64_t &bytes) {
  for (Port &port : all) {
    port.slot.capacity = port.slot.elements;
    port.slot.offset = bytes;
    bytes += static_cast<int64_t>(llvm::alignTo(static_cast<uint64_t>(port.slot.bytes()), 64));
  }
  return all;
}

static Description describe(const Interface &interface, const Built &network,
                            const std::string &processor) {
  Description description{network.info, interface.name, 0, network.outputs, {}, {}};
  std::vector<Port> inputs, recorded;
  for (const InterfacePort &input : interface.inputs) {
    inputs.push_back(input.port);
  }
  for (const InterfacePort &output : interface.outputs) {
    recorded.push_back(asOutput(output));
  }
  for (const InterfacePort &state : interface.states) {
    recorded.push_back(state.port);
  }
  description.inputs = placed(std::move(inputs), description.arenaBytes);
  description.recorded = placed(std::move(recorded), description.arenaBytes);
  description.firmware = {processor};
  return description;
}

nir::Status nirc::cpu::addFirmware(Artifact &artifact, const Interface &interface,
                                   const Built &network, const std::vector<std::string> &states,
                                   const std::string &processor) {
  cortexm::BuildOptions options = optionsFor(interface.name, processor);
  nir::Result<std::vector<std::string>> compiler = cortexm::compilerWords(options);
  if (!compiler) {
    return compiler.takeError();
  }
  std::erase_if(artifact.files, [](const Artifact::File &file) { return file.name == "main.c"; });
  artifact.files.push_back({"main.c", mainText(interface, states)});
  for (Artifact::File &file : cortexm::bootFiles()) {
    artifact.files.push_back(std::move(file));
  }
  artifact.files.push_back({"description.c", descriptionSource(descriptionText(
                                                 describe(interface, network, processor)))});
  artifact.files.push_back({options.script, memoryScript(*boardOf(processor))});
  artifact.files.push_back({"Makefile", makefileText(*compiler, options)});
  nir::Result<std::string> program = cortexm::build(artifact.files, options);
  if (!program) {
    return program.takeError();
  }
  nir::Result<cortexm::Elf> elf = cortexm::readElf(*program);
  if (!elf) {
    return elf.takeError();
  }
  artifact.files.push_back({std::string(firmwareFile), *std::move(program)});
  artifact.memory->program = {processor, elf->text + elf->data, elf->data + elf->bss};
  return {};
}
