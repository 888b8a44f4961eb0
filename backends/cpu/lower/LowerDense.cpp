//===- LowerDense.cpp - functions of matrices -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// y = W x + b as a sum of columns of W, those of the inputs that are not zero, in ascending order.
// So every output adds up its terms in the order in which a product with all inputs would, and
// vectors run across outputs without changing that. The columns are stored as rows.

#include "backends/cpu/lower/LowerDense.h"

#include "backends/cpu/lower/Compact.h"

#include "llvm/Support/MathExtras.h"

#include <numeric>
#include <utility>

using namespace mlir;
using namespace nirc::cpu;

Value nirc::cpu::biasArray(Emitter &emit, snn::DenseOp op, int64_t elements) {
  if (!op.getBias()) {
    return {};
  }
  Numbers bias = emit.numbers(*op.getBias());
  return emit.parameter(bias, static_cast<int64_t>(llvm::alignTo(elements, emit.lanes)),
                        [&](int64_t i) { return i < elements ? i : -1; });
}

static Value startOf(Emitter &emit, Value bias, Value at) {
  return bias ? emit.loadNumberLanes(bias, at) : emit.splat(emit.number(0));
}

void nirc::cpu::startFromBias(Emitter &emit, Value result, Value bias, Value from, Value to) {
  emit.loop(from, to, emit.lanes,
            [&](Value o) { emit.storeLanes(startOf(emit, bias, o), result, o); });
}

/// The columns of the matrices as rows of `pitch` numbers.
static Value columnsOf(Emitter &emit, snn::DenseOp op, const Matrix &matrix, int64_t pitch) {
  Numbers weight = emit.numbers(op.getWeight());
  nir::DType stored = weight.storedType(emit.numberType());
  return emit.parameter(stored, matrix.allInputs() * pitch, [&](char *to) {
    weight.transpose(stored, to, matrix.matrices, matrix.outputs, matrix.inputs, pitch);
  });
}

//===----------------------------------------------------------------------===//
// Few outputs, or weights that stay in the second-level cache: the sums of a tile in registers.
//===----------------------------------------------------------------------===//

/// Sums `vectors` vectors of outputs from `first` on.
static void emitTile(Emitter &emit, snn::DenseOp op, Value columns, Value bias, int64_t pitch,
                     Value first, int64_t vectors) {
  Value result = emit.array(op.getResult());
  Terms terms(emit, op.getSignal());
  auto at = [&](Value base, int64_t v) { return emit.add(base, emit.index(v * emit.lanes)); };
  Emitter::Values sums;
  for (int64_t v = 0; v < vectors; ++v) {
    sums.push_back(startOf(emit, bias, at(first, v)));
  }
  sums = emit.forEachEvent(
      *emit.signal(op.getSignal()).events, snn::elementsOf(op.getSignal().getType()), sums,
      [&](Value event, ValueRange carried) {
        Value row = emit.flat(event, pitch, first), factor = terms.factor(event, emit.lanes);
        Emitter::Values next;
        for (int64_t v = 0; v < vectors; ++v) {
          Value weight = emit.loadNumberLanes(columns, at(row, v));
          next.push_back(emit.add(carried[v], terms.term(weight, factor)));
        }
        return next;
      });
  for (int64_t v = 0; v < vectors; ++v) {
    emit.storeLanes(sums[v], result, at(first, v));
  }
}

static void emitTiles(Emitter &emit, snn::DenseOp op, const Matrix &matrix) {
  int64_t pitch = static_cast<int64_t>(llvm::alignTo(matrix.outputs, emit.lanes));
  Value columns = columnsOf(emit, op, matrix, pitch), bias = biasArray(emit, op, matrix.outputs);
  // Eight sums in flight hide the latency of an addition.
  constexpr int64_t most = 8;
  int64_t vectors = pitch / emit.lanes, rest = vectors % most, whole = vectors - rest;
  if (whole) {
    emit.loop(emit.index(0), emit.index(whole * emit.lanes), most * emit.lanes,
              [&](Value first) { emitTile(emit, op, columns, bias, pitch, first, most); });
  }
  if (rest) {
    emitTile(emit, op, columns, bias, pitch, emit.index(whole * emit.lanes), rest);
  }
}

//===----------------------------------------------------------------------===//
// Weights from far: whole columns, several at a time, each a stream that is fetched ahead.
//===----------------------------------------------------------------------===//

