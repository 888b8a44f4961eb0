//===- Plan.cpp - what a network becomes ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/plan/Plan.h"

#include "backends/fpga/datapath/RescaleAsPopulation.h"
#include "backends/fpga/plan/Numbers.h"
#include "passes/bodies/Rest.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

namespace {

/// A linear way from a stream into a unit, and the op that ends it.
struct Leaf {
  Operation *op = nullptr; ///< dense, conv, pool or scale; null: the stream as it is
  Value value;             ///< what is added up
  int64_t factor = 1;
  size_t stream = 0;
  std::vector<snn::PoolOp> pools = {}; ///< between the stream and `op`, the first one first
};

class Planner {
public:
  Planner(snn::NetworkOp network, const PlanOptions &options)
      : network(network), options(options) {}
  FailureOr<Plan> make();

private:
  FailureOr<size_t> streamOf(Value value);
  FailureOr<size_t> makeStream(Value value);
  /// The same with addresses of those dimensions.
  FailureOr<size_t> streamWith(Value value, ArrayRef<int64_t> dims);
  FailureOr<size_t> addUnit(StringRef name, snn::PopulationOp population, ValueRange inputs,
                            Type result);
  FailureOr<size_t> addMap(snn::PopulationOp population);
  size_t addStream(StringRef name, ArrayRef<int64_t> dims, snn::IntegerRange range);
  LogicalResult addLeaves(Value value, int64_t factor, bool isWhole, std::vector<Leaf> &leaves);
  FailureOr<Leaf> leafOf(Operation *op, Value value, int64_t factor);
  Layout layoutFor(const std::vector<Leaf> &leaves, ArrayRef<int64_t> dims) const;
  int64_t lanesFor(const std::vector<Leaf> &leaves, const Layout &layout) const;
  LogicalResult addTerm(Unit &unit, const Leaf &leaf);
  void addBias(Unit &unit, const Leaf &leaf);
  void addDense(Unit &unit, Term &term, const Leaf &leaf, snn::DenseOp op);
  void addConv(Unit &unit, Term &term, const Leaf &leaf, snn::ConvOp op);
  void addLane(Unit &unit, Term &term, const Leaf &leaf);
  bool fits(const Leaf &leaf, const Layout &layout) const;

  snn::NetworkOp network;
  const PlanOptions &options;
  Plan plan;
  llvm::DenseMap<Value, size_t> streams;
  std::vector<std::pair<size_t, Value>> pending; ///< delays whose source comes later
};

} // namespace

//===----------------------------------------------------------------------===//
// Numbers and shapes
//===----------------------------------------------------------------------===//

static nir::Shape shapeVector(ArrayRef<int64_t> shape) { return {shape.begin(), shape.end()}; }

/// As addresses have it: one dimension at least.
static nir::Shape addressDims(Type signal) {
  nir::Shape dims = shapeVector(snn::shapeOf(signal));
  return dims.empty() ? nir::Shape{1} : dims;
}

static Value withoutReshapes(Value value) {
  while (auto reshape = value.getDefiningOp<snn::ReshapeOp>()) {
    value = reshape.getSignal();
  }
  return value;
}

/// The dimensions that are not 1, and where they are.
static std::vector<int> realDims(ArrayRef<int64_t> dims) {
  std::vector<int> real;
  for (auto [d, size] : llvm::enumerate(dims)) {
    if (size != 1) {
      real.push_back(static_cast<int>(d));
    }
  }
  return real;
}

static bool haveSameDims(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  std::vector<int> realA = realDims(a), realB = realDims(b);
  return realA.size() == realB.size() && llvm::all_of(llvm::zip(realA, realB), [&](auto pair) {
           return a[std::get<0>(pair)] == b[std::get<1>(pair)];
         });
}

/// Whether a rescale multiplies and nothing else, for all that its signal can be.
static bool isFactor(snn::RescaleOp op) {
  if (op.getShift() != 0 || op.getMultiplier().size() != 1) {
    return false;
  }
  snn::IntegerRange from = snn::integerRange(op.getSignal().getType());
  snn::IntegerRange to = snn::integerRange(op.getType());
  int64_t m = op.getMultiplier().front();
  return std::min(from.least * m, from.most * m) >= to.least &&
         std::max(from.least * m, from.most * m) <= to.most;
}

