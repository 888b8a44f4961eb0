//===- DesignJsonTest.cpp - a design as report.json holds it --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/DesignJson.h"
#include "tests/backends/fpga/Trio.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

using namespace nirc;
using namespace nirc::fpga;
using namespace nirc::fpga::test;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;

namespace {

TEST(FpgaDesignJson, SaysAllOfTheDesign) {
  Design design = trio();
  design.info.inputs[0].node = "a \"quoted\"\nname"; // of a node, as any file may have it
  design.inputs[0].info.node = design.info.inputs[0].node;
  design.info.outputs[0].latency = design.outputs[0].info.latency = 3;
  std::string text = designJson(design, {{"resources", {{"lut", 12}}}});
  EXPECT_THAT(text, testing::StartsWith(std::string(reportHead)));
  EXPECT_LE(reportHead.size(), 16u);
  EXPECT_EQ(Json::parse(text)["resources"]["lut"], 12);
  nir::Result<Design> read = readDesign(text);
  ASSERT_TRUE(read) << read.error().str();
  EXPECT_EQ(designJson(*read, {{"resources", {{"lut", 12}}}}), text);
  EXPECT_EQ(read->info.target, "fpga");
  EXPECT_EQ(read->info.inputs[0].node, design.info.inputs[0].node);
  ASSERT_EQ(read->info.outputs.size(), 1u);
  EXPECT_EQ(read->info.outputs[0].latency, 3);
  EXPECT_EQ(read->info.records.size(), 2u);
  EXPECT_EQ(read->info.states.size(), 1u);
  EXPECT_EQ(read->outputs[1].least, -148);
  EXPECT_EQ(read->outputs[1].scales, std::vector<double>{0.25});
  EXPECT_EQ(read->out.busBits(), 16);
  EXPECT_EQ(read->memories[0].sha256, design.memories[0].sha256);
}

/// What tests of the command line run.
TEST(FpgaDesignJson, IsThatOfTheFolder) {
  EXPECT_EQ(bytesOf(trioFolder() + "report.json"), designJson(trio()));
}

/// The error of a report in which something else stands at a place.
std::string errorWith(const char *place, const Json &value) {
  Json json = Json::parse(designJson(trio()));
  json[Json::json_pointer(place)] = value;
  nir::Result<Design> read = readDesign(json.dump());
  return read ? "" : read.error().code + ": " + read.error().message;
}

TEST(FpgaDesignJson, TrustsNothing) {
  auto huge = Json::parse("18446744073709551615");
  struct Case {
    const char *place;
    Json value;
    const char *said;
  };
  for (const Case &each : {
           Case{"/nirc-fpga", 2, "other-version: is of version 2, expected 1"},
           Case{"/nirc-fpga", "1", "nirc-fpga is not a whole number"},
           Case{"/dt", -1.0, "its steps are of -1 s"},
           Case{"/semantics", "no=such", "of its semantics"},
           Case{"/top", "trio; rm -rf /", "top is not the name of a module"},
           Case{"/top", "", "top is not"},
           Case{"/sources/0", "rtl/../../etc/passwd.v", "sources has a file that is not"},
           Case{"/sources/0", "/etc/passwd", "sources has a file"},
           Case{"/sources/0", "rtl/-o.v", "sources has a file"},
           Case{"/sources/0", 7, "sources has a file"},
           Case{"/sources", "rtl/trio.v", "sources is not a list"},
           Case{"/memories/0/file", "mem/../rtl/trio.v", "memories[0]: file is not mem/NAME"},
           Case{"/memories/0/words", -1, "memories[0]: words is not a whole number from 0"},
           Case{"/memories/0/words", huge, "memories[0]: words is not"},
           Case{"/memories/0/sha256", "0", "memories[0]: sha256 is not 64"},
           Case{"/m_axis/value_bits", 62, "m_axis: address_bits and the others are more than 64"},
           Case{"/m_axis/value_bits", 8, "outputs[1]: most and least need more than 8 bits"},
           Case{"/m_axis/value_bits", 0, "outputs[1]: most and least need more than 0 bits"},
           Case{"/m_axis", 3, "m_axis: address_bits is not"},
           Case{"/inputs/0/dims", {4, 1}, "inputs[0]: dims has other elements than shape"},
           Case{"/inputs/0/shape", {huge}, "inputs[0]: shape is not a whole number"},
           Case{"/inputs/0/shape", {1 << 20, 1 << 20, 1 << 20}, "inputs[0]: shape has more than"},
           Case{"/inputs/0/shape", Json(Json::array_t(100, 1)), "inputs[0]: shape is not a list"},
           Case{"/inputs/1/port", 0, "inputs[1]: port is not its place"},
           Case{"/inputs/0/scales", Json::array(), "inputs[0]: scales are neither one"},
           Case{"/inputs/0/scales", {1.0, 2.0}, "inputs[0]: scales are neither one"},
           Case{"/inputs/0/scales", {0.0}, "inputs[0]: scales are not positive"},
           Case{"/inputs/0/most", -1, "inputs[0]: most is not a whole number from 0"},
           Case{"/inputs/0/type", "float16", "inputs[0]: type is not"},
           Case{"/outputs", Json::array(), "first_record is not a whole number from 0 to 0"},
           Case{"/first_record", 3, "first_record is not a whole number from 0 to 2"},
           Case{"/states/0/base", 0, "states[0]: base is not a whole number from 4096"},
           Case{"/states/0/base", 4098, "states[0]: base lies outside"},
           Case{"/states/0/base", 8192 - 8, "states[0]: base lies outside"},
           Case{"/states/0/order", {1}, "states[0]: order is not a whole number from 0 to 0"},
           Case{"/states/0/order", Json::array(), "states[0]: order does not name each"},
           Case{"/control_address_bits", 64, "control_address_bits is not"},
           Case{"/records/0/node", "other", "records[0]: node names neither"},
       }) {
    EXPECT_THAT(errorWith(each.place, each.value), HasSubstr(each.said))
        << each.place << " " << each.value;
  }
  // What could be, but is not what was written.
  for (auto [place, value] : {std::pair("/more", Json(3)),
                              {"/inputs/0/most", 2},
                              {"/memories", Json::array()},
                              {"/states/0/scales/0", 0.5}}) {
    EXPECT_THAT(errorWith(place, value), HasSubstr("it was changed after it was written")) << place;
  }
  for (const char *text : {"", "{", "[]", "null", "{\"nirc-fpga\":1,", "\xff\xfe"}) {
    nir::Result<Design> read = readDesign(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "damaged-file") << text;
  }
  EXPECT_FALSE(readDesign(std::string(1 << 16, '[')));
}

/// Whatever a byte is changed to: an error or a design that is one, in no time.
TEST(FpgaDesignJson, StandsAnyByte) {
  std::string text = designJson(trio());
  std::mt19937_64 random(7);
  int sound = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string other = text;
    for (int changes = 0; changes < 1 + i % 3; ++changes) {
      size_t place = random() % other.size();
      constexpr std::string_view likely = "0123456789-.eE\"[]{},: x";
      other[place] = i % 2 ? likely[random() % likely.size()] : static_cast<char>(random());
      if (i % 5 == 0) {
        other.erase(place, random() % 9);
      }
    }
    nir::Result<Design> read = readDesign(other);
    bool isSound = read || read.error().message.find("was changed") != std::string::npos;
    sound += isSound;
    if (read) {
      EXPECT_TRUE(readDesign(designJson(*read)));
    } else {
      EXPECT_FALSE(read.error().code.empty());
    }
  }
  EXPECT_GT(sound, 50);
  EXPECT_LT(sound, 4000);
}

} // namespace
