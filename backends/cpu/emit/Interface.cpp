//===- Interface.cpp - what a program sees of a network -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Interface.h"

#include "backends/c/CText.h"
#include "ir/Wording.h"
#include "ir/choices/Stored.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Path.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <numeric>

using namespace nirc;
using namespace nirc::cpu;

static std::string typeOf(const Port &port, const std::string &number) {
  switch (port.slot.type) {
  case nir::DType::U8:
    return "uint8_t";
  case nir::DType::I8:
    return "int8_t";
  case nir::DType::I16:
    return "int16_t";
  default:
    return port.slot.bits ? "uint8_t" : port.count ? "int32_t" : number;
  }
}

/// Without what lies between channels and vectors.
static int64_t elementsOf(const Port &port) {
  if (port.slot.bits) {
    return std::accumulate(port.shape.begin(), port.shape.end(), int64_t(1), std::multiplies<>());
  }
  return port.order ? port.order->channels * port.order->positions : port.slot.elements;
}

/// Of the state `identifier` what stands for its node.
static llvm::StringRef nodePart(llvm::StringRef identifier, const Port &port) {
  return identifier.ends_with("_" + port.observable)
             ? identifier.drop_back(port.observable.size() + 1)
             : identifier;
}

Interface nirc::cpu::interfaceOf(const Job &job, const EmitOptions &options, const Built &network) {
  Interface interface;
  auto noteName = [&](const std::string &name, llvm::StringRef written) {
    std::pair<std::string, std::string> renamed(name, written);
    if (name != written && !llvm::is_contained(interface.renamed, renamed)) {
      interface.renamed.push_back(std::move(renamed));
    }
  };
  if (options.name.empty()) {
    interface.name = prefixFor(llvm::sys::path::stem(job.file));
  } else {
    interface.name = prefixFor(options.name);
    noteName(options.name, interface.name);
  }
  interface.upperName = llvm::StringRef(interface.name).upper();
  interface.file = llvm::sys::path::filename(job.file).str();
  interface.semantics = nir::labelOf(network.info.semantics);
  interface.dtSeconds = network.info.dtSeconds;
  interface.format = nir::labelOf(network.element == nir::DType::I32 ? network.info.format : "");
  interface.number = network.element == nir::DType::I32   ? "int32_t"
                     : network.element == nir::DType::F64 ? "double"
                                                          : "float";
  const Layout &layout = network.lowered.layout;
  Identifiers identifiers;
  for (const Port &port : layout.inputs) {
    interface.inputs.push_back(
        {port, identifiers.add(port.node), typeOf(port, interface.number), elementsOf(port)});
    noteName(port.node, interface.inputs.back().identifier);
  }
  for (auto [number, port] : llvm::enumerate(layout.outputs)) {
    if (number < network.outputs) {
      interface.outputs.push_back(
          {port, identifiers.add(port.node), typeOf(port, interface.number), elementsOf(port)});
      noteName(port.node, interface.outputs.back().identifier);
    } else {
      interface.states.push_back({port, identifiers.add(port.node + "_" + port.observable),
                                  interface.number, elementsOf(port)});
      noteName(port.node, nodePart(interface.states.back().identifier, port));
    }
  }
  return interface;
}

static std::string parameters(const Interface &interface) {
  std::string text;
  for (const InterfacePort &port : interface.inputs) {
    text += fmt::format(", const {} *{}", port.type, port.identifier);
  }
  for (const InterfacePort &port : interface.outputs) {
    text += fmt::format(", {} *{}", port.type, port.identifier);
  }
  return text;
}

std::string nirc::cpu::stepSignature(const Interface &interface) {
  return fmt::format("void {0}_step({0}_network *net{1})", interface.name, parameters(interface));
}

std::string nirc::cpu::runSignature(const Interface &interface) {
  return fmt::format("void {0}_run({0}_network *net, size_t steps{1})", interface.name,
                     parameters(interface));
}

size_t nirc::cpu::largestRank(const Interface &interface) {
  size_t rank = 1;
  for (const auto *ports : {&interface.inputs, &interface.outputs, &interface.states}) {
    for (const InterfacePort &port : *ports) {
      rank = std::max(rank, port.port.shape.size());
    }
  }
  return rank;
}

