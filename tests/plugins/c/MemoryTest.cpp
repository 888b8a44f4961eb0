//===- MemoryTest.cpp - calls that run out of memory ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `new` of this program is that of libnirc.so, too. Each call is made with memory for no
// allocation, then for one, and so on, until it goes well.
//
//===----------------------------------------------------------------------===//

#include "tests/plugins/c/Support.h"

#include <cstdlib>
#include <functional>
#include <new>

using namespace nirc::test;

namespace {
thread_local int64_t left = -1; ///< allocations that go well; below 0: all
thread_local int64_t live = 0;  ///< allocations of this thread less what it freed
} // namespace

static void *take(std::size_t size) {
  if (left == 0) {
    throw std::bad_alloc();
  }
  left -= left > 0 ? 1 : 0;
  if (void *memory = std::malloc(size ? size : 1)) {
    ++live;
    return memory;
  }
  throw std::bad_alloc();
}

static void give(void *memory) {
  live -= memory ? 1 : 0;
  std::free(memory);
}

void *operator new(std::size_t size) { return take(size); }
void *operator new[](std::size_t size) { return take(size); }
void operator delete(void *memory) noexcept { give(memory); }
void operator delete[](void *memory) noexcept { give(memory); }
void operator delete(void *memory, std::size_t) noexcept { give(memory); }
void operator delete[](void *memory, std::size_t) noexcept { give(memory); }

namespace {

/// How often the call failed before it went well. Every failure is one of memory, and leaves none
/// of it behind.
int failures(const std::function<nirc_status(nirc_error **)> &call) {
  constexpr int most = 2000;
  for (int allocations = 0; allocations < most; ++allocations) {
    nirc_error *error = nullptr;
    int64_t before = live;
    left = allocations;
    nirc_status status = call(&error);
    left = -1;
    if (status == NIRC_OK) {
      EXPECT_EQ(error, nullptr);
      return allocations;
    }
    EXPECT_EQ(status, NIRC_E_INTERNAL);
    EXPECT_NE(error, nullptr);
    EXPECT_EQ(nirc_error_status(error), NIRC_E_INTERNAL);
    EXPECT_STREQ(nirc_error_diagnostic(error)->code, "no-memory");
    nirc_error_free(error);
    EXPECT_EQ(live, before) << "with " << allocations << " allocations";
  }
  ADD_FAILURE() << "it never went well";
  return 0;
}

TEST(Memory, GraphsAreWholeOrAsTheyWere) {
  Graph graph = smallGraph();
  Numbers scale{{1.0, 2.0}, {2}};
  nirc_parameter parameters[] = {parameter("scale", scale)};
  int failed = failures([&](nirc_error **error) {
    size_t before = nirc_graph_node_count(graph.get());
    nirc_status status =
        nirc_graph_add_node(graph.get(), "a name that needs memory", "Scale", parameters, 1, error);
    EXPECT_EQ(nirc_graph_node_count(graph.get()), before + (status == NIRC_OK ? 1 : 0));
    return status;
  });
  EXPECT_GT(failed, 3);
  failed = failures([&](nirc_error **error) {
    return nirc_graph_add_edge(graph.get(), "a name that needs memory", "lif", error);
  });
  EXPECT_GT(failed, 1);
  EXPECT_EQ(nirc_graph_edge_count(graph.get()), 4u);
  failed = failures([&](nirc_error **error) {
    return nirc_graph_set_text(graph.get(), "lif", "a/b", "a text that needs memory", error);
  });
  EXPECT_GT(failed, 3);
  EXPECT_EQ(nirc_graph_find(graph.get(), "lif")->metadata_count, 1u);
  nirc_graph *copy = nullptr;
  failed = failures([&](nirc_error **error) { return nirc_graph_copy(graph.get(), &copy, error); });
  EXPECT_GT(failed, 20);
  EXPECT_EQ(nirc_graph_node_count(copy), 5u);
  nirc_graph_free(copy);
}

/// What is said of a mistake needs memory, too.
TEST(Memory, ErrorsThemselvesMayNotFit) {
  Graph graph = smallGraph();
  int ofUsage = 0, ofMemory = 0;
  for (int64_t allocations = 0; ofUsage == 0 && allocations < 1000; ++allocations) {
    nirc_error *error = nullptr;
    left = allocations;
    nirc_status status = nirc_graph_add_node(graph.get(), "s", "Scales", nullptr, 0, &error);
    left = -1;
    EXPECT_NE(status, NIRC_OK);
    const char *code = nirc_error_diagnostic(error)->code;
    (std::string(code) == "no-memory" ? ofMemory : ofUsage) += 1;
    nirc_error_free(error);
  }
  EXPECT_EQ(ofUsage, 1);
  EXPECT_GT(ofMemory, 3);
}

TEST(Memory, RecordingsAndSessions) {
  const uint8_t bytes[6] = {1, 0, 1, 0, 1, 0};
  const int64_t shape[] = {1, 3, 2};
  nirc_signal signal{"a node that needs memory", "spikes", {bytes, shape, 3, NIRC_UINT8}};
  nirc_recording *recording = nullptr;
  int failed = failures([&](nirc_error **error) {
    return nirc_recording_create(&signal, 1, 1e-3, &recording, error);
  });
  EXPECT_GT(failed, 4);
  const nirc_event *events = nullptr;
  size_t count = 0;
  failed = failures([&](nirc_error **error) {
    return nirc_recording_events(recording, 0, &events, &count, error);
  });
  EXPECT_GT(failed, 0);
  EXPECT_EQ(count, 3u);
  nirc_recording_free(recording);

  Program program = smallProgram();
  Session session = sessionOf(program, 2);
  // A step needs none: neither with what is set and read, nor with buffers.
  std::vector<float> in(4, 1.0F), out(6);
  std::vector<uint8_t> spikes(6);
  nirc_session_bind_output(session.get(), 0, NIRC_UINT8, spikes.data(), 6, Well());
  auto step = [&](nirc_error **error) {
    nirc_status status =
        nirc_session_set_input_f32(session.get(), 0, NIRC_ALL_SAMPLES, in.data(), 4, error);
    status = status ? status : nirc_session_step(session.get(), 3, error);
    return status ? status
                  : nirc_session_read_output_f32(session.get(), 0, NIRC_ALL_SAMPLES, out.data(), 6,
                                                 error);
  };
  EXPECT_EQ(step(Well()), NIRC_OK); // the first one makes room
  EXPECT_EQ(failures(step), 0);
  nirc_snapshot *snapshot = nullptr;
  failed = failures(
      [&](nirc_error **error) { return nirc_session_snapshot(session.get(), &snapshot, error); });
  EXPECT_GT(failed, 0);
  nirc_snapshot_free(snapshot);
  nirc_session *another = nullptr;
  failed = failures(
      [&](nirc_error **error) { return nirc_session_create(program.get(), 2, &another, error); });
  EXPECT_GT(failed, 2);
  nirc_session_free(another);
}

} // namespace
