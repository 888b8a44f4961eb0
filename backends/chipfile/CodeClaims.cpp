//===- CodeClaims.cpp - what is to be proven of neuron code ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/CodeClaims.h"

#include "backends/proof/Questions.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

using namespace mlir;
using namespace nirc;
using namespace nirc::chipfile;
using namespace nirc::proof;

namespace {

/// The instructions of an update as terms, from what passes/neurons/NeuronCode.h says of each.
class CodeReader {
public:
  CodeReader(Theory &theory, const NeuronCode &code) : theory(theory), code(code) {}

  /// Null where an instruction has no term.
  void add(Value argument) { terms.push_back(argument); }
  bool run();
  Value at(int32_t value) const { return terms[static_cast<size_t>(value)]; }
  std::string unknown;

private:
  Value term(const NeuronInstruction &instruction);
  Value ofTruths(const NeuronInstruction &instruction);
  Value changed(const NeuronInstruction &instruction);

  Theory &theory;
  const NeuronCode &code;
  std::vector<Value> terms;
};

} // namespace

static const std::map<NeuronOp, Operator> &operators() {
  static const std::map<NeuronOp, Operator> all = {
      {NeuronOp::Add, Operator::Add},
      {NeuronOp::Sub, Operator::Subtract},
      {NeuronOp::Mul, Operator::Multiply},
      {NeuronOp::DivToZero, Operator::Quotient},
      {NeuronOp::Remainder, Operator::Rest},
      {NeuronOp::DivFloor, Operator::QuotientDown},
      {NeuronOp::DivCeil, Operator::QuotientUp},
      {NeuronOp::And, Operator::And},
      {NeuronOp::Or, Operator::Or},
      {NeuronOp::Xor, Operator::Xor},
      {NeuronOp::Max, Operator::Most},
      {NeuronOp::Min, Operator::Least},
      {NeuronOp::ShiftLeft, Operator::ShiftLeft},
      {NeuronOp::ShiftRight, Operator::ShiftRight},
      {NeuronOp::ShiftRightUnsigned, Operator::ShiftRightUnsigned}};
  return all;
}

static const std::map<NeuronOp, arith::CmpIPredicate> &predicates() {
  using P = arith::CmpIPredicate;
  static const std::map<NeuronOp, P> all = {{NeuronOp::Equal, P::eq},
                                            {NeuronOp::NotEqual, P::ne},
                                            {NeuronOp::Less, P::slt},
                                            {NeuronOp::LessOrEqual, P::sle},
                                            {NeuronOp::Greater, P::sgt},
                                            {NeuronOp::GreaterOrEqual, P::sge},
                                            {NeuronOp::LessUnsigned, P::ult},
                                            {NeuronOp::LessOrEqualUnsigned, P::ule},
                                            {NeuronOp::GreaterUnsigned, P::ugt},
                                            {NeuronOp::GreaterOrEqualUnsigned, P::uge}};
  return all;
}

/// Of operands of one bit.
Value CodeReader::ofTruths(const NeuronInstruction &i) {
  Value a = at(i.operands[0]), b = at(i.operands[1]);
  switch (i.op) {
  case NeuronOp::And:
    return theory.both(a, b);
  case NeuronOp::Or:
    return theory.either(a, b);
  case NeuronOp::Xor:
  case NeuronOp::NotEqual:
    return theory.differ(a, b);
  case NeuronOp::Equal:
    return theory.equal(a, b);
  default:
    return {};
  }
}

/// Another width, or a number of one operand.
Value CodeReader::changed(const NeuronInstruction &i) {
  Value a = at(i.operands[0]);
  int from = code.bitsOf(i.operands[0]), to = i.bits;
  switch (i.op) {
  case NeuronOp::Widen:
  case NeuronOp::WidenUnsigned: {
    bool isSigned = i.op == NeuronOp::Widen;
    return from == 1 ? theory.number(a, to, isSigned) : theory.extended(a, from, to, isSigned);
  }
  case NeuronOp::Narrow:
    return to == 1 ? theory.isOdd(a) : theory.truncated(a, from, to);
  case NeuronOp::Abs:
    return theory.magnitude(a, from);
  case NeuronOp::LeadingZeros:
    return theory.leadingZeros(a, from);
  default:
    return {};
  }
}

