//===- ReadChipTest.cpp - chips from JSON ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/ReadChip.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

using namespace nirc::chipfile;
using Json = nlohmann::ordered_json;

namespace {

Json smallest() {
  return Json::parse(R"({"nirc-chip": 1, "name": "tiny",
    "cores": {"columns": 2, "rows": 3, "neurons": 16}, "synapse": {"weight-bits": 6}})");
}

std::string messageOf(const Json &json) {
  nir::Result<Chip> chip = readChip(json.dump());
  if (chip) {
    return "none";
  }
  std::string text = chip.error().message;
  for (const nir::Note &note : chip.error().notes) {
    text += "; " + note.message;
  }
  return text;
}

/// The smallest one, with another value at the pointer.
std::string with(const char *pointer, const Json &value) {
  Json json = smallest();
  json[Json::json_pointer(pointer)] = value;
  return messageOf(json);
}

std::string without(const char *pointer, const char *key) {
  Json json = smallest();
  json[Json::json_pointer(pointer)].erase(key);
  return messageOf(json);
}

TEST(ReadChip, TakesTheSmallest) {
  nir::Result<Chip> chip = readChip(smallest().dump());
  ASSERT_TRUE(chip) << chip.error().str();
  EXPECT_EQ(chip->name, "tiny");
  EXPECT_EQ(chip->cores(), 6);
  EXPECT_EQ(chip->largestWeight(), 31);
  EXPECT_EQ(chip->format, "weight-bits=6");
  EXPECT_EQ(chip->semantics, "schedule=pipelined");
  EXPECT_EQ(chip->primitives, knownPrimitives());
  EXPECT_FALSE(chip->synapses || chip->inputs || chip->outputs || chip->memory || chip->fanIn);
}

TEST(ReadChip, TakesAllKeys) {
  Json json = smallest();
  json["cores"].update(Json::parse(R"({"chips": 4, "synapses": 9, "inputs": 8, "outputs": 7,
    "memory": {"bytes": 6, "bits-per-neuron": 5, "bits-per-state": 4, "bits-per-synapse": 3,
               "bits-per-input": 2}})"));
  json["neuron"] =
      Json::parse(R"({"fan-in": 11, "fan-out": 12, "state-bits": 16, "instructions": 20})");
  json["synapse"]["delay"] = 3;
  json["primitives"] = {"LIF", "Affine"};
  json["format"] = {{"base", "int4"}, {"rounding", "floor"}, {"multiplier-bits", 9}};
  json["semantics"] = {{"base", "snntorch-native"}, {"LIF.reset", "to-value"}};
  json["timestep"] = "100us";
  json["summary"] = "one";
  json["source"] = "two";
  nir::Result<Chip> chip = readChip(json.dump());
  ASSERT_TRUE(chip) << chip.error().str();
  EXPECT_EQ(chip->cores(), 24);
  EXPECT_EQ(chip->synapses, 9);
  EXPECT_EQ(chip->inputs, 8);
  EXPECT_EQ(chip->outputs, 7);
  ASSERT_TRUE(chip->memory);
  EXPECT_EQ(chip->memory->bitsPerInput, 2);
  EXPECT_EQ(chip->fanOut, 12);
  EXPECT_EQ(chip->instructions, 20);
  EXPECT_EQ(chip->longestDelay, 3);
  EXPECT_EQ(chip->dtSeconds, 1e-4);
  EXPECT_EQ(chip->primitives,
            (std::vector<std::string>{"Affine", "Input", "LIF", "NIRGraph", "Output"}));
  EXPECT_EQ(chip->format, "weight-bits=4,granularity=channel,weight-range=mse,state-bits=16,"
                          "multiplier-bits=9,rounding=floor");
  EXPECT_EQ(chip->semantics, "gain=raw,IF.reset=subtract,CubaLIF.reset=subtract,reset-delay=1,"
                             "ignore=v_leak+v_reset,schedule=pipelined");
}

TEST(ReadChip, NamesTheKeyThatIsWrong) {
  EXPECT_EQ(without("", "cores"), "cores: found none, expected an object");
  EXPECT_EQ(without("", "name"), "name: found none, expected a value");
  EXPECT_EQ(without("", "nirc-chip"), "nirc-chip: found none, expected a value");
  EXPECT_EQ(without("/cores", "rows"), "cores.rows: found none, expected a value");
  EXPECT_EQ(without("", "synapse"), "synapse: found none, expected an object");
  EXPECT_EQ(with("/nirc-chip", 2), "nirc-chip: found 2, expected 1, the version of such files");
  EXPECT_EQ(with("/cores/neurons", "many"),
            "cores.neurons: found \"many\", expected a whole number from 1 to 1048576");
  EXPECT_EQ(with("/cores/neurons", 0),
            "cores.neurons: found 0, expected a whole number from 1 to 1048576");
  EXPECT_EQ(with("/cores/neurons", 2.5),
            "cores.neurons: found 2.5, expected a whole number from 1 to 1048576");
  EXPECT_EQ(with("/cores/neurons", UINT64_MAX),
            "cores.neurons: found 18446744073709551615, expected a whole number from 1 to 1048576");
  EXPECT_EQ(with("/cores", 3), "cores: found 3, expected an object");
  EXPECT_EQ(with("/cores/memory", Json::array()), "cores.memory: found a list, expected an object");
  EXPECT_EQ(with("/cores/memory", Json::object()),
            "cores.memory.bytes: found none, expected a value");
  EXPECT_EQ(with("/name", "Tiny"),
            "name: a chip is called 'Tiny', expected a name of small letters, digits and '-' that "
            "begins with a letter and has at most 40 characters");
  EXPECT_EQ(with("/summary", "a\nb"), "summary: found several lines, expected one");
  EXPECT_EQ(with("/timestep", "soon"),
            "timestep: found \"soon\", expected a time as 1ms, 100us or 1e-3");
  EXPECT_EQ(with("/timestep", 1), "timestep: found 1, expected a text");
  EXPECT_EQ(messageOf(Json(3)), "found 3, expected an object");
}