/// Rescales are linear only where they are factors; the others are populations by now.
static bool isLinear(Operation *op) {
  return isa<snn::DenseOp, snn::ConvOp, snn::PoolOp, snn::AddOp, snn::ScaleOp, snn::RescaleOp>(op);
}

/// Whether weights that come before or after the rescale can take it in.
static bool isTakenIn(snn::RescaleOp op) {
  bool isBehindSums = isLinear(withoutReshapes(op.getSignal()).getDefiningOp());
  return isFactor(op) && (isBehindSums || llvm::all_of(op->getUsers(), [](Operation *user) {
                            return isa<snn::PopulationOp, snn::AddOp>(user);
                          }));
}

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

size_t Planner::addStream(StringRef name, ArrayRef<int64_t> dims, snn::IntegerRange range) {
  plan.streams.push_back({name.str(), shapeVector(dims), range.least, range.most});
  return plan.streams.size() - 1;
}

FailureOr<size_t> Planner::streamOf(Value value) {
  value = withoutReshapes(value);
  if (auto found = streams.find(value); found != streams.end()) {
    return found->second;
  }
  FailureOr<size_t> made = makeStream(value);
  if (succeeded(made)) {
    streams[value] = *made;
  }
  return made;
}

/// A delay is a memory of all events of its steps, and a register and a comparison for each step
/// where elements differ.
static LogicalResult verifySize(snn::DelayOp delay) {
  constexpr int64_t mostPlaces = int64_t(1) << 22, mostSlots = 4096;
  auto longest = static_cast<int64_t>(delay.longest());
  int64_t elements = snn::elementsOf(delay.getType());
  if (!llvm::all_equal(delay.getSteps()) && longest >= mostSlots) {
    return snn::nodeError(delay) << "delays by element, up to " << longest
                                 << " steps, expected fewer than " << mostSlots
                                 << ": each step takes a slot of memory and logic";
  }
  if (longest > mostPlaces / (elements + 1)) {
    return snn::nodeError(delay) << "delays " << elements << " elements by up to " << longest
                                 << " steps, expected at most " << mostPlaces / (elements + 1)
                                 << ": all events of these steps take a memory of up to "
                                 << mostPlaces << " places";
  }
  return success();
}

FailureOr<size_t> Planner::makeStream(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto delay = dyn_cast<snn::DelayOp>(op)) {
    if (delay.longest() == 0 && delay.getStart() == 0) {
      return streamOf(delay.getSignal());
    }
    // Its addresses are those of its source, which comes later where it closes a loop.
    if (failed(verifySize(delay))) {
      return failure();
    }
    size_t to = addStream(delay.getNode(), {}, snn::integerRange(delay.getType()));
    streams[value] = to;
    pending.push_back({plan.delays.size(), delay.getSignal()});
    ArrayRef<int64_t> steps = delay.getSteps();
    bool isUniform = llvm::all_equal(steps);
    plan.delays.push_back({delay.getNode().str(),
                           {steps.begin(), isUniform ? steps.begin() + 1 : steps.end()},
                           static_cast<int64_t>(delay.getStart()),
                           0,
                           to});
    plan.streams[to].dims = addressDims(withoutReshapes(delay.getSignal()).getType());
    return to;
  }
  if (auto population = dyn_cast<snn::PopulationOp>(op)) {
    Value first = population.getInputs().empty() ? Value() : population.getInputs().front();
    bool isStateless = population.getStates().empty() && population.getStart() == 0 &&
                       population.getInputs().size() == 1 && staysAtRest(population) &&
                       llvm::all_of(population.getParams(), [](Attribute values) {
                         return llvm::all_equal(wholeNumbers(cast<ElementsAttr>(values)));
                       });
    if (isStateless && !isLinear(withoutReshapes(first).getDefiningOp())) {
      return addMap(population);
    }
    return addUnit(population.getNode(), population, population.getInputs(), population.getType());
  }
  if (!isLinear(op)) {
    return snn::nodeError(op) << "has no form as a circuit";
  }
  return addUnit(op->getAttrOfType<StringAttr>("node").getValue(), {}, value, value.getType());
}

