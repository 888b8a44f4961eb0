//===- EventFormatsTest.cpp - recognised, cut and damaged files -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/ir/recording/events/Writers.h"

#include <gtest/gtest.h>

#include <random>

using namespace nir;
using namespace nir::events;

namespace {
/// A small file of a format, and what is in it.
struct Sample {
  EventFormat format;
  std::string file;
  Writer bytes;
};
} // namespace

static const std::vector<Event> inEach = {{64, 3, 5, 1}, {65, 4, 5, 0}, {70, 40, 50, 1}};

static Sample aedat2Sample() {
  Writer file = aedat2("DVS128");
  for (const Event &event : inEach) {
    file.big(4, (127U - event.y) << 8 | (127U - event.x) << 1 | !event.polarity);
    file.big(4, static_cast<uint64_t>(event.microseconds));
  }
  return {EventFormat::Aedat2, "a.aedat", file};
}

static Sample aedat3Sample() {
  Writer file = aedat3();
  for (const Event &event : inEach) {
    file.add(aedat3Packet(1, 8, 0, 1, 1));
    aedat3Event(file, true, event.polarity != 0, event.x, event.y,
                static_cast<uint32_t>(event.microseconds));
  }
  return {EventFormat::Aedat3, "a.aedat", file};
}

static Sample aedat4Sample(uint32_t compression) {
  Writer file = aedat4(compression);
  for (const Event &event : inEach) {
    Writer body = aedat4Body({event});
    Writer frame; // of ZSTD, with one stored block
    frame.little(4, 0xFD2FB528).little(1, 0x20).little(1, body.bytes.size());
    frame.little(3, 1 | body.bytes.size() << 3).add(body);
    file.add(aedat4Packet(0, compression == 0 ? body : compression == 1 ? lz4(body) : frame));
  }
  return {EventFormat::Aedat4, "a.aedat4", file};
}

static Sample evt2Sample(EventFormat format) {
  bool masked = format == EventFormat::Evt21;
  Writer file = raw(masked ? "% format EVT21;height=480;width=640\n" : "% evt 2.0\n");
  auto word = [&](uint64_t upper) { (masked ? file.little(4, 1) : file).little(4, upper); };
  word(0x80000001);
  for (const Event &event : inEach) {
    word(uint64_t(event.polarity) << 28 | uint64_t(event.microseconds - 64) << 22 |
         uint64_t(event.x) << 11 | event.y);
  }
  return {format, "a.raw", file};
}

static Sample evt3Sample() {
  Writer file = raw("% evt 3.0\n% geometry 1280x720\n");
  file.little(2, 0x8000);
  for (const Event &event : inEach) {
    file.little(2, 0x6000U | static_cast<uint64_t>(event.microseconds)).little(2, event.y);
    file.little(2, 0x3000U | uint64_t(event.polarity) << 11 | event.x).little(2, 0x4001);
  }
  return {EventFormat::Evt3, "a.raw", file};
}

static Sample datSample() {
  Writer file;
  file.text("% Version 2\n% Width 304\n% Height 240\n").little(1, 12).little(1, 8);
  for (const Event &event : inEach) {
    file.little(4, static_cast<uint64_t>(event.microseconds));
    file.little(4, event.x | uint64_t(event.y) << 14 | uint64_t(event.polarity) << 28);
  }
  return {EventFormat::Dat, "a.dat", file};
}

static Sample nMnistSample() {
  Writer file;
  for (const Event &event : inEach) {
    file.big(1, event.x).big(1, event.y);
    file.big(3, uint64_t(event.polarity) << 23 | static_cast<uint64_t>(event.microseconds));
  }
  return {EventFormat::NMnist, "a.bin", file};
}

static Sample npySample() {
  Writer data;
  for (const Event &event : inEach) {
    data.little(2, event.x).little(2, event.y);
    data.little(8, static_cast<uint64_t>(event.microseconds)).little(1, event.polarity);
  }
  return {EventFormat::Npy, "a.npy",
          npy("[('x', '<i2'), ('y', '<i2'), ('t', '<i8'), ('p', '|b1')]", inEach.size(), data)};
}

static Sample npzSample() {
  Writer t, x, y, p;
  for (const Event &event : inEach) {
    t.little(4, static_cast<uint64_t>(event.microseconds));
    x.little(1, event.x);
    y.little(2, event.y);
    p.little(1, event.polarity);
  }
  size_t count = inEach.size();
  return {EventFormat::Npz, "a.npz",
          zip({{"t_us.npy", npyColumn("<i4", count, t)},
               {"x.npy", npyColumn("|u1", count, x)},
               {"y.npy", npyColumn("<u2", count, y)},
               {"p.npy", npyColumn("|b1", count, p)}})};
}

static Sample csvSample() {
  Writer file;
  file.text("t,x,y,p\n");
  for (const Event &event : inEach) {
    file.text(std::to_string(event.microseconds) + "," + std::to_string(event.x) + "," +
              std::to_string(event.y) + "," + std::to_string(event.polarity) + "\n");
  }
  return {EventFormat::Csv, "a.csv", file};
}