TEST(ReadChip, ProposesTheNearestName) {
  EXPECT_EQ(with("/core", Json::object()),
            "core: found a key that is not known, expected one of nirc-chip, name, summary, "
            "source, cores, neuron, synapse, primitives, format, semantics, timestep; did you "
            "mean 'cores'?");
  EXPECT_EQ(with("/cores/neuron", 4),
            "cores.neuron: found a key that is not known, expected one of columns, rows, chips, "
            "neurons, synapses, inputs, outputs, memory; did you mean 'neurons'?");
  std::string message = with("/primitives", {"LIFF"});
  EXPECT_TRUE(message.starts_with("primitives[0]: found \"LIFF\", expected one of Affine,"))
      << message;
  EXPECT_TRUE(message.ends_with("; did you mean 'LIF'?")) << message;
  message = with("/format", {{"weigth-bits", 4}});
  EXPECT_TRUE(message.starts_with("format.weigth-bits: no field of a number format is called "))
      << message;
  EXPECT_TRUE(message.ends_with("; did you mean 'weight-bits'?")) << message;
}

TEST(ReadChip, RefusesWhatContradictsItself) {
  EXPECT_EQ(with("/format", {{"weight-bits", 8}}),
            "format.weight-bits: the format has weights up to 127, expected at most 31, of "
            "synapse.weight-bits 6");
  EXPECT_EQ(with("/format", {{"states", "float32"}}),
            "format.states: found float32, expected integer: the generic model computes in "
            "integers");
  EXPECT_EQ(with("/format", {{"rounding", Json::array()}}),
            "format.rounding: found a list, expected a text or a number");
  EXPECT_EQ(with("/format", {{"rounding", "floor,weight-bits=9"}}),
            "format.rounding: found \"floor,weight-bits=9\", expected a text or a number");
  EXPECT_EQ(with("/semantics", {{"schedule", "sequential"}}),
            "semantics.schedule: found another than pipelined: in the generic model a spike takes "
            "a step");
  EXPECT_TRUE(with("/semantics", {{"base", "nors"}})
                  .starts_with("semantics.base: no semantics is called 'nors'"));
  Json json = smallest();
  json["neuron"]["state-bits"] = 12;
  json["format"]["state-bits"] = 16;
  EXPECT_EQ(messageOf(json), "format.state-bits: found 16, expected at most 12, the "
                             "neuron.state-bits");
}

TEST(ReadChip, SaysWhereAFileIsNotJson) {
  auto message = [](std::string_view text) {
    nir::Result<Chip> chip = readChip(text);
    return chip ? "none" : chip.error().message;
  };
  EXPECT_TRUE(message("{\n  \"name\" 3}").starts_with("is not JSON: line 2, column 10: "))
      << message("{\n  \"name\" 3}");
  EXPECT_EQ(message(R"({"name": "a", "name": "b"})"), "an object has the key 'name' twice");
  EXPECT_TRUE(message("").starts_with("is not JSON: "));
  EXPECT_TRUE(message("{\"a\xff\": 1}").starts_with("is not JSON: "));
  EXPECT_NE(message(std::string(100000, '[')), "none");
}

/// Collects "cores.columns" of a schema.
void collect(const Json &schema, std::string path, std::vector<std::string> &keys) {
  if (!schema.contains("properties") || path == "format" || path == "semantics") {
    return;
  }
  for (const auto &[key, value] : schema["properties"].items()) {
    keys.push_back(path.empty() ? key : path + "." + key);
    collect(value, keys.back(), keys);
  }
}

/// Editors and nirc know the same keys.
TEST(ReadChip, HasTheKeysOfTheSchema) {
  std::ifstream file(NIRC_SOURCE_DIR "/backends/chipfile/chip.schema.json");
  Json schema = Json::parse(file);
  std::vector<std::string> wanted, known = chipKeys();
  collect(schema, "", wanted);
  std::erase_if(known, [](const std::string &key) {
    return key == "format.base" || key == "semantics.base";
  });
  std::ranges::sort(wanted);
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  EXPECT_EQ(known, wanted);
  EXPECT_EQ(schema["properties"]["primitives"]["items"]["enum"].get<std::vector<std::string>>(),
            knownPrimitives());
}

} // namespace
