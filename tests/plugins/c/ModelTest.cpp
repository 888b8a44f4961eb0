//===- ModelTest.cpp - models, plans and what can be chosen ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/plugins/c/Support.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

using namespace nirc::test;
using nir::test::TemporaryFolder;
using testing::HasSubstr;

namespace {

const char *twoLayers = NIRC_SOURCE_DIR "/examples/two-layers.nir";

std::string bytesOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Model, SaysItsPorts) {
  Model model = smallModel();
  EXPECT_STREQ(nirc_model_name(model.get()), "small");
  EXPECT_FALSE(nirc_model_is_clocked(model.get()));
  ASSERT_EQ(nirc_model_input_count(model.get()), 1u);
  ASSERT_EQ(nirc_model_output_count(model.get()), 1u);
  const nirc_port *input = nirc_model_input(model.get(), 0);
  EXPECT_STREQ(input->node, "in");
  EXPECT_EQ(input->rank, 1);
  EXPECT_EQ(input->shape[0], 2);
  EXPECT_EQ(input->elements, 2);
  EXPECT_EQ(nirc_model_output(model.get(), 0)->elements, 3);
  EXPECT_EQ(nirc_model_input(model.get(), 1), nullptr);
}

TEST(Model, ComesFromBytesAsFromAFile) {
  std::string bytes = bytesOf(twoLayers);
  Model model = owned<Model>([&](nirc_model **out) {
    nirc_model_from_bytes(bytes.data(), bytes.size(), "bytes.nir", nullptr, out, Well());
  });
  ASSERT_NE(model, nullptr);
  EXPECT_STREQ(nirc_model_name(model.get()), "bytes.nir");
  EXPECT_STREQ(nirc_model_text(model.get()), "as Norse writes it, time in seconds");
  nirc_model *none = nullptr;
  Failed failed;
  EXPECT_EQ(nirc_model_from_bytes(bytes.data(), 400, "half.nir", nullptr, &none, failed),
            NIRC_E_INPUT);
  EXPECT_STREQ(failed.what().file, "half.nir");
  EXPECT_EQ(none, nullptr);
}

/// What a file says beside its graph is said of a model that is made of the graph.
TEST(Model, OfAGraphHasItsMetadata) {
  Graph graph =
      owned<Graph>([](nirc_graph **out) { nirc_graph_read(twoLayers, nullptr, out, Well()); });
  Model ofGraph = owned<Model>(
      [&](nirc_model **out) { nirc_model_from_graph(graph.get(), "graph", nullptr, out, Well()); });
  EXPECT_STREQ(nirc_model_text(ofGraph.get()), "as Norse writes it, time in seconds");
}

TEST(Model, ErrorsSayWhereAndHowToFixIt) {
  Graph graph = smallGraph();
  nirc_graph_add_edge(graph.get(), "lif", "nobody", Well());
  nirc_model *model = nullptr;
  Failed failed;
  EXPECT_EQ(nirc_model_from_graph(graph.get(), "broken", nullptr, &model, failed), NIRC_E_INPUT);
  EXPECT_EQ(failed.code(), "unknown-edge");
  EXPECT_STREQ(failed.what().file, "broken");
  EXPECT_EQ(failed.what().severity, NIRC_ERROR);
  EXPECT_EQ(std::string(failed.what().text).rfind("broken: error: ", 0), 0u) << failed.text();

  // A shape that is wrong has both halves, and a note.
  Graph wrong = owned<Graph>([](nirc_graph **out) { nirc_graph_create(out, Well()); });
  Numbers three{{1.0, 1.0, 1.0}, {3}}, two{{1.0, 1.0}, {2}};
  nirc_parameter lif[] = {parameter("tau", three), parameter("r", three),
                          parameter("v_leak", three), parameter("v_threshold", two)};
  nirc_graph_add_node(wrong.get(), "lif", "LIF", lif, 4, Well());
  EXPECT_EQ(nirc_model_from_graph(wrong.get(), "wrong", nullptr, &model, failed), NIRC_E_INPUT);
  EXPECT_EQ(failed.code(), "wrong-shape");
  EXPECT_STREQ(failed.what().node, "lif");
  EXPECT_THAT(failed.what().found, HasSubstr("[2]"));
  EXPECT_THAT(failed.what().expected, HasSubstr("[3]"));
  ASSERT_GE(failed.what().note_count, 1u);
  EXPECT_THAT(failed.text(), HasSubstr(failed.what().notes[0].message));
}

TEST(Model, LimitsOfReadingAreKept) {
  nirc_read_options options = NIRC_OPTIONS(nirc_read_options);
  options.max_file_bytes = 1000;
  nirc_model *model = nullptr;
  Failed failed;
  EXPECT_EQ(nirc_model_open(twoLayers, &options, &model, failed), NIRC_E_INPUT);
  EXPECT_EQ(failed.code(), "limit");
  options = NIRC_OPTIONS(nirc_read_options);
  options.time_unit = "fortnights";
  EXPECT_EQ(nirc_model_open(twoLayers, &options, &model, failed), NIRC_E_USAGE);
  EXPECT_THAT(failed.message(), HasSubstr("fortnights"));
}

