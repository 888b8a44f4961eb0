//===- CompactTest.cpp - code in little memory gives the same integers ----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights of few bits in bytes, sums in 8 and 16 bits, spikes as bits, numbers of channels, delays:
// what compact code computes is compared with what wide code does. Random networks are in
// QuantizedNetworksTest, and C in ArtifactsTest and IntegerNetworksTest.
//
//===----------------------------------------------------------------------===//

#include "tests/conformance/Integers.h"
#include "tests/support/Recordings.h"

using namespace nir;
using namespace nir::test;

namespace {

const nirc::cpu::LowerOptions compact{.vectorBits = 0, .compact = true};

/// Random numbers of a few.
std::vector<int8_t> chosenOf(Random &random, int64_t count, const std::vector<int8_t> &from) {
  std::vector<int8_t> values(static_cast<size_t>(count));
  for (int8_t &value : values) {
    value = from[static_cast<size_t>(random.below(from.size()))];
  }
  values.front() = from.front(); // all of them are there
  values.back() = from.back();
  return values;
}

Recording randomNumbers(Random &random, const Shape &shape, int64_t most) {
  std::vector<double> values(static_cast<size_t>(numElements(shape)));
  for (double &value : values) {
    value = static_cast<double>(random.between(-most, most));
  }
  return inputOf(Tensor::of<double>(shape, values));
}

void expectSame(const std::string &body, const Recording &input, std::vector<Probe> probes = {}) {
  auto want = runOnCpu(network(body), input, {.vectorBits = 256}, probes);
  auto got = runOnCpu(network(body), input, compact, probes);
  ASSERT_TRUE(want && got);
  EXPECT_EQ(difference(*got, *want), "");
}

/// A population without states: it spikes for what is above the number.
std::string spikesOf(const std::string &name, const std::string &from, const std::string &type,
                     const std::string &shape, int above) {
  return fmt::format(
      R"(%{0} = snn.population "{0}" (%{1} : {2}) states [] of [] params [] [] -> !snn.spikes<{3}> {{
    ^bb0(%u: i32):
      %theta = arith.constant {4} : i32
      %fires = arith.cmpi sgt, %u, %theta : i32
      snn.yield %fires : i1
    }}
)",
      name, from, type, shape, above);
}

/// By which numbers the weights are, and how many bits each takes.
const std::vector<std::vector<int8_t>> &sets() {
  static const std::vector<std::vector<int8_t>> all = {{-1, 1},               // one bit
                                                       {0, 1},                //
                                                       {-8, 7},               //
                                                       {0, -128},             //
                                                       {-2, -1, 0, 1},        // two
                                                       {-1, 0, 1},            //
                                                       {-8, -3, -1, 0, 2, 7}, // four
                                                       {-9, 0, 3},            // more: not packed
                                                       {-128, -5, 0, 9, 100, 127}};
  return all;
}

TEST(Compact, MatricesOfFewBits) {
  Random random(1);
  for (const std::vector<int8_t> &set : sets()) {
    for (auto [inputs, outputs] :
         {std::pair<int64_t, int64_t>(33, 13), {70, 1}, {7, 40}, {1, 67}}) {
      SCOPED_TRACE(fmt::format("{} to {} of {}", inputs, outputs, fmt::join(set, " ")));
      std::string in = numbers(std::to_string(inputs), "i8<-5:5>");
      int64_t most = inputs * 128 * 5, ofSpikes = inputs * 128;
      std::string out = numbers(std::to_string(outputs), fmt::format("i32<-{}:{}>", most, most));
      std::string sums =
          numbers(std::to_string(outputs), fmt::format("i32<-{}:{}>", ofSpikes, ofSpikes));
      std::string weight = dense({outputs, inputs}, chosenOf(random, inputs * outputs, set));
      std::string bias = dense({outputs}, integers<int16_t>(random, outputs, 100));
      std::string body = fmt::format("%in = snn.input \"in\" : {}\n", in) +
                         spikesOf("s", "in", in, std::to_string(inputs), 1) +
                         fmt::format(R"(
        %a = snn.dense "a" %in {{weight = {0}}} : {1} -> {2}
        %b = snn.dense "b" %s {{weight = {0}, bias = {3}}} : !snn.spikes<{4}> -> {5}
        snn.output "a" %a shape [{6}] : {2}
        snn.output "b" %b shape [{6}] : {5}
)",
                                     weight, in, out, bias, inputs, sums, outputs);
      expectSame(body, randomNumbers(random, {2, 12, inputs}, 5));
    }
  }
}