static std::vector<Sample> samples() {
  return {aedat2Sample(),
          aedat3Sample(),
          aedat4Sample(0),
          aedat4Sample(1),
          aedat4Sample(3),
          evt2Sample(EventFormat::Evt2),
          evt2Sample(EventFormat::Evt21),
          evt3Sample(),
          datSample(),
          nMnistSample(),
          npySample(),
          npzSample(),
          csvSample()};
}

TEST(EventFormats, EachIsRecognisedAndRead) {
  for (const Sample &sample : samples()) {
    auto format = recogniseEvents(sample.bytes.bytes, sample.file);
    ASSERT_TRUE(format) << format.error().str();
    EXPECT_EQ(*format, sample.format) << name(*format);
    auto list = readEvents(sample.bytes.bytes, *format, sample.file);
    ASSERT_TRUE(list) << list.error().str();
    EXPECT_EQ(list->events, inEach) << name(*format);
    EXPECT_EQ(list->cutBytes, 0U) << name(*format);
  }
}

TEST(EventFormats, HaveNames) {
  for (EventFormat format : allEventFormats()) {
    EXPECT_EQ(eventFormatCalled(name(format)), format);
  }
  EXPECT_EQ(eventFormatCalled("aedat"), std::nullopt);
}

TEST(EventFormats, SaysWhatIsNotRead) {
  auto message = [](std::string_view bytes) {
    return recogniseEvents(Writer().text(bytes).bytes, "a.x").error().str();
  };
  EXPECT_EQ(message("version https://git-lfs.github.com/spec/v1\n"),
            "a.x: error: found a pointer of Git LFS, not the data, expected a file of events\n"
            "a.x: note: 'git lfs pull' in its repository gets the data");
  EXPECT_NE(message("#ROSBAG V2.0\n").find("a bag of ROS 1"), std::string::npos);
  EXPECT_NE(message("Event Stream").find("(.es)"), std::string::npos);
  EXPECT_NE(message("% evt 7\n").find("the encoding '7'"), std::string::npos);
  EXPECT_EQ(
      message(""),
      "a.x: error: neither its start nor its ending says the format of its events, "
      "expected one of aedat2, aedat3, aedat4, evt2, evt21, evt3, dat, nmnist, npy, npz, csv, shd\n"
      "a.x: note: name the format, as in events-nmnist:FILE");
}

/// What is left of a file gives the events that are whole, or an error.
TEST(EventFormats, CutAtEachByte) {
  for (const Sample &sample : samples()) {
    for (size_t size = 0; size <= sample.bytes.bytes.size(); ++size) {
      auto list = readEvents(std::span(sample.bytes.bytes).first(size), sample.format, sample.file);
      if (list) {
        ASSERT_LE(list->events.size(), inEach.size());
        ASSERT_TRUE(std::equal(list->events.begin(), list->events.end(), inEach.begin()))
            << name(sample.format) << " cut to " << size;
      } else {
        ASSERT_EQ(list.error().file, sample.file);
        ASSERT_FALSE(list.error().message.empty());
      }
    }
  }
}

/// A few bytes changed, left out, put in or said twice.
static std::vector<std::byte> damaged(std::vector<std::byte> bytes, std::mt19937_64 &random) {
  auto below = [&](size_t limit) { return limit == 0 ? 0 : static_cast<size_t>(random() % limit); };
  for (size_t i = 1 + below(6); i-- > 0;) {
    size_t at = below(bytes.size());
    auto place = bytes.begin() + static_cast<ptrdiff_t>(at);
    size_t count = std::min(1 + below(12), bytes.size() - at);
    std::vector<std::byte> part(place, place + static_cast<ptrdiff_t>(count));
    static constexpr uint8_t edges[] = {0, 1, 0x7F, 0x80, 0xFF, '\n', '9', '%', '#'};
    switch (below(6)) {
    case 0:
      bytes.erase(place, place + static_cast<ptrdiff_t>(count));
      break;
    case 1:
      bytes.insert(place, part.begin(), part.end());
      break;
    case 2:
      bytes.resize(at);
      break;
    case 3:
      std::fill_n(place, count, std::byte(edges[below(std::size(edges))]));
      break;
    default:
      if (!bytes.empty()) {
        *place = below(2) ? *place ^ std::byte(1U << below(8)) : std::byte(random() & 0xFF);
      }
    }
  }
  return bytes;
}

TEST(EventFormats, DamagedFilesGiveEventsOrAnError) {
  constexpr int rounds = 10000;
  for (const Sample &sample : samples()) {
    int readable = 0;
    for (uint64_t seed = 0; seed < rounds; ++seed) {
      std::mt19937_64 random(seed);
      std::vector<std::byte> bytes = damaged(sample.bytes.bytes, random);
      SCOPED_TRACE(testing::Message() << name(sample.format) << ", seed " << seed);
      auto format = recogniseEvents(bytes, sample.file);
      ASSERT_TRUE(format || !format.error().message.empty());
      auto list = readEvents(bytes, sample.format, sample.file);
      if (list) {
        ++readable;
        ASSERT_LE(list->events.capacity(), 12 * bytes.size() + 300);
      } else {
        ASSERT_EQ(list.error().file, sample.file);
        ASSERT_FALSE(list.error().message.empty());
      }
    }
    EXPECT_GT(readable, 0) << name(sample.format);
    EXPECT_LT(readable, rounds) << name(sample.format);
  }
}