Value CodeReader::term(const NeuronInstruction &i) {
  if (i.op == NeuronOp::Constant) {
    return i.bits == 1 ? theory.truth(i.constant != 0) : theory.constant(i.constant, i.bits);
  }
  int from = code.bitsOf(i.operands[0]);
  if (i.op == NeuronOp::Select) {
    Value condition = at(i.operands[0]);
    condition = from == 1 ? condition : theory.differ(condition, theory.constant(0, from));
    return theory.select(condition, at(i.operands[1]), at(i.operands[2]));
  }
  if (operandsOf(i.op) == 1) {
    return changed(i);
  }
  if (from == 1) {
    return ofTruths(i);
  }
  Value a = at(i.operands[0]), b = at(i.operands[1]);
  if (auto found = predicates().find(i.op); found != predicates().end()) {
    return theory.compared(found->second, a, b, from);
  }
  auto found = operators().find(i.op);
  return found == operators().end() ? Value() : theory.binary(found->second, a, b, from);
}

bool CodeReader::run() {
  for (const NeuronInstruction &instruction : code.instructions) {
    terms.push_back(term(instruction));
    if (!terms.back()) {
      unknown = std::string(name(instruction.op));
      return false;
    }
  }
  return true;
}

/// The parameter of all neurons of a population, from the cores that hold them.
static std::vector<int64_t> parameterIn(const CoreNetwork &cores, size_t population,
                                        size_t number) {
  std::vector<int64_t> values(static_cast<size_t>(cores.populations[population].count));
  for (const Core &core : cores.cores) {
    for (const CoreGroup &group : core.groups) {
      size_t place = 0;
      for (Mapping::Range range : group.neurons) {
        for (int32_t n = range.first; n < range.end && group.population == population;
             ++n, ++place) {
          const std::vector<int64_t> &all = group.parameters[number];
          values[static_cast<size_t>(n)] = all[all.size() == 1 ? 0 : place];
        }
      }
    }
  }
  return values;
}

static Claim claimOfCode(snn::PopulationOp op, const CoreNetwork &cores, size_t number) {
  Claim claim{op.getNode().str(), "neuron code", "is equal to the body"};
  const NeuronCode &code = cores.updates[cores.populations[number].update];
  size_t count = op.getParams().size(), states = op.getStates().size();
  if (code.arguments.size() != 1 + states + count || code.results.size() != 1 + states ||
      cores.populations[number].parameters.size() != count) {
    claim.unasked = fmt::format("found {} arguments of the code, expected {}",
                                code.arguments.size(), 1 + states + count);
    return claim;
  }
  std::optional<Question> question = differs(
      op,
      [&](Theory &theory, const PopulationTerms &body) {
        CodeReader reader(theory, code);
        reader.add(body.drive);
        llvm::for_each(body.states, [&](Value state) { reader.add(state); });
        for (size_t k = 0; k < count; ++k) {
          reader.add(body.parameters[k]);
          if (parameterIn(cores, number, k) != parameterOf(op, k)) {
            theory.faults.push_back({theory.truth(true), "the cores hold other parameters"});
          }
        }
        CodeResults results;
        if (reader.run()) {
          for (int32_t result : code.results) {
            results.values.push_back(reader.at(result));
          }
        }
        results.unknown = reader.unknown;
        return results;
      },
      claim.unasked);
  if (question) {
    question->text = "a result of the instructions differs from the body's";
    claim.questions.push_back(*std::move(question));
  }
  return claim;
}

std::vector<Claim> nirc::chipfile::claimsOfCores(snn::NetworkOp network, const CoreNetwork &cores) {
  std::vector<Claim> claims;
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    auto found = std::ranges::find(cores.populations, op.getNode().str(), &CorePopulation::node);
    if (found != cores.populations.end()) {
      claims.push_back(
          claimOfCode(op, cores, static_cast<size_t>(found - cores.populations.begin())));
    }
  }
  return claims;
}
