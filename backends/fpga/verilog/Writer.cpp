//===- Writer.cpp - circuits as Verilog -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/verilog/Writer.h"

#include "backends/fpga/verilog/Names.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

#include <fmt/format.h>
#include <vector>

using namespace mlir;
using namespace nirc::fpga;

namespace {

class Writer {
public:
  Writer(hdl::CircuitOp circuit, StringRef memories) : circuit(circuit), memories(memories) {}
  FailureOr<std::string> write();

private:
  void nameAll();
  void writePorts();
  void declare();
  LogicalResult writeLogic(Operation *op);
  void writeRegister(hdl::RegOp op);
  void writeMemory(hdl::MemoryOp op);
  void writeInstance(hdl::InstanceOp op);
  void writeUnused();

  std::string fresh(StringRef name);
  std::string rangeText(Type type) const;
  /// The value as an operand: its name, or a literal.
  std::string text(Value value, bool isSigned = false) const;
  std::string signedText(Value value) const;
  void assign(Value result, const std::string &expression);
  LogicalResult writeArith(Operation *op);
  std::string compared(arith::CmpIOp op) const;
  std::string extended(Value value, unsigned to, bool isSigned) const;
  void line(const std::string &statement) { out += "  " + statement + "\n"; }

  hdl::CircuitOp circuit;
  StringRef memories;
  SymbolTableCollection symbols;
  llvm::DenseMap<Value, std::string> names;
  llvm::StringSet<> taken;
  llvm::SmallDenseSet<Value, 16> declared; ///< before they are assigned
  std::string out;
  bool clocked = false;
};

} // namespace

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::string Writer::fresh(StringRef name) {
  std::string chosen = name.str();
  for (int n = 2; !taken.insert(chosen).second; ++n) {
    chosen = fmt::format("{}_{}", std::string_view(name), n);
  }
  return chosen;
}

static StringRef nameOf(Operation *op) {
  for (StringRef attribute : {StringRef("name"), StringRef(hdl::nameAttribute)}) {
    if (auto name = op->getAttrOfType<StringAttr>(attribute)) {
      return name.getValue();
    }
  }
  return "";
}

/// Names that were asked for first, so that what has none goes around them.
void Writer::nameAll() {
  taken.insert(circuit.getClock());
  for (bool asked : {true, false}) {
    int number = 0;
    for (Operation &op : circuit.getBody().front()) {
      StringRef name = nameOf(&op);
      if (name.empty() == asked || isa<arith::ConstantOp>(op)) {
        continue;
      }
      if (isa<hdl::OutputOp>(op)) {
        taken.insert(name);
        continue;
      }
      if (auto instance = dyn_cast<hdl::InstanceOp>(op)) {
        auto inner = symbols.lookupNearestSymbolFrom<hdl::CircuitOp>(circuit->getParentOp(),
                                                                     instance.getModuleAttr());
        auto outputs = inner.getBody().getOps<hdl::OutputOp>();
        for (auto [result, output] : llvm::zip(instance.getResults(), outputs)) {
          names[result] = fresh((name + "_" + output.getName()).str());
        }
        taken.insert(name);
        continue;
      }
      names[op.getResult(0)] = fresh(asked ? name.str() : fmt::format("t{}", ++number));
    }
  }
}

std::string Writer::rangeText(Type type) const {
  unsigned bits = type.getIntOrFloatBitWidth();
  return bits == 1 ? "" : fmt::format("[{}:0] ", bits - 1);
}

static std::string literal(const APInt &number, bool isSigned) {
  unsigned bits = number.getBitWidth();
  SmallString<16> digits;
  if (!isSigned && bits <= 32) {
    number.toStringUnsigned(digits, 10);
    return fmt::format("{}'d{}", bits, std::string_view(digits.str()));
  }
  if (isSigned && bits > 1 && !number.isMinSignedValue()) {
    number.abs().toStringUnsigned(digits, 10);
    return fmt::format("{}{}'sd{}", number.isNegative() ? "-" : "", bits,
                       std::string_view(digits.str()));
  }
  number.toStringUnsigned(digits, 16);
  return fmt::format("{}'{}h{}", bits, isSigned ? "s" : "", std::string_view(digits.str()));
}