TEST(Options, OfEveryVersionAreTaken) {
  Model model = smallModel();
  nirc_plan *plan = nullptr;
  Failed failed;
  // Of a later header: taken, where what this version does not know is not set.
  struct {
    nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
    int64_t more = 0;
  } later;
  later.options.size = sizeof later;
  later.options.dt = "1ms";
  nirc_plan_make(model.get(), &later.options, &plan, Well());
  Plan first(plan);
  ASSERT_NE(plan, nullptr);
  later.more = 1;
  EXPECT_EQ(nirc_plan_make(model.get(), &later.options, &plan, failed), NIRC_E_USAGE);
  EXPECT_EQ(failed.code(), "other-version");
  // Not cleared, or of no header.
  nirc_plan_options forgotten{};
  EXPECT_EQ(nirc_plan_make(model.get(), &forgotten, &plan, failed), NIRC_E_USAGE);
  EXPECT_THAT(failed.text(), HasSubstr("NIRC_OPTIONS"));
}

TEST(Plan, SaysEveryChoice) {
  Model model = smallModel();
  Plan plan = planOf(model);
  EXPECT_STREQ(nirc_plan_text(plan.get()), "steps of 1 ms, semantics nir, target cpu in float32");
  EXPECT_STREQ(nirc_plan_target(plan.get()), "cpu");
  EXPECT_STREQ(nirc_plan_semantics(plan.get()), "nir");
  EXPECT_STREQ(nirc_plan_format(plan.get()), "");
  EXPECT_EQ(nirc_plan_dt_seconds(plan.get()), 1e-3);
  nlohmann::json json = nlohmann::json::parse(nirc_plan_json(plan.get()));
  EXPECT_EQ(json["target"], "cpu");
  EXPECT_EQ(json["dt"], 1e-3);
  Plan integers = planOf(model, nullptr, "int8,weight-bits=6");
  EXPECT_STREQ(nirc_plan_format(integers.get()), "int8,weight-bits=6");
  model.reset(); // handles share what they hold
  EXPECT_STREQ(nirc_plan_target(plan.get()), "cpu");
  programOf(plan);
}

/// A path is bytes to the system, and JSON is UTF-8.
TEST(Plan, OfANameThatIsNoUtf8) {
  Graph graph = smallGraph();
  nirc_read_options seconds = NIRC_OPTIONS(nirc_read_options);
  seconds.time_unit = "s";
  const char *name = "caf\xe9.nir";
  Model model = owned<Model>(
      [&](nirc_model **out) { nirc_model_from_graph(graph.get(), name, &seconds, out, Well()); });
  EXPECT_STREQ(nirc_model_name(model.get()), name);
  Plan plan = planOf(model);
  ASSERT_NE(plan, nullptr);
  EXPECT_TRUE(nlohmann::json::accept(nirc_plan_json(plan.get())));
  TemporaryFolder folder;
  Program program = programOf(plan);
  std::vector<float> values = smallInput(1, 4);
  const int64_t shape[] = {4, 2};
  nirc_signal signal{nullptr, nullptr, {values.data(), shape, 2, NIRC_FLOAT32}};
  Recording recording = owned<Recording>([&](nirc_recording **out) {
    nirc_program_run(program.get(), &signal, 1, nullptr, out, Well());
  });
  EXPECT_EQ(nirc_recording_write(recording.get(), (folder.path + "/out.npz").c_str(), Well()),
            NIRC_OK);
  EXPECT_EQ(nirc_program_save(program.get(), (folder.path + "/program").c_str(), Well()), NIRC_OK);
}

TEST(Plan, ErrorsListWhatThereIs) {
  Model model = smallModel();
  nirc_plan *plan = nullptr;
  Failed failed;
  auto with = [&](auto change) {
    nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
    options.dt = "1ms";
    change(options);
    return nirc_plan_make(model.get(), &options, &plan, failed);
  };
  EXPECT_EQ(nirc_plan_make(model.get(), nullptr, &plan, failed), NIRC_E_USAGE);
  EXPECT_EQ(failed.code(), "no-step");
  EXPECT_EQ(with([](auto &options) { options.target = "abacus"; }), NIRC_E_USAGE);
  EXPECT_THAT(failed.message(), HasSubstr("no target is called 'abacus', there are"));
  EXPECT_EQ(with([](auto &options) { options.semantics = "nir,reset=maybe"; }), NIRC_E_USAGE);
  EXPECT_EQ(with([](auto &options) { options.dt = "1 fortnight"; }), NIRC_E_USAGE);
  EXPECT_EQ(with([](auto &options) { options.format = "int9"; }), NIRC_E_USAGE);
  EXPECT_EQ(with([](auto &options) { options.fold = "origami"; }), NIRC_E_USAGE);
  EXPECT_EQ(with([](auto &options) { options.dtype = "f128"; }), NIRC_E_USAGE);
  static const char *const record[] = {"nobody:v"};
  EXPECT_EQ(with([](auto &options) {
              options.record = record;
              options.record_count = 1;
            }),
            NIRC_E_USAGE);
  EXPECT_THAT(failed.message(), HasSubstr("nobody"));
  EXPECT_EQ(with([](auto &options) { options.record_count = 1; }), NIRC_E_USAGE);
  static const nirc_setting settings[] = {{"no-such", "1"}};
  EXPECT_EQ(with([](auto &options) {
              options.settings = settings;
              options.setting_count = 1;
            }),
            NIRC_E_USAGE);
  static const char *const accept[] = {"no-such-advice"};
  EXPECT_EQ(with([](auto &options) {
              options.accept = accept;
              options.accept_count = 1;
            }),
            NIRC_E_USAGE);
  EXPECT_EQ(plan, nullptr);
}