//===----------------------------------------------------------------------===//
// The header
//===----------------------------------------------------------------------===//

/// "'lif1' v [38]"
static std::string described(const InterfacePort &port) {
  return fmt::format("'{}' {} [{}]", commentText(port.port.node), port.port.observable,
                     fmt::join(port.port.shape, ", "));
}

/// A number as C takes it for a double.
static std::string doubleText(double number) {
  std::string text = fmt::format("{}", number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// The macros that say what the integers of a port stand for. `range`: also which there are.
static std::string scaleMacros(const std::string &prefix, const InterfacePort &port, bool range) {
  if (!port.port.quantized) {
    return {};
  }
  const Quantized &quantized = *port.port.quantized;
  std::vector<std::string> scales;
  for (double scale : quantized.scales) {
    scales.push_back(doubleText(scale));
  }
  std::string text =
      scales.size() == 1
          ? fmt::format("#define {}_SCALE {} /* what 1 is worth */\n", prefix, scales[0])
          : fmt::format("#define {}_SCALES {{{}}} /* what 1 is worth, of each channel */\n", prefix,
                        fmt::join(scales, ", "));
  if (range) {
    text += fmt::format(
        "#define {0}_LEAST {1}\n#define {0}_MOST {2} /* what is beyond must be "
        "brought into this range */\n",
        prefix, quantized.least == INT32_MIN ? "INT32_MIN" : std::to_string(quantized.least),
        quantized.most);
  }
  return text;
}

/// The macros with the sizes of `ports`.
static std::string sizeMacros(const Interface &interface, llvm::StringRef kind,
                              const std::vector<InterfacePort> &ports) {
  std::string text =
      fmt::format("#define {}_{} {}\n", interface.upperName, kind.str(), ports.size());
  for (const InterfacePort &port : ports) {
    std::string prefix =
        fmt::format("{}_{}", interface.upperName, llvm::StringRef(port.identifier).upper());
    text += fmt::format("#define {}_SIZE {} /* {} */\n", prefix, port.elements, described(port));
    text += scaleMacros(prefix, port, kind == "INPUTS");
    if (port.port.latency != 0) {
      text += fmt::format("#define {}_LATENCY {} /* steps behind the sequential network */\n",
                          prefix, port.port.latency);
    }
  }
  return text + "\n";
}

static std::string stateMacros(const Interface &interface) {
  std::string text =
      fmt::format("/* The states that {}_read_state knows, by number. */\n#define {}_STATES {}\n",
                  interface.name, interface.upperName, interface.states.size());
  int64_t largest = 1;
  for (auto [number, port] : llvm::enumerate(interface.states)) {
    text += fmt::format("#define {}_STATE_{} {} /* {} */\n", interface.upperName,
                        llvm::StringRef(port.identifier).upper(), number, described(port));
    text += scaleMacros(
        fmt::format("{}_{}", interface.upperName, llvm::StringRef(port.identifier).upper()), port,
        /*range=*/false);
    largest = std::max(largest, port.elements);
  }
  return text + fmt::format("#define {}_LARGEST_STATE {} /* numbers in the largest of them */\n\n",
                            interface.upperName, largest);
}

static std::string tables(const Interface &interface) {
  std::string text = fmt::format(
      R"(/* What can be known of an input, an output or a state while the program runs. */
typedef struct {0}_port {{
  const char *node;       /* the path of its node in the model */
  const char *observable; /* "value", "spikes", "v" or "i" */
  const char *type;       /* of an element: "float", "double", "uint8_t", "int8_t", "int16_t" or "int32_t" */
  size_t size;            /* elements */
  size_t rank;            /* dimensions */
  size_t shape[{1}];        /* the first `rank` count; elements lie row-major */
  size_t latency;         /* steps behind the sequential network */
}} {0}_port;
)",
      interface.name, largestRank(interface));
  for (auto [name, ports] :
       {std::pair("inputs", &interface.inputs), std::pair("outputs", &interface.outputs),
        std::pair("states", &interface.states)}) {
    text += fmt::format("extern const {0}_port {0}_{1}[{2}];\n", interface.name, name,
                        std::max<size_t>(ports->size(), 1));
  }
  return text + "\n";
}

/// What step and run do with each argument.
static std::string argumentsText(const Interface &interface) {
  std::string text;
  for (const InterfacePort &port : interface.inputs) {
    text += fmt::format("   {}: {}, of {}, only read.\n", port.identifier,
                        nir::counted(port.elements, "number"), described(port));
  }
  for (const InterfacePort &port : interface.outputs) {
    text += fmt::format("   {}: {} {}, of {}{}, written.\n", port.identifier, port.elements,
                        port.type == "uint8_t" ? "bytes" : "numbers", described(port),
                        port.type == "uint8_t" ? ", 1 = spike"
                        : port.port.count      ? ", how many spikes"
                                               : "");
  }
  return text;
}

static std::string memoryText(const Interface &interface, const std::string &members) {
  if (members.empty()) {
    return fmt::format(
        R"(/* A network and its state. One thread per network at a time; different networks share nothing. */
typedef struct {0}_network {0}_network;

/* A network in the silent state, before its first step, or NULL where memory is short. */
{0}_network *{0}_create(void);

/* Frees the network; NULL is none. */
void {0}_destroy({0}_network *net);

)",
        interface.name);
  }
  return fmt::format(
      R"(/* A network and its state: memory that the program provides, as a static or local variable, and hands to
   {0}_reset before the first step. One thread per network at a time; different networks share nothing.
   {0}_read_state reads its states. */
typedef struct {0}_network {{
{1}}} {0}_network;

)",
      interface.name, members);
}

