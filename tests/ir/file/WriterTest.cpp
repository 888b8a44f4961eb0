//===- WriterTest.cpp - what is written is what is read -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Writer.h"

#include "Hdf5Fixture.h"
#include "ir/file/Reader.h"

#include <fstream>
#include <iterator>

using namespace nir;
using namespace nir::test;

namespace {

struct Writer : testing::Test {
  TemporaryFolder folder;
  std::string path = folder.file("x.nir");

  static std::string bytes(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void expectRoundTrip(const Model &model) {
    Status failed = write(model, path);
    ASSERT_FALSE(failed) << failed->str();
    Result<Model> back = read(path);
    ASSERT_TRUE(back) << back.error().str();
    EXPECT_TRUE(*back == model);
  }
  void expectRefusal(const Model &model, const std::string &message) {
    Status failed = write(model, path);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->str(), path + ": " + message);
    EXPECT_FALSE(std::filesystem::exists(path));
    std::string where = std::filesystem::path(path).parent_path();
    EXPECT_TRUE(std::filesystem::is_empty(where)) << "a temporary file was left";
  }
};

Model named(const std::vector<std::string> &names) {
  Model model;
  model.version = "1.0.8";
  for (const std::string &name : names) {
    model.graph.nodes.push_back({name, Threshold{Tensor::vector<float>({1.0F})}, {}});
  }
  return model;
}

TEST_F(Writer, keepsEverything) { expectRoundTrip(smallModel()); }

TEST_F(Writer, keepsOrderAndMultiplicity) {
  Model model = named({"z", "b/2", "b/1", "a", "c/y/1", "c/x"});
  model.graph.edges = {{"z", "a"}, {"a", "z"}, {"z", "a"}, {"z", "a"}};
  model.metadata = {{"z", Tensor::scalar<int64_t>(1)}, {"a", Metadata{}}};
  expectRoundTrip(model);
}

TEST_F(Writer, keepsEveryDtypeAndShape) {
  Model model = named({});
  for (int i = 0; i <= static_cast<int>(DType::F64); ++i) {
    auto dtype = static_cast<DType>(i);
    for (const Shape &shape : {Shape{}, Shape{7}, Shape{0}, Shape{2, 0, 3}, Shape{40, 41}}) {
      auto [tensor, raw] = Tensor::allocate(dtype, shape);
      for (size_t at = 0; at < tensor.sizeInBytes(); ++at) {
        raw[at] = std::byte(dtype == DType::Bool ? at % 2 : at * 37);
      }
      std::string name = std::string(nir::name(dtype)) + str(shape);
      model.graph.nodes.push_back({name, Scale{tensor}, {}});
    }
  }
  expectRoundTrip(model);
}

TEST_F(Writer, keepsTextsInMetadata) {
  Model model = named({"a"});
  model.metadata = {{"empty", std::string()},
                    {"list", Strings{{2, 2}, {"a", "", "größe", "\n"}}},
                    {"none", Strings{{0}, {}}},
                    {"text", std::string("𝄞")}};
  expectRoundTrip(model);
}

TEST_F(Writer, keepsALoneNode) {
  Model model = named({""});
  ASSERT_TRUE(model.isLoneNode());
  model.graph.nodes[0].metadata = {{"note", std::string("alone")}};
  expectRoundTrip(model);
}

TEST_F(Writer, keepsAnEmptyGraph) { expectRoundTrip(named({})); }

TEST_F(Writer, writesItsOwnVersionWhereThereIsNone) {
  Model model = named({"a"});
  model.version.clear();
  ASSERT_FALSE(write(model, path));
  EXPECT_EQ(read(path)->version, writtenVersion);
}

TEST_F(Writer, givesTheSameBytes) {
  std::string other = folder.file("y.nir");
  ASSERT_FALSE(write(smallModel(), path));
  ASSERT_FALSE(write(smallModel(), other));
  EXPECT_TRUE(bytes(path) == bytes(other));
}

TEST_F(Writer, replacesOnlyWhenWhole) {
  ASSERT_FALSE(write(smallModel(), path));
  std::string before = bytes(path);
  Status failed = write(named({"a", "a"}), path);
  ASSERT_TRUE(failed);
  EXPECT_TRUE(bytes(path) == before);
}

TEST_F(Writer, refusesNames) {
  expectRefusal(named({"a", "a"}), "error: node 'a': the node name occurs twice");
  expectRefusal(named({"a", ""}),
                "error: the node name is empty, or has an empty part at a slash, which HDF5 cannot "
                "hold");
  expectRefusal(named({"a//b"}), "error: node 'a//b': the node name is empty, or has an empty part "
                                 "at a slash, which HDF5 cannot hold");
  expectRefusal(named({"a/./b"}), "error: node 'a/./b': the node name has the part '.', which HDF5 "
                                  "cannot hold");
  expectRefusal(named({"\xFF"}),
                "error: node '\xFF': the node name is not UTF-8, which HDF5 cannot hold");
  std::string zero("a\0b", 3);
  expectRefusal(named({zero}),
                "error: node '" + zero +
                    "': the node name has a zero byte in it, which HDF5 cannot hold");
}

TEST_F(Writer, refusesNamesInsideOthers) {
  const std::string note =
      "\n" + path + ": note: HDF5 holds 'a/b' as b in a group a, which cannot be something itself";
  expectRefusal(named({"a", "a/b"}),
                "error: node 'a/b': the node name begins with another, up to a slash" + note);
  expectRefusal(named({"a/b", "a"}),
                "error: node 'a': the node name is the beginning of another, up to a slash" + note);
  expectRefusal(
      named({"a/1", "b", "a/2"}),
      "error: node 'a/2': the node name comes after others that begin differently\n" + path +
          ": note: names that begin alike up to a slash form a group: give them one after "
          "the other");
}

TEST_F(Writer, refusesTexts) {
  Model model = smallModel();
  model.graph.edges.push_back({std::string("a\0", 2), "b"});
  expectRefusal(model, "error: edges has a zero byte in its text, which HDF5 cannot hold");
  model = smallModel();
  model.graph.nodes[2].metadata = {{"note", std::string("\xFF")}};
  expectRefusal(model, "error: node 'lif': note holds text that is not UTF-8");
}

TEST_F(Writer, refusesEndlessNesting) {
  Model model = named({"a"});
  for (int i = 0; i < 1100; ++i) {
    Graph outer;
    outer.nodes.push_back({"g", std::move(model.graph), {}});
    model.graph = std::move(outer);
  }
  expectRefusal(model, "error: graphs or metadata lie in each other deeper than 1000, which no "
                       "reader follows");
}

TEST_F(Writer, saysWhyAFileCannotBeMade) {
  path = folder.file("absent/x.nir");
  Status failed = write(smallModel(), path);
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->str(), path + ": error: cannot be written: No such file or directory");
}

} // namespace
