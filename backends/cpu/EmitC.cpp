//===- EmitC.cpp - a network as one C file --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Artifact.h"
#include "backends/cpu/CFunctions.h"

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
  LogicalResult writeParameters();
  LogicalResult writeParameter(const Parameter &parameter);
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

/// Whether it writes a delay line, at the end of a step.
static bool isDelayWrite(func::FuncOp function) { return function.getName().starts_with("delay_"); }

void FileWriter::nameEverything() {
  names.network = interface.name + "_network";
  Identifiers members, globals;
  for (const NamedSlot &slot : lowered.layout.slots) {
    names.members[slot.offset] = members.add(slot.name);
  }
  for (const char *function :
       {"reset", "step", "run", "read_state", "network", "port", "inputs", "outputs", "states"}) {
    globals.add(interface.name + "_" + function);
  }
  for (auto function : module.getOps<func::FuncOp>()) {
    StringRef symbol = function.getName(), node = nodeOf(function);
    bool isStep = function.isPublic();
    names.functions[symbol] = globals.add(
        isStep ? "advance" : (symbol.rtrim("0123456789") + (node.empty() ? "0" : node)).str());
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
  for (const NamedSlot &slot : lowered.layout.slots) {
    std::string type = typeText(slot.type), member = names.members.lookup(slot.offset);
    std::string comment = member == slot.name ? "" : " /* " + commentText(slot.name) + " */";
    text += fmt::format("  {} {}[{}];{}\n", type, member, slot.elements, comment);
  }
  return text;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

static std::string literalOf(ArrayRef<char> bytes, Type type) {
  uint64_t bits = 0;
  std::memcpy(&bits, bytes.data(), bytes.size());
  if (auto number = dyn_cast<FloatType>(type)) {
    return numberLiteral(APFloat(number.getFloatSemantics(), APInt(number.getWidth(), bits)));
  }
  return bits >> 31 ? fmt::format("UINT64_C({})", bits) : std::to_string(bits);
}

LogicalResult FileWriter::writeParameter(const Parameter &parameter) {
  constexpr size_t lineWidth = 110;
  auto found = names.parameters.find(parameter.symbol);
  if (found == names.parameters.end()) {
    return success(); // nothing reads it
  }
  std::vector<char> copy;
  ArrayRef<char> bytes = bytesOf(parameter, copy);
  Type type = parameter.values.getElementType();
  std::string element = typeText(type);
  if (bytes.empty() || element.empty()) {
    return module.emitError() << "a parameter of type " << type
                              << " has no form in C, or lacks its numbers";
  }
  size_t width = type.getIntOrFloatBitWidth() / 8;
  parameters +=
      fmt::format("static const {} {}[{}] = {{", element, found->second, bytes.size() / width);
  size_t column = lineWidth;
  for (size_t at = 0; at < bytes.size(); at += width) {
    std::string literal = literalOf(bytes.slice(at, width), type) + ",";
    usesMath |= StringRef(literal).contains('N'); // NAN or INFINITY
    if (column + literal.size() >= lineWidth) {
      parameters += "\n   ";
      column = 3;
    }
    parameters += " " + literal;
    column += 1 + literal.size();
  }
  parameters += "\n};\n\n";
  return success();
}

LogicalResult FileWriter::writeParameters() {
  for (const Parameter &parameter : lowered.parameters) {
    if (failed(writeParameter(parameter))) {
      return failure();
    }
  }
  return success();
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
                         stringLiteral(one.port.observable), stringLiteral(one.type),
                         one.port.slot.elements, one.port.shape.size(), fmt::join(shape, ", "),
                         one.port.latency);
    }
    api += ports->empty() ? "{0}};\n" : "\n};\n";
  }
  api += "\n";
}

/// How an output or a state gets out of the network.
static std::string copyText(const InterfacePort &port, const std::string &member,
                            const std::string &to) {
  if (port.type == "int32_t") {
    return fmt::format("copy_counts({}, net->{}, {});", to, member, port.port.slot.elements);
  }
  bool spikesAsNumbers = port.port.slot.type.isInteger(8) && port.type != "uint8_t";
  return fmt::format("{}({}, net->{}, {});", spikesAsNumbers ? "copy_spikes" : "memcpy", to, member,
                     spikesAsNumbers
                         ? std::to_string(port.port.slot.elements)
                         : fmt::format("{} * sizeof({}[0])", port.port.slot.elements, to));
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
    step += "  " + copyText(port, member(port), port.identifier) + "\n";
  }
  for (const auto *ports : {&interface.inputs, &interface.outputs}) {
    for (const InterfacePort &port : *ports) {
      arguments += ", " + port.identifier;
      advances += fmt::format("    {} += {};\n", port.identifier, port.port.slot.elements);
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
      read +=
          fmt::format("  case {}_STATE_{}:\n    {}\n    break;\n", interface.upperName,
                      StringRef(port.identifier).upper(), copyText(port, member(port), "values"));
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
  api += fmt::format("void {0}_reset({0}_network *net) {{ memset(net, 0, sizeof *net); }}\n\n",
                     interface.name);
  api += functionsText;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

std::string FileWriter::headText() const {
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
#if defined(FLT_EVAL_METHOD) && (FLT_EVAL_METHOD < 0 || FLT_EVAL_METHOD > {3})
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

FailureOr<CSource> FileWriter::write(llvm::function_ref<std::string(StringRef)> comments) {
  nameEverything();
  if (failed(writeParameters())) {
    return failure();
  }
  // The neurons of a node are updated by its last function; those before it add up what enters.
  llvm::StringMap<func::FuncOp> last;
  // In C a function stands before those that call it; `step` calls, and is called by none.
  SmallVector<func::FuncOp> ordered, callers;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!isDelayWrite(function)) {
      last[nodeOf(function)] = function;
    }
    bool calls =
        function.walk([](func::CallOp) { return WalkResult::interrupt(); }).wasInterrupted();
    (calls && !function.isPublic() ? callers : ordered).push_back(function);
  }
  auto *step = llvm::find_if(ordered, [](func::FuncOp function) { return function.isPublic(); });
  std::rotate(step, step + 1, ordered.end());
  ordered.insert(ordered.end() - 1, callers.begin(), callers.end());
  for (func::FuncOp function : ordered) {
    StringRef node = nodeOf(function);
    std::string name = "'" + commentText(node) + "'";
    std::string comment = function.isPublic()      ? "One step, once the inputs are in the network."
                          : isDelayWrite(function) ? "What " + name + " hands to later steps."
                          : last[node] == function ? comments(node)
                                                   : "What enters " + name + ".";
    if (failed(functions.write(function, comment))) {
      return failure();
    }
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
