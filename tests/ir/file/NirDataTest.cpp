//===- NirDataTest.cpp - events, grids and recordings ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/NirData.h"

#include "Hdf5Fixture.h"
#include "ir/file/Writer.h"

#include <limits>

using namespace nir;
using namespace nir::test;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

EventData someEvents() {
  return {Tensor::of<int64_t>({2, 3}, {0, 2, -1, 1, 1, 1}),
          Tensor::of<double>({2, 3}, {0.0006, 0.0, infinity, 0.0001, 0.00019, 0.0009}), 3, 1e-3};
}

NIRGraphData someData() {
  TimeGriddedData grid{Tensor::of<bool>({1, 2, 3}, {true, false, false, true, true, false}), 1e-3};
  ValuedEventData valued{someEvents(), Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6})};
  NIRNodeData node{{{"events", someEvents()}, {"spikes", grid}, {"weights", valued}}};
  NIRGraphData inner;
  inner.nodes.push_back({"a/b", node});
  NIRGraphData data;
  data.nodes.push_back({"z ünï", node});
  data.nodes.push_back({"sub", inner});
  data.nodes.push_back({"empty", NIRNodeData{}});
  return data;
}

struct NirData : testing::Test {
  TemporaryFolder folder;
  std::string path = folder.file("x.nird");

  void expectError(const std::function<void(hid_t)> &change, const std::string &message) {
    ASSERT_FALSE(writeData(someData(), path));
    edit(path, change);
    for (auto *reader : {&readDataInProcess, &readDataConfined}) {
      Result<NIRGraphData> data = reader(path, ReadLimits());
      ASSERT_FALSE(data);
      EXPECT_EQ(data.error().str(), path + ": error: " + message);
    }
  }
  static Result<NIRGraphData> readDataConfined(const std::string &path, const ReadLimits &limits) {
    return nir::readData(path, limits);
  }
};

void setText(hid_t file, const char *group, const char *name, const std::string &text) {
  H5Adelete_by_name(file, group, name, H5P_DEFAULT);
  hdf5::Id type = textType(text.size() + 1);
  hdf5::Id attribute(H5Acreate_by_name(file, group, name, type, spaceOf({}), H5P_DEFAULT,
                                       H5P_DEFAULT, H5P_DEFAULT));
  H5Awrite(attribute, type, text.c_str());
}

TEST_F(NirData, keepsEverything) {
  ASSERT_FALSE(writeData(someData(), path, {{{"tool", "nirc"}, {"hash", "größe"}}}));
  Result<NIRGraphData> back = readData(path);
  ASSERT_TRUE(back) << back.error().str();
  NIRGraphData expected = someData();
  expected.provenance = {{"hash", "größe"}, {"tool", "nirc"}};
  EXPECT_TRUE(*back == expected);
  // What the data say of themselves stays, unless it is said anew.
  ASSERT_FALSE(writeData(*back, path, {{{"tool", "other"}}}));
  expected.provenance[1].second = "other";
  EXPECT_TRUE(*readDataInProcess(path) == expected);
}