std::string Writer::text(Value value, bool isSigned) const {
  APInt number;
  if (matchPattern(value, m_ConstantInt(&number))) {
    return literal(number, isSigned);
  }
  return names.find(value)->second;
}

std::string Writer::signedText(Value value) const {
  APInt number;
  return matchPattern(value, m_ConstantInt(&number)) ? literal(number, true)
                                                     : "$signed(" + text(value) + ")";
}

//===----------------------------------------------------------------------===//
// Logic
//===----------------------------------------------------------------------===//

void Writer::assign(Value result, const std::string &expression) {
  const std::string &name = names[result];
  if (declared.contains(result)) {
    line(fmt::format("assign {} = {};", name, expression));
  } else {
    line(fmt::format("wire {}{} = {};", rangeText(result.getType()), name, expression));
  }
}

std::string Writer::extended(Value value, unsigned to, bool isSigned) const {
  unsigned from = hdl::bitsOf(value);
  if (!isSigned) {
    return fmt::format("{{{}'d0, {}}}", to - from, text(value));
  }
  std::string sign = from == 1 ? text(value) : fmt::format("{}[{}]", text(value), from - 1);
  return fmt::format("{{{{{}{{{}}}}}, {}}}", to - from, sign, text(value));
}

std::string Writer::compared(arith::CmpIOp op) const {
  using P = arith::CmpIPredicate;
  P predicate = op.getPredicate();
  const char *sign = "==";
  bool isSigned = false;
  switch (predicate) {
  case P::eq:
    break;
  case P::ne:
    sign = "!=";
    break;
  case P::slt:
  case P::ult:
    sign = "<";
    isSigned = predicate == P::slt;
    break;
  case P::sle:
  case P::ule:
    sign = "<=";
    isSigned = predicate == P::sle;
    break;
  case P::sgt:
  case P::ugt:
    sign = ">";
    isSigned = predicate == P::sgt;
    break;
  case P::sge:
  case P::uge:
    sign = ">=";
    isSigned = predicate == P::sge;
    break;
  }
  auto operand = [&](Value value) { return isSigned ? signedText(value) : text(value); };
  return fmt::format("{} {} {}", operand(op.getLhs()), sign, operand(op.getRhs()));
}