FailureOr<size_t> Planner::addMap(snn::PopulationOp population) {
  FailureOr<size_t> from = streamOf(population.getInputs().front());
  if (failed(from)) {
    return failure();
  }
  nir::Shape dims = plan.streams[*from].dims;
  size_t to = addStream(population.getNode(), dims, snn::integerRange(population.getType()));
  plan.maps.push_back({population, *from, to});
  return to;
}

FailureOr<size_t> Planner::streamWith(Value value, ArrayRef<int64_t> dims) {
  FailureOr<size_t> stream = streamOf(value);
  if (failed(stream) || haveSameDims(plan.streams[*stream].dims, dims)) {
    return stream;
  }
  // Sums of one event each, which are swept in the other order.
  Unit unit;
  unit.name = plan.streams[*stream].name;
  unit.layout = {shapeVector(dims), {}, 1};
  for (size_t d = 0; d < dims.size(); ++d) {
    unit.layout.order.push_back(static_cast<int>(d));
  }
  snn::IntegerRange range = snn::integerRange(value.getType());
  unit.sumLeast = range.least;
  unit.sumMost = range.most;
  Leaf leaf{nullptr, value, 1, *stream};
  if (failed(addTerm(unit, leaf))) {
    return failure();
  }
  unit.result = addStream(unit.name, dims, range);
  plan.units.push_back(std::move(unit));
  return plan.units.back().result;
}

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

/// Adds what `value` is a sum of. `isWhole`: it is computed for this unit, whoever else reads it.
LogicalResult Planner::addLeaves(Value value, int64_t factor, bool isWhole,
                                 std::vector<Leaf> &leaves) {
  value = withoutReshapes(value);
  Operation *op = value.getDefiningOp();
  bool isOwn = isWhole || value.hasOneUse();
  if (auto add = dyn_cast<snn::AddOp>(op); add && isOwn) {
    for (Value signal : add.getSignals()) {
      if (failed(addLeaves(signal, factor, false, leaves))) {
        return failure();
      }
    }
    return success();
  }
  if (auto rescale = dyn_cast<snn::RescaleOp>(op); rescale && isOwn) {
    return addLeaves(rescale.getSignal(), factor * rescale.getMultiplier().front(), false, leaves);
  }
  if (isLinear(op) && !isa<snn::AddOp, snn::RescaleOp>(op) && (isOwn || isa<snn::PoolOp>(op))) {
    FailureOr<Leaf> leaf = leafOf(op, value, factor);
    if (failed(leaf)) {
      return failure();
    }
    leaves.push_back(std::move(*leaf));
    return success();
  }
  FailureOr<size_t> stream = streamOf(value);
  if (failed(stream)) {
    return failure();
  }
  leaves.push_back({nullptr, value, factor, *stream});
  return success();
}

FailureOr<Leaf> Planner::leafOf(Operation *op, Value value, int64_t factor) {
  Leaf leaf{op, value, factor};
  Value source = op->getOperand(0);
  // Pools before it only change the places that an event goes to.
  if (isa<snn::DenseOp, snn::ConvOp, snn::PoolOp>(op)) {
    bool keepsDims = !isa<snn::DenseOp>(op);
    auto poolOf = [&](Value signal) {
      auto pool = (keepsDims ? signal : withoutReshapes(signal)).getDefiningOp<snn::PoolOp>();
      return pool;
    };
    while (snn::PoolOp pool = poolOf(source)) {
      leaf.pools.insert(leaf.pools.begin(), pool);
      source = pool.getSignal();
      keepsDims = true;
    }
  }
  bool hasWindows = isa<snn::ConvOp, snn::PoolOp>(op) || !leaf.pools.empty();
  FailureOr<size_t> stream =
      hasWindows ? streamWith(source, snn::shapeOf(source.getType())) : streamOf(source);
  if (failed(stream)) {
    return failure();
  }
  leaf.stream = *stream;
  return leaf;
}

/// Whether the leaf's sums can be found in that layout by its coordinates.
bool Planner::fits(const Leaf &leaf, const Layout &layout) const {
  if (isa_and_nonnull<snn::DenseOp>(leaf.op)) {
    return true; // its weights lie as the layout has it
  }
  if (isa_and_nonnull<snn::ConvOp, snn::PoolOp>(leaf.op)) {
    return haveSameDims(snn::shapeOf(leaf.value.getType()), layout.dims);
  }
  return haveSameDims(plan.streams[leaf.stream].dims, layout.dims);
}

