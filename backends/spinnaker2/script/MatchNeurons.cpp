//===- MatchNeurons.cpp - whether py-spinnaker2 computes this -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The body is read from what it yields backwards, and what it yields must be the step of
// ScriptModel.h with some parameters. What a body computes and yields nowhere does not matter.

#include "backends/spinnaker2/script/MatchNeurons.h"

#include "dialects/nir/Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <fmt/format.h>
#include <limits>

using namespace mlir;
using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

/// A sum, taken apart.
struct Sum {
  SmallVector<Value> terms;
  std::vector<double> constant; ///< one a neuron
};

class Matcher {
public:
  Matcher(snn::PopulationOp op, ArrayRef<double> bias)
      : op(op), bias(bias), body(op.getBody().front()),
        yielded(cast<snn::YieldOp>(body.getTerminator()).getValues()) {}

  FailureOr<NeuronParameters> match();

private:
  LogicalResult checkStates();
  LogicalResult matchSpike();
  LogicalResult matchReset();
  LogicalResult matchReadOut();
  LogicalResult matchMembrane();
  LogicalResult matchCurrent();
  void setOffsets();
  LogicalResult setStarts();

  Value newMembrane() { return yielded.back(); }
  Value membrane() { return body.getArgument(parameters.hasCurrent ? 2 : 1); }
  std::optional<std::vector<float>> constantOf(Value value);
  /// The share that the value is of the state, where it is one.
  std::optional<std::vector<float>> shareOf(Value value, Value state);
  /// `whole`, which may be null, is not taken apart.
  void split(Value value, double sign, Value whole, Sum &sum);
  Sum split(Value value, Value whole = {});
  /// Takes the term that is a share of the state out of the sum; all is lost where there is none.
  std::vector<float> takeShare(Sum &sum, Value state);
  LogicalResult refuse(const Twine &what, const Twine &fix);

  snn::PopulationOp op;
  ArrayRef<double> bias;
  Block &body;
  ValueRange yielded;
  Value before;                  ///< v before the reset
  std::vector<double> constants; ///< that the body adds to v
  NeuronParameters parameters;
};

} // namespace

LogicalResult Matcher::refuse(const Twine &what, const Twine &fix) {
  InFlightDiagnostic error = snn::nodeError(op) << what;
  error.attachNote() << fix;
  return error;
}

/// As a message shows it.
static std::string text(double number) { return fmt::format("{:.9g}", number); }

std::optional<std::vector<float>> Matcher::constantOf(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    unsigned first = 1 + static_cast<unsigned>(op.getStates().size());
    if (argument.getArgNumber() < first) {
      return std::nullopt;
    }
    auto numbers =
        nir::doublesOf(cast<ElementsAttr>(op.getParams()[argument.getArgNumber() - first]));
    std::vector<float> values(numbers.begin(), numbers.end());
    values.resize(bias.size(), values.empty() ? 0.0F : values.front()); // one may stand for all
    return values;
  }
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto number = constant ? dyn_cast<FloatAttr>(constant.getValue()) : nullptr;
  return number ? std::optional(std::vector<float>(bias.size(),
                                                   static_cast<float>(number.getValueAsDouble())))
                : std::nullopt;
}

LogicalResult Matcher::checkStates() {
  auto nameOf = [&](unsigned i) { return cast<StringAttr>(op.getStates()[i]).getValue(); };
  size_t count = op.getStates().size();
  parameters.hasCurrent = count == 2;
  if ((count == 1 && nameOf(0) == "v") || (count == 2 && nameOf(0) == "i" && nameOf(1) == "v")) {
    return success();
  }
  std::string found;
  for (unsigned i = 0; i < count; ++i) {
    found += (i ? ", " : "") + nameOf(i).str();
  }
  return refuse("has the states [" + found +
                    "], expected [v] or [i, v], as lif and lif_curr_exp have",
                "--semantics spinnaker2");
}

//===----------------------------------------------------------------------===//
// Spike and reset
//===----------------------------------------------------------------------===//

