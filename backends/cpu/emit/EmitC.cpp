//===- EmitC.cpp - a network as one C file --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Artifact.h"
#include "backends/cpu/emit/CFunctions.h"
#include "backends/cpu/emit/Memory.h"
#include "backends/cpu/plan/Lifetimes.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace mlir;
using namespace nirc::cpu;

namespace {

/// Puts the parts of NAME.c together.
class FileWriter {
public:
  FileWriter(const Interface &interface, const Lowered &lowered, ModuleOp module)
      : interface(interface), lowered(lowered), module(module), functions(lowered.layout, names),
        shared(shareMemory(lowered.layout.slots)) {}

  FailureOr<CSource> write(llvm::function_ref<std::string(StringRef)> comments);

private:
  void nameEverything();
  void nameMembers();
  std::string sharedText() const;
  std::string membersText() const;
  std::string commentOf(const NodeFunction &function,
                        llvm::function_ref<std::string(StringRef)> comments) const;
  void writeParameter(const Parameter &parameter);
  void writeHelpers(const std::string &functionsText);
  void writeApi();
  void writeTables();
  std::string headText() const;

  const Interface &interface;
  const Lowered &lowered;
  ModuleOp module;
  CNames names;
  FunctionWriter functions;
  SharedMemory shared;
  std::string sharedName; ///< of the struct's member
  std::string parameters, api;
  bool usesMath = false;
};

} // namespace

/// What an array of a step is called in its struct.
static const char *arrayName(const Slot &slot) { return slot.bits ? "bits" : "values"; }

/// Arrays of which nothing is kept from step to step share memory: the union `signals`, of a struct
/// with each at its place.
void FileWriter::nameMembers() {
  Identifiers kept, within;
  sharedName = kept.add("signals");
  for (const NamedSlot &named : lowered.layout.slots) {
    names.members[named.slot.offset] =
        named.lifetime
            ? fmt::format("{}.{}.{}", sharedName, within.add(named.name), arrayName(named.slot))
            : kept.add(named.name);
  }
}

void FileWriter::nameEverything() {
  names.network = interface.name + "_network";
  nameMembers();
  Identifiers globals;
  for (const char *function :
       {"reset", "step", "run", "read_state", "network", "port", "inputs", "outputs", "states"}) {
    globals.add(interface.name + "_" + function);
  }
  names.functions["step"] = globals.add("advance");
  names.functions["begin"] = globals.add("begin");
  for (const NodeFunction &one : lowered.nodes) {
    StringRef prefix = one.kind == "events"        ? "events_"
                       : one.kind == "delay-write" ? "delay_"
                                                   : "node_";
    names.functions[one.symbol] = globals.add((prefix + (one.node.empty() ? "0" : one.node)).str());
  }
  // A parameter is named after the first node that reads it.
  module.walk([&](memref::GetGlobalOp global) {
    std::string &name = names.parameters[global.getName()];
    if (name.empty()) {
      StringRef node = nodeOf(global);
      name = globals.add(("data_" + (node.empty() ? "0" : node)).str());
    }
  });
}

std::string FileWriter::sharedText() const {
  std::string text;
  for (const NamedSlot &named : lowered.layout.slots) {
    if (!named.lifetime) {
      continue;
    }
    StringRef path = names.members.find(named.slot.offset)->second;
    StringRef member = path.split('.').second.split('.').first;
    int64_t place = shared.places.lookup(named.slot.offset);
    text += "    struct {\n";
    if (place > 0) {
      text += fmt::format("      uint8_t before[{}];\n", place);
    }
    text += fmt::format("      {} {}[{}];\n    }} {};{}\n", typeText(named.slot.type),
                        arrayName(named.slot), named.slot.elements, member.str(),
                        member == named.name ? "" : " /* " + commentText(named.name) + " */");
  }
  return text.empty() ? text
                      : fmt::format("  union {{ /* of one step: each is there from when it is "
                                    "written to when it is last read */\n{}  }} {};\n",
                                    text, sharedName);
}