/// "numbers are float"
static std::string numbersText(const Interface &interface) {
  if (!interface.isInteger()) {
    return "numbers are " + interface.number;
  }
  return "numbers are integers of\n * the format " + interface.format +
         ", each of which stands for its product with the SCALE of its port. A network counts\n"
         " * in these integers from its inputs to its outputs";
}

static std::string formatMacro(const Interface &interface) {
  return interface.isInteger()
             ? fmt::format("#define {}_FORMAT {} /* as `nirc run --format` takes it */\n\n",
                           interface.upperName, stringLiteral(interface.format))
             : "\n";
}

std::string nirc::cpu::headerText(const Interface &interface, const std::string &members) {
  std::string text =
      fmt::format(R"(/* {0}.h - the network of {1}
 *
 * Steps of {2} s under the semantics {3}; {4}.
 * Made by nirc {5}. Needs libc and, for some networks, libm. */

#ifndef {6}_H
#define {6}_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif

#define {6}_DT {2} /* seconds that a step lasts */
#define {6}_SEMANTICS {7} /* as `nirc run --semantics` takes it */
{8})",
                  interface.name, commentText(interface.file), interface.dtSeconds,
                  interface.semantics, numbersText(interface), NIRC_VERSION, interface.upperName,
                  stringLiteral(interface.semantics), formatMacro(interface));
  text += sizeMacros(interface, "INPUTS", interface.inputs);
  text += sizeMacros(interface, "OUTPUTS", interface.outputs);
  text += stateMacros(interface);
  text += tables(interface);
  text += memoryText(interface, members);
  text += fmt::format(R"(/* Back to the silent state, before the first step. */
void {0}_reset({0}_network *net);

/* Advances `net` by one step.
{1}   Nothing can fail. */
{2};

/* Advances `net` by `steps` steps. The arguments are those of {0}_step for each step, one after another:
   arrays [steps][size]. */
{3};

/* Copies state number `state`, one of the {4}_STATE_ macros, as it is after the last step, to `values`:
   {0}_states[state].size numbers. A number that is no state's is ignored. */
void {0}_read_state(const {0}_network *net, size_t state, {5} *values);

#ifdef __cplusplus
}}
#endif

#endif
)",
                      interface.name, argumentsText(interface), stepSignature(interface),
                      runSignature(interface), interface.upperName, interface.number);
  return text;
}