LogicalResult Matcher::matchSpike() {
  auto compare = yielded[0].getDefiningOp<arith::CmpFOp>();
  std::optional<std::vector<float>> threshold =
      compare ? constantOf(compare.getRhs()) : std::nullopt;
  if (!threshold) {
    return refuse("does not spike where v is above a constant, expected it: py-spinnaker2 has no "
                  "other spikes",
                  "--semantics spinnaker2");
  }
  if (compare.getPredicate() != arith::CmpFPredicate::OGT) {
    return refuse(
        "spikes where v equals its threshold, expected only above it, as in py-spinnaker2",
        "--spike-when gt");
  }
  before = compare.getLhs();
  parameters.threshold = *std::move(threshold);
  return success();
}

LogicalResult Matcher::matchReset() {
  auto select = newMembrane().getDefiningOp<arith::SelectOp>();
  if (!select || select.getCondition() != yielded[0] || select.getFalseValue() != before) {
    return refuse("does not reset v in the step of its spike, expected it, as in py-spinnaker2",
                  "--semantics spinnaker2, without --reset-delay, --spike-test and --after-spike");
  }
  if (std::optional<std::vector<float>> to = constantOf(select.getTrueValue())) {
    parameters.resetTo = *std::move(to);
    return success();
  }
  auto less = select.getTrueValue().getDefiningOp<arith::SubFOp>();
  std::optional<std::vector<float>> drop =
      less && less.getLhs() == before ? constantOf(less.getRhs()) : std::nullopt;
  if (!drop) {
    return refuse(
        "has a reset that py-spinnaker2 does not have, expected a constant or the threshold "
        "subtracted from v",
        "--reset subtract, or --reset to-value");
  }
  for (auto [found, threshold] : llvm::zip_equal(*drop, parameters.threshold)) {
    if (found != threshold) {
      return refuse("subtracts " + text(found) + " at a spike, expected its threshold, " +
                        text(threshold) + ", as reset_by_subtraction does",
                    "--ignore v_reset, or --reset to-value");
    }
  }
  parameters.subtracts = true;
  parameters.resetTo.assign(bias.size(), 0.0F);
  return success();
}

