//===- Claims.cpp - what is to be proven of registers ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/proof/Claims.h"

#include "backends/loihi2/proof/ChipTerms.h"
#include "backends/proof/Questions.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

using namespace mlir;
using namespace nirc;
using namespace nirc::loihi2;
using namespace nirc::proof;

std::vector<Compartment> nirc::loihi2::compartmentsOf(const Image &image, std::string_view node,
                                                      size_t neurons) {
  std::vector<Compartment> found(neurons);
  size_t count = 0;
  for (const Image::Core &core : image.cores) {
    size_t next = 0; // of the core's compartments
    for (const Mapping::Neurons &part : core.neurons) {
      for (Mapping::Range range : part.ranges) {
        for (int32_t n = range.first; n < range.end; ++n, ++next) {
          if (part.node == node && static_cast<size_t>(n) < neurons) {
            found[static_cast<size_t>(n)] = core.compartments[next];
            ++count;
          }
        }
      }
    }
  }
  return count == neurons ? found : std::vector<Compartment>();
}

namespace {

/// What goes together in one neuron: parameters of the body, then the registers and the bias.
using Kind = std::vector<int64_t>;

constexpr int numberBits = 32; ///< of a network of integers
constexpr size_t registerCount = 5;
const std::array<const char *, registerCount> registerNames = {"du", "dv", "threshold", "bias",
                                                               "connections"};

Kind registersIn(const Compartment &c, int64_t bias) {
  constexpr int64_t one = 1;
  return {c.du, c.dv, int64_t{c.threshold} * 64, int64_t{c.biasMantissa} * (one << c.biasExponent),
          bias};
}

/// One question about neurons of some kinds.
class Neurons {
public:
  Neurons(snn::PopulationOp op, std::vector<Kind> kinds) : op(op), kinds(std::move(kinds)) {}

  CodeResults operator()(Theory &theory, const PopulationTerms &body);

private:
  Value registerTerm(Theory &theory, size_t number);
  void addKinds(Theory &theory, const PopulationTerms &body, ArrayRef<Value> registers);

  snn::PopulationOp op;
  std::vector<Kind> kinds;
};

} // namespace

Value Neurons::registerTerm(Theory &theory, size_t number) {
  auto valueOf = [&](const Kind &kind) { return kind[kind.size() - registerCount + number]; };
  auto [least, most] = std::ranges::minmax(kinds, {}, valueOf);
  return valueOf(least) == valueOf(most)
             ? theory.constant(valueOf(least), termBits)
             : theory.declared(fmt::format("register.{}", registerNames[number]), termBits,
                               {valueOf(least), valueOf(most)});
}

/// A neuron is of one of the kinds.
void Neurons::addKinds(Theory &theory, const PopulationTerms &body, ArrayRef<Value> registers) {
  SmallVector<Value> any;
  for (const Kind &kind : kinds) {
    SmallVector<Value> same;
    for (size_t i = 0; i < kind.size(); ++i) {
      bool isParameter = i < body.parameters.size();
      Value term = isParameter ? body.parameters[i] : registers[i - body.parameters.size()];
      bool isFixed =
          term.getDefiningOp<smt::BVConstantOp>() || term.getDefiningOp<smt::IntConstantOp>();
      if (!isFixed) {
        same.push_back(
            theory.equal(term, theory.constant(kind[i], isParameter ? body.bits : termBits)));
      }
    }
    if (same.empty()) {
      return; // all are of one kind, by their constants
    }
    any.push_back(theory.all(same));
  }
  theory.facts.push_back(theory.any(any));
  theory.isLoose = false; // parameters go together now
}