/// The widest first, so that nothing is lost between them.
std::string FileWriter::membersText() const {
  std::string text, common = sharedText();
  for (int64_t width : {8, 4, 2, 1}) {
    for (const NamedSlot &named : lowered.layout.slots) {
      const Slot &slot = named.slot;
      if (named.lifetime || static_cast<int64_t>(nir::sizeOf(slot.type)) != width) {
        continue;
      }
      const std::string &member = names.members.find(slot.offset)->second;
      std::string comment = member == named.name ? "" : " /* " + commentText(named.name) + " */";
      text += fmt::format("  {} {}[{}];{}\n", typeText(slot.type), member, slot.elements, comment);
    }
    if (shared.alignment == width) {
      text += common;
    }
  }
  return text;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// Numbers can be negative; what is an index or a position is not.
static bool isSigned(nir::DType type) {
  return type == nir::DType::I8 || type == nir::DType::I16 || type == nir::DType::I32;
}

static std::string literalOf(ArrayRef<char> bytes, nir::DType type) {
  uint64_t bits = 0;
  std::memcpy(&bits, bytes.data(), bytes.size());
  if (nir::isFloat(type)) {
    const auto &semantics = bytes.size() == 8 ? APFloat::IEEEdouble() : APFloat::IEEEsingle();
    return numberLiteral(APFloat(semantics, APInt(8 * bytes.size(), bits)));
  }
  if (isSigned(type)) {
    return std::to_string(APInt(8 * bytes.size(), bits).getSExtValue());
  }
  return bits >> 31 ? fmt::format("UINT64_C({})", bits) : std::to_string(bits);
}

void FileWriter::writeParameter(const Parameter &parameter) {
  constexpr size_t lineWidth = 110;
  auto found = names.parameters.find(parameter.symbol);
  if (found == names.parameters.end()) {
    return; // nothing reads it
  }
  ArrayRef<char> bytes = parameter.data();
  size_t width = nir::sizeOf(parameter.element);
  std::string type = typeText(parameter.element);
  parameters += fmt::format("static const {} {}[{}] = {{",
                            isSigned(parameter.element) ? type.substr(1) : type, found->second,
                            parameter.elements);
  size_t column = lineWidth;
  for (size_t at = 0; at < bytes.size(); at += width) {
    std::string literal = literalOf(bytes.slice(at, width), parameter.element) + ",";
    usesMath |= StringRef(literal).contains('N'); // NAN or INFINITY
    if (column + literal.size() >= lineWidth) {
      parameters += "\n   ";
      column = 3;
    }
    parameters += " " + literal;
    column += 1 + literal.size();
  }
  parameters += "\n};\n\n";
}

//===----------------------------------------------------------------------===//
// The interface
//===----------------------------------------------------------------------===//

void FileWriter::writeTables() {
  for (auto [name, ports] :
       {std::pair("inputs", &interface.inputs), std::pair("outputs", &interface.outputs),
        std::pair("states", &interface.states)}) {
    api += fmt::format("const {0}_port {0}_{1}[{2}] = {{", interface.name, name,
                       std::max<size_t>(ports->size(), 1));
    for (const InterfacePort &one : *ports) {
      SmallVector<int64_t> shape(one.port.shape);
      shape.resize(largestRank(interface), 0);
      api += fmt::format("\n    {{{}, {}, {}, {}, {}, {{{}}}, {}}},", stringLiteral(one.port.node),
                         stringLiteral(one.port.observable), stringLiteral(one.type), one.elements,
                         one.port.shape.size(), fmt::join(shape, ", "), one.port.latency);
    }
    api += ports->empty() ? "{0}};\n" : "\n};\n";
  }
  api += "\n";
}

/// How an output or a state gets out of the network.
static std::string copyText(const Interface &interface, const InterfacePort &port,
                            const std::string &member, const std::string &to) {
  const Slot &slot = port.port.slot;
  auto call = [&](const char *helper) {
    return fmt::format("{}({}, net->{}, {});", helper, to, member, port.elements);
  };
  if (slot.bits) {
    return call(port.type == "uint8_t" ? "copy_bits" : "copy_bits_as_numbers");
  }
  if (port.type == "int32_t" && !interface.isInteger()) {
    return call("copy_counts");
  }
  if (interface.isInteger() && port.type == "int32_t" && slot.type != nir::DType::I32) {
    return call(slot.type == nir::DType::I8 ? "copy_bytes" : "copy_halves");
  }
  return fmt::format("memcpy({}, net->{}, {} * sizeof({}[0]));", to, member, port.elements, to);
}

/// Whether the API needs a helper of that name.
static bool needs(const std::string &api, const char *helper) {
  return StringRef(api).contains(helper);
}

static std::string copyHelper(const char *name, const char *to, const std::string &from,
                              const std::string &value) {
  return fmt::format("static void {}({} *to, const {} *from, size_t count) {{\n"
                     "  for (size_t i = 0; i < count; ++i) {{\n"
                     "    to[i] = {};\n"
                     "  }}\n"
                     "}}\n\n",
                     name, to, from, value);
}

/// Those that `functions` call.
void FileWriter::writeHelpers(const std::string &functionsText) {
  const char *number = interface.number.c_str();
  const char *bit = "from[i / 32] >> (i % 32) & 1";
  if (needs(functionsText, "copy_counts(")) {
    api += "/* Counts of spikes are kept as numbers; a network that runs away counts without end. "
           "*/\n" +
           copyHelper("copy_counts", "int32_t", interface.number,
                      "from[i] < 2147483647.0 ? (int32_t)from[i] : INT32_MAX");
  }
  if (needs(functionsText, "copy_bits(")) {
    api += copyHelper("copy_bits", "uint8_t", "uint32_t", bit);
  }
  if (needs(functionsText, "copy_bits_as_numbers(")) {
    api += copyHelper("copy_bits_as_numbers", number, "uint32_t",
                      fmt::format("({})({})", number, bit));
  }
  if (needs(functionsText, "copy_bytes(")) {
    api += copyHelper("copy_bytes", "int32_t", "uint8_t", "(int8_t)from[i]");
  }
  if (needs(functionsText, "copy_halves(")) {
    api += copyHelper("copy_halves", "int32_t", "uint16_t", "(int16_t)from[i]");
  }
}

void FileWriter::writeApi() {
  const auto member = [&](const InterfacePort &port) {
    return names.members.lookup(port.port.slot.offset);
  };
  std::string step = stepSignature(interface) + " {\n";
  std::string arguments, advances;
  for (const InterfacePort &port : interface.inputs) {
    step +=
        fmt::format("  memcpy(net->{0}, {1}, sizeof net->{0});\n", member(port), port.identifier);
  }
  step += "  advance(net);\n";
  for (const InterfacePort &port : interface.outputs) {
    step += "  " + copyText(interface, port, member(port), port.identifier) + "\n";
  }
  for (const auto *ports : {&interface.inputs, &interface.outputs}) {
    for (const InterfacePort &port : *ports) {
      arguments += ", " + port.identifier;
      advances += fmt::format("    {} += {};\n", port.identifier, port.elements);
    }
  }
  step += "}\n\n";
  std::string run =
      fmt::format("{} {{\n  for (; steps > 0; --steps) {{\n    {}_step(net{});\n{}  }}\n}}\n\n",
                  runSignature(interface), interface.name, arguments, advances);
  std::string read =
      fmt::format("void {0}_read_state(const {0}_network *net, size_t state, {1} *values) {{\n",
                  interface.name, interface.number);
  if (interface.states.empty()) {
    read += "  (void)net;\n  (void)state;\n  (void)values;\n}\n";
  } else {
    read += "  switch (state) {\n";
    for (const InterfacePort &port : interface.states) {
      read += fmt::format("  case {}_STATE_{}:\n    {}\n    break;\n", interface.upperName,
                          StringRef(port.identifier).upper(),
                          copyText(interface, port, member(port), "values"));
    }
    read += "  default:\n    break;\n  }\n}\n";
  }
  std::string functionsText = step + run + read;
  writeTables();
  writeHelpers(functionsText);
  if (lowered.begins) {
    api += fmt::format("void {0}_reset({0}_network *net) {{\n  memset(net, 0, sizeof *net);\n"
                       "  {1}(net);\n}}\n\n",
                       interface.name, names.functions["begin"]);
  } else {
    api += fmt::format("void {0}_reset({0}_network *net) {{ memset(net, 0, sizeof *net); }}\n\n",
                       interface.name);
  }
  api += functionsText;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

/// Of a file of integers: nothing of it depends on how a machine computes floats, or that it does.
static std::string integerHeadText(const Interface &interface) {
  return fmt::format(R"(/* {0}.c - the network of {1}
 *
 * One C11 file without heap and without floating point; see {0}.h. Numbers are in two's complement, kept and added as
 * unsigned ones, which wrap; where their sign counts they are converted to signed ones. C leaves it to the compiler that
 * this changes no bit, and that `>>` of a negative number rounds down: gcc, clang and all others that are known do so. */

#include "{0}.h"

#include <stdbool.h>
#include <string.h>

#if (-3 >> 1) != -2
#error "this compiler does not shift negative numbers as this file needs it"
#endif

)",
                     interface.name, commentText(interface.file));
}

std::string FileWriter::headText() const {
  if (interface.isInteger()) {
    return integerHeadText(interface);
  }
  bool wide = interface.number == "double";
  return fmt::format(R"(/* {0}.c - the network of {1}
 *
 * One C11 file without heap; see {0}.h. Results are the same to the bit with every compiler that keeps IEEE 754: sums go
 * from left to right, and no product is fused into a sum. gcc leaves them apart with -std=c11 and, on machines that can
 * fuse, with the pragma below where it is told -std=gnu11. */

#include "{0}.h"

#include <float.h>
{2}#include <stdbool.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "-ffast-math changes the results of this file"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 16 && (FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD > {3})
#error "numbers are computed in another precision here; on x86, -msse2 -mfpmath=sse mends that"
#endif
#if defined(__clang__) || !defined(__GNUC__)
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

)",
                     interface.name, commentText(interface.file),
                     usesMath ? "#include <math.h>\n" : "", wide ? 1 : 0);
}

