//===- BodyQuery.cpp - whether Verilog is equal to a body -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/proof/BodyQuery.h"

#include "backends/fpga/proof/BodyTerms.h"
#include "passes/bodies/BodyRanges.h"

#include "mlir/Dialect/SMT/IR/SMTDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/SMTLIB/ExportSMTLIB.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

namespace nirc::fpga::proof {
std::string_view embedded(std::string_view name); // nirc_embed
} // namespace nirc::fpga::proof

namespace {

/// The assertions about one datapath.
class Query {
public:
  Query(OpBuilder &builder, snn::PopulationOp op, const Datapath &datapath,
        const ProductRule &products)
      : terms(builder, op, products), builder(builder), op(op), datapath(datapath) {}

  void write();

private:
  Value declared(const std::string &name, int bits);
  /// A number of that range.
  Value declared(const std::string &name, Interval range);
  void defineArguments();

  BodyTerms terms;
  OpBuilder &builder;
  snn::PopulationOp op;
  const Datapath &datapath;
  Location loc = op.getLoc();
  SmallVector<Value> facts;
};

} // namespace

Value Query::declared(const std::string &name, int bits) {
  auto type = smt::BitVectorType::get(builder.getContext(), bits);
  return smt::DeclareFunOp::create(builder, loc, type, builder.getStringAttr(name));
}

Value Query::declared(const std::string &name, Interval range) {
  int bits = neededBits(range);
  Value number = declared(name, bits);
  auto limit = [&](smt::BVCmpPredicate predicate, int64_t limit) {
    Value constant = terms.constant(limit, bits);
    facts.push_back(smt::BVCmpOp::create(builder, loc, predicate, number, constant));
  };
  Interval all = rangeOf(bits, nir::Overflow::Wrap);
  if (range.least > all.least) {
    limit(smt::BVCmpPredicate::sge, range.least);
  }
  if (range.most < all.most) {
    limit(smt::BVCmpPredicate::sle, range.most);
  }
  return number;
}

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
                               ? terms.constant(range.least, neededBits(range))
                               : declared(fmt::format("any.{}", argument.getArgNumber()), range));
  }
}

/// One assertion beside those of named sums, as each repeats all that it is computed from.
void Query::write() {
  defineArguments();
  auto yield = cast<snn::YieldOp>(op.getBody().front().getTerminator());
  SmallVector<Value> differences;
  for (const DatapathPort &port : datapath.outputs) {
    Value out = declared("out." + port.name, port.bits);
    Value ref = declared("ref." + port.name, port.bits);
    Value wanted = terms.resized(terms.of(yield.getValues()[port.place]), port.bits);
    facts.push_back(smt::EqOp::create(builder, loc, ref, wanted));
    differences.push_back(smt::DistinctOp::create(builder, loc, out, ref));
  }
  llvm::append_range(differences, terms.wrongClaims());
  llvm::append_range(facts, terms.lemmas());
  facts.push_back(differences.size() == 1
                      ? differences.front()
                      : smt::OrOp::create(builder, loc, differences).getResult());
  for (Value sum : terms.namedSums()) {
    smt::AssertOp::create(builder, loc, sum);
  }
  smt::AssertOp::create(builder, loc, smt::AndOp::create(builder, loc, facts));
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
  MLIRContext *context = op.getContext();
  context->loadDialect<smt::SMTDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(op.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  auto solver = smt::SolverOp::create(builder, op.getLoc(), TypeRange(), ValueRange());
  builder.setInsertionPointToStart(&solver.getBodyRegion().emplaceBlock());
  Query(builder, op, datapath, products).write();
  smt::YieldOp::create(builder, op.getLoc(), ValueRange());

  std::string text;
  llvm::raw_string_ostream out(text);
  smt::SMTEmissionOptions options;
  options.inlineSingleUseValues = true;
  LogicalResult written = smt::exportSMTLIB(*module, out, options);
  assert(succeeded(written) && "the ops of BodyTerms are of SMT-LIB");
  (void)written;
  text.resize(text.rfind("(reset)")); // the connections are about the same constants
  return fmt::format("; Does the Verilog module {0} differ from the body of node '{1}'?\n"
                     "; What `write_smt2` of yosys makes of {0} stands before this file. unsat: "
                     "they are equal.\n{2}{3}{4}(check-sat)\n",
                     datapath.module, op.getNode(), parametersOf(op, datapath), defined(text),
                     connections(datapath));
}

StringRef nirc::fpga::proveScript() { return proof::embedded("prove.py"); }
StringRef nirc::fpga::streamsScript() { return proof::embedded("streams.py"); }