/// What is only read is a neuron whose threshold no number is above.
LogicalResult Matcher::matchReadOut() {
  before = newMembrane();
  if (yielded[0] != before) {
    return refuse("has an output that is neither spikes nor v, expected one of them: py-spinnaker2 "
                  "records nothing else",
                  "--spikes-per-step single, if the neuron spikes");
  }
  parameters.spikes = false;
  parameters.subtracts = true;
  parameters.threshold.assign(bias.size(), std::numeric_limits<float>::max());
  parameters.resetTo.assign(bias.size(), 0.0F);
  return success();
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

void Matcher::split(Value value, double sign, Value whole, Sum &sum) {
  if (std::optional<std::vector<float>> constant = constantOf(value)) {
    for (auto [to, from] : llvm::zip_equal(sum.constant, *constant)) {
      to += sign * from;
    }
    return;
  }
  Operation *def = value == whole ? nullptr : value.getDefiningOp();
  bool minus = isa_and_nonnull<arith::SubFOp>(def) && constantOf(def->getOperand(1));
  if (minus || isa_and_nonnull<arith::AddFOp>(def)) {
    split(def->getOperand(0), sign, whole, sum);
    split(def->getOperand(1), minus ? -sign : sign, whole, sum);
    return;
  }
  sum.terms.push_back(value);
}

Sum Matcher::split(Value value, Value whole) {
  Sum sum{{}, std::vector<double>(bias.size(), 0.0)};
  split(value, 1.0, whole, sum);
  return sum;
}

std::optional<std::vector<float>> Matcher::shareOf(Value value, Value state) {
  if (value == state) {
    return std::vector<float>(bias.size(), 1.0F);
  }
  auto product = value.getDefiningOp<arith::MulFOp>();
  if (!product || (product.getLhs() != state && product.getRhs() != state)) {
    return std::nullopt;
  }
  return constantOf(product.getLhs() == state ? product.getRhs() : product.getLhs());
}

std::vector<float> Matcher::takeShare(Sum &sum, Value state) {
  for (size_t i = 0; i < sum.terms.size(); ++i) {
    if (std::optional<std::vector<float>> share = shareOf(sum.terms[i], state)) {
      sum.terms.erase(sum.terms.begin() + static_cast<ptrdiff_t>(i));
      return *share;
    }
  }
  return std::vector<float>(bias.size(), 0.0F);
}

/// v = alpha_decay v + drive + i_offset.
LogicalResult Matcher::matchMembrane() {
  Value drive = parameters.hasCurrent ? yielded[1] : Value(body.getArgument(0));
  Sum parts = split(before, drive);
  parameters.alphaDecay = takeShare(parts, membrane());
  if (parts.terms.size() != 1 || parts.terms[0] != drive) {
    return refuse(
        "does not compute v as alpha_decay v + " +
            Twine(parameters.hasCurrent ? "its current" : "the sum of its synapses") +
            " + i_offset, expected it: py-spinnaker2 has no other update",
        "--semantics spinnaker2, without --floor; the neurons' r dt/tau and w_in must have "
        "one sign, and differ by less than a factor of 64");
  }
  constants = std::move(parts.constant);
  return success();
}

/// i = exc_decay i + the sum of the synapses. Excitatory and inhibitory currents decay alike, so
/// that their sum is i.
LogicalResult Matcher::matchCurrent() {
  Sum parts = split(yielded[1]);
  parameters.currentDecay = takeShare(parts, body.getArgument(1));
  if (parts.terms.size() != 1 || parts.terms[0] != body.getArgument(0)) {
    return refuse(
        "does not compute its current as exc_decay i + the sum of its synapses, expected it: "
        "lif_curr_exp has no other update",
        "--semantics spinnaker2");
  }
  for (auto [outside, inside] : llvm::zip_equal(bias, parts.constant)) {
    if (outside + inside != 0.0) {
      return refuse("has a bias of " + text(outside + inside) +
                        " weight units on its synaptic current, expected none: lif_curr_exp adds "
                        "i_offset to v, not to the current",
                    "add r w_in bias to v_leak instead, as s2_nir does: the drive is the same once "
                    "the current has settled");
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

void Matcher::setOffsets() {
  for (auto [n, constant] : llvm::enumerate(constants)) {
    double added = constant + (parameters.hasCurrent ? 0.0 : bias[n]);
    parameters.offset.push_back(static_cast<float>(added));
  }
}

/// v_init; a current begins with 0.
LogicalResult Matcher::setStarts() {
  SmallVector<ElementsAttr> initial = snn::initialOf(op);
  auto valuesOf = [&](ElementsAttr attribute) {
    auto numbers = attribute ? nir::doublesOf(attribute) : llvm::SmallVector<double, 1>();
    std::vector<float> values(numbers.begin(), numbers.end());
    values.resize(bias.size(), values.empty() ? 0.0F : values.front()); // one may stand for all
    return values;
  };
  parameters.start = valuesOf(initial.back());
  if (parameters.hasCurrent) {
    for (float each : valuesOf(initial.front())) {
      if (each != 0.0F) {
        return refuse("starts with a current of " + text(each) +
                          ", expected 0: lif_curr_exp has no parameter for it",
                      "--start zero");
      }
    }
  }
  return success();
}

FailureOr<NeuronParameters> Matcher::match() {
  if (failed(checkStates())) {
    return failure();
  }
  bool isSpiking = snn::isSpikes(op.getType());
  if (isSpiking ? failed(matchSpike()) || failed(matchReset()) : failed(matchReadOut())) {
    return failure();
  }
  if (failed(matchMembrane()) || (parameters.hasCurrent && failed(matchCurrent())) ||
      failed(setStarts())) {
    return failure();
  }
  setOffsets();
  return std::move(parameters);
}

FailureOr<NeuronParameters> nirc::spinnaker2::matchNeurons(snn::PopulationOp op,
                                                           ArrayRef<double> bias) {
  return Matcher(op, bias).match();
}