/// A neuron that is only read must not reach the highest threshold. That its state stays below is
/// an invariant, which the question is about as well: where it holds before a step it holds after.
CodeResults Neurons::operator()(Theory &theory, const PopulationTerms &body) {
  auto wide = [&](Value number) { return theory.extended(number, numberBits, termBits, true); };
  SmallVector<Value> registers;
  for (size_t number = 0; number < registerCount; ++number) {
    registers.push_back(registerTerm(theory, number));
  }
  addKinds(theory, body, registers);
  bool hasCurrent = body.states.size() == 2, isRead = !snn::isSpikes(op.getType());
  constexpr int64_t half = 1 << 23;
  Value v = wide(body.states.back());
  Value u = hasCurrent ? wide(body.states.front())
                       : theory.declared("state.u", termBits, {1 - half, half});
  Value a = theory.binary(Operator::Subtract, wide(body.drive), registers[4], termBits);
  RegisterTerms told{registers[0], registers[1], registers[2], registers[3]};
  ChipStep step = chipStep(theory, told, u, v, a);
  Value isHigh = theory.compared(arith::CmpIPredicate::sgt, v, told.threshold, termBits);
  if (isRead) {
    theory.facts.push_back(theory.negated(isHigh));
    theory.faults.push_back({step.spike, "a neuron that is only read spikes"});
  }
  auto narrow = [&](Value number) { return theory.truncated(number, termBits, numberBits); };
  Value next = narrow(step.v);
  CodeResults made{{isRead ? next : step.spike}};
  if (hasCurrent) {
    made.values.push_back(narrow(step.u));
  }
  made.values.push_back(next);
  return made;
}

Claim nirc::loihi2::claimOfRegisters(snn::PopulationOp op,
                                     const std::vector<Compartment> &registers,
                                     const std::vector<int64_t> &bias) {
  Claim claim{op.getNode().str(), "registers", "make the chip's step equal to the body"};
  auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
  if (registers.size() != neurons || op.getStates().empty() || op.getStates().size() > 2) {
    claim.unasked = fmt::format("found registers of {} neurons and {} states, expected {} and u, v",
                                registers.size(), op.getStates().size(), neurons);
    return claim;
  }
  std::vector<std::vector<int64_t>> parameters;
  for (size_t k = 0; k < op.getParams().size(); ++k) {
    parameters.push_back(parameterOf(op, k));
  }
  std::set<Kind> kinds;
  for (size_t n = 0; n < neurons; ++n) {
    Kind kind;
    for (const std::vector<int64_t> &each : parameters) {
      kind.push_back(each[n]);
    }
    llvm::append_range(kind, registersIn(registers[n], bias.empty() ? 0 : bias[n]));
    kinds.insert(std::move(kind));
  }
  // Of one kind all registers are constants, which is easy; of many that would be many questions.
  constexpr size_t few = 16, most = 256;
  const size_t together = kinds.size() <= few ? 1 : few / 2;
  if (kinds.size() > most) {
    claim.unasked = fmt::format("found {} kinds of neurons, expected at most {}; runs on the model "
                                "of the chip are compared instead",
                                kinds.size(), most);
    return claim;
  }
  std::vector<Kind> all(kinds.begin(), kinds.end());
  for (size_t first = 0; first < all.size(); first += together) {
    auto end = all.begin() + static_cast<ptrdiff_t>(std::min(first + together, all.size()));
    Neurons some(op, {all.begin() + static_cast<ptrdiff_t>(first), end});
    std::optional<Question> question = differs(op, some, claim.unasked);
    if (!question) {
      claim.questions.clear();
      return claim;
    }
    question->text = "a step of the chip differs from the body";
    // |x| k and x k are other products: solvers see in whole numbers that they are the same.
    std::ranges::reverse(question->forms);
    claim.questions.push_back(*std::move(question));
  }
  return claim;
}

std::vector<Claim> nirc::loihi2::claimsOfImage(snn::NetworkOp network, const Model &model,
                                               const Image &image) {
  std::vector<Claim> claims;
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    auto found = std::ranges::find(model.populations, op.getNode().str(), &Population::node);
    auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
    std::vector<int64_t> bias =
        found == model.populations.end() ? std::vector<int64_t>() : found->bias;
    claims.push_back(
        claimOfRegisters(op, compartmentsOf(image, op.getNode().str(), neurons), bias));
  }
  return claims;
}
