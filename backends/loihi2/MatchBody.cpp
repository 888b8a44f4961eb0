//===- MatchBody.cpp ------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The body is read from what it yields backwards. Its integers are taken as whole numbers without
// end, which is right because `BodyRanges` proves that none overflows; so sums may be taken apart,
// and a cast is nothing. What is left are the forms of Model.h's step, of which `quantize` leaves
// away what its ranges make needless.

#include "backends/loihi2/MatchBody.h"

#include "backends/loihi2/BodyRanges.h"
#include "backends/loihi2/Limits.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::loihi2;

namespace {

/// A sum, taken apart.
struct Sum {
  SmallVector<Value> terms;
  std::vector<int64_t> constant; ///< one a neuron
};

class Matcher {
public:
  Matcher(snn::PopulationOp op, ArrayRef<int64_t> bias)
      : op(op), bias(bias), ranges(op), body(op.getBody().front()),
        yielded(cast<snn::YieldOp>(body.getTerminator()).getValues()),
        hasCurrent(loihi2::hasCurrent(op)), compartments(bias.size()) {}

  FailureOr<std::vector<Compartment>> match();

private:
  LogicalResult checkStates();
  LogicalResult matchSpike();
  LogicalResult matchReset();
  LogicalResult matchMembrane();
  LogicalResult matchCurrent();
  LogicalResult matchWrapped(Value u, bool decays);
  LogicalResult setDecays(ArrayRef<int64_t> keeps, int32_t Compartment::*field, int64_t offset,
                          StringRef state);
  LogicalResult setThresholds(ArrayRef<int64_t> thresholds);
  LogicalResult setBiases(ArrayRef<int64_t> biases);
  LogicalResult addBiases(std::vector<int64_t> &constant);
  LogicalResult setCurrents();

  Value stateArgument(bool isMembrane) {
    return body.getArgument(isMembrane && hasCurrent ? 2 : 1);
  }
  Value newMembrane() { return yielded.back(); }
  /// `whole`, which may be null, is not taken apart.
  void split(Value value, int sign, Value whole, Sum &sum);
  Sum split(Value value, Value whole = {});
  /// Takes the term that is a share of the state out of the sum; all is lost where there is none.
  std::vector<int64_t> takeDecay(Sum &sum, Value state);
  LogicalResult refuse(const Twine &what, const Twine &mend);

  snn::PopulationOp op;
  ArrayRef<int64_t> bias;
  BodyRanges ranges;
  Block &body;
  ValueRange yielded;
  bool hasCurrent;
  Value clipped; ///< v before the reset
  std::vector<Compartment> compartments;
};

} // namespace

LogicalResult Matcher::refuse(const Twine &what, const Twine &mend) {
  InFlightDiagnostic error = snn::nodeError(op) << what;
  error.attachNote() << mend;
  return error;
}

LogicalResult Matcher::checkStates() {
  auto nameOf = [&](unsigned i) { return cast<StringAttr>(op.getStates()[i]).getValue(); };
  size_t count = op.getStates().size();
  if (!snn::isSpikes(op.getType())) {
    return refuse("passes on numbers, expected spikes: a neuron of Loihi 2 has nothing else for "
                  "others",
                  "take a spiking neuron, as LIF for LI or CubaLIF for CubaLI");
  }
  if ((count == 1 && nameOf(0) == "v") || (count == 2 && nameOf(0) == "i" && nameOf(1) == "v")) {
    return success();
  }
  std::string found;
  for (unsigned i = 0; i < count; ++i) {
    found += (i ? ", " : "") + nameOf(i).str();
  }
  return refuse("has the states [" + found +
                    "], expected [v] or [i, v], those of a neuron of "
                    "Loihi 2",
                "its choices are those of --semantics loihi2");
}

//===----------------------------------------------------------------------===//
// Spike and reset
//===----------------------------------------------------------------------===//