TEST_F(NirData, says) {
  const char *spikes = "nodes/z ünï/observables/spikes";
  expectError([](hid_t f) { H5Adelete(f, "__type__"); },
              "is not recorded data: the root has no attribute __type__");
  expectError([](hid_t f) { setText(f, ".", "__type__", "NIRNodeData"); },
              "is not recorded data: __type__ is 'NIRNodeData', expected 'NIRGraphData'");
  expectError([](hid_t f) { H5Ldelete(f, "nodes", H5P_DEFAULT); },
              "nodes is missing or not a group");
  expectError([](hid_t f) { H5Ldelete(f, "nodes/empty/observables", H5P_DEFAULT); },
              "node 'empty': observables is missing or not a group");
  expectError([](hid_t f) { setText(f, "nodes/empty", "__type__", "Data"); },
              "node 'empty': has the unknown type 'Data', expected NIRNodeData or NIRGraphData");
  expectError([&](hid_t f) { setText(f, spikes, "__type__", "Data"); },
              "node 'z ünï': observable 'spikes' has the unknown type 'Data', expected one of "
              "TimeGriddedData, EventData, ValuedEventData");
  expectError([&](hid_t f) { setText(f, spikes, "dt", "fast"); },
              "node 'z ünï': observable 'spikes' dt holds text [], expected an attribute with one "
              "number");
  expectError([&](hid_t f) { H5Adelete_by_name(f, spikes, "dt", H5P_DEFAULT); },
              "node 'z ünï': observable 'spikes' dt holds nothing, expected an attribute with one "
              "number");
  expectError(
      [](hid_t f) { replace(f, "nodes/z ünï/observables/spikes/data", H5T_STD_I8LE, {2, 3}); },
      "node 'z ünï': observable 'spikes' data holds int8 [2, 3], expected numbers with 3 "
      "dimensions");
  expectError([](hid_t f) { H5Ldelete(f, "nodes/z ünï/observables/events/idx", H5P_DEFAULT); },
              "node 'z ünï': observable 'events' idx is missing or not a dataset");
  expectError(
      [](hid_t f) { replace(f, "nodes/z ünï/observables/events/idx", H5T_IEEE_F32LE, {2, 3}); },
      "node 'z ünï': observable 'events' idx holds float32, expected integers");
  expectError(
      [](hid_t f) { replace(f, "nodes/z ünï/observables/events/time", H5T_IEEE_F64LE, {2, 4}); },
      "node 'z ünï': observable 'events' time has shape [2, 4], expected [2, 3] like idx");
  expectError(
      [](hid_t f) { replace(f, "nodes/z ünï/observables/weights/value", H5T_IEEE_F64LE, {1, 3}); },
      "node 'z ünï': observable 'weights' value has shape [1, 3], expected [2, 3] like idx");
  expectError([](hid_t f) { replace(f, "nodes/x", H5T_STD_I8LE, {}); },
              "nodes has the member 'x', which is not a group");
  expectError([](hid_t f) { replaceGroup(f, "nodes/x"); },
              "nodes has the member 'x' without __type__");
}

TEST_F(NirData, tellsAGraphFromData) {
  ASSERT_FALSE(write(smallModel(), path));
  EXPECT_EQ(readData(path).error().str(),
            path + ": error: is not recorded data: the root has no attribute __type__\n" + path +
                ": note: this looks like a graph, not recorded data (NIRData)");
}

//===----------------------------------------------------------------------===//
// Events and grids
//===----------------------------------------------------------------------===//

TEST(DataGrid, putsEventsIntoTheirStep) {
  Result<TimeGriddedData> grid = toGrid(someEvents(), 1e-4);
  ASSERT_TRUE(grid) << grid.error().str();
  EXPECT_EQ(grid->data.shape(), (Shape{2, 10, 3}));
  // 0.0006 / 0.0001 is 5.999... in binary, and means step 6.
  std::vector<int64_t> hits;
  for (int64_t i = 0; i < grid->data.size(); ++i) {
    if (grid->data.intAt(i)) {
      hits.push_back(i);
    }
  }
  EXPECT_EQ(hits, (std::vector<int64_t>{0 * 3 + 2, 6 * 3 + 0, 30 + 1 * 3 + 1, 30 + 9 * 3 + 1}));
}

TEST(DataGrid, keepsTheLastValueOfAStep) {
  ValuedEventData valued{someEvents(), Tensor::of<double>({2, 3}, {1, 2, 3, 4, 5, 6})};
  Result<TimeGriddedData> grid = toGrid(valued, 1e-4);
  ASSERT_TRUE(grid) << grid.error().str();
  EXPECT_EQ(grid->data.at(30 + 1 * 3 + 1), 5.0);
  EXPECT_EQ(grid->data.at(6 * 3), 1.0);
}

TEST(DataGrid, isLeftAgainByEvents) {
  TimeGriddedData grid{
      Tensor::of<bool>({2, 2, 2}, {false, true, true, true, false, false, true, false}), 0.5};
  EventData events = toEvents(grid);
  EXPECT_EQ(events.idx, Tensor::of<int64_t>({2, 3}, {1, 0, 1, 0, -1, -1}));
  EXPECT_EQ(events.time, Tensor::of<double>({2, 3}, {0.0, 0.5, 0.5, 0.5, infinity, infinity}));
  EXPECT_TRUE(*toGrid(events, 0.5) == grid);
}

TEST(DataGrid, refusesWhatLiesOutside) {
  auto message = [](EventData events, double dt) {
    Result<TimeGriddedData> grid = toGrid(events, dt);
    return grid ? "it was taken" : grid.error().str();
  };
  EventData events = someEvents();
  EXPECT_EQ(message(events, 0.0), "error: dt is 0 s, expected a positive number");
  events.neurons = 2;
  EXPECT_EQ(message(events, 1e-4), "error: sample 0 has an event of neuron 2, expected 0 to 1");
  events = someEvents();
  events.endSeconds = 6e-4;
  EXPECT_EQ(message(events, 1e-4),
            "error: sample 0 has an event at 0.0006 s, expected one from 0 to "
            "before t_max = 0.0006 s");
  events.endSeconds = 1e300;
  EXPECT_EQ(message(events, 1e-4).substr(0, 25), "error: a grid of 2 sample");
  events.endSeconds = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(message(events, 1e-4), "error: t_max is nan s, expected a number that is not negative");
}

