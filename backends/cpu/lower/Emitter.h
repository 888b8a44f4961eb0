//===- Emitter.h - loops and loads of a node's function ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/lower/Lower.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringMap.h"

namespace nirc::cpu {

/// What computes a node: a function, and where it computes several nodes, its last argument: where
/// in the table this one's numbers start.
struct Callee {
  mlir::func::FuncOp function;
  std::optional<int64_t> row = std::nullopt;
};

/// Writes the functions of the nodes. Arrays are flat. What is read at one index is a scalar; what
/// is read with `Lanes` is that many elements from the index on, a vector, or where the code has no
/// vectors a scalar too.
class Emitter {
public:
  using Values = llvm::SmallVector<mlir::Value>;
  using Body = llvm::function_ref<void(mlir::Value)>;
  using CarryingBody = llvm::function_ref<Values(mlir::Value, mlir::ValueRange)>;

  Emitter(mlir::ModuleOp module, const Layout &layout, mlir::Type element,
          const LowerOptions &options, std::vector<Parameter> &parameters)
      : builder(module.getContext()), module(module), layout(layout), element(element),
        lanes(options.lanes), options(options), parameters(parameters) {}

  //===--- Functions ---===//

  /// Starts `func.func @name(%arena)`, or with `(%arena, %part, %parts, %scratch)` where the
  /// network is one that threads share; `finish` ends it.
  /// `isShared`: where threads share a step, with what says which part of it the caller does.
  mlir::func::FuncOp begin(mlir::Location loc, llvm::StringRef name, bool isShared = true);
  /// Starts `func.func @name(%arenas, %count, %part, %parts, %scratch)`: for `count` samples, whose
  /// arenas lie one after the other.
  mlir::func::FuncOp beginTogether(mlir::Location loc, llvm::StringRef name,
                                   mlir::TypeRange results = {});
  void finish(mlir::ValueRange results = {});
  /// In a function for several samples: what follows is about the arena of this one.
  void select(mlir::Value sample);
  /// In such a function: calls `alone`, a node's, on the selected sample as that part.
  void callSelected(const Callee &alone, mlir::Value as);
  /// Calls a node's function with these arguments, and its row.
  void call(const Callee &callee, mlir::ValueRange arguments);
  mlir::Type arenaType(int64_t samples = 1) {
    return mlir::MemRefType::get({layout.bytes * samples}, builder.getI8Type());
  }
  mlir::Type scratchType() {
    return mlir::MemRefType::get({scratchElements(layout)}, builder.getI64Type());
  }
  /// The elements of an array of `elements` that this part works on: whole grains, all of the array
  /// where threads do not share a step.
  std::pair<mlir::Value, mlir::Value> range(int64_t elements);
  /// The first element of the range of `part`.
  mlir::Value rangeStart(int64_t elements, mlir::Value part);
  /// Where this part's counter lies among those of one kind.
  mlir::Value ownCounter();
  /// `body` on the first part only: what cannot be shared.
  void onFirstPart(llvm::function_ref<void()> body);

  //===--- Numbers ---===//

  mlir::Value index(int64_t value);
  mlir::Value integer(int64_t value, unsigned bits);
  mlir::Value number(double value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value div(mlir::Value a, mlir::Value b); ///< of indices, not negative
  mlir::Value rem(mlir::Value a, mlir::Value b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);
  /// a * factor + b for indices.
  mlir::Value flat(mlir::Value a, int64_t factor, mlir::Value b);
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value a, mlir::Value b) {
    return mlir::arith::CmpIOp::create(builder, loc, predicate, a, b);
  }
  mlir::Value both(mlir::Value a, mlir::Value b) {
    return mlir::arith::AndIOp::create(builder, loc, a, b);
  }
  /// One of two, without a branch.
  mlir::Value pick(mlir::Value condition, mlir::Value then, mlir::Value otherwise) {
    return mlir::arith::SelectOp::create(builder, loc, condition, then, otherwise);
  }
  /// To and from indices.
  mlir::Value cast(mlir::Type type, mlir::Value value);

  //===--- Control ---===//

  /// `for i in [from, to)`, by `step`.
  void loop(mlir::Value from, mlir::Value to, int64_t step, Body body);
  void loop(mlir::Value from, mlir::Value to, Body body) { loop(from, to, 1, body); }
  void loop(int64_t count, Body body) { loop(index(0), index(count), 1, body); }
  void loopBy(mlir::Value from, mlir::Value to, mlir::Value step, Body body);
  /// The same with values that each turn hands to the next.
  Values loop(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange first,
              CarryingBody body);
  void when(mlir::Value condition, llvm::function_ref<void()> body);
  void unless(mlir::Value condition, llvm::function_ref<void()> body);
  /// The values of one of two bodies.
  Values choose(mlir::Value condition, llvm::function_ref<Values()> then,
                llvm::function_ref<Values()> otherwise);
  /// `body`'s values where the condition holds, else `otherwise`.
  Values when(mlir::Value condition, mlir::ValueRange otherwise, llvm::function_ref<Values()> body);