/// A step that makes a state grow without bound is refused, until it is accepted by name.
TEST(Plan, AdviceRefusesUntilItIsAccepted) {
  Model model = smallModel();
  nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
  options.dt = "100ms";
  options.semantics = "nir";
  nirc_plan *plan = nullptr;
  Failed failed;
  ASSERT_EQ(nirc_plan_make(model.get(), &options, &plan, failed), NIRC_E_INPUT) << failed.text();
  EXPECT_EQ(failed.code(), "unstable-step");
  const nirc_explanation *explanation = nirc_explain(failed.what().code);
  ASSERT_NE(explanation, nullptr);
  EXPECT_STREQ(explanation->code, "unstable-step");
  EXPECT_STRNE(explanation->why, "");
  const char *accept[] = {"unstable-step"};
  options.accept = accept;
  options.accept_count = 1;
  EXPECT_EQ(nirc_plan_make(model.get(), &options, &plan, Well()), NIRC_OK);
  nirc_plan_free(plan);
}

TEST(Plan, EmitsArtifactsAndWritesThem) {
  TemporaryFolder folder;
  Plan plan = planOf(smallModel());
  nirc_emit_options options = NIRC_OPTIONS(nirc_emit_options);
  options.kind = "c";
  options.name = "small";
  Artifact artifact = owned<Artifact>(
      [&](nirc_artifact **out) { nirc_plan_emit(plan.get(), &options, out, Well()); });
  size_t files = nirc_artifact_file_count(artifact.get());
  ASSERT_GE(files, 2u);
  std::string out = folder.path + "/not/there/yet";
  nirc_artifact_write(artifact.get(), out.c_str(), Well());
  for (size_t i = 0; i < files; ++i) {
    const nirc_file *file = nirc_artifact_file(artifact.get(), i);
    std::string written = bytesOf(out + "/" + file->name);
    EXPECT_EQ(written, std::string(static_cast<const char *>(file->bytes), file->size));
    EXPECT_FALSE(written.empty()) << file->name;
  }
  EXPECT_EQ(nirc_artifact_file(artifact.get(), files), nullptr);
  nirc_artifact *none = nullptr;
  Failed failed;
  options.kind = "clay-tablet";
  EXPECT_EQ(nirc_plan_emit(plan.get(), &options, &none, failed), NIRC_E_USAGE);
  EXPECT_EQ(failed.code(), "unsupported-by-target");
}

TEST(Lists, HaveWhatNircHas) {
  std::set<std::string> names;
  for (size_t i = 0; i < nirc_target_count(); ++i) {
    const nirc_target *target = nirc_target_at(i);
    names.insert(target->name);
    EXPECT_STRNE(target->summary, "");
    EXPECT_GE(target->primitive_count, 1u);
    EXPECT_GE(target->dtype_count, 1u);
    EXPECT_EQ(target, nirc_target_at(i));
    if (std::string(target->name) == "cpu") {
      EXPECT_EQ(target->dtypes[0], NIRC_FLOAT32);
      std::set<std::string> kinds;
      for (size_t k = 0; k < target->artifact_count; ++k) {
        kinds.insert(target->artifacts[k].name);
        EXPECT_EQ(target->artifacts[k].runs,
                  kinds.size() == k + 1 && std::string(target->artifacts[k].name) == "shared");
      }
      EXPECT_TRUE(kinds.count("c"));
    }
  }
  EXPECT_TRUE(names.count("cpu"));
  EXPECT_TRUE(names.count("reference"));
  EXPECT_EQ(nirc_target_at(nirc_target_count()), nullptr);
  EXPECT_STREQ(nirc_semantics_at(0)->name, "nir");
  EXPECT_GT(nirc_semantics_count(), 10u);
  EXPECT_EQ(nirc_semantics_at(nirc_semantics_count()), nullptr);
  EXPECT_STREQ(nirc_format_at(0)->name, "int8");
  EXPECT_GE(nirc_format_count(), 3u);
  EXPECT_EQ(nirc_format_at(nirc_format_count()), nullptr);
}

TEST(Lists, ExplainEveryCode) {
  EXPECT_STREQ(nirc_explain("stopped")->code, "stopped");
  EXPECT_STRNE(nirc_explain("wrong-shape")->fix, "");
  EXPECT_EQ(nirc_explain("no-such-code"), nullptr);
}

} // namespace