namespace {
/// What streams read: the columns, padded to whole grains, and where sums start.
struct Streamed {
  Streamed(Emitter &emit, snn::DenseOp op, const Matrix &matrix)
      : pitch(static_cast<int64_t>(
            llvm::alignTo(matrix.outputs, uint64_t(emit.lanes > 1 ? grain : 1)))) {
    columns = emit.once(op, "columns", [&] { return columnsOf(emit, op, matrix, pitch); });
    if (op.getBias()) {
      bias = emit.once(op, "bias", [&] { return biasArray(emit, op, matrix.outputs); });
    }
  }
  int64_t pitch;
  Value columns, bias;
};
} // namespace

/// Whether the columns are more than the near caches hold.
static bool isFarFrom(Emitter &emit, Value columns) {
  auto type = cast<MemRefType>(columns.getType());
  return type.getNumElements() * type.getElementTypeBitWidth() / 8 > emit.options.farBytes;
}

/// Whether sums of a few columns fit in 16 bits: of weights of 8 bits, that are added as they are.
static bool addsBytes(Emitter &emit, snn::DenseOp op, Value columns) {
  auto type = cast<MemRefType>(columns.getType());
  return emit.isInteger() && emit.lanes > 1 && type.getElementType().isInteger(8) &&
         snn::isSpikes(op.getSignal().getType());
}

/// The same of columns of bytes. Those of a group are added in 16 bits first, in twice as many
/// lanes, and a grain at a time: the line of a cache, for which one request is enough.
static void emitStreamsOfBytes(Emitter &emit, snn::DenseOp op, const Streamed &streamed,
                               Value result, Value from, Value to) {
  constexpr int64_t streams = 8; // of at most 255, whose sum 16 bits hold
  int64_t width = std::min(2 * emit.lanes, grain);
  auto extended = [&](Value value, Type type) {
    return arith::ExtSIOp::create(emit.builder, op.getLoc(), emit.wide(type, width), value);
  };
  Type half = emit.builder.getI16Type(), whole = emit.builder.getI32Type();
  emit.forEachEventGroup(
      *emit.signal(op.getSignal()).events, snn::elementsOf(op.getSignal().getType()), streams,
      [&](ArrayRef<Value> events, ArrayRef<Value> after) {
        Emitter::Values rows, later;
        for (auto [event, next] : llvm::zip(events, after)) {
          rows.push_back(emit.mul(event, emit.index(streamed.pitch)));
          later.push_back(emit.mul(next, emit.index(streamed.pitch)));
        }
        emit.loop(from, to, grain, [&](Value first) {
          for (int64_t at = 0; at < grain; at += width) {
            Value o = emit.add(first, emit.index(at)), sum;
            for (Value row : rows) {
              Value bytes = emit.loadLanes(streamed.columns, emit.add(row, o), width);
              Value weight = extended(bytes, half);
              sum = sum ? emit.add(sum, weight) : weight;
            }
            Value before = emit.loadLanes(result, o, width);
            emit.storeLanes(emit.add(before, extended(sum, whole)), result, o);
          }
          for (Value row : later) {
            emit.prefetch(streamed.columns, emit.add(row, first));
          }
        });
      });
}

static void emitStreams(Emitter &emit, snn::DenseOp op, const Matrix &matrix) {
  Streamed streamed(emit, op, matrix);
  Value result = emit.array(op.getResult());
  Terms terms(emit, op.getSignal());
  auto [from, to] = emit.range(matrix.outputs);
  startFromBias(emit, result, streamed.bias, from, to);
  if (addsBytes(emit, op, streamed.columns)) {
    return emitStreamsOfBytes(emit, op, streamed, result, from, to);
  }
  // From memory a core reads most with eight streams that it foresees itself: by a sixth more than
  // with four that are asked for, two cores by a third. From its third cache it is the other way.
  bool isFar = isFarFrom(emit, streamed.columns);
  emit.forEachEventGroup(
      *emit.signal(op.getSignal()).events, snn::elementsOf(op.getSignal().getType()), isFar ? 8 : 4,
      [&](ArrayRef<Value> events, ArrayRef<Value> after) {
        Emitter::Values rows, factors, later;
        for (auto [event, next] : llvm::zip(events, after)) {
          rows.push_back(emit.mul(event, emit.index(streamed.pitch)));
          factors.push_back(terms.factor(event, emit.lanes));
          if (!isFar) {
            later.push_back(emit.mul(next, emit.index(streamed.pitch)));
          }
        }
        // What a turn adds beyond the last element is padding: arrays and columns are whole grains.
        int64_t turn = emit.lanes * (emit.lanes == 1 ? 1 : emit.options.vectorsPerTurn);
        emit.loop(from, to, turn, [&](Value first) {
          for (int64_t at = 0; at < turn; at += emit.lanes) {
            Value o = at == 0 ? first : emit.add(first, emit.index(at));
            Value sum = emit.loadLanes(result, o);
            for (auto [row, factor] : llvm::zip(rows, factors)) {
              Value weight = emit.loadNumberLanes(streamed.columns, emit.add(row, o));
              sum = emit.add(sum, terms.term(weight, factor));
            }
            emit.storeLanes(sum, result, o);
          }
          for (Value row : later) {
            emit.prefetch(streamed.columns, emit.add(row, first));
          }
        });
      });
}