static int64_t nextPowerOfTwo(int64_t n) {
  return static_cast<int64_t>(llvm::PowerOf2Ceil(static_cast<uint64_t>(std::max<int64_t>(n, 1))));
}

Layout Planner::layoutFor(const std::vector<Leaf> &leaves, ArrayRef<int64_t> dims) const {
  Layout layout;
  layout.dims = shapeVector(dims);
  for (const Leaf &leaf : leaves) {
    if (isa_and_nonnull<snn::ConvOp, snn::DenseOp>(leaf.op)) {
      layout.dims = addressDims(leaf.value.getType());
      break;
    }
  }
  bool hasConv = false;
  for (const Leaf &leaf : leaves) {
    hasConv |= isa_and_nonnull<snn::ConvOp>(leaf.op) && fits(leaf, layout);
  }
  int rank = static_cast<int>(layout.dims.size());
  for (int d = hasConv ? 1 : 0; d < rank; ++d) {
    layout.order.push_back(d);
  }
  if (hasConv) {
    layout.order.push_back(0); // channels are neighbours: a window's weights lie in a row
  }
  bool allFit = llvm::all_of(leaves, [&](const Leaf &leaf) {
    return fits(leaf, layout) || isa_and_nonnull<snn::ConvOp>(leaf.op);
  });
  if (!allFit) {
    // Row-major and one lane: an element's number is its word.
    layout.order.clear();
    for (int d = 0; d < rank; ++d) {
      layout.order.push_back(d);
    }
    return layout;
  }
  layout.lanes = lanesFor(leaves, layout);
  return layout;
}

/// Enough for the events of a step to take no longer than the sweep, where one in ten elements
/// sends one.
int64_t Planner::lanesFor(const std::vector<Leaf> &leaves, const Layout &layout) const {
  constexpr int64_t most = 64;
  int64_t limit = nextPowerOfTwo(layout.dims[layout.lanesDim()]);
  double additions = 0.0;
  bool hasRows = false;
  for (const Leaf &leaf : leaves) {
    auto conv = dyn_cast_or_null<snn::ConvOp>(leaf.op);
    double events = 0.1 * static_cast<double>(plan.streams[leaf.stream].elements());
    hasRows |= isa_and_nonnull<snn::ConvOp, snn::DenseOp>(leaf.op);
    if (conv) {
      ArrayRef<int64_t> weight = conv.getWeight().getShapedType().getShape();
      int64_t outOfGroup = weight[0] / static_cast<int64_t>(conv.getGroups());
      double targets = static_cast<double>(outOfGroup);
      for (auto [kernel, stride] : llvm::zip(weight.drop_front(2), conv.getStrides())) {
        targets *= std::max(1.0, double(kernel) / double(stride));
      }
      additions += events * targets;
      if (conv.getGroups() > 1) { // a word has channels of one group
        limit = std::min(limit, outOfGroup & -outOfGroup);
      }
    } else if (isa_and_nonnull<snn::DenseOp>(leaf.op)) {
      additions += events * double(layout.elements());
    } else {
      additions += events;
    }
  }
  if (!hasRows) {
    return 1;
  }
  int64_t lanes = options.lanes > 0 ? nextPowerOfTwo(options.lanes) : 1;
  while (options.lanes == 0 && lanes < options.mostLanes &&
         additions / double(lanes) > double(layout.elements())) {
    lanes *= 2;
  }
  return std::clamp<int64_t>(lanes, 1, std::min(limit, most));
}

//===----------------------------------------------------------------------===//
// Terms
//===----------------------------------------------------------------------===//

/// For each coordinate of a dimension, the positions that its events go to behind the pools.
static std::vector<std::vector<int64_t>> positionsBehind(const std::vector<snn::PoolOp> &pools,
                                                         size_t dim, int64_t size) {
  std::vector<std::vector<int64_t>> positions(static_cast<size_t>(size));
  for (int64_t c = 0; c < size; ++c) {
    positions[c] = {c};
  }
  for (snn::PoolOp pool : pools) {
    int64_t kernel = pool.getKernel()[dim - 1], stride = pool.getStrides()[dim - 1];
    int64_t pad = pool.getPads()[dim - 1], count = snn::shapeOf(pool.getType())[dim];
    for (std::vector<int64_t> &list : positions) {
      std::vector<int64_t> behind;
      for (int64_t p : list) {
        // q stride - pad <= p < q stride - pad + kernel
        int64_t last = std::min((p + pad) / stride, count - 1);
        int64_t first = p + pad - kernel + 1 <= 0 ? 0 : (p + pad - kernel + stride) / stride;
        for (int64_t q = first; q <= last; ++q) {
          behind.push_back(q);
        }
      }
      list = std::move(behind);
    }
  }
  return positions;
}