//===----------------------------------------------------------------------===//
// Recordings
//===----------------------------------------------------------------------===//

TEST(DataRecording, goesToDataAndBack) {
  Recording recording{
      1e-3,
      {{"a.b", "spikes", Tensor::of<uint8_t>({1, 2, 2, 2}, {0, 1, 1, 0, 1, 1, 0, 0})},
       {"sub.x.y", "v", Tensor::of<float>({1, 2, 1}, {0.5F, 1.5F})},
       {"a.b", "count", Tensor::of<int32_t>({1, 2, 1}, {3, 4})}}};
  NIRGraphData data = toData(recording, [](std::string_view path) { return path == "sub"; });
  ASSERT_EQ(data.nodes.size(), 2U);
  EXPECT_EQ(data.nodes[0].name, "a.b");
  const auto *sub = std::get_if<NIRGraphData>(&data.nodes[1].data);
  ASSERT_TRUE(sub);
  EXPECT_EQ(sub->nodes[0].name, "x.y");
  const auto &spikes = std::get<NIRNodeData>(data.nodes[0].data).observables[0];
  const auto &grid = std::get<TimeGriddedData>(spikes.data);
  EXPECT_EQ(grid.data.dtype(), DType::Bool);
  EXPECT_EQ(grid.data.shape(), (Shape{1, 2, 4}));
  EXPECT_EQ(grid.data.bytes(), recording.traces[0].data.bytes()) << "the data were copied";

  Result<Recording> back = toRecording(data);
  ASSERT_TRUE(back) << back.error().str();
  EXPECT_EQ(back->dtSeconds, 1e-3);
  const Trace *trace = back->find("a.b", "spikes");
  ASSERT_TRUE(trace);
  Result<Trace> shaped = reshape(*trace, {2, 2});
  ASSERT_TRUE(shaped);
  EXPECT_EQ(shaped->data, recording.traces[0].data);
  EXPECT_EQ(back->find("sub.x.y", "v")->data, recording.traces[1].data);
  EXPECT_EQ(reshape(*trace, {3}).error().str(),
            "error: node 'a.b': 'spikes' has 4 values a step, expected 3 for shape [3]");
}

TEST(DataRecording, makesAllTracesAsLongAsTheLongest) {
  NIRGraphData data;
  TimeGriddedData two{Tensor::of<float>({2, 2, 1}, {1, 2, 3, 4}), 1e-4};
  data.nodes.push_back({"n", NIRNodeData{{{"v", two}, {"spikes", someEvents()}}}});
  Result<Recording> recording = toRecording(data);
  ASSERT_TRUE(recording) << recording.error().str();
  const Tensor &v = recording->find("n", "v")->data;
  EXPECT_EQ(v.shape(), (Shape{2, 10, 1}));
  EXPECT_EQ(v.at(1), 2.0);
  EXPECT_EQ(v.at(2), 0.0);
  EXPECT_EQ(v.at(10), 3.0);
}

TEST(DataRecording, refusesWhatHasNoGrid) {
  auto message = [](std::vector<Observable> observables, double dt) {
    NIRGraphData data;
    data.nodes.push_back({"n", NIRNodeData{std::move(observables)}});
    Result<Recording> recording = toRecording(data, dt);
    return recording ? "it was taken" : recording.error().str();
  };
  TimeGriddedData grid{Tensor::of<float>({1, 1, 1}, {1}), 1e-3};
  EXPECT_EQ(message({{"e", someEvents()}}, 0.0),
            "error: dt is 0 s, expected a positive number\n"
            "note: data of events alone have no dt of their own: give one");
  EXPECT_EQ(message({{"v", grid}}, 1e-4),
            "error: node 'n': observable 'v': has dt 0.001 s, expected 0.0001 s\n"
            "note: grids are not resampled: run with the dt of the data");
  EXPECT_EQ(message({{"v", grid}, {"e", someEvents()}}, 1e-3),
            "error: node 'n': observable 'e' has 2 samples, expected 1 like the data before");
}

} // namespace
