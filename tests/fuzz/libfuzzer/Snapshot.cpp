//===- Snapshot.cpp - snapshots that are none -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A session takes no bytes but those of a snapshot of its own: others are refused, and change
// nothing. The first byte picks the network, and the rest is laid over a snapshot.

#include "tests/fuzz/libfuzzer/Input.h"

#include "api/Program.h"
#include "tests/support/Build.h"

using namespace nir;
using fuzz::require;

static std::vector<nirc::Session> sessions() {
  using namespace nir::test;
  Graph graph = graphOf({{"in", input({2})},
                         {"d", Delay{vec({0.002, 0.0})}},
                         {"lif", LIF{vec({0.01, 0.02}), vec({3, 7}), vec({0, 0}), vec({1, 1}), {}}},
                         {"out", output({2})}},
                        {{"in", "d"}, {"d", "lif"}, {"lif", "out"}});
  std::vector<nirc::Session> all;
  for (const char *format : {"", "int8"}) {
    nirc::PlanOptions options;
    options.target = "reference";
    options.dt = "1ms";
    options.format = format;
    auto program = nirc::Program::compile(
        *nirc::Plan::make(*nirc::Model::fromGraph(graph, "two.nir"), options));
    all.push_back(*program->start(2));
    std::vector<double> ones{1.0, 1.0};
    (void)all.back().setInput(0, ones);
    (void)all.back().step();
  }
  return all;
}

NIRC_FUZZER(input) {
  static std::vector<nirc::Session> all = sessions();
  nirc::Session &session = all[input.byte() % all.size()];
  std::string sound = session.snapshot(), bytes = sound;
  uint8_t how = input.byte();
  if (how % 2) {
    bytes = input.text();
  } else {
    std::string_view other = input.text();
    for (size_t i = 0; i < std::min(other.size(), bytes.size()); ++i) {
      bytes[i] = static_cast<char>(bytes[i] ^ other[i]);
    }
  }
  Status bad = session.restore(bytes);
  require(bad.has_value() == (bytes != sound), "only a snapshot is restored");
  require(session.snapshot() == sound, "what is refused changes nothing");
  (void)session.step();
  require(!session.restore(sound), "a snapshot is restored after steps");
}