//===----------------------------------------------------------------------===//
// The same for several samples: a column is read once for all that have its event.
//===----------------------------------------------------------------------===//

namespace {
/// The inputs that any sample has an event of, in ascending order, and of which samples.
struct Union {
  Value inputs, samples; ///< arrays of i64; `samples` a bit a sample
  Value size;
  Value events; ///< of all samples
};
} // namespace

/// Moves the masks of the inputs that have an event to the front, and lists those inputs behind all
/// masks; how many. Without a branch, since whether there is an event cannot be foreseen.
static Value leaveOut(Emitter &emit, Value masks, int64_t inputs) {
  constexpr int64_t width = 8;
  Value half = emit.index(scratchElements(emit.layout) / 2), none = emit.integer(0, 64);
  if (emit.options.compresses) {
    return emit.loop(emit.index(0), emit.index(inputs), width, emit.index(0),
                     [&](Value j, ValueRange carried) -> Emitter::Values {
                       Value mask = emit.loadLanes(masks, j, width);
                       Value some =
                           emit.compare(arith::CmpIPredicate::ne, mask, emit.splat(none, width));
                       Value inputLanes = emit.indexLanes(j, width, none.getType());
                       emit.storeSet(inputLanes, some, masks, emit.add(carried[0], half));
                       return {emit.storeSet(mask, some, masks, carried[0])};
                     })[0];
  }
  return emit.loop(emit.index(0), emit.index(inputs), 1, emit.index(0),
                   [&](Value j, ValueRange carried) -> Emitter::Values {
                     Value mask = emit.load(masks, j);
                     emit.store(mask, masks, carried[0]);
                     emit.storeIndex(j, masks, emit.add(carried[0], half));
                     Value some = emit.compare(arith::CmpIPredicate::ne, mask, none);
                     Value one =
                         arith::ExtUIOp::create(emit.builder, mask.getLoc(), none.getType(), some);
                     return {emit.add(carried[0], emit.cast(emit.builder.getIndexType(), one))};
                   })[0];
}

static Union unite(Emitter &emit, snn::DenseOp op, const Matrix &matrix) {
  Value masks = emit.scratch;
  constexpr int64_t width = 8;
  emit.loop(emit.index(0), emit.index(matrix.inputs), width,
            [&](Value j) { emit.storeLanes(emit.splat(emit.integer(0, 64), width), masks, j); });
  Emitter::Values all =
      emit.loop(emit.index(0), emit.count, 1, emit.index(0), [&](Value sample, ValueRange total) {
        emit.select(sample);
        Value shift = emit.cast(emit.builder.getI64Type(), sample);
        Value bit = arith::ShLIOp::create(emit.builder, op.getLoc(), emit.integer(1, 64), shift);
        return emit.forEachEvent(*emit.signal(op.getSignal()).events, matrix.inputs, total,
                                 [&](Value j, ValueRange carried) -> Emitter::Values {
                                   Value mask = arith::OrIOp::create(emit.builder, op.getLoc(),
                                                                     emit.load(masks, j), bit);
                                   emit.store(mask, masks, j);
                                   return {emit.add(carried[0], emit.index(1))};
                                 });
      });
  return {masks, masks, leaveOut(emit, masks, matrix.inputs), all[0]};
}

/// Sums `vectors` vectors of outputs from `first` on, of all samples.
static void emitTileTogether(Emitter &emit, snn::DenseOp op, const Streamed &streamed,
                             const Union &events, Value first, int64_t vectors) {
  int64_t half = scratchElements(emit.layout) / 2;
  auto inputAt = [&](Value k) {
    return emit.loadIndex(events.inputs, emit.add(k, emit.index(half)));
  };
  auto at = [&](Value base, int64_t v) { return emit.add(base, emit.index(v * emit.lanes)); };
  emit.loop(emit.index(0), events.size, [&](Value k) {
    Value input = inputAt(k), row = emit.flat(input, streamed.pitch, first);
    // Rows are far apart, which no machine foresees.
    constexpr int64_t ahead = 4;
    Value later = emit.flat(inputAt(emit.add(k, emit.index(ahead))), streamed.pitch, first);
    Emitter::Values weights;
    for (int64_t v = 0; v < vectors; ++v) {
      emit.prefetch(streamed.columns, at(later, v));
      weights.push_back(emit.loadNumberLanes(streamed.columns, at(row, v)));
    }
    emit.forEachBit(emit.load(events.samples, k), {}, [&](Value sample, ValueRange) {
      emit.select(sample);
      Value result = emit.array(op.getResult());
      Terms terms(emit, op.getSignal());
      Value factor = terms.factor(input, emit.lanes);
      for (int64_t v = 0; v < vectors; ++v) {
        Value sum = emit.loadLanes(result, at(first, v));
        emit.storeLanes(emit.add(sum, terms.term(weights[v], factor)), result, at(first, v));
      }
      return Emitter::Values();
    });
  });
}