/// A node's last function says what the node is; those before it add up what enters.
std::string FileWriter::commentOf(const NodeFunction &function,
                                  llvm::function_ref<std::string(StringRef)> comments) const {
  std::string name = "'" + commentText(function.node) + "'";
  if (function.kind == "events") {
    return "Lists the elements of " + name + " that are not zero.";
  }
  if (function.kind == "delay-write") {
    return "What " + name + " hands to later steps.";
  }
  bool isLast = std::none_of(
      &function + 1, lowered.nodes.data() + lowered.nodes.size(), [&](const NodeFunction &other) {
        return other.node == function.node && other.kind != "events" && other.kind != "delay-write";
      });
  return isLast ? comments(function.node) : "What enters " + name + ".";
}

FailureOr<CSource> FileWriter::write(llvm::function_ref<std::string(StringRef)> comments) {
  nameEverything();
  for (const Parameter &parameter : lowered.parameters) {
    writeParameter(parameter);
  }
  // In the order of a step, which stands last: it calls them all.
  for (const NodeFunction &one : lowered.nodes) {
    if (failed(functions.write(module.lookupSymbol<func::FuncOp>(one.symbol),
                               commentOf(one, comments)))) {
      return failure();
    }
  }
  if (failed(functions.write(module.lookupSymbol<func::FuncOp>("step"),
                             "One step, once the inputs are in the network."))) {
    return failure();
  }
  if (lowered.begins && failed(functions.write(module.lookupSymbol<func::FuncOp>("begin"),
                                               "States that do not start at 0."))) {
    return failure();
  }
  usesMath |= functions.values.usesMath;
  writeApi();
  std::string helpers;
  for (const std::string &helper : functions.values.helpers) {
    helpers += helperText(helper) + "\n";
  }
  // Less on machines that align wide numbers as narrow ones.
  std::string size = fmt::format(
      "_Static_assert(sizeof({0}_network) <= {1}, \"{0}_network takes {1} bytes\");\n\n",
      interface.name, std::max<int64_t>(1, memoryOf(lowered, module).ramBytes));
  std::vector<std::string> states;
  for (const InterfacePort &state : interface.states) {
    states.push_back(names.members.lookup(state.port.slot.offset));
  }
  CSource source{membersText(),
                 headText() + size + parameters + helpers + functions.text + api,
                 std::move(states),
                 {},
                 {}};
  for (const NamedSlot &named : lowered.layout.slots) {
    source.arrays.push_back(
        {named.name, "net->" + names.members.lookup(named.slot.offset), named.slot.bits});
  }
  for (const NodeFunction &one : lowered.nodes) {
    if (one.kind == "population") {
      source.populations.push_back(names.functions.lookup(one.symbol));
    }
  }
  return source;
}

FailureOr<CSource> nirc::cpu::emitC(const Interface &interface, const Lowered &lowered,
                                    ModuleOp module,
                                    llvm::function_ref<std::string(StringRef)> comments) {
  return FileWriter(interface, lowered, module).write(comments);
}