  /// `body` from step `start` on.
  void from(uint64_t start, llvm::function_ref<void()> body);
  /// Whether this step is `start` or later.
  mlir::Value hasStarted(uint64_t start);
  /// Counts this step, in a function that has the arena but is not a node's.
  void advanceClock(mlir::Value ofArena, uint64_t latestStart);

  //===--- Arrays ---===//

  mlir::Value array(const Slot &slot);
  const Signal &signal(mlir::Value value) const { return layout.signals.find(value)->second; }
  /// The array of a signal in NIR's order.
  mlir::Value array(mlir::Value value) { return array(*signal(value).array); }
  mlir::Value load(mlir::Value array, mlir::Value at);
  void store(mlir::Value value, mlir::Value array, mlir::Value at);
  /// Element `at` as an index.
  mlir::Value loadIndex(mlir::Value array, mlir::Value at) {
    return cast(builder.getIndexType(), load(array, at));
  }
  mlir::Value loadUnsignedIndex(mlir::Value array, mlir::Value at) {
    return mlir::arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(),
                                              load(array, at));
  }
  /// Asks for what will be read soon.
  void prefetch(mlir::Value array, mlir::Value at);
  void storeIndex(mlir::Value value, mlir::Value array, mlir::Value at);
  /// Element `at` as a number: a spike is 1.
  mlir::Value loadNumber(mlir::Value array, mlir::Value at);

  /// In which type numbers that the code reads are kept: see Numbers::storedType. In compact code
  /// integers in the narrowest that holds them all.
  nir::DType storedType(const Numbers &values) const;
  /// A new array of numbers that the code reads. `fill` gets zeroed memory.
  mlir::Value parameter(nir::DType stored, int64_t elements, llvm::function_ref<void(char *)> fill);
  /// The array that `make` makes for `op`, made once: other functions that ask for the same get it
  /// again.
  mlir::Value once(mlir::Operation *op, llvm::StringRef what,
                   llvm::function_ref<mlir::Value()> make);
  /// The numbers of an attribute; without the memory of a resource an error at the node, and zeros.
  Numbers numbers(mlir::ElementsAttr values);
  /// The lowering has reported an error and goes on only to find its end.
  void fail() { hasFailed = true; }
  bool failed() const { return hasFailed; }
  /// The same numbers as an array, those `from(i)` gives (see Numbers::gather), padded to
  /// `elements`.
  mlir::Value parameter(const Numbers &values, int64_t elements,
                        llvm::function_ref<int64_t(int64_t)> from);

  //===--- Lanes ---===//

  mlir::Type typeOf(nir::DType dtype);
  /// That of the network's numbers.
  nir::DType numberType() const { return numberTypeOf(element); }
  bool isInteger() const { return numberType() == nir::DType::I32; }
  /// The type of several elements.
  mlir::Type wide(mlir::Type scalar, int64_t width) const;
  mlir::Type wide(mlir::Type scalar) const { return wide(scalar, lanes); }
  /// The same value in every lane.
  mlir::Value splat(mlir::Value scalar, int64_t width);
  mlir::Value splat(mlir::Value scalar) { return splat(scalar, lanes); }
  mlir::Value loadLanes(mlir::Value array, mlir::Value at, int64_t width);
  mlir::Value loadLanes(mlir::Value array, mlir::Value at) { return loadLanes(array, at, lanes); }
  /// As numbers of the network's type.
  mlir::Value loadNumberLanes(mlir::Value array, mlir::Value at, int64_t width);
  mlir::Value loadNumberLanes(mlir::Value array, mlir::Value at) {
    return loadNumberLanes(array, at, lanes);
  }
  void storeLanes(mlir::Value value, mlir::Value array, mlir::Value at);
  /// The same integer, or vector of x86, which who uses it does not read from memory, nor in parts.
  mlir::Value inRegister(mlir::Value value);
  /// at, at + 1, ... as i32.
  mlir::Value indexLanes(mlir::Value at);
  mlir::Value indexLanes(mlir::Value at, int64_t width, mlir::Type index);
  mlir::Value isNonZero(mlir::Value number);
  /// Lanes whose index is below `elements`; null where `elements` is a whole number of vectors.
  mlir::Value below(mlir::Value at, int64_t elements);

  //===--- Events ---===//