static void emitTilesTogether(Emitter &emit, snn::DenseOp op, const Matrix &matrix,
                              const Union &events) {
  Streamed streamed(emit, op, matrix);
  auto [from, to] = emit.range(matrix.outputs);
  emit.loop(emit.index(0), emit.count, [&, from = from, to = to](Value sample) {
    emit.select(sample);
    startFromBias(emit, emit.array(op.getResult()), streamed.bias, from, to);
  });
  // As many weights as half of the registers hold; what is left of a range is whole grains.
  int64_t vectors = emit.lanes >= 16 ? 16 : 8, small = std::max<int64_t>(1, grain / emit.lanes);
  Value tile = emit.index(vectors * emit.lanes);
  Value whole = emit.sub(to, emit.rem(emit.sub(to, from), tile));
  emit.loop(from, whole, vectors * emit.lanes,
            [&](Value first) { emitTileTogether(emit, op, streamed, events, first, vectors); });
  emit.loop(whole, to, small * emit.lanes,
            [&](Value first) { emitTileTogether(emit, op, streamed, events, first, small); });
}

Value nirc::cpu::emitDenseTogether(Emitter &emit, snn::DenseOp op) {
  Matrix matrix(op);
  Union events = unite(emit, op, matrix);
  // Tiles jump from column to column; that is worth it from one and a half samples a column on.
  Value pays = emit.compare(arith::CmpIPredicate::uge, emit.mul(events.events, emit.index(2)),
                            emit.mul(events.size, emit.index(3)));
  emit.when(pays, [&] { emitTilesTogether(emit, op, matrix, events); });
  return pays;
}

//===----------------------------------------------------------------------===//
// Several matrices, which fall between vectors: element by element.
//===----------------------------------------------------------------------===//

static void emitBlocks(Emitter &emit, snn::DenseOp op, const Matrix &matrix) {
  Value columns = columnsOf(emit, op, matrix, matrix.outputs);
  Value bias = biasArray(emit, op, matrix.allOutputs()), result = emit.array(op.getResult());
  Terms terms(emit, op.getSignal());
  startFromBias(emit, result, bias, emit.index(0), emit.index(matrix.allOutputs()));
  emit.forEachEvent(*emit.signal(op.getSignal()).events, matrix.allInputs(), [&](Value event) {
    Value factor = terms.factor(event, 1), row = emit.mul(event, emit.index(matrix.outputs));
    Value first = emit.mul(emit.div(event, emit.index(matrix.inputs)), emit.index(matrix.outputs));
    emit.loop(matrix.outputs, [&](Value o) {
      Value weight = emit.loadNumber(columns, emit.add(row, o)), at = emit.add(first, o);
      emit.store(emit.add(emit.load(result, at), terms.term(weight, factor)), result, at);
    });
  });
}

//===----------------------------------------------------------------------===//
// The same of one matrix or several, in little memory and little code.
//===----------------------------------------------------------------------===//

static void emitCompact(Emitter &emit, snn::DenseOp op, const Matrix &matrix) {
  PackedRows columns(emit, emit.numbers(op.getWeight()), matrix.allInputs(), matrix.outputs,
                     [&](int64_t input, int64_t output) {
                       int64_t row = input / matrix.inputs * matrix.outputs + output;
                       return row * matrix.inputs + input % matrix.inputs;
                     });
  Value bias = biasArray(emit, op, matrix.allOutputs()), result = emit.array(op.getResult());
  Terms terms(emit, op.getSignal());
  startFromBias(emit, result, bias, emit.index(0), emit.index(matrix.allOutputs()));
  forEachEvent(emit, op.getSignal(), [&](Value event) {
    Value factor = terms.factor(event, 1), first = emit.index(0);
    if (matrix.matrices > 1) {
      first = emit.mul(emit.div(event, emit.index(matrix.inputs)), emit.index(matrix.outputs));
    }
    columns.forEach(event, [&](Value o, Value weight) {
      Value at = emit.add(first, o), term = terms.term(weight, factor);
      emit.store(emit.add(emit.loadNumber(result, at), term), result, at);
    });
  });
}