LogicalResult Matcher::matchSpike() {
  auto compare = yielded[0].getDefiningOp<arith::CmpIOp>();
  std::optional<std::vector<int64_t>> threshold =
      compare ? ranges.constantOf(compare.getRhs()) : std::nullopt;
  if (!threshold) {
    return refuse("does not spike where v is above a constant, as a neuron of Loihi 2 does",
                  "take --semantics loihi2");
  }
  if (compare.getPredicate() != arith::CmpIPredicate::sgt) {
    return refuse("spikes where v is at its threshold, expected above it, as on Loihi 2",
                  "--spike-when gt");
  }
  clipped = ranges.bare(compare.getLhs());
  return setThresholds(*threshold);
}

LogicalResult Matcher::setThresholds(ArrayRef<int64_t> thresholds) {
  for (auto [n, threshold] : llvm::enumerate(thresholds)) {
    int64_t mantissa = threshold >> mantissaShift;
    if (mantissa << mantissaShift != threshold || mantissa < 0 || mantissa > largestThreshold) {
      return refuse("has the threshold " + Twine(threshold) +
                        ", expected a multiple of 64 from 0 "
                        "to 8388544 (17 bits << 6)",
                    threshold < 0 ? "a negative v_threshold cannot be told to the chip"
                                  : "the number format loihi2 gives such thresholds");
    }
    compartments[n].threshold = static_cast<int32_t>(mantissa);
  }
  return success();
}