/// Sums that 8 bits hold, though those on the way there are larger.
TEST(Compact, SumsThatWrapOnTheWay) {
  std::vector<int8_t> weight;
  for (int i = 0; i < 64; ++i) {
    weight.push_back(i < 32 ? 100 : -100);
  }
  std::string in = numbers("64", "i8<0:1>"), out = numbers("1", "i8<-100:100>");
  std::string body = fmt::format(R"(%in = snn.input "in" : {0}
      %a = snn.dense "a" %in {{weight = {1}}} : {0} -> {2}
      snn.output "a" %a shape [1] : {2}
)",
                                 in, dense({1, 64}, weight), out);
  expectSame(body, inputOf(Tensor::of<double>({1, 1, 64}, std::vector<double>(64, 1.0))));
}

/// Mostly zeros, with an output that needs 8 bits for its number and with one that needs 16.
TEST(Compact, SparseMatrices) {
  Random random(3);
  for (int64_t outputs : {100, 300}) {
    int64_t inputs = 60;
    std::string in = numbers("60", "i8<-3:3>");
    std::string out = numbers(std::to_string(outputs), "i16<-20000:20000>");
    std::string weight =
        dense({outputs, inputs}, integers<int8_t>(random, inputs * outputs, 100, 0.05));
    std::string body = fmt::format("%in = snn.input \"in\" : {}\n", in) +
                       spikesOf("s", "in", in, "60", 0) +
                       fmt::format(R"(
        %a = snn.dense "a" %in {{weight = {0}}} : {1} -> {2}
        %b = snn.dense "b" %s {{weight = {0}}} : !snn.spikes<60> -> {2}
        snn.output "a" %a shape [{3}] : {2}
        snn.output "b" %b shape [{3}] : {2}
)",
                                   weight, in, out, outputs);
    expectSame(body, randomNumbers(random, {2, 10, inputs}, 3));
  }
}

/// Odd numbers of channels, groups, strides, padding and dilation; a bias and none.
TEST(Compact, ConvolutionsOfFewBits) {
  Random random(4);
  for (const std::vector<int8_t> &set : sets()) {
    SCOPED_TRACE(fmt::format("{}", fmt::join(set, " ")));
    std::string in = numbers("6x7x5", "i8<-2:2>"), c1 = numbers("5x4x5", "i32<-100000:100000>");
    std::string c2 = numbers("9x3x3", "i32<-100000:100000>");
    std::string body = fmt::format("%in = snn.input \"in\" : {}\n", in) +
                       spikesOf("s", "in", in, "6x7x5", 0) +
                       fmt::format(R"(
      %c1 = snn.conv "c1" %in strides [2, 1] pads [1, 1] dilations [1, 1] groups 1 {{weight = {0}, bias = {1}}} : {2} -> {3}
      %c2 = snn.conv "c2" %s strides [2, 1] pads [0, 0] dilations [1, 2] groups 3 {{weight = {4}}} : !snn.spikes<6x7x5> -> {5}
      snn.output "a" %c1 shape [5, 4, 5] : {3}
      snn.output "b" %c2 shape [9, 3, 3] : {5}
)",
                                   dense({5, 6, 3, 3}, chosenOf(random, 5 * 6 * 9, set)),
                                   dense({5}, integers<int16_t>(random, 5, 1000)), in, c1,
                                   dense({9, 2, 3, 2}, chosenOf(random, 9 * 2 * 6, set)), c2);
    expectSame(body, randomNumbers(random, {2, 8, 6, 7, 5}, 2));
  }
}