void Planner::addBias(Unit &unit, const Leaf &leaf) {
  std::optional<ElementsAttr> bias;
  if (auto dense = dyn_cast_or_null<snn::DenseOp>(leaf.op)) {
    bias = dense.getBias();
  } else if (auto conv = dyn_cast_or_null<snn::ConvOp>(leaf.op)) {
    bias = conv.getBias();
  }
  if (!bias) {
    return;
  }
  std::vector<int64_t> values = wholeNumbers(*bias);
  if (llvm::all_of(values, [](int64_t b) { return b == 0; })) {
    return;
  }
  int64_t elements = unit.layout.elements();
  unit.bias.resize(static_cast<size_t>(elements));
  int64_t each = elements / static_cast<int64_t>(values.size()); // of a convolution one a channel
  for (int64_t e = 0; e < elements; ++e) {
    unit.bias[e] += values[e / each] * leaf.factor;
  }
}

void Planner::addDense(Unit &unit, Term &term, const Leaf &leaf, snn::DenseOp op) {
  const Layout &layout = unit.layout;
  const Stream &stream = plan.streams[leaf.stream];
  ArrayRef<int64_t> shape = op.getWeight().getShapedType().getShape();
  int64_t out = shape[shape.size() - 2], in = shape.back();
  int64_t matrices = layout.elements() / out;
  std::vector<int64_t> weights = wholeNumbers(op.getWeight());
  term.lanes = layout.lanes;
  term.blocks = layout.words();
  term.blockStride = 1;
  term.weights.resize(static_cast<size_t>(matrices * in * term.blocks * term.lanes));
  for (int64_t m = 0; m < matrices; ++m) {
    for (int64_t o = 0; o < out; ++o) {
      auto [word, lane] = layout.placeOf(m * out + o);
      for (int64_t j = 0; j < in; ++j) {
        term.weights[((m * in + j) * term.blocks + word) * term.lanes + lane] =
            weights[(m * out + o) * in + j] * leaf.factor;
      }
    }
  }
  // Behind pools the coordinates are those of the last pool's result.
  nir::Shape dims = stream.dims;
  for (size_t d = 0; d < dims.size() && !leaf.pools.empty(); ++d) {
    dims[d] = snn::shapeOf(snn::PoolOp(leaf.pools.back()).getType())[d];
  }
  int64_t stride = term.blocks;
  term.axes.resize(dims.size());
  for (size_t d = dims.size(); d-- > 0; stride *= dims[d]) {
    Term::Axis &axis = term.axes[d];
    if (leaf.pools.empty() || d == 0) {
      axis.each = {stride, 0};
      continue;
    }
    for (const std::vector<int64_t> &list : positionsBehind(leaf.pools, d, stream.dims[d])) {
      axis.entries.emplace_back();
      for (int64_t position : list) {
        axis.entries.back().push_back({position * stride, 0});
      }
    }
  }
}

