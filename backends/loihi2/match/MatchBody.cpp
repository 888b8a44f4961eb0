//===- MatchBody.cpp - whether the chip computes this ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The body is read from what it yields backwards. Its integers are taken as whole numbers without
// end, which is right because `passes/bodies` proves that none overflows; so sums may be taken
// apart, and a cast is nothing. What is left are the forms of Model.h's step, of which `quantize`
// leaves away what its ranges make needless.

#include "backends/loihi2/match/MatchBody.h"

#include "backends/loihi2/match/BodyForms.h"
#include "backends/loihi2/match/Registers.h"

#include <cmath>
#include <fmt/format.h>

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
        hasCurrent(op.getStates().size() == 2), bySynapses(bias.size(), false),
        compartments(bias.size()) {}

  FailureOr<MatchedBody> match();

private:
  LogicalResult checkStates();
  LogicalResult matchSpike();
  LogicalResult matchSilence();
  LogicalResult matchReset();
  LogicalResult matchMembrane();
  LogicalResult matchCurrent();
  LogicalResult matchWrapped(Value u, bool decays);
  LogicalResult setDecays(ArrayRef<int64_t> keeps, int32_t Compartment::*field, int64_t offset,
                          StringRef state);
  LogicalResult setThresholds(ArrayRef<int64_t> thresholds);
  LogicalResult setBiases(ArrayRef<int64_t> biases);
  LogicalResult addBiases();
  LogicalResult begin();

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
  int64_t mostOfMembrane(size_t neuron);

  snn::PopulationOp op;
  ArrayRef<int64_t> bias;
  BodyForms ranges;
  Block &body;
  ValueRange yielded;
  bool hasCurrent;
  Value clipped;                  ///< v before the reset
  std::vector<int64_t> constants; ///< that the body adds to v
  std::vector<bool> bySynapses;
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
                    decay > largestDecay ? "take a smaller --dt"
                                         : "take a time constant or --dt with which it leaks so "
                                           "much");
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
  constants = parts.constant;
  std::vector<int64_t> keeps = takeDecay(parts, stateArgument(true));
  if (parts.terms.size() != 1 || (hasCurrent && parts.terms[0] != current)) {
    return refuse("computes v from other than its share of the step before, one current and a "
                  "constant",
                  "take --semantics loihi2 and --format loihi2, time constants of more than --dt, "
                  "and an r that is the same for all neurons, or within a factor of 64 where "
                  "neurons have one dimension");
  }
  if (failed(setDecays(keeps, &Compartment::dv, 0, "v"))) {
    return failure();
  }
  if (hasCurrent) {
    bySynapses.assign(bias.size(), true);
    return success(succeeded(matchCurrent()) && succeeded(setBiases(constants)) &&
                   succeeded(begin()));
  }
  return success(succeeded(matchWrapped(parts.terms[0], /*decays=*/false)) &&
                 succeeded(addBiases()) && succeeded(begin()));
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

/// What connections add to u, of which nothing stays, is added to v. That is the same where u wraps
/// neither with nor without it, if there are such biases.
LogicalResult Matcher::addBiases() {
  constexpr int64_t most = stateLimit >> mantissaShift;
  Interval drive = *ranges.of(body.getArgument(0));
  std::vector<int64_t> sums = constants;
  for (auto [n, b] : llvm::enumerate(bias)) {
    Interval synapses{drive.least - b, drive.most - b};
    sums[n] += b << mantissaShift;
    bool isSame = drive.isWithin({1 - most, most}) && synapses.isWithin({1 - most, most});
    bySynapses[n] = !isSame || !biasFields(sums[n]);
    sums[n] = bySynapses[n] ? constants[n] : sums[n];
  }
  return setBiases(sums);
}

