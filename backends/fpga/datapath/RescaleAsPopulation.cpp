//===- RescaleAsPopulation.cpp - a rescale as neurons ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/datapath/RescaleAsPopulation.h"

#include "passes/Values.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace nirc;

namespace {

/// Writes the body, in 64 bits: a product of two numbers of 32 has 63, and no step below adds one
/// that leaves 64.
class RescaleBody {
public:
  RescaleBody(OpBuilder &builder, snn::RescaleOp op) : builder(builder), op(op) {}

  Value constant(int64_t number) {
    return arith::ConstantIntOp::create(builder, op.getLoc(), number, 64);
  }
  template <typename Op>
  Value make(Value a, Value b) {
    return Op::create(builder, op.getLoc(), a, b);
  }
  Value select(arith::CmpIPredicate predicate, Value x, int64_t limit, Value a, Value b) {
    Value holds = arith::CmpIOp::create(builder, op.getLoc(), predicate, x, constant(limit));
    return arith::SelectOp::create(builder, op.getLoc(), holds, a, b);
  }

  /// What is added before the shift; nothing for a floor.
  Value roundingOf(Value product, int64_t shift);
  Value broughtIntoRange(Value x);

private:
  OpBuilder &builder;
  snn::RescaleOp op;
};

} // namespace

Value RescaleBody::roundingOf(Value product, int64_t shift) {
  switch (op.getRounding()) {
  case snn::Rounding::Floor:
    return {};
  case snn::Rounding::TowardZero: { // 2^shift - 1 where it is negative
    Value sign = make<arith::ShRSIOp>(product, constant(63));
    return make<arith::AndIOp>(sign, constant((int64_t{1} << shift) - 1));
  }
  case snn::Rounding::NearestEven: { // half less one, and one where the digit before is odd
    Value down = make<arith::ShRSIOp>(product, constant(shift));
    Value odd = make<arith::AndIOp>(down, constant(1));
    return make<arith::AddIOp>(odd, constant((int64_t{1} << (shift - 1)) - 1));
  }
  }
  llvm_unreachable("all roundings are above");
}

Value RescaleBody::broughtIntoRange(Value x) {
  snn::IntegerRange range = snn::integerRange(op.getType());
  switch (op.getOverflow()) {
  case snn::Overflow::Saturate: {
    Value least = constant(range.least);
    x = make<arith::MaxSIOp>(x, least);
    Value most = constant(range.most);
    return make<arith::MinSIOp>(x, most);
  }
  case snn::Overflow::Wrap: {
    auto element =
        cast<quant::QuantizedType>(cast<RankedTensorType>(op.getType()).getElementType());
    Value above = constant(64 - element.getStorageTypeIntegralWidth());
    return make<arith::ShRSIOp>(make<arith::ShLIOp>(x, above), above);
  }
  case snn::Overflow::WrapLoihi: {
    Value size = constant(range.most - range.least + 1);
    Value less = make<arith::SubIOp>(x, size), more = make<arith::AddIOp>(x, size);
    Value low = select(arith::CmpIPredicate::slt, x, range.least, more, x);
    return select(arith::CmpIPredicate::sgt, x, range.most, less, low);
  }
  }
  llvm_unreachable("all overflows are above");
}

/// A multiplier an element.
static ElementsAttr multipliersOf(snn::RescaleOp op) {
  int64_t count = snn::elementsOf(op.getType());
  ArrayRef<int32_t> own = op.getMultiplier();
  int64_t perMultiplier = count / static_cast<int64_t>(own.size());
  std::vector<int32_t> all;
  for (int64_t i = 0; i < count; ++i) {
    all.push_back(own[i / perMultiplier]);
  }
  return denseOf<int32_t>(RankedTensorType::get({count}, IntegerType::get(op.getContext(), 32)),
                          all);
}

snn::PopulationOp nirc::fpga::rescaleAsPopulation(snn::RescaleOp op) {
  OpBuilder builder(op);
  bool isUniform = llvm::all_equal(op.getMultiplier());
  SmallVector<StringRef> names;
  SmallVector<Attribute> params;
  if (!isUniform) {
    names.push_back("multiplier");
    params.push_back(multipliersOf(op));
  }
  auto population = snn::PopulationOp::create(
      builder, op.getLoc(), op.getType(), op.getNodeAttr(), op.getSignal(),
      builder.getStrArrayAttr({}), builder.getStrArrayAttr(names), builder.getArrayAttr(params),
      builder.getArrayAttr({}), builder.getI64IntegerAttr(0));
  Block &block = population.getBody().emplaceBlock();
  IntegerType i32 = builder.getI32Type(), i64 = builder.getI64Type();
  block.addArgument(i32, op.getLoc());
  builder.setInsertionPointToStart(&block);
  RescaleBody body(builder, op);
  auto widened = [&](Value x) { return arith::ExtSIOp::create(builder, op.getLoc(), i64, x); };
  Value x = widened(block.getArgument(0));
  Value multiplier = isUniform ? body.constant(op.getMultiplier().front())
                               : Value(widened(block.addArgument(i32, op.getLoc())));
  x = body.make<arith::MulIOp>(x, multiplier);
  if (auto shift = static_cast<int64_t>(op.getShift()); shift > 0) {
    Value rounding = body.roundingOf(x, shift);
    x = rounding ? body.make<arith::AddIOp>(x, rounding) : x;
    x = body.make<arith::ShRSIOp>(x, body.constant(shift));
  }
  x = body.broughtIntoRange(x);
  Value result = arith::TruncIOp::create(builder, op.getLoc(), i32, x);
  snn::YieldOp::create(builder, op.getLoc(), result);
  op.replaceAllUsesWith(population.getResult());
  op.erase();
  return population;
}