LogicalResult Matcher::matchReset() {
  auto select = ranges.bare(newMembrane()).getDefiningOp<arith::SelectOp>();
  if (!select || select.getCondition() != yielded[0] ||
      ranges.bare(select.getFalseValue()) != clipped) {
    return refuse("does not set v by its spike alone, in the same step, as a neuron of Loihi 2",
                  "take --semantics loihi2, without reset-delay, spike-test and after-spike");
  }
  std::optional<std::vector<int64_t>> to = ranges.constantOf(select.getTrueValue());
  if (!to) {
    return refuse("is reset to what depends on v, expected 0: Loihi 2 has no subtractive reset",
                  "--reset to-value");
  }
  for (int64_t value : *to) {
    if (value != 0) {
      return refuse("is reset to " + Twine(value) + ", expected 0, the one value of Loihi 2",
                    "--ignore v_reset, or a model in which v_reset is 0");
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

void Matcher::split(Value value, int sign, Value whole, Sum &sum) {
  value = ranges.bare(value);
  if (std::optional<std::vector<int64_t>> constant = ranges.constantOf(value)) {
    for (size_t n = 0; n < sum.constant.size(); ++n) {
      sum.constant[n] += sign * (*constant)[n];
    }
    return;
  }
  Operation *def = value.getDefiningOp();
  bool minus = isa_and_nonnull<arith::SubIOp>(def);
  if (value != whole && (minus || isa_and_nonnull<arith::AddIOp>(def)) &&
      (!minus || ranges.constantOf(def->getOperand(1)))) {
    split(def->getOperand(0), sign, whole, sum);
    split(def->getOperand(1), minus ? -sign : sign, whole, sum);
    return;
  }
  sum.terms.push_back(value);
}

Sum Matcher::split(Value value, Value whole) {
  Sum sum{{}, std::vector<int64_t>(compartments.size(), 0)};
  split(value, 1, whole, sum);
  return sum;
}

std::vector<int64_t> Matcher::takeDecay(Sum &sum, Value state) {
  for (size_t i = 0; i < sum.terms.size(); ++i) {
    if (std::optional<std::vector<int64_t>> keeps = ranges.decayOf(sum.terms[i], state)) {
      sum.terms.erase(sum.terms.begin() + static_cast<ptrdiff_t>(i));
      return *keeps;
    }
  }
  return std::vector<int64_t>(compartments.size(), 0);
}

/// `offset` is what the chip adds to the field.
LogicalResult Matcher::setDecays(ArrayRef<int64_t> keeps, int32_t Compartment::*field,
                                 int64_t offset, StringRef state) {
  for (auto [n, keep] : llvm::enumerate(keeps)) {
    int64_t decay = wholeDecay - keep - offset;
    if (decay < 0 || decay > largestDecay) {
      return refuse("loses " + Twine(wholeDecay - keep) + "/4096 of " + state +
                        " in a step, expected " + Twine(offset) + " to " +
                        Twine(largestDecay + offset),
                    keep < 0 ? "take a smaller --dt"
                             : "take a time constant or --dt with which it leaks so much");
    }
    compartments[n].*field = static_cast<int32_t>(decay);
  }
  return success();
}

/// v = clip(decay(v) + u + bias).
LogicalResult Matcher::matchMembrane() {
  Value sum = clipped;
  bool low = false, high = false;
  while (Operation *def = sum.getDefiningOp()) {
    bool isMax = isa<arith::MaxSIOp>(def);
    std::optional<std::vector<int64_t>> limit =
        isMax || isa<arith::MinSIOp>(def) ? ranges.constantOf(def->getOperand(1)) : std::nullopt;
    if (!limit || !llvm::all_equal(*limit)) {
      break;
    }
    if (limit->front() != (isMax ? 1 - stateLimit : stateLimit - 1)) {
      return refuse("keeps v from going beyond " + Twine(limit->front()) +
                        ", expected -8388607 to 8388607, where Loihi 2 saturates",
                    "--floor none; the number format loihi2 saturates there");
    }
    (isMax ? low : high) = true;
    sum = ranges.bare(def->getOperand(0));
  }
  std::optional<Interval> range = ranges.of(sum);
  if (!range || (!low && range->least < 1 - stateLimit) ||
      (!high && range->most > stateLimit - 1)) {
    return refuse("lets v go beyond 24 bits, where Loihi 2 saturates",
                  "the number format loihi2 saturates there");
  }
  Value current = hasCurrent ? ranges.bare(yielded[1]) : Value();
  Sum parts = split(sum, current);
  std::vector<int64_t> keeps = takeDecay(parts, stateArgument(true));
  if (parts.terms.size() != 1 || (hasCurrent && parts.terms[0] != current)) {
    return refuse("computes v from other than its share of the step before, one current and a "
                  "constant",
                  "take --semantics loihi2 and --format loihi2, and an r that is the same for all "
                  "neurons, or "
                  "within a factor of 64 where neurons have one dimension");
  }
  if (failed(setDecays(keeps, &Compartment::dv, 0, "v"))) {
    return failure();
  }
  if (hasCurrent) {
    return success(succeeded(matchCurrent()) && succeeded(setBiases(parts.constant)) &&
                   succeeded(setCurrents()));
  }
  if (failed(matchWrapped(parts.terms[0], /*decays=*/false)) || failed(addBiases(parts.constant))) {
    return failure();
  }
  return setBiases(parts.constant);
}

//===----------------------------------------------------------------------===//
// The synaptic current
//===----------------------------------------------------------------------===//

LogicalResult Matcher::matchCurrent() { return matchWrapped(yielded[1], /*decays=*/true); }

/// u = wrap(decay(u) + (a << 6)); without a current in the IR all of u is lost in a step.
LogicalResult Matcher::matchWrapped(Value u, bool decays) {
  u = ranges.bare(u);
  Value sum = ranges.wrappedBy(u);
  std::optional<Interval> range = ranges.of(sum ? sum : u);
  if (!sum) {
    sum = u;
    if (!range || range->least <= -stateLimit || range->most > stateLimit) {
      return refuse("lets its current go beyond 24 bits, where Loihi 2 wraps",
                    "the number format loihi2 wraps there");
    }
  }
  Sum parts = split(sum);
  std::vector<int64_t> keeps(compartments.size(), 0);
  if (decays) {
    keeps = takeDecay(parts, stateArgument(false));
  }
  auto shift = parts.terms.size() == 1 ? parts.terms[0].getDefiningOp<arith::ShLIOp>() : nullptr;
  bool isDrive = shift && ranges.bare(shift.getLhs()) == body.getArgument(0);
  std::optional<std::vector<int64_t>> by =
      isDrive ? ranges.constantOf(shift.getRhs()) : std::nullopt;
  bool hasConstant = llvm::any_of(parts.constant, [](int64_t c) { return c != 0; });
  if (!by || by->front() != mantissaShift || hasConstant) {
    return refuse("computes its current from other than its share of the step before and 64 times "
                  "the sum of its synapses",
                  "take --format loihi2, and gains (r dt/tau, w_in) of one sign that are the same "
                  "for all neurons, or "
                  "within a factor of 64 where neurons have one dimension");
  }
  return setDecays(keeps, &Compartment::du, 1, "its current");
}

//===----------------------------------------------------------------------===//
// Biases
//===----------------------------------------------------------------------===//

/// What connections add to u is added to v. That is the same where u wraps neither with nor
/// without it.
LogicalResult Matcher::addBiases(std::vector<int64_t> &constant) {
  if (llvm::all_of(bias, [](int64_t b) { return b == 0; })) {
    return success();
  }
  Interval drive = *ranges.of(body.getArgument(0));
  for (auto [n, b] : llvm::enumerate(bias)) {
    constexpr int64_t most = stateLimit >> mantissaShift;
    Interval synapses{drive.least - b, drive.most - b};
    if (!drive.isWithin({1 - most, most}) || !synapses.isWithin({1 - most, most})) {
      return refuse("has a bias of " + Twine(b) +
                        " in its connections, and with it a current that may wrap: Loihi 2 adds "
                        "it to v instead",
                    "take fewer --format weight-bits, or --calibrate with an input of spikes");
    }
    constant[n] += b << mantissaShift;
  }
  return success();
}

/// What synapses bring arrives from step 1 on. In step 0 the bias is what is kept of the current
/// before it. Of u, 0 to the largest, 0 to the largest u keep / 4096 is kept, each number in
/// between, because the next u keeps at most one more.
LogicalResult Matcher::setCurrents() {
  for (auto [n, b] : llvm::enumerate(bias)) {
    int64_t keep = largestDecay - compartments[n].du, want = std::abs(b) << mantissaShift;
    if (want > (stateLimit - 1) * keep / wholeDecay) {
      return refuse("has a bias of " + Twine(b) + " in its connections and keeps " + Twine(keep) +
                        "/4096 of its current in a step, expected a bias of at most " +
                        Twine((stateLimit - 1) * keep / wholeDecay >> mantissaShift) +
                        ", with which Loihi 2 can begin",
                    "take a smaller --dt, with which more is kept, or a connection without a "
                    "bias, as Linear for Affine");
    }
    int64_t start = want == 0 ? 0 : (want * wholeDecay + keep - 1) / keep;
    compartments[n].current = static_cast<int32_t>(b < 0 ? -start : start);
  }
  return success();
}

LogicalResult Matcher::setBiases(ArrayRef<int64_t> biases) {
  for (auto [n, b] : llvm::enumerate(biases)) {
    int exponent = 0;
    while (exponent < largestBiasExponent && b % (int64_t{2} << exponent) == 0 &&
           (b >> exponent < leastBias || b >> exponent > largestBias)) {
      ++exponent;
    }
    int64_t mantissa = b >> exponent;
    if (mantissa < leastBias || mantissa > largestBias) {
      int64_t most = largestBias << largestBiasExponent;
      return refuse("has the bias " + Twine(b) +
                        " a step, expected 13 bits and a sign times a power of two from 1 to 128",
                    std::abs(b) > most ? "Loihi 2 adds at most " + Twine(most)
                                       : Twine("the biases next to it need a v_leak or a bias of "
                                               "the model that is a little different"));
    }
    compartments[n].biasMantissa = static_cast<int32_t>(mantissa);
    compartments[n].biasExponent = exponent;
  }
  return success();
}

FailureOr<std::vector<Compartment>> Matcher::match() {
  if (failed(checkStates()) || failed(matchSpike()) || failed(matchReset()) ||
      failed(matchMembrane())) {
    return failure();
  }
  return std::move(compartments);
}

bool loihi2::hasCurrent(snn::PopulationOp op) { return op.getStates().size() == 2; }

FailureOr<std::vector<Compartment>> loihi2::matchBody(snn::PopulationOp op,
                                                      ArrayRef<int64_t> bias) {
  return Matcher(op, bias).match();
}
