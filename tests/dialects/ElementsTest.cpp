//===- ElementsTest.cpp - elements of every kind --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Elements.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>
#include <gmock/gmock.h>

using namespace mlir;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

class Elements : public testing::Test {
protected:
  Elements() : b(&context) {}

  RankedTensorType tensor(ArrayRef<int64_t> shape, Type element) {
    return RankedTensorType::get(shape, element);
  }
  /// A resource over `bytes` as they lie, with no alignment of its own.
  ElementsAttr resource(RankedTensorType type, ArrayRef<char> bytes) {
    return DenseResourceElementsAttr::get(
        type, "r", UnmanagedAsmResourceBlob::allocateWithAlign(bytes, 1, {}));
  }

  MLIRContext context;
  Builder b;
};

TEST_F(Elements, DenseAndSplat) {
  auto type = tensor({2, 2}, b.getF32Type());
  ElementsAttr all = DenseElementsAttr::get(type, ArrayRef<float>{1, 2, 3, 4});
  EXPECT_EQ(nir::brokenValues(all), "");
  EXPECT_THAT(nir::doublesOf(all), ElementsAre(1, 2, 3, 4));
  EXPECT_FALSE(nir::rawElements(all).single);
  ElementsAttr one = DenseElementsAttr::get(type, 0.5F);
  EXPECT_TRUE(nir::rawElements(one).single);
  EXPECT_THAT(nir::doublesOf(one), ElementsAre(0.5));
  EXPECT_THAT(nir::allDoublesOf(one), ElementsAre(0.5, 0.5, 0.5, 0.5));
  EXPECT_EQ(nir::viewOf(one), nir::Tensor::of<float>({2, 2}, {0.5F, 0.5F, 0.5F, 0.5F}));
}

TEST_F(Elements, Booleans) {
  auto type = tensor({3}, b.getI1Type());
  ElementsAttr some = DenseElementsAttr::get(type, ArrayRef<bool>{true, false, true});
  EXPECT_THAT(nir::doublesOf(some), ElementsAre(1, 0, 1));
  ElementsAttr all = DenseElementsAttr::get(type, ArrayRef<bool>{true});
  EXPECT_THAT(nir::allDoublesOf(all), ElementsAre(1, 1, 1));
  EXPECT_EQ(nir::brokenValues(resource(type, {0, 1, 2})),
            "has a byte above 1, expected 0 or 1 for a boolean");
}

/// MLIR calls a resource of one element a splat, and it is no DenseElementsAttr.
TEST_F(Elements, ResourceOfOneElement) {
  alignas(8) float number = 2.5F;
  ArrayRef<char> bytes(reinterpret_cast<const char *>(&number), sizeof number);
  for (const SmallVector<int64_t> &shape : {SmallVector<int64_t>(), SmallVector<int64_t>{1}}) {
    ElementsAttr one = resource(tensor(shape, b.getF32Type()), bytes);
    EXPECT_EQ(nir::brokenValues(one), "");
    EXPECT_FALSE(nir::rawElements(one).single);
    EXPECT_THAT(nir::doublesOf(one), ElementsAre(2.5));
    EXPECT_THAT(nir::numbersOf<float>(one), ElementsAre(2.5F));
  }
}

TEST_F(Elements, ResourceAtAnOddAddress) {
  alignas(8) char memory[3 * sizeof(double) + 1];
  double numbers[] = {1, -2, 3};
  std::memcpy(memory + 1, numbers, sizeof numbers);
  ElementsAttr odd = resource(tensor({3}, b.getF64Type()), ArrayRef(memory + 1, sizeof numbers));
  nir::RawElements raw = nir::rawElements(odd);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(raw.data) % sizeof(double), 0U);
  EXPECT_TRUE(raw.owner);
  EXPECT_THAT(nir::doublesOf(odd), ElementsAre(1, -2, 3));
}

TEST_F(Elements, ResourcesThatAreNotSound) {
  auto type = tensor({3}, b.getF32Type());
  char bytes[16] = {};
  EXPECT_EQ(nir::brokenValues(resource(type, ArrayRef(bytes, 11))),
            "has 11 bytes of values, expected 12 for its type");
  EXPECT_EQ(nir::brokenValues(resource(type, ArrayRef(bytes, 13))),
            "has 13 bytes of values, expected 12 for its type");
  auto huge = tensor({int64_t{1} << 62, 8}, b.getF32Type());
  EXPECT_THAT(nir::brokenValues(resource(huge, bytes)),
              HasSubstr("expected more than there can be"));
  auto &manager = DenseResourceElementsHandle::getManagerInterface(&context);
  ElementsAttr missing = DenseResourceElementsAttr::get(type, manager.insert("missing"));
  EXPECT_EQ(nir::brokenValues(missing), "has no values, expected them under dialect_resources");
}

TEST_F(Elements, OthersAreRefusedByName) {
  auto broken = [](Attribute attribute) {
    EXPECT_FALSE(nir::isTensor(attribute));
    return nir::brokenValues(cast<ElementsAttr>(attribute));
  };
  auto type = tensor({2, 3}, b.getF32Type());
  auto sparse = SparseElementsAttr::get(
      type, DenseIntElementsAttr::get(tensor({1, 2}, b.getI64Type()), ArrayRef<int64_t>{0, 1}),
      DenseElementsAttr::get(tensor({1}, b.getF32Type()), 1.0F));
  EXPECT_THAT(broken(sparse), HasSubstr("is neither dense nor a dense_resource"));
  for (Type element : {Type(b.getIntegerType(4)), Type(b.getIntegerType(24)),
                       Type(b.getIndexType()), Type(b.getIntegerType(32, /*isSigned=*/true))}) {
    auto attribute = DenseElementsAttr::get(tensor({2}, element), b.getIntegerAttr(element, 1));
    EXPECT_THAT(broken(attribute), HasSubstr("expected a tensor of bool (i1)"));
  }
  EXPECT_THAT(broken(DenseElementsAttr::get(tensor({2}, b.getBF16Type()),
                                            b.getFloatAttr(b.getBF16Type(), 1.0))),
              HasSubstr("is of tensor<2xbf16>"));
  EXPECT_THAT(broken(DenseElementsAttr::get(VectorType::get({2}, b.getF32Type()), 1.0F)),
              HasSubstr("is of vector<2xf32>"));
  EXPECT_THAT(broken(DenseStringElementsAttr::get(tensor({1}, b.getF32Type()), {"text"})),
              HasSubstr("is neither dense nor a dense_resource"));
}

TEST_F(Elements, ASplatOfMoreThanThereIs) {
  auto type = tensor({int64_t{1} << 40}, b.getF32Type());
  EXPECT_EQ(nir::brokenValues(DenseElementsAttr::get(type, 1.0F)),
            "stands for more than 2^28 bytes, expected a dense_resource");
}

TEST_F(Elements, NumbersOfEveryType) {
  auto type = tensor({2}, b.getF16Type());
  ElementsAttr half = DenseElementsAttr::get(type, b.getFloatAttr(b.getF16Type(), 0.25));
  EXPECT_THAT(nir::numbersOf<float>(half), ElementsAre(0.25F, 0.25F));
  ElementsAttr bytes =
      DenseElementsAttr::get(tensor({2}, b.getI8Type()), ArrayRef<int8_t>{-128, 127});
  EXPECT_THAT(nir::numbersOf<int32_t>(bytes), ElementsAre(-128, 127));
  EXPECT_THAT(nir::numbersOf<int64_t>(bytes), ElementsAre(-128, 127));
  EXPECT_THAT(nir::numbersOf<double>(bytes), ElementsAre(-128, 127));
}

} // namespace