/// An entry of a sparse column is a scalar's work and an index, one of a whole column a lane's.
static bool isSparse(int64_t nonZeros, const Numbers &weight) {
  constexpr int64_t least = 4096; // below it all is in the first-level cache
  return weight.size() >= least && nonZeros * 5 < weight.size();
}

/// A grain of a mask takes as long as some two entries of a list, and where it has as many it is no
/// larger.
static bool expands(int64_t nonZeros, const Numbers &weight, const LowerOptions &options) {
  return options.expands && options.vectorBits == 512 && nonZeros * 16 >= weight.size();
}

//===----------------------------------------------------------------------===//
// Which of them
//===----------------------------------------------------------------------===//

/// As lists where those take fewer bytes.
static DensePlan planCompact(const Matrix &matrix, const Numbers &weight, nir::DType element,
                             const LowerOptions &options) {
  int64_t whole = PackedRows::bytesOf(weight, element, matrix.allInputs(), matrix.outputs);
  if (matrix.matrices == 1 && !weight.isSplat()) {
    std::vector<int64_t> entries = weight.nonZerosOfColumns(matrix.outputs, matrix.inputs);
    int64_t nonZeros = std::accumulate(entries.begin(), entries.end(), int64_t(0));
    nir::DType stored = weight.storedType(element);
    if (element == nir::DType::I32) {
      auto [least, most] = weight.extremes();
      stored = narrowest(least, most);
    }
    auto entry =
        static_cast<int64_t>(nir::sizeOf(stored) + nir::sizeOf(indexTypeOf(matrix, options)));
    auto start = static_cast<int64_t>(nir::sizeOf(startTypeOf(options, nonZeros)));
    if (nonZeros * entry + (matrix.inputs + 1) * start < whole) {
      return {DenseForm::Sparse, 0.0, std::move(entries)};
    }
  }
  return {DenseForm::Compact, 0.0, {}};
}

DensePlan nirc::cpu::planDense(snn::DenseOp op, nir::DType element, const LowerOptions &options) {
  Matrix matrix(op);
  std::optional<Numbers> numbers = Numbers::of(op.getWeight());
  if (!numbers) {
    return {}; // who reads them says so
  }
  const Numbers &weight = *numbers;
  if (options.compact) {
    return planCompact(matrix, weight, element, options);
  }
  auto width = static_cast<int64_t>(nir::sizeOf(weight.storedType(element)));
  auto inputs = static_cast<double>(matrix.allInputs());
  double column = static_cast<double>(weight.size() * width) / inputs;
  if (matrix.matrices > 1) {
    return {DenseForm::Blocks, column, {}};
  }
  std::vector<int64_t> entries = weight.nonZerosOfColumns(matrix.outputs, matrix.inputs);
  int64_t nonZeros = std::accumulate(entries.begin(), entries.end(), int64_t(0));
  if (isSparse(nonZeros, weight)) {
    bool isByte = element == nir::DType::I32 && width == 1;
    if (isByte && snn::isSpikes(op.getSignal().getType()) && expands(nonZeros, weight, options)) {
      double masks = static_cast<double>(weight.size()) / 8.0;
      return {DenseForm::Masks, (static_cast<double>(nonZeros) + masks) / inputs,
              std::move(entries)};
    }
    int64_t entry = width + static_cast<int64_t>(nir::sizeOf(indexTypeOf(matrix, options)));
    return {DenseForm::Sparse, static_cast<double>(nonZeros * entry) / inputs, std::move(entries)};
  }
  bool isNear = weight.size() * width <= options.nearBytes;
  return {isNear ? DenseForm::Tiles : DenseForm::Streams, column, {}};
}

void nirc::cpu::emitDense(Emitter &emit, snn::DenseOp op, const DensePlan &plan) {
  Matrix matrix(op);
  switch (plan.form) {
  case DenseForm::Compact:
    return emitCompact(emit, op, matrix);
  case DenseForm::Sparse:
    return emit.onFirstPart([&] { emitSparse(emit, op, plan); });
  case DenseForm::Masks:
    return emit.onFirstPart([&] { emitMasks(emit, op, plan); });
  case DenseForm::Blocks:
    return emit.onFirstPart([&] { emitBlocks(emit, op, matrix); });
  case DenseForm::Tiles:
    return emit.onFirstPart([&] { emitTiles(emit, op, matrix); });
  case DenseForm::Streams:
    return emitStreams(emit, op, matrix);
  }
}