void Planner::addConv(Unit &unit, Term &term, const Leaf &leaf, snn::ConvOp op) {
  const Layout &layout = unit.layout;
  const Stream &stream = plan.streams[leaf.stream];
  ArrayRef<int64_t> shape = op.getWeight().getShapedType().getShape();
  auto groups = static_cast<int64_t>(op.getGroups());
  int64_t outOfGroup = shape[0] / groups, inOfGroup = shape[1];
  size_t rank = shape.size() - 2;
  bool byChannel = layout.lanesDim() == 0;
  term.lanes = layout.lanes;
  term.blocks = (outOfGroup + term.lanes - 1) / term.lanes;
  term.blockStride = byChannel ? 1 : layout.stride(0);
  int64_t taps = 1;
  for (int64_t size : shape.drop_front(2)) {
    taps *= size;
  }
  // [in channel, tap, block, lane]
  std::vector<int64_t> weights = wholeNumbers(op.getWeight());
  term.weights.resize(static_cast<size_t>(groups * inOfGroup * taps * term.blocks * term.lanes));
  for (int64_t o = 0; o < shape[0]; ++o) {
    int64_t group = o / outOfGroup, place = o % outOfGroup;
    for (int64_t i = 0; i < inOfGroup; ++i) {
      for (int64_t k = 0; k < taps; ++k) {
        int64_t word = ((group * inOfGroup + i) * taps + k) * term.blocks + place / term.lanes;
        term.weights[word * term.lanes + place % term.lanes] =
            weights[(o * inOfGroup + i) * taps + k] * leaf.factor;
      }
    }
  }
  term.axes.resize(stream.dims.size());
  Term::Axis &channels = term.axes[0];
  if (groups == 1) {
    channels.each = {taps * term.blocks, 0};
  } else {
    for (int64_t c = 0; c < groups * inOfGroup; ++c) {
      int64_t first = c / inOfGroup * outOfGroup;
      int64_t sum = byChannel ? first / term.lanes : first * layout.stride(0);
      channels.entries.push_back({{c * taps * term.blocks, sum}});
    }
  }
  int64_t tapStride = term.blocks;
  for (size_t d = rank; d-- > 0; tapStride *= shape[2 + d]) {
    int64_t stride = op.getStrides()[d], pad = op.getPads()[d], dilation = op.getDilations()[d];
    int64_t count = snn::shapeOf(op.getType())[d + 1];
    Term::Axis &axis = term.axes[d + 1];
    for (const std::vector<int64_t> &list :
         positionsBehind(leaf.pools, d + 1, stream.dims[d + 1])) {
      axis.entries.emplace_back();
      for (int64_t position : list) {
        for (int64_t k = 0; k < shape[2 + d]; ++k) {
          int64_t start = position + pad - k * dilation;
          if (start >= 0 && start % stride == 0 && start / stride < count) {
            axis.entries.back().push_back(
                {k * tapStride, start / stride * layout.stride(static_cast<int>(d) + 1)});
          }
        }
      }
    }
  }
}

/// An event goes to one lane of each word: pools, factors, and streams as they are.
void Planner::addLane(Unit &unit, Term &term, const Leaf &leaf) {
  const Layout &layout = unit.layout;
  const Stream &stream = plan.streams[leaf.stream];
  term.isLane = true;
  term.factor = leaf.factor;
  term.axes.resize(stream.dims.size());
  if (auto scale = dyn_cast_or_null<snn::ScaleOp>(leaf.op)) {
    std::vector<int64_t> factors = wholeNumbers(scale.getScale());
    for (int64_t &each : factors) {
      each *= leaf.factor;
    }
    if (llvm::all_equal(factors)) {
      term.factor = factors.front();
    } else {
      term.weights = std::move(factors);
    }
  }
  bool isPool = isa_and_nonnull<snn::PoolOp>(leaf.op);
  std::vector<snn::PoolOp> pools = leaf.pools;
  if (isPool) {
    pools.push_back(cast<snn::PoolOp>(leaf.op));
  }
  // What the event's coordinates are of behind the pools. Where the layout has other dimensions it
  // is row-major, and a word is an element.
  nir::Shape dims = isPool ? shapeVector(snn::shapeOf(leaf.value.getType())) : stream.dims;
  bool isSame = haveSameDims(dims, layout.dims);
  std::vector<int> from = realDims(dims), to = realDims(layout.dims);
  int64_t flat = 1, flatWeight = 1;
  for (size_t d = dims.size(); d-- > 0; flat *= dims[d], flatWeight *= stream.dims[d]) {
    Term::Axis &axis = term.axes[d];
    axis.each.weight = term.weights.empty() ? 0 : flatWeight;
    int64_t stride = flat;
    if (isSame) {
      auto found = llvm::find(from, static_cast<int>(d));
      int place = found == from.end() ? -1 : to[static_cast<size_t>(found - from.begin())];
      stride = place < 0 ? 0 : layout.stride(place); // its only coordinate is 0
      if (place == layout.lanesDim() && layout.lanes > 1) {
        term.laneDim = static_cast<int>(d);
        term.laneBits = static_cast<int>(llvm::Log2_64(static_cast<uint64_t>(layout.lanes)));
      }
    }
    if (!isPool || d == 0) {
      axis.each.sum = stride;
      continue;
    }
    for (const std::vector<int64_t> &list : positionsBehind(pools, d, stream.dims[d])) {
      axis.entries.emplace_back();
      for (int64_t position : list) {
        axis.entries.back().push_back({0, position * stride});
      }
    }
  }
}