LogicalResult Writer::writeArith(Operation *op) {
  Value result = op->getResult(0);
  auto plain = [&](const char *sign) {
    return [this, op, result, sign](Operation *) {
      assign(result,
             fmt::format("{} {} {}", text(op->getOperand(0)), sign, text(op->getOperand(1))));
      return success();
    };
  };
  auto withSigns = [&](const char *sign) {
    return [this, op, result, sign](Operation *) {
      assign(result, fmt::format("{} {} {}", signedText(op->getOperand(0)), sign,
                                 signedText(op->getOperand(1))));
      return success();
    };
  };
  auto extreme = [&](const char *sign) {
    return [this, op, result, sign](Operation *) {
      Value a = op->getOperand(0), b = op->getOperand(1);
      assign(result, fmt::format("{} {} {} ? {} : {}", signedText(a), sign, signedText(b), text(a),
                                 text(b)));
      return success();
    };
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<arith::AddIOp>(plain("+"))
      .Case<arith::SubIOp>(plain("-"))
      .Case<arith::AndIOp>(plain("&"))
      .Case<arith::OrIOp>(plain("|"))
      .Case<arith::XOrIOp>([&](arith::XOrIOp exclusive) {
        APInt mask;
        bool isNot = matchPattern(exclusive.getRhs(), m_ConstantInt(&mask)) && mask.isAllOnes();
        return isNot ? (assign(result, "~" + text(exclusive.getLhs())), success()) : plain("^")(op);
      })
      .Case<arith::MulIOp>(withSigns("*"))
      .Case<arith::DivSIOp>(withSigns("/"))
      .Case<arith::RemSIOp>(withSigns("%"))
      .Case<arith::MaxSIOp>(extreme(">"))
      .Case<arith::MinSIOp>(extreme("<"))
      .Case<arith::ShLIOp>(plain("<<"))
      .Case<arith::ShRUIOp>(plain(">>"))
      .Case([&](arith::ShRSIOp shift) {
        assign(result, fmt::format("{} >>> {}", signedText(shift.getLhs()), text(shift.getRhs())));
        return success();
      })
      .Case([&](arith::CmpIOp compare) {
        assign(result, compared(compare));
        return success();
      })
      .Case([&](arith::SelectOp select) {
        assign(result, fmt::format("{} ? {} : {}", text(select.getCondition()),
                                   text(select.getTrueValue()), text(select.getFalseValue())));
        return success();
      })
      .Case<arith::ExtSIOp, arith::ExtUIOp>([&](Operation *) {
        assign(result, extended(op->getOperand(0), hdl::bitsOf(result), isa<arith::ExtSIOp>(op)));
        return success();
      })
      .Case([&](arith::TruncIOp trunc) {
        unsigned bits = hdl::bitsOf(result);
        assign(result, bits == 1 ? fmt::format("{}[0]", text(trunc.getIn()))
                                 : fmt::format("{}[{}:0]", text(trunc.getIn()), bits - 1));
        return success();
      })
      .Default([&](Operation *) { return op->emitOpError("has no form in Verilog"); });
}

LogicalResult Writer::writeLogic(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<hdl::InputOp, hdl::OutputOp, hdl::RegOp, hdl::MemoryOp, hdl::InstanceOp,
            arith::ConstantOp>([](Operation *) { return success(); })
      .Case([&](hdl::WireOp wire) {
        assign(wire.getResult(), text(wire.getValue()));
        return success();
      })
      .Case([&](hdl::ConcatOp concat) {
        std::string parts;
        for (Value part : concat.getParts()) {
          parts += (parts.empty() ? "" : ", ") + text(part);
        }
        assign(concat.getResult(), "{" + parts + "}");
        return success();
      })
      .Case([&](hdl::ExtractOp extract) {
        int64_t low = static_cast<int64_t>(extract.getLow());
        unsigned bits = hdl::bitsOf(extract.getResult());
        std::string of = text(extract.getValue());
        assign(extract.getResult(), hdl::bitsOf(extract.getValue()) == 1 ? of
                                    : bits == 1
                                        ? fmt::format("{}[{}]", of, low)
                                        : fmt::format("{}[{}:{}]", of, low + bits - 1, low));
        return success();
      })
      .Case([&](hdl::TableOp table) {
        const std::string &name = names[table.getResult()];
        unsigned bits = hdl::bitsOf(table.getResult()), index = hdl::bitsOf(table.getIndex());
        line(fmt::format("always @*", name));
        line(fmt::format("  case ({})", text(table.getIndex())));
        for (auto [place, value] : llvm::enumerate(table.getValues())) {
          if (value != 0) {
            line(fmt::format("    {}'d{}: {} = {};", index, place, name,
                             literal(APInt(64, static_cast<uint64_t>(value)).trunc(bits), false)));
          }
        }
        line(fmt::format("    default: {} = {}'d0;", name, bits));
        line("  endcase");
        return success();
      })
      .Default([&](Operation *) { return writeArith(op); });
}

//===----------------------------------------------------------------------===//
// Ports, registers, memories, instances
//===----------------------------------------------------------------------===//

void Writer::writePorts() {
  std::vector<std::string> ports;
  if (clocked) {
    ports.push_back("input  wire " + circuit.getClock().str());
  }
  for (auto input : circuit.getBody().getOps<hdl::InputOp>()) {
    ports.push_back(fmt::format("input  wire {}{}", rangeText(input.getType()),
                                std::string_view(input.getName())));
  }
  for (auto output : circuit.getBody().getOps<hdl::OutputOp>()) {
    ports.push_back(fmt::format("output wire {}{}", rangeText(output.getValue().getType()),
                                std::string_view(output.getName())));
  }
  out += fmt::format("module {} (\n", std::string_view(circuit.getSymName()));
  for (size_t i = 0; i < ports.size(); ++i) {
    line("  " + ports[i] + (i + 1 < ports.size() ? "," : ""));
  }
  out += ");\n";
}

/// What other statements may read before it is assigned.
void Writer::declare() {
  for (Operation &op : circuit.getBody().front()) {
    for (Value result : op.getResults()) {
      const char *kind = isa<hdl::RegOp, hdl::MemoryOp, hdl::TableOp>(op) ? "reg "
                         : isa<hdl::WireOp, hdl::InstanceOp>(op)          ? "wire"
                                                                          : nullptr;
      if (kind) {
        declared.insert(result);
        line(fmt::format("{} {}{};", kind, rangeText(result.getType()), names[result]));
      }
    }
  }
}

static bool isTrue(Value condition) { return !condition || matchPattern(condition, m_One()); }

void Writer::writeRegister(hdl::RegOp op) {
  const std::string &name = names[op.getResult()];
  std::string take = fmt::format("{} <= {};", name, text(op.getNext()));
  if (!isTrue(op.getEnable())) {
    take = fmt::format("if ({}) {}", text(op.getEnable()), take);
  }
  line(fmt::format("always @(posedge {})", std::string_view(circuit.getClock())));
  if (op.getReset()) {
    line(fmt::format("  if ({}) {} <= {};", text(op.getReset()), name,
                     literal(op.getValue()->getValue(), false)));
    line("  else " + take);
  } else {
    line("  " + take);
  }
}

void Writer::writeMemory(hdl::MemoryOp op) {
  const std::string &name = names[op.getResult()];
  std::string words = fresh(name + "_words");
  // The word that is written is never read in the same cycle, or what is read is not used.
  line(fmt::format("{}reg {}{} [0:{}];", op.getWrite() ? "(* no_rw_check *) " : "",
                   rangeText(op.getType()), words, static_cast<int64_t>(op.getWords()) - 1));
  if (op.getInit()) {
    line(fmt::format("initial $readmemh(\"{}{}\", {});", std::string_view(memories),
                     std::string_view(*op.getInit()), words));
  }
  if (op.getWrite()) {
    line(fmt::format("always @(posedge {})", std::string_view(circuit.getClock())));
    line(fmt::format("  if ({}) {}[{}] <= {};", text(op.getWrite()), words, text(op.getTarget()),
                     text(op.getData())));
  }
  line(fmt::format("always @(posedge {})", std::string_view(circuit.getClock())));
  std::string take = fmt::format("{} <= {}[{}];", name, words, text(op.getAddress()));
  line(isTrue(op.getRead()) ? "  " + take : fmt::format("  if ({}) {}", text(op.getRead()), take));
}

void Writer::writeInstance(hdl::InstanceOp op) {
  auto inner =
      symbols.lookupNearestSymbolFrom<hdl::CircuitOp>(circuit->getParentOp(), op.getModuleAttr());
  std::vector<std::string> ports;
  if (hdl::isClocked(inner, symbols)) {
    ports.push_back(fmt::format(".{}({})", std::string_view(inner.getClock()),
                                std::string_view(circuit.getClock())));
  }
  for (auto [input, value] : llvm::zip(inner.getBody().getOps<hdl::InputOp>(), op.getInputs())) {
    ports.push_back(fmt::format(".{}({})", std::string_view(input.getName()), text(value)));
  }
  for (auto [output, value] : llvm::zip(inner.getBody().getOps<hdl::OutputOp>(), op.getOutputs())) {
    ports.push_back(fmt::format(".{}({})", std::string_view(output.getName()), names[value]));
  }
  line(fmt::format("{} {} (", std::string_view(op.getModule()), std::string_view(op.getName())));
  for (size_t i = 0; i < ports.size(); ++i) {
    line("  " + ports[i] + (i + 1 < ports.size() ? "," : ""));
  }
  line(");");
}

/// Bits that nothing reads, said to be so: linters ask.
void Writer::writeUnused() {
  std::string parts;
  for (Operation &op : circuit.getBody().front()) {
    for (Value value : op.getResults()) {
      if (isa<arith::ConstantOp>(op)) {
        continue;
      }
      unsigned bits = hdl::bitsOf(value);
      llvm::BitVector used(bits);
      for (Operation *user : value.getUsers()) {
        if (auto extract = dyn_cast<hdl::ExtractOp>(user)) {
          used.set(static_cast<unsigned>(extract.getLow()),
                   static_cast<unsigned>(extract.getLow()) + hdl::bitsOf(extract.getResult()));
        } else if (isa<arith::TruncIOp>(user)) {
          used.set(0, hdl::bitsOf(user->getResult(0)));
        } else {
          used.set();
        }
      }
      for (int low = used.find_first_unset(); low >= 0;) {
        int end = used.find_next(static_cast<unsigned>(low));
        int high = (end < 0 ? static_cast<int>(bits) : end) - 1;
        std::string of = names[value];
        parts += ", " + (high - low + 1 == static_cast<int>(bits) ? of
                         : high == low ? fmt::format("{}[{}]", of, low)
                                       : fmt::format("{}[{}:{}]", of, high, low));
        low = end < 0 ? -1 : used.find_next_unset(static_cast<unsigned>(end));
      }
    }
  }
  if (!parts.empty()) {
    line(fmt::format("wire {} = &{{1'b0{}, 1'b0}};", fresh("_unused"), parts));
  }
}

/// The ops in an order in which logic follows what it reads. What holds a number between cycles,
/// and wires, may be read before.
static std::vector<Operation *> inOrder(Block &body) {
  std::vector<Operation *> order;
  llvm::DenseSet<Operation *> done;
  auto isSource = [](Operation *op) {
    return isa<hdl::InputOp, hdl::RegOp, hdl::MemoryOp, hdl::InstanceOp, hdl::WireOp, hdl::TableOp>(
        op);
  };
  for (Operation &start : body) {
    SmallVector<std::pair<Operation *, unsigned>> stack;
    auto visit = [&](Operation *op) {
      if (done.insert(op).second) {
        stack.push_back({op, 0});
      }
    };
    visit(&start);
    while (!stack.empty()) {
      auto &[op, next] = stack.back();
      if (next == op->getNumOperands()) {
        order.push_back(op);
        stack.pop_back();
        continue;
      }
      Operation *def = op->getOperand(next++).getDefiningOp();
      if (def && !isSource(def)) {
        visit(def);
      }
    }
  }
  return order;
}

FailureOr<std::string> Writer::write() {
  clocked = hdl::isClocked(circuit, symbols);
  nameAll();
  if (circuit.getDoc()) {
    SmallVector<StringRef> lines;
    circuit.getDoc()->split(lines, '\n');
    for (StringRef each : lines) {
      out += "// " + verilogComment(each) + "\n";
    }
  }
  out += "`default_nettype none\n";
  writePorts();
  declare();
  Block &body = circuit.getBody().front();
  for (Operation *op : inOrder(body)) {
    if (failed(writeLogic(op))) {
      return failure();
    }
  }
  for (Operation &op : body) {
    llvm::TypeSwitch<Operation *>(&op)
        .Case([&](hdl::RegOp reg) { writeRegister(reg); })
        .Case([&](hdl::MemoryOp memory) { writeMemory(memory); })
        .Case([&](hdl::InstanceOp instance) { writeInstance(instance); })
        .Case([&](hdl::OutputOp output) {
          line(fmt::format("assign {} = {};", std::string_view(output.getName()),
                           text(output.getValue())));
        });
  }
  writeUnused();
  out += "endmodule\n`default_nettype wire\n";
  return out;
}

FailureOr<std::string> nirc::fpga::writeVerilog(hdl::CircuitOp circuit, StringRef memories) {
  return Writer(circuit, memories).write();
}