/// Spikes and numbers: of one step, of several, of as many as each element has, none, from a step
/// on, in a row, recorded, and read in another shape.
TEST(Compact, Delays) {
  Random random(5);
  std::string in = numbers("35", "i8<-9:9>"), flat = numbers("5x7", "i8<-9:9>");
  std::vector<int64_t> each;
  for (int64_t i = 0; i < 35; ++i) {
    each.push_back(i % 5);
  }
  std::string body = fmt::format("%in = snn.input \"in\" : {}\n", in) +
                     spikesOf("s", "in", in, "35", 2) +
                     fmt::format(R"(
      %s1 = snn.delay "s1" %s by [1] : !snn.spikes<35>
      %s2 = snn.delay "s2" %s1 by [1] : !snn.spikes<35>
      %s3 = snn.delay "s3" %s by [3] : !snn.spikes<35>
      %s4 = snn.delay "s4" %s by {0} : !snn.spikes<35>
      %s5 = snn.delay "s5" %s by [1] start 4 : !snn.spikes<35>
      %s6 = snn.delay "s6" %s by {0} start 3 : !snn.spikes<35>
      %s7 = snn.delay "s7" %s by [0] start 5 : !snn.spikes<35>
      %n1 = snn.delay "n1" %in by [1] : {1}
      %n2 = snn.delay "n2" %in by [2] : {1}
      %n3 = snn.delay "n3" %in by {0} : {1}
      %r1 = snn.reshape "r1" %n1 : {1} -> {2}
      %sum = snn.add "sum" (%s2, %s5, %n1 : !snn.spikes<35>, !snn.spikes<35>, {1}) -> {3}
      snn.output "s1" %s1 shape [35] : !snn.spikes<35>
      snn.output "s3" %s3 shape [35] : !snn.spikes<35>
      snn.output "s4" %s4 shape [35] : !snn.spikes<35>
      snn.output "s6" %s6 shape [35] : !snn.spikes<35>
      snn.output "s7" %s7 shape [35] : !snn.spikes<35>
      snn.output "n2" %n2 shape [35] : {1}
      snn.output "n3" %n3 shape [35] : {1}
      snn.output "r1" %r1 shape [5, 7] : {2}
      snn.output "sum" %sum shape [35] : {3}
)",
                                 list(each), in, flat, numbers("35", "i16<-11:11>"));
  expectSame(body, randomNumbers(random, {2, 15, 35}, 9));
}

/// Parameters that all neurons of a channel share, that all share, and that each has of its own;
/// states of 8, 16 and 32 bits.
TEST(Compact, PopulationsByChannel) {
  Random random(6);
  std::vector<int32_t> byChannel, same(24, 700);
  for (int i = 0; i < 24; ++i) {
    byChannel.push_back(100 * (i / 8) - 150);
  }
  std::string in = numbers("3x2x4", "i8<-50:50>");
  std::string body =
      fmt::format(R"(%in = snn.input "in" : {0}
      %s = snn.population "n" (%in : {0}) states ["v", "w", "x"] of [{1}, {2}, {3}] params ["p", "q", "r"] [{4}, {5}, {6}] -> !snn.spikes<3x2x4> {{
      ^bb0(%u: i32, %v: i32, %w: i32, %x: i32, %p: i32, %q: i32, %r: i32):
        %one = arith.constant 1 : i32
        %c100 = arith.constant 100 : i32
        %low = arith.constant -100 : i32
        %half = arith.shrsi %v, %one : i32
        %sum = arith.addi %half, %u : i32
        %above = arith.minsi %sum, %c100 : i32
        %v2 = arith.maxsi %above, %low : i32
        %mixed = arith.addi %v2, %p : i32
        %w2 = arith.addi %mixed, %r : i32
        %x2 = arith.muli %w2, %q : i32
        %fires = arith.cmpi sgt, %x2, %x : i32
        snn.yield %fires, %v2, %w2, %x2 : i1, i32, i32, i32
      }}
      snn.output "out" %s shape [3, 2, 4] : !snn.spikes<3x2x4>
)",
                  in, numbers("3x2x4", "i8<-100:100>"), numbers("3x2x4", "i16<-1000:1000>"),
                  numbers("3x2x4", "i32<-1000000:1000000>"), dense({3, 2, 4}, byChannel),
                  dense({3, 2, 4}, same), dense({3, 2, 4}, integers<int32_t>(random, 24, 100)));
  expectSame(body, randomNumbers(random, {2, 10, 3, 2, 4}, 50),
             {{"n", "v"}, {"n", "w"}, {"n", "x"}});
}

} // namespace