LogicalResult Planner::addTerm(Unit &unit, const Leaf &leaf) {
  Term term;
  term.name = leaf.op ? leaf.op->getAttrOfType<StringAttr>("node").getValue().str()
                      : plan.streams[leaf.stream].name;
  term.stream = leaf.stream;
  if (auto dense = dyn_cast_or_null<snn::DenseOp>(leaf.op)) {
    addDense(unit, term, leaf, dense);
  } else if (auto conv = dyn_cast_or_null<snn::ConvOp>(leaf.op)) {
    addConv(unit, term, leaf, conv);
  } else {
    addLane(unit, term, leaf);
  }
  addBias(unit, leaf);
  unit.terms.push_back(std::move(term));
  return success();
}

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

FailureOr<size_t> Planner::addUnit(StringRef name, snn::PopulationOp population, ValueRange inputs,
                                   Type result) {
  std::vector<Leaf> leaves;
  for (Value input : inputs) {
    if (failed(addLeaves(input, 1, /*isWhole=*/!population, leaves))) {
      return failure();
    }
  }
  Unit unit;
  unit.name = name.str();
  unit.population = population;
  unit.layout = layoutFor(leaves, addressDims(result));
  for (Leaf &leaf : leaves) {
    if (!fits(leaf, unit.layout)) { // a convolution: its sums in its own layout first
      if (isa_and_nonnull<snn::ConvOp>(leaf.op)) {
        FailureOr<size_t> stream = streamOf(leaf.value);
        if (failed(stream)) {
          return failure();
        }
        leaf = {nullptr, leaf.value, leaf.factor, *stream};
      }
    }
    if (failed(addTerm(unit, leaf))) {
      return failure();
    }
  }
  for (Value input : inputs) {
    snn::IntegerRange range = snn::integerRange(input.getType());
    unit.sumLeast += range.least;
    unit.sumMost += range.most;
  }
  unit.result = addStream(name, unit.layout.dims, snn::integerRange(result));
  plan.units.push_back(std::move(unit));
  return plan.units.back().result;
}

FailureOr<Plan> Planner::make() {
  Block &body = network.getBody().front();
  for (snn::RescaleOp op : llvm::make_early_inc_range(body.getOps<snn::RescaleOp>())) {
    if (!isTakenIn(op)) {
      rescaleAsPopulation(op);
    }
  }
  for (auto input : body.getOps<snn::InputOp>()) {
    size_t stream = addStream(input.getNode(), addressDims(input.getType()),
                              snn::integerRange(input.getType()));
    streams[input.getResult()] = stream;
    plan.inputs.push_back({input.getNode().str(), stream});
  }
  auto addOutput = [&](StringRef node, Value signal) -> LogicalResult {
    FailureOr<size_t> stream = streamOf(signal);
    if (succeeded(stream)) {
      plan.outputs.push_back({node.str(), *stream});
    }
    return stream;
  };
  for (Operation &op : body) {
    // In the order of the network, so that no chain is walked in depth.
    if (isa<snn::PopulationOp, snn::DelayOp>(op) && failed(streamOf(op.getResult(0)))) {
      return failure();
    }
  }
  for (auto output : body.getOps<snn::OutputOp>()) {
    if (failed(addOutput(output.getNode(), output.getSignal()))) {
      return failure();
    }
  }
  for (auto record : body.getOps<snn::RecordOp>()) {
    if (record.getSignal() && failed(addOutput(record.getNode(), record.getSignal()))) {
      return failure();
    }
  }
  for (size_t i = 0; i < pending.size(); ++i) { // a source may have delays of its own
    auto [delay, signal] = pending[i];
    FailureOr<size_t> from = streamWith(signal, plan.streams[plan.delays[delay].to].dims);
    if (failed(from)) {
      return failure();
    }
    plan.delays[delay].from = *from;
  }
  return std::move(plan);
}

FailureOr<Plan> nirc::fpga::makePlan(snn::NetworkOp network, const PlanOptions &options) {
  return Planner(network, options).make();
}
