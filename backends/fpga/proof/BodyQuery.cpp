//===- BodyQuery.cpp - whether Verilog is equal to a body -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/proof/BodyQuery.h"

#include "backends/fpga/proof/BodyTerms.h"
#include "passes/bodies/BodyRanges.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

namespace nirc::fpga::formal {
std::string_view embedded(std::string_view name); // nirc_embed
} // namespace nirc::fpga::formal

namespace {

/// The assertions about one datapath.
class Query {
public:
  Query(proof::Bits &numbers, snn::PopulationOp op, const Datapath &datapath,
        const ProductRule &products)
      : numbers(numbers), terms(numbers, op, products), op(op), datapath(datapath) {}

  /// Those beside the equations of named sums in one, as each repeats all that it is computed from.
  SmallVector<Value> assertions();

private:
  /// A number of that range, in as many bits as it needs.
  Value declared(const std::string &name, Interval range) {
    return numbers.declared(name, neededBits(range), range);
  }
  void defineArguments();

  proof::Bits &numbers;
  BodyTerms terms;
  snn::PopulationOp op;
  const Datapath &datapath;
};

} // namespace

/// Where the body reads what has no port, it must make no difference: it is free as well.
void Query::defineArguments() {
  BodyRanges ranges(op);
  for (BlockArgument argument : op.getBody().getArguments()) {
    auto port = llvm::find_if(datapath.inputs, [&](const DatapathPort &each) {
      return each.place == static_cast<int>(argument.getArgNumber());
    });
    if (port != datapath.inputs.end()) {
      terms.define(argument, declared("in." + port->name, Interval{port->least, port->most}));
      continue;
    }
    Interval range = ranges.boundsOf(argument);
    terms.define(argument, range.least == range.most
                               ? numbers.constant(range.least, neededBits(range))
                               : declared(fmt::format("any.{}", argument.getArgNumber()), range));
  }
}

SmallVector<Value> Query::assertions() {
  defineArguments();
  auto yield = cast<snn::YieldOp>(op.getBody().front().getTerminator());
  SmallVector<Value> facts, differences;
  for (const DatapathPort &port : datapath.outputs) {
    Value out = numbers.declared("out." + port.name, port.bits);
    Value ref = numbers.declared("ref." + port.name, port.bits);
    facts.push_back(numbers.equal(ref, terms.of(yield.getValues()[port.place], port.bits)));
    differences.push_back(numbers.differ(out, ref));
  }
  llvm::append_range(differences, terms.wrongClaims());
  llvm::append_range(facts, numbers.facts);
  llvm::append_range(facts, terms.lemmas());
  facts.push_back(numbers.any(differences));
  SmallVector<Value> assertions(terms.namedSums());
  assertions.push_back(numbers.all(facts));
  return assertions;
}

/// Which inputs stay what they are in a run, so that a search may begin with fixed ones.
static std::string parametersOf(snn::PopulationOp op, const Datapath &datapath) {
  std::string text;
  for (const DatapathPort &port : datapath.inputs) {
    if (port.place > static_cast<int>(op.getStates().size())) {
      text += fmt::format("; parameter in.{}\n", port.name);
    }
  }
  return text;
}

/// Says of each port that it is that of the module.
static std::string connections(const Datapath &datapath) {
  std::string text = fmt::format("(declare-const dut |{}_s|)\n", datapath.module);
  auto connect = [&](const char *kind, const DatapathPort &port) {
    std::string wire = fmt::format("(|{}_n {}| dut)", datapath.module, port.name);
    if (port.bits == 1) { // yosys has Bool for it
      wire = fmt::format("(ite {} #b1 #b0)", wire);
    }
    text += fmt::format("(assert (= {}{} {}))\n", kind, port.name, wire);
  };
  for (const DatapathPort &port : datapath.inputs) {
    connect("in.", port);
  }
  for (const DatapathPort &port : datapath.outputs) {
    connect("out.", port);
  }
  return text;
}

/// Gives the functions of BodyTerms their meaning.
static std::string defined(StringRef text) {
  std::string out;
  for (StringRef line : llvm::split(text, '\n')) {
    StringRef name = line, meaning;
    if (name.consume_front("(declare-fun ")) {
      name = name.take_until([](char c) { return c == ' '; });
      meaning = name.starts_with("smul") ? "bvmul" : name.starts_with("sdiv") ? "bvsdiv" : "bvsrem";
      std::string sort = fmt::format("(_ BitVec {})", name.drop_front(4).str());
      out += fmt::format("(define-fun {0} ((a {1}) (b {1})) {1} ({2} a b))\n", name.str(), sort,
                         meaning.str());
    } else if (!line.empty()) {
      out += line.str() + "\n";
    }
  }
  return out;
}

std::string nirc::fpga::bodyQuery(snn::PopulationOp op, const Datapath &datapath,
                                  const ProductRule &products) {
  proof::Sheet sheet(*op.getContext());
  proof::Bits numbers(sheet.builder);
  std::string text = sheet.text("", Query(numbers, op, datapath, products).assertions());
  return fmt::format("; Does the Verilog module {0} differ from the body of node '{1}'?\n"
                     "; What `write_smt2` of yosys makes of {0} stands before this file. unsat: "
                     "they are equal.\n{2}{3}{4}(check-sat)\n",
                     datapath.module, op.getNode(), parametersOf(op, datapath), defined(text),
                     connections(datapath));
}

StringRef nirc::fpga::proveScript() { return formal::embedded("prove.py"); }
StringRef nirc::fpga::streamsScript() { return formal::embedded("streams.py"); }