  /// Calls body(number of the bit) for each bit of an integer that is set, from the lowest on.
  Values forEachBit(mlir::Value bits, mlir::ValueRange first, CarryingBody body);
  /// Calls body(index of the element) for each lane that is set, `at` being the first lane's.
  Values forEachSet(mlir::Value mask, mlir::Value at, mlir::ValueRange first, CarryingBody body);
  /// How many lanes are set, as an index.
  mlir::Value countSet(mlir::Value mask);
  /// Appends the indices of the lanes that are set, `at` being the first lane's; the new count. A
  /// list has room for a whole vector behind each entry.
  mlir::Value appendSet(mlir::Value list, mlir::Value count, mlir::Value mask, mlir::Value at);
  /// Stores the lanes that are set from `at` on, where there is room for all; the place behind
  /// them. Needs a machine that compresses.
  mlir::Value storeSet(mlir::Value values, mlir::Value mask, mlir::Value array, mlir::Value at);
  /// Appends to `list`, which has `count` entries; the new count.
  mlir::Value append(mlir::Value list, mlir::Value count, mlir::Value value);
  /// Where this step's list and counts start in their slots.
  std::pair<mlir::Value, mlir::Value> firstOf(const Events &events);
  /// Whose turn it is, 0 or 1.
  mlir::Value turnOf(const Events &events);
  /// Where the list and the counts of that turn start.
  std::pair<mlir::Value, mlir::Value> firstOf(const Events &events, mlir::Value turn);
  /// Calls body(list, first position, end) for the events of each part.
  Values forEachPart(
      const Events &events, int64_t elements, mlir::ValueRange first,
      llvm::function_ref<Values(mlir::Value, mlir::Value, mlir::Value, mlir::ValueRange)> body);
  /// Calls body(element) for each event of a signal of `elements`.
  void forEachEvent(const Events &events, int64_t elements, Body body);
  /// The same with values handed on.
  Values forEachEvent(const Events &events, int64_t elements, mlir::ValueRange first,
                      CarryingBody body);
  /// Calls body(elements, those after them) for `group` events at a time, a power of two, and the
  /// rest in halves of it, down to one; the last one comes after itself.
  void forEachEventGroup(
      const Events &events, int64_t elements, int64_t group,
      llvm::function_ref<void(llvm::ArrayRef<mlir::Value>, llvm::ArrayRef<mlir::Value>)> body);

  mlir::OpBuilder builder;
  mlir::ModuleOp module;
  const Layout &layout;
  mlir::Type element;
  int64_t lanes;
  const LowerOptions &options;
  mlir::Value part, parts, scratch; ///< null where threads do not share a step
  mlir::Value count;                ///< of a function for several samples
  std::vector<KeptNumber> kept;     ///< the parameters that can be changed while the code runs

private:
  /// The events of all parts one after the other, and how many; overwrites the scratch memory.
  std::pair<mlir::Value, mlir::Value> collect(const Events &events, int64_t elements);
  /// The lanes as the bits of an i64.
  mlir::Value bitsOf(mlir::Value mask);
  std::vector<Parameter> &parameters;
  int64_t parametersMade = 0;           ///< some may be gone
  llvm::StringMap<std::string> symbols; ///< of `once`
  mlir::Value arena;
  mlir::Value firstByte; ///< of the selected arena; null: the only one
  mlir::Location loc = builder.getUnknownLoc();
  bool hasFailed = false;
};

/// How the columns of a matrix are added up.
enum class DenseForm {
  Compact, ///< column by column, of weights that take as few bytes as they can
  Tiles,   ///< the sums of a few vectors of outputs in registers, over all events
  Streams, ///< whole columns, a few at a time; the only one whose outputs threads share
  Sparse,  ///< columns without their zeros
  Masks,   ///< the same of bytes, and where they go as bits
  Blocks   ///< several matrices along a diagonal
};
struct DensePlan {
  DenseForm form = DenseForm::Tiles;
  double bytesPerEvent = 0.0;   ///< of weights, on average
  std::vector<int64_t> entries; ///< of Sparse and Masks: weights of each column that are not zero
};
/// The form that fits the weights.
DensePlan planDense(snn::DenseOp op, nir::DType element, const LowerOptions &options);

/// Writes ops in the bodies of populations as ones that LLVM and C have.
llvm::LogicalResult expandBodies(snn::NetworkOp network);

/// The body of the function of one op, one for each kind of op.
void emitPopulation(Emitter &emit, snn::PopulationOp op);
/// Gives those states their initial numbers that do not start at 0.
void emitStart(Emitter &emit, snn::PopulationOp op);
void emitDense(Emitter &emit, snn::DenseOp op, const DensePlan &plan);
void emitConv(Emitter &emit, snn::ConvOp op);
void emitPool(Emitter &emit, snn::PoolOp op);
void emitScale(Emitter &emit, snn::ScaleOp op);
void emitAdd(Emitter &emit, snn::AddOp op);
void emitRescale(Emitter &emit, snn::RescaleOp op);
void emitDelayRead(Emitter &emit, snn::DelayOp op);
/// What a delay does at the end of the step.
void emitDelayWrite(Emitter &emit, snn::DelayOp op);
/// The columns of a matrix in DenseForm::Streams for several samples at once, each column read
/// once, where that pays in this step. Whether it did, an i1; else nothing is done.
mlir::Value emitDenseTogether(Emitter &emit, snn::DenseOp op);
/// Lists the events of a signal from its array.
void emitGather(Emitter &emit, mlir::Value signal);

} // namespace nirc::cpu
