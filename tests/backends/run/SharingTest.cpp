//===- SharingTest.cpp - when one thread goes on alone --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/Sharing.h"

#include "backends/run/Team.h"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

using namespace nirc;
using namespace std::chrono_literals;

namespace {

struct SharingTest : testing::Test {
  Clock::time_point now = Clock::time_point() + 1h;
  Sharing sharing{Patience{}};

  void SetUp() override { sharing.start(now); }
  /// `threads` run for that long, of which they wait.
  void run(Clock::duration ran, Clock::duration waited, int64_t threads = 2) {
    now += ran;
    sharing.note(now, waited, threads, 1000);
  }
  /// How long one now goes alone, to a millisecond.
  int64_t millisecondsAlone() const {
    int64_t count = 0;
    while (sharing.isAlone(now + count * 1ms)) {
      ++count;
    }
    return count;
  }
};

TEST_F(SharingTest, StaysTogetherWhereNobodyWaits) {
  for (int i = 0; i < 100; ++i) {
    run(1ms, 0ms);
    EXPECT_FALSE(sharing.isAlone(now));
  }
}

TEST_F(SharingTest, StaysTogetherAfterShortWaitsAndWhereTwoAreFasterAllTheSame) {
  run(200us, 190us); // a hiccup
  EXPECT_FALSE(sharing.isAlone(now));
  run(10ms, 0ms);
  for (int i = 0; i < 100; ++i) {
    run(1ms, 400us); // 600 us of two threads are more than a millisecond of one
    EXPECT_FALSE(sharing.isAlone(now));
  }
}

TEST_F(SharingTest, GoesOnAloneWhereOneIsFaster) {
  run(4ms, 3ms);
  EXPECT_TRUE(sharing.isAlone(now));
  EXPECT_EQ(millisecondsAlone(), 60);
}

TEST_F(SharingTest, TriesAgainMoreAndMoreSeldom) {
  std::vector<int64_t> alone;
  for (int i = 0; i < 8; ++i) {
    run(4ms, 3ms);
    alone.push_back(millisecondsAlone());
    now += alone.back() * 1ms;
    sharing.start(now);
    EXPECT_FALSE(sharing.isAlone(now));
  }
  EXPECT_EQ(alone, std::vector<int64_t>({60, 120, 240, 480, 960, 1000, 1000, 1000}));
  // What went well for long counts as new.
  for (int i = 0; i < 300; ++i) {
    run(4ms, 0ms);
  }
  run(4ms, 3ms);
  EXPECT_EQ(millisecondsAlone(), 60);
}

TEST_F(SharingTest, CountsTimeInRunsAlone) {
  for (int i = 0; i < 4; ++i) {
    now += 1s; // between runs
    sharing.start(now);
    run(100us, 90us);
  }
  EXPECT_TRUE(sharing.isAlone(now));
}

TEST_F(SharingTest, OfManyThreadsAllButOneWait) {
  run(5ms, 3 * 3ms, 4); // 2 ms of 4 threads are 8 of one
  EXPECT_FALSE(sharing.isAlone(now));
  run(5ms, 3 * 4ms, 4); // 1 ms of them are 4
  EXPECT_TRUE(sharing.isAlone(now));
}

// One thread has a node that is not shared, so the other waits for most of the time by plan.
TEST_F(SharingTest, SharesAgainWhereAloneIsSlower) {
  std::vector<int64_t> together;
  for (int i = 0; i < 6; ++i) {
    auto start = now;
    while (!sharing.isAlone(now)) {
      run(4ms, 3ms);
    }
    together.push_back((now - start) / 4ms);
    now += 5ms;
    sharing.noteAlone(now, 5ms, 1000);
    EXPECT_FALSE(sharing.isAlone(now));
  }
  EXPECT_EQ(together, std::vector<int64_t>({1, 15, 30, 60, 120, 240}));
  while (!sharing.isAlone(now)) {
    run(4ms, 3ms);
  }
  now += 30ms; // what else its core did does not count
  sharing.noteAlone(now, 3ms, 1000);
  EXPECT_TRUE(sharing.isAlone(now));
}

TEST_F(SharingTest, OneThreadIsNotJudged) {
  run(4ms, 4ms, 1);
  EXPECT_FALSE(sharing.isAlone(now));
}

// More threads than there are cores, and one that comes late: all wait, some of them asleep, and
// what was written before is seen.
TEST(MeetingPoint, WaitsForWhoeverComesLate) {
  constexpr int64_t parts = 5, rounds = 60;
  MeetingPoint point;
  std::vector<int64_t> done(parts, 0);
  int64_t lasts = 0, wrong = 0;
  std::function<void()> last = [&] {
    for (int64_t count : done) {
      wrong += count != lasts + 1 ? 1 : 0;
    }
    ++lasts;
  };
  std::vector<std::jthread> team;
  for (int64_t part = 0; part < parts; ++part) {
    team.emplace_back([&, part] {
      for (int64_t i = 0; i < rounds; ++i) {
        if (i % parts == part && i % 3 == 0) {
          std::this_thread::sleep_for(2ms);
        }
        ++done[static_cast<size_t>(part)];
        point.meet(parts, last);
      }
    });
  }
  team.clear();
  EXPECT_EQ(lasts, rounds);
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(point.hasLongWaits());
  EXPECT_GT(point.takeLongWaits(), 0ms);
  EXPECT_FALSE(point.hasLongWaits());
}

TEST(RestingPlace, IsLeftWhenOneWakes) {
  constexpr uint32_t rounds = 1000;
  RestingPlace place;
  uint32_t written = 0, wrong = 0;
  MeetingPoint point;
  std::jthread other([&] {
    for (uint32_t i = 0; i < rounds; ++i) {
      place.rest(i);
      wrong += written != i + 1 ? 1 : 0;
      point.meet(2);
    }
  });
  for (uint32_t i = 0; i < rounds; ++i) {
    written = i + 1;
    place.wake();
    point.meet(2);
  }
  other.join();
  EXPECT_EQ(wrong, 0U);
}

} // namespace