/// The states before step 0, of which it keeps what is not there in time. Biases that synapses
/// bring arrive from step 1 on. And what the chip adds to v of a neuron that waits for step 1, in
/// step 0 it must not add: v is the opposite then.
LogicalResult Matcher::begin() {
  ElementsAttr initial = snn::initialOf(op).back();
  auto first = initial ? nir::doublesOf(initial) : llvm::SmallVector<double, 1>();
  first.resize(initial ? bias.size() : 0, initial ? first.front() : 0.0); // one may stand for all
  for (auto [n, v] : llvm::enumerate(first)) {
    bool comesLater = op.getStart() > 0 || (bySynapses[n] && !hasCurrent && bias[n] != 0);
    if (v != 0 && (comesLater || std::abs(v) >= stateLimit)) {
      return refuse("starts at v = " + Twine(static_cast<int64_t>(v)) +
                        (comesLater ? ", and a bias of its connections or a later start takes the "
                                      "register that Loihi 2 begins with"
                                    : ", expected less than 2^23"),
                    "--start zero begins at 0");
    }
    compartments[n].voltage = static_cast<int32_t>(v);
  }
  for (auto [n, b] : llvm::enumerate(bias)) {
    Compartment &c = compartments[n];
    int64_t keep = hasCurrent ? largestDecay - c.du : wholeDecay - c.dv;
    if (op.getStart() == 1) {
      c.voltage = stateBefore(-constants[n], wholeDecay - c.dv).value_or(0);
    }
    if (!bySynapses[n] || b == 0) {
      continue;
    }
    std::optional<int32_t> state = stateBefore(b << mantissaShift, keep);
    if (!state) {
      return refuse("has a bias of " + Twine(b) + " in its connections and keeps " + Twine(keep) +
                        "/4096 of " + (hasCurrent ? "its current" : "v") +
                        " in a step, expected a bias of at most " +
                        Twine((stateLimit - 1) * keep / wholeDecay >> mantissaShift) +
                        ", with which Loihi 2 can begin",
                    "take a smaller --dt, with which more is kept, or a connection without a "
                    "bias, as Linear for Affine");
    }
    (hasCurrent ? c.current : c.voltage) = *state;
  }
  return success();
}

LogicalResult Matcher::setBiases(ArrayRef<int64_t> biases) {
  for (auto [n, b] : llvm::enumerate(biases)) {
    std::optional<BiasFields> fields = biasFields(b);
    if (!fields) {
      return refuse("adds " + Twine(b) +
                        " to v in a step, expected 13 bits and a sign times a "
                        "power of two from 1 to 128",
                    "take a smaller v_leak, or a connection with a bias instead");
    }
    compartments[n].biasMantissa = fields->mantissa;
    compartments[n].biasExponent = fields->exponent;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Read-outs
//===----------------------------------------------------------------------===//

int64_t Matcher::mostOfMembrane(size_t n) {
  const Compartment &c = compartments[n];
  Interval drive = *ranges.of(body.getArgument(0));
  int64_t u = mostOfState(drive.most << mantissaShift, c.du + 1);
  if (u > stateLimit || mostOfState(-drive.least << mantissaShift, c.du + 1) >= stateLimit) {
    u = stateLimit; // it may wrap
  }
  if (std::optional<Interval> current = hasCurrent ? ranges.of(yielded[1]) : std::nullopt) {
    u = std::min(u, current->most);
  }
  return mostOfState(u + constants[n], c.dv);
}

/// A neuron that is only read gets the highest threshold, and must not reach it.
LogicalResult Matcher::matchSilence() {
  clipped = ranges.bare(newMembrane());
  if (ranges.bare(yielded[0]) != clipped) {
    return refuse("passes on other numbers than its v, which is all that is read of Loihi 2",
                  "take a spiking neuron, as LIF for LI or CubaLIF for CubaLI");
  }
  if (failed(matchMembrane())) {
    return failure();
  }
  constexpr int64_t most = largestThreshold << mantissaShift;
  int64_t reached = 0;
  for (auto [n, compartment] : llvm::enumerate(compartments)) {
    compartment.threshold = largestThreshold;
    reached = std::max(reached, mostOfMembrane(n));
  }
  std::optional<Interval> range = ranges.of(clipped);
  if (reached <= most || (range && range->most <= most)) {
    return success();
  }
  std::string spikes =
      ", expected at most " + std::to_string(most) + ", above which a neuron of Loihi 2 spikes";
  if (reached == endless) {
    return refuse("adds up all that it gets, to a v without end" + spikes,
                  "take a read-out that leaks, as LI for I");
  }
  Type type = cast<TypeAttr>((*op.getStateTypes()).getValue().back()).getValue();
  double unit = snn::scalesOf(type).front() * (1 << mantissaShift);
  double enough = 0.9 * static_cast<double>(most) / static_cast<double>(reached) / unit;
  double digits = std::pow(10.0, std::floor(std::log10(enough)) - 1);
  return refuse("can reach a v of " + Twine(reached) + spikes,
                "take a shorter time constant, or coarser weights, as with --format loihi2,scale=" +
                    fmt::format("{:.12g}", std::floor(enough / digits) * digits));
}

FailureOr<MatchedBody> Matcher::match() {
  if (failed(checkStates())) {
    return failure();
  }
  bool isSpiking = snn::isSpikes(op.getType());
  if (isSpiking ? failed(matchSpike()) || failed(matchReset()) || failed(matchMembrane())
                : failed(matchSilence())) {
    return failure();
  }
  return MatchedBody{std::move(compartments), std::move(bySynapses)};
}

FailureOr<MatchedBody> loihi2::matchBody(snn::PopulationOp op, ArrayRef<int64_t> bias) {
  return Matcher(op, bias).match();
}
