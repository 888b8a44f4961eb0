//===- TrialsTest.cpp - which semantics can differ in a network -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Trials.h"

#include "ir/choices/Choices.h"
#include "tests/support/Build.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

namespace {

Graph network(bool hasLoop) {
  LIF lif{vec({1e-2}), vec({1.0}), vec({0.0}), vec({1.0}), vec({0.0})};
  Linear back{array({1, 1}, {1.0})};
  return hasLoop ? graphOf({{"in", input({1})}, {"lif", lif}, {"back", back}, {"out", output({1})}},
                           {{"in", "lif"}, {"lif", "out"}, {"lif", "back"}, {"back", "lif"}})
                 : graphOf({{"in", input({1})}, {"lif", lif}, {"out", output({1})}},
                           {{"in", "lif"}, {"lif", "out"}});
}

Semantics semantics(const std::string &text) {
  Semantics read = *semanticsOf(text);
  read.dtSeconds = 1e-3;
  return read;
}

/// Whether feedback-start can make a difference, whatever semantics the file is for.
bool isToldApart(bool hasLoop, const std::string &text) {
  bool isTold = false;
  for (const char *ofFile : {"nir", "spyx", "lava-float"}) {
    nirc::Relevance relevance(network(hasLoop), semantics(ofFile));
    bool differs = relevance.keyOf(semantics(text + ",feedback-start=zero")) !=
                   relevance.keyOf(semantics(text + ",feedback-start=bias"));
    EXPECT_TRUE(isTold == differs || ofFile == std::string("nir")) << ofFile;
    isTold = differs;
  }
  return isTold;
}

TEST(Relevance, KnowsWhereStepZeroFindsSomething) {
  EXPECT_FALSE(isToldApart(false, "nir"));
  EXPECT_TRUE(isToldApart(true, "nir"));
  EXPECT_TRUE(isToldApart(false, "lava-float")); // pipelined
}

} // namespace
