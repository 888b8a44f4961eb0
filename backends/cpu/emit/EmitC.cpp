//===- EmitC.cpp - a network as one C file --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Artifact.h"
#include "backends/cpu/emit/CFunctions.h"

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
      : interface(interface), lowered(lowered), module(module), functions(lowered.layout, names) {}

  FailureOr<CSource> write(llvm::function_ref<std::string(StringRef)> comments);

private:
  void nameEverything();
  std::string membersText() const;
  std::string commentOf(const NodeFunction &function,
                        llvm::function_ref<std::string(StringRef)> comments) const;
  void writeParameter(const Parameter &parameter);
  void writeApi();
  void writeTables();
  std::string headText() const;

  const Interface &interface;
  const Lowered &lowered;
  ModuleOp module;
  CNames names;
  FunctionWriter functions;
  std::string parameters, api;
  bool usesMath = false;
};

} // namespace

/// The path of the node that an op was made for; empty where it is of none.
static StringRef nodeOf(Operation *op) {
  auto name = dyn_cast<NameLoc>(op->getLoc());
  return name ? name.getName().getValue() : StringRef();
}

void FileWriter::nameEverything() {
  names.network = interface.name + "_network";
  Identifiers members, globals;
  for (const auto &[name, slot] : lowered.layout.slots) {
    names.members[slot.offset] = members.add(name);
  }
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

std::string FileWriter::membersText() const {
  std::string text;
  for (const auto &[name, slot] : lowered.layout.slots) {
    std::string member = names.members.lookup(slot.offset);
    std::string comment = member == name ? "" : " /* " + commentText(name) + " */";
    auto port = llvm::find_if(interface.states, [&, offset = slot.offset](const auto &one) {
      return one.port.slot.offset == offset && one.port.order;
    });
    if (port != interface.states.end()) {
      comment = fmt::format(" /* {} [{}][{}], the channels innermost */", commentText(name),
                            port->port.order->positions, port->port.order->pitch);
    }
    text += fmt::format("  {} {}[{}];{}\n", typeText(slot.type), member, slot.elements, comment);
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
  if (port.type == "int32_t" && !interface.isInteger()) {
    return fmt::format("copy_counts({}, net->{}, {});", to, member, port.elements);
  }
  if (port.port.order) {
    return fmt::format("copy_channels({}, net->{}, {}, {}, {});", to, member,
                       port.port.order->channels, port.port.order->positions,
                       port.port.order->pitch);
  }
  bool spikesAsNumbers = port.port.slot.type == nir::DType::U8 && port.type != "uint8_t";
  return fmt::format("{}({}, net->{}, {});", spikesAsNumbers ? "copy_spikes" : "memcpy", to, member,
                     spikesAsNumbers ? std::to_string(port.elements)
                                     : fmt::format("{} * sizeof({}[0])", port.elements, to));
}

/// Whether the API needs a helper of that name.
static bool needs(const std::string &api, const char *helper) {
  return StringRef(api).contains(helper);
}

static std::string copyHelper(const char *name, const char *to, const std::string &from,
                              const char *value) {
  return fmt::format("static void {}({} *to, const {} *from, size_t count) {{\n"
                     "  for (size_t i = 0; i < count; ++i) {{\n"
                     "    to[i] = {};\n"
                     "  }}\n"
                     "}}\n\n",
                     name, to, from, value);
}

/// States of neurons behind a convolution, whose channels are innermost, in the order of the model.
static std::string channelsHelper(const std::string &number, const std::string &member) {
  return fmt::format(
      R"(/* From [positions][pitch], with the channels innermost, to [channels][positions]. */
static void copy_channels({0} *to, const {1} *from, size_t channels, size_t positions, size_t pitch) {{
  for (size_t channel = 0; channel < channels; ++channel) {{
    for (size_t position = 0; position < positions; ++position) {{
      to[channel * positions + position] = from[position * pitch + channel];
    }}
  }}
}}

)",
      number, member);
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
  if (needs(functionsText, "copy_counts(")) {
    api += "/* Counts of spikes are kept as numbers; a network that runs away counts without end. "
           "*/\n" +
           copyHelper("copy_counts", "int32_t", interface.number,
                      "from[i] < 2147483647.0 ? (int32_t)from[i] : INT32_MAX");
  }
  if (needs(functionsText, "copy_spikes(")) {
    api += copyHelper("copy_spikes", interface.number.c_str(), "uint8_t", "from[i]");
  }
  if (needs(functionsText, "copy_channels(")) {
    api += channelsHelper(interface.number, interface.isInteger() ? "uint32_t" : interface.number);
  }
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
  return CSource{membersText(), headText() + parameters + helpers + functions.text + api};
}

FailureOr<CSource> nirc::cpu::emitC(const Interface &interface, const Lowered &lowered,
                                    ModuleOp module,
                                    llvm::function_ref<std::string(StringRef)> comments) {
  return FileWriter(interface, lowered, module).write(comments);
}
