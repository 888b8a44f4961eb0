//===- LibraryTest.cpp - nirc as a library, on every target ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Backends.h"
#include "api/Program.h"

#include "backends/Target.h"
#include "tests/support/Build.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/Recordings.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace nir;
using namespace nir::test;
using nirc::Plan;
using nirc::PlanOptions;
using nirc::Program;
using nirc::Session;
using testing::HasSubstr;

namespace {

constexpr double dt = 1e-3;

/// Two inputs' spikes through weights to three neurons, and their spikes back to them through a
/// Delay.
Graph loopOfNeurons() {
  LIF lif;
  lif.tau = vec({0.01, 0.02, 0.01});
  lif.r = vec({1.0, 1.0, 1.0});
  lif.v_leak = vec({0.0, 0.0, 0.0});
  lif.v_threshold = vec({1.0, 1.0, 1.0});
  lif.v_reset = vec({0.0, 0.0, 0.0});
  return graphOf({{"in", input({2})},
                  {"fc", Linear{array({3, 2}, {8.0, 4.0, 6.0, 9.0, 5.0, 7.0})}},
                  {"lif", lif},
                  {"late", Delay{vec({2e-3, 2e-3, 2e-3})}},
                  {"back", Linear{array({3, 3}, {0, 2, 0, 0, 0, 2, 2, 0, 0})}},
                  {"out", output({3})}},
                 {{"in", "fc"},
                  {"fc", "lif"},
                  {"lif", "late"},
                  {"late", "back"},
                  {"back", "lif"},
                  {"lif", "out"}});
}

/// Spikes, so that every target takes them.
Recording spikesFor(const Graph &graph, int64_t steps, int64_t batch) {
  Recording input{dt, {}};
  uint64_t bits = 12345;
  for (const Node &node : graph.nodes) {
    if (const auto *in = node.as<Input>()) {
      Shape shape{batch, steps};
      for (double dim : in->shape.toDoubles()) {
        shape.push_back(static_cast<int64_t>(dim));
      }
      auto [tensor, bytes] = Tensor::allocate(DType::U8, shape);
      for (int64_t i = 0; i < tensor.size(); ++i) {
        bits = bits * 6364136223846793005ULL + 1442695040888963407ULL;
        bytes[i] = std::byte(bits >> 62 == 0);
      }
      input.traces.push_back({node.name, "value", tensor});
    }
  }
  return input;
}

/// How a target is asked for the network: what it computes in, and its semantics.
struct Way {
  const nirc::Target *target;
  std::string semantics, format, dtype;
};

/// A chip that a file describes, beside the targets that were built in: all that holds for these
/// holds for it.
void loadChip() {
  static const Status failed = [] {
    TemporaryFolder folder;
    std::string path = folder.path + "/chip.json";
    std::ofstream(path) << R"({"nirc-chip": 1, "name": "of-a-file",
      "cores": {"columns": 40, "rows": 40, "neurons": 2},
      "synapse": {"weight-bits": 16, "delay": 63}})";
    return nirc::loadBackend(path);
  }();
  ASSERT_FALSE(failed) << failed->str();
}

/// Every target in everything that it computes in.
std::vector<Way> ways() {
  loadChip();
  std::vector<Way> all;
  for (const nirc::Target *target : nirc::targets()) {
    if (target->describe().dtypes.size() > 1) {
      all.push_back({target, "nir", "", "f32"});
      all.push_back({target, "nir", "", "f64"});
      all.push_back({target, "nir", "int8", ""});
    }
    all.push_back({target, "loihi2", "loihi2", ""});
  }
  return all;
}

Result<Plan> planFor(const Way &way, const Graph &graph, std::vector<std::string> record = {}) {
  Result<nirc::Model> model =
      nirc::Model::fromGraph(graph, "test.nir", {.timeUnit = TimeUnit::Seconds});
  if (!model) {
    return model.takeError();
  }
  PlanOptions options;
  options.dt = "1ms";
  options.target = std::string(way.target->name());
  options.semantics = way.semantics;
  options.format = way.format;
  options.dtype = way.dtype;
  options.record = std::move(record);
  if (!way.format.empty()) {
    options.calibration = std::make_shared<const nirc::Calibration>(
        nirc::Calibration{spikesFor(graph, 50, 2), "spikes", /*inputsOnly=*/true});
  }
  return Plan::make(*model, options);
}

std::string describe(const Way &way) {
  return fmt::format("{} {} {}{}", way.target->name(), way.semantics, way.format, way.dtype);
}

/// Steps through the recording and keeps what outputs and records hold.
Recording stepThrough(Session &session, const Recording &input, const Recording &like) {
  int64_t batch = input.traces.front().data.shape()[0];
  int64_t steps = input.traces.front().data.shape()[1];
  Recording got{like.dtSeconds, {}};
  std::vector<std::byte *> memory;
  for (const Trace &trace : like.traces) {
    auto [tensor, bytes] = Tensor::allocate(trace.data.dtype(), trace.data.shape());
    got.traces.push_back({trace.node, trace.observable, tensor, trace.latency});
    memory.push_back(bytes);
  }
  for (int64_t t = 0; t < steps; ++t) {
    for (int64_t sample = 0; sample < batch; ++sample) {
      for (const Trace &trace : input.traces) {
        int64_t width = trace.data.size() / batch / steps;
        std::vector<double> values;
        for (int64_t i = 0; i < width; ++i) {
          values.push_back(trace.data.at((sample * steps + t) * width + i));
        }
        EXPECT_FALSE(session.setInput(*session.input(trace.node), values, sample));
      }
    }
    EXPECT_FALSE(session.step());
    for (int64_t sample = 0; sample < batch; ++sample) {
      for (size_t i = 0; i < like.traces.size(); ++i) {
        const Trace &trace = like.traces[i];
        int64_t width = trace.data.size() / batch / steps;
        std::vector<double> values(static_cast<size_t>(width));
        bool isOutput = i < session.info().outputs.size();
        EXPECT_FALSE(isOutput ? session.readOutput(i, values, sample)
                              : session.readState(*session.state(trace.node, trace.observable),
                                                  values, sample));
        for (int64_t k = 0; k < width; ++k) {
          int64_t at = (sample * steps + t) * width + k;
          switch (trace.data.dtype()) {
          case DType::U8:
            memory[i][at] = std::byte(static_cast<uint8_t>(values[k]));
            break;
          case DType::I32:
            reinterpret_cast<int32_t *>(memory[i])[at] = static_cast<int32_t>(values[k]);
            break;
          case DType::F32:
            reinterpret_cast<float *>(memory[i])[at] = static_cast<float>(values[k]);
            break;
          default:
            reinterpret_cast<double *>(memory[i])[at] = values[k];
          }
        }
      }
    }
  }
  return got;
}

class Temporary {
public:
  Temporary()
      : path(std::filesystem::temp_directory_path() / fmt::format("nirc-library-{}", getpid())) {
    std::filesystem::create_directories(path);
  }
  ~Temporary() { std::filesystem::remove_all(path); }
  std::string file(const std::string &name) const { return (path / name).string(); }

private:
  std::filesystem::path path;
};

} // namespace

TEST(Library, StepsAreTheRunOnEveryTarget) {
  Graph graph = loopOfNeurons();
  Recording input = spikesFor(graph, 60, 3);
  for (const Way &way : ways()) {
    SCOPED_TRACE(describe(way));
    Result<Plan> plan = planFor(way, graph, {"lif:v"});
    ASSERT_TRUE(plan) << plan.error().str();
    Result<Program> program = Program::compile(*plan);
    ASSERT_TRUE(program) << program.error().str();
    Result<Recording> whole = program->run(input);
    ASSERT_TRUE(whole) << whole.error().str();
    EXPECT_EQ(whole->traces.size(), 2u);
    Result<Session> session = program->start(3);
    ASSERT_TRUE(session) << session.error().str();
    Recording stepped = stepThrough(*session, input, *whole);
    EXPECT_EQ(difference(stepped, *whole), "");
    EXPECT_EQ(session->stepsDone(), 60);
    session->reset();
    EXPECT_EQ(difference(stepThrough(*session, input, *whole), *whole), "");
  }
}

TEST(Library, RandomNetworksAreSteppedAsTheyAreRun) {
  int compared = 0;
  for (uint64_t seed = 900; seed < 930; ++seed) {
    Graph graph = randomGraph(seed, {.maxNodes = 12});
    Recording input = randomInput(graph, seed, 12, 2);
    for (const Way &way : ways()) {
      if (!way.format.empty() && way.format != "int8") {
        continue; // numbers are no input for a chip
      }
      Result<Plan> plan = planFor(way, graph);
      Result<Program> program = plan ? Program::compile(*plan) : Result<Program>(plan.takeError());
      Result<Recording> whole =
          program ? program->run(input) : Result<Recording>(program.takeError());
      Result<Session> session = whole ? program->start(2) : Result<Session>(whole.takeError());
      if (!session) {
        continue;
      }
      ASSERT_EQ(difference(stepThrough(*session, input, *whole), *whole), "")
          << "seed " << seed << ", " << describe(way);
      ++compared;
    }
  }
  EXPECT_GT(compared, 120);
}

TEST(Library, SnapshotsBringEverythingBack) {
  Graph graph = loopOfNeurons();
  Recording input = spikesFor(graph, 40, 2);
  for (const Way &way : ways()) {
    SCOPED_TRACE(describe(way));
    Result<Plan> plan = planFor(way, graph, {"lif:v"});
    ASSERT_TRUE(plan) << plan.error().str();
    Result<Program> program = Program::compile(*plan);
    ASSERT_TRUE(program) << program.error().str();
    Result<Recording> like = program->run(input);
    ASSERT_TRUE(like) << like.error().str();
    Result<Session> session = program->start(2);
    ASSERT_TRUE(session) << session.error().str();
    stepThrough(*session, input, *like);
    std::string snapshot = session->snapshot();
    Recording after = stepThrough(*session, input, *like);
    ASSERT_FALSE(session->restore(snapshot));
    EXPECT_EQ(session->stepsDone(), 40);
    EXPECT_EQ(difference(stepThrough(*session, input, *like), after), "");
    Result<Session> other = program->start(2);
    ASSERT_FALSE(other->restore(snapshot));
    EXPECT_EQ(difference(stepThrough(*other, input, *like), after), "");
    Status wrong = session->restore(snapshot.substr(1));
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->kind, ErrorKind::Usage);
  }
}

// With spike-test=old a neuron on a loop sends what its last v was worth. What is compiled has
// decided that by the end of the last step, so a v that is written then would be lost in part.
TEST(Library, AStateThatIsDecidedIsNotWritten) {
  Graph graph = loopOfNeurons();
  std::erase_if(graph.nodes, [](const Node &node) { return node.name == "late"; });
  std::erase_if(graph.edges, [](const Edge &edge) { return edge.source == "late"; });
  std::replace(graph.edges.begin(), graph.edges.end(), Edge{"lif", "late"}, Edge{"lif", "back"});
  for (const Way &way : ways()) {
    Way old = way;
    old.semantics = "nir,spike-test=old";
    if (!old.format.empty()) {
      continue;
    }
    SCOPED_TRACE(describe(old));
    Result<Plan> plan = planFor(old, graph);
    ASSERT_TRUE(plan) << plan.error().str();
    Result<Program> program = Program::compile(*plan);
    ASSERT_TRUE(program) << program.error().str();
    Result<Session> session = program->start();
    ASSERT_TRUE(session) << session.error().str();
    Status refused = session->writeState(*session->state("lif", "v"), std::vector<double>(3, 1.5));
    bool isReference = way.target->name() == "reference";
    ASSERT_EQ(refused.has_value(), !isReference);
    if (!isReference) {
      EXPECT_EQ(refused->code, "unsupported-by-target");
      EXPECT_EQ(refused->node, "lif");
      continue;
    }
    std::vector<double> spikes(3);
    ASSERT_FALSE(session->step());
    ASSERT_FALSE(session->readOutput(0, spikes));
    EXPECT_EQ(spikes, std::vector<double>(3, 1.0)) << "1.5 is above 1";
  }
}

TEST(Library, StatesCanBeWritten) {
  Graph graph = loopOfNeurons();
  for (const Way &way : ways()) {
    SCOPED_TRACE(describe(way));
    Result<Plan> plan = planFor(way, graph);
    ASSERT_TRUE(plan) << plan.error().str();
    Result<Program> program = Program::compile(*plan);
    ASSERT_TRUE(program) << program.error().str();
    Result<Session> session = program->start();
    ASSERT_TRUE(session) << session.error().str();
    Result<size_t> v = session->state("lif", "v");
    ASSERT_TRUE(v) << v.error().str();
    // Without input v decays to (1 - dt/tau) v: tau is 10, 20 and 10 ms. The third stays below.
    Status refused = session->writeState(*v, std::vector<double>{1.5, 1.5, 0.5});
    if (way.target->name() == "fpga") { // its registers are there to be read
      ASSERT_TRUE(refused);
      EXPECT_EQ(refused->kind, ErrorKind::Usage);
      continue;
    }
    ASSERT_FALSE(refused);
    std::vector<double> read(3), spikes(3);
    ASSERT_FALSE(session->readState(*v, read));
    EXPECT_NEAR(read[0], 1.5, 0.02);
    EXPECT_NEAR(read[2], 0.5, 0.02);
    ASSERT_FALSE(session->step());
    ASSERT_FALSE(session->readOutput(0, spikes));
    EXPECT_EQ(spikes[0], 1.0);
    EXPECT_EQ(spikes[2], 0.0);
    if (way.format.empty()) { // what is above every range that is proven of v is brought into it
      EXPECT_EQ(spikes[1], 1.0);
    }
    ASSERT_FALSE(session->readState(*v, read));
    EXPECT_NEAR(read[2], 0.45, 0.02);
    EXPECT_EQ(read[0], 0.0);
  }
}

/// An output that passes an input on as it is shows the last step, whatever was set since. Found by
/// nirc-fuzz.
TEST(Library, AnOutputIsOfTheLastStepWhereItIsAnInput) {
  Graph graph = graphOf({{"in", input({2})}, {"out", output({2})}}, {{"in", "out"}});
  for (const char *target : {"reference", "cpu"}) {
    for (const char *format : {"", "int8"}) {
      SCOPED_TRACE(fmt::format("{} {}", target, format));
      auto model = nirc::Model::fromGraph(graph, "wire.nir");
      ASSERT_TRUE(model) << model.error().str();
      PlanOptions options;
      options.target = target;
      options.dt = "1ms";
      options.format = format;
      Result<Plan> plan = Plan::make(*model, options);
      ASSERT_TRUE(plan) << plan.error().str();
      Result<Program> program = Program::compile(*plan);
      ASSERT_TRUE(program) << program.error().str();
      Result<Session> session = program->start(2);
      ASSERT_TRUE(session) << session.error().str();
      using Values = std::vector<double>;
      auto output = [&] {
        Values values(2, -1.0);
        EXPECT_FALSE(session->readOutput(0, values, 1));
        return values;
      };
      ASSERT_FALSE(session->setInput(0, Values{1.0, 2.0}, 1));
      EXPECT_EQ(output(), (Values{0.0, 0.0}));
      std::string start = session->snapshot();
      ASSERT_FALSE(session->step());
      EXPECT_EQ(output(), (Values{1.0, 2.0}));
      ASSERT_FALSE(session->setInput(0, Values{3.0, 4.0}, 1));
      EXPECT_EQ(output(), (Values{1.0, 2.0}));
      ASSERT_FALSE(session->restore(start));
      ASSERT_FALSE(session->step()); // the input is part of a snapshot
      EXPECT_EQ(output(), (Values{1.0, 2.0}));
      session->reset();
      ASSERT_FALSE(session->step());
      EXPECT_EQ(output(), (Values{0.0, 0.0}));
    }
  }
}

/// What is saved runs as what was compiled: every target that writes something that runs.
TEST(Library, SavedProgramsGiveTheSameBits) {
  Temporary folder;
  Graph graph = loopOfNeurons();
  Recording input = spikesFor(graph, 60, 3);
  int saved = 0;
  for (const Way &way : ways()) {
    SCOPED_TRACE(describe(way));
    Result<Plan> plan = planFor(way, graph, {"lif:v"});
    ASSERT_TRUE(plan) << plan.error().str();
    Result<Program> program = Program::compile(*plan);
    ASSERT_TRUE(program) << program.error().str();
    std::string path = folder.file(fmt::format("{}.program", saved));
    bool runs = false;
    for (const nirc::ArtifactKind &kind : way.target->artifacts()) {
      runs |= kind.runs;
    }
    Status failed = program->save(path);
    if (!runs) {
      ASSERT_TRUE(failed);
      EXPECT_EQ(failed->kind, ErrorKind::Usage);
      EXPECT_THAT(failed->message, HasSubstr("writes no"));
      continue;
    }
    ASSERT_FALSE(failed) << failed->str();
    ++saved;
    Result<Program> loaded = Program::load(path);
    ASSERT_TRUE(loaded) << loaded.error().str();
    Result<Recording> want = program->run(input), got = loaded->run(input);
    ASSERT_TRUE(want) << want.error().str();
    ASSERT_TRUE(got) << got.error().str();
    EXPECT_EQ(difference(*got, *want), "");
    Result<Session> session = loaded->start(3);
    ASSERT_TRUE(session) << session.error().str();
    EXPECT_EQ(difference(stepThrough(*session, input, *want), *want), "");
    EXPECT_EQ(loaded->info().semantics, program->info().semantics);
    EXPECT_EQ(loaded->info().format, program->info().format);
    EXPECT_EQ(loaded->info().dtSeconds, dt);
    EXPECT_EQ(loaded->info().nirc, NIRC_VERSION);
    EXPECT_EQ(loaded->info().model, "test.nir");
    // A state that no run records can be asked for.
    Result<Recording> asked = loaded->run(input, {.records = std::vector<Probe>{{"lif", "v"}}});
    ASSERT_TRUE(asked) << asked.error().str();
    EXPECT_TRUE(asked->find("lif", "v"));
    // Saved again, it is the same file.
    std::string again = folder.file(fmt::format("{}.again", saved));
    Status unsaved = loaded->save(again);
    ASSERT_FALSE(unsaved) << unsaved->str();
    std::string inFolder(way.target->fileInFolder());
    std::string file = inFolder.empty() ? "" : "/" + inFolder;
    std::ifstream one(path + file, std::ios::binary), two(again + file, std::ios::binary);
    EXPECT_TRUE(std::equal(std::istreambuf_iterator<char>(one), {},
                           std::istreambuf_iterator<char>(two), {}));
  }
  EXPECT_GE(saved, 4);
}

/// Where a target takes spikes and nothing is said of the inputs, they are spikes: a layer of 1,500
/// inputs fits, and is the network that a run on spikes compiles.
TEST(Library, TargetsOfSpikesTakeInputsToBeSpikes) {
  constexpr int64_t inputs = 1500, neurons = 2;
  std::vector<double> weights(static_cast<size_t>(inputs * neurons));
  for (size_t i = 0; i < weights.size(); ++i) {
    weights[i] = (static_cast<double>(i % 7) - 2.0) / 50.0;
  }
  Graph graph =
      graphOf({{"in", input({inputs})},
               {"fc", Linear{array({neurons, inputs}, weights)}},
               {"lif", CubaLIF{vec({5e-3, 5e-3}), vec({1e-2, 1e-2}), vec({1.0, 1.0}),
                               vec({0.0, 0.0}), vec({1.0, 1.0}), vec({0.0, 0.0}), vec({1.0, 1.0})}},
               {"out", output({neurons})}},
              {{"in", "fc"}, {"fc", "lif"}, {"lif", "out"}});
  Recording input = spikesFor(graph, 40, 1);
  int targets = 0;
  for (const Way &way : ways()) {
    if (!way.target->describe().takesSpikes) {
      continue;
    }
    ++targets;
    Result<nirc::Model> model =
        nirc::Model::fromGraph(graph, "test.nir", {.timeUnit = TimeUnit::Seconds});
    ASSERT_TRUE(model) << model.error().str();
    PlanOptions options;
    options.dt = "1ms";
    options.target = std::string(way.target->name());
    options.semantics = way.semantics;
    options.format = way.format;
    Result<Plan> plain = Plan::make(*model, options), seen = planFor(way, graph);
    ASSERT_TRUE(plain && seen);
    Result<Program> ofPlain = Program::compile(*plain), ofSeen = Program::compile(*seen);
    ASSERT_TRUE(ofPlain) << ofPlain.error().str();
    ASSERT_TRUE(ofSeen) << ofSeen.error().str();
    Result<Recording> got = ofPlain->run(input), want = ofSeen->run(input);
    ASSERT_TRUE(got && want);
    EXPECT_EQ(difference(*got, *want), "") << describe(way);
  }
  EXPECT_GE(targets, 1);
}

TEST(Library, InputsThatDoNotFitGetOneAnswerOnEveryTarget) {
  Graph graph = loopOfNeurons();
  Recording good = spikesFor(graph, 10, 2);
  auto with = [&](auto change) {
    Recording input = good;
    change(input);
    return input;
  };
  std::vector<std::pair<Recording, std::string>> cases = {
      {with([](Recording &r) { r.traces.clear(); }), "node 'in': the input has no data for it"},
      {with([](Recording &r) { r.traces.push_back({"lif", "value", r.traces[0].data}); }),
       "the input has data for 'lif', which is not an Input"},
      {with([](Recording &r) { r.traces[0].data = vec({1.0, 2.0}); }),
       "node 'in': its data has shape [2], expected [batch, T, 2]"},
      {with([](Recording &r) { r.traces[0].data = array({1, 1, 3}, {0, 0, 0}); }),
       "node 'in': its data has shape [1, 1, 3], expected [batch, T, 2]"}};
  for (const Way &way : ways()) {
    SCOPED_TRACE(describe(way));
    Result<Plan> plan = planFor(way, graph);
    ASSERT_TRUE(plan) << plan.error().str();
    Result<Program> program = Program::compile(*plan);
    ASSERT_TRUE(program) << program.error().str();
    for (const auto &[input, message] : cases) {
      Result<Recording> recording = program->run(input);
      ASSERT_FALSE(recording) << message;
      EXPECT_THAT(recording.error().str(), HasSubstr(message));
    }
  }
}

/// 1e39 would be infinite in float32, and a neuron that sees it never gives a number again.
TEST(Library, InputsThatTheDtypeDoesNotHoldAreRefused) {
  Graph graph = loopOfNeurons();
  std::vector<double> values(20, 0.0);
  values[13] = 1e39;
  Recording input{dt, {{"in", "value", array({2, 5, 2}, values)}}};
  int refused = 0;
  for (const Way &way : ways()) {
    if (way.dtype.empty()) {
      continue;
    }
    SCOPED_TRACE(describe(way));
    Result<Plan> plan = planFor(way, graph);
    ASSERT_TRUE(plan) << plan.error().str();
    Result<Program> program = Program::compile(*plan);
    ASSERT_TRUE(program) << program.error().str();
    Result<Recording> recording = program->run(input);
    EXPECT_EQ(!recording, way.dtype == "f32");
    if (way.dtype == "f32") {
      ++refused;
      EXPECT_THAT(
          recording.error().str(),
          HasSubstr("node 'in': its input is 1e+39 in step 1 of sample 1, expected a number "
                    "that float32 holds"));
    }
  }
  EXPECT_GE(refused, 2);
}

TEST(Library, EmitRefusesKindsThatThereAreNot) {
  Graph graph = loopOfNeurons();
  for (const Way &way : ways()) {
    Result<Plan> plan = planFor(way, graph);
    ASSERT_TRUE(plan) << plan.error().str();
    Result<nirc::Artifact> artifact = plan->emit({.kind = "nothing-of-the-kind"});
    ASSERT_FALSE(artifact) << describe(way);
    EXPECT_EQ(artifact.error().kind, ErrorKind::Usage);
  }
}

TEST(Library, ErrorsSayWhoIsAtFault) {
  Result<nirc::Model> none = nirc::Model::open("/no/such/file.nir");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::Input);
  EXPECT_EQ(none.error().file, "/no/such/file.nir");

  Result<nirc::Model> model = nirc::Model::fromGraph(loopOfNeurons(), "loop");
  ASSERT_TRUE(model) << model.error().str();
  Result<Plan> plan = Plan::make(*model);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::Usage);
  EXPECT_THAT(plan.error().message, HasSubstr("nothing says how long a step is"));

  PlanOptions options;
  options.dt = "1ms";
  options.target = "abacus";
  plan = Plan::make(*model, options);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::Usage);
  EXPECT_THAT(plan.error().message, HasSubstr("no target is called 'abacus', there are cpu"));

  options.target = "";
  plan = Plan::make(*model, options);
  ASSERT_TRUE(plan) << plan.error().str();
  EXPECT_EQ(plan->text(), "steps of 1 ms, semantics nir, target cpu in float32");
  Result<Program> program = Program::compile(*plan);
  ASSERT_TRUE(program);
  Result<Session> session = program->start();
  ASSERT_TRUE(session);
  std::vector<double> two(2), three(3);
  EXPECT_THAT(session->setInput(0, three)->message,
              HasSubstr("found 3 numbers for input 'in', expected 2"));
  EXPECT_THAT(session->setInput(1, two)->message, HasSubstr("found input 1, expected less than 1"));
  EXPECT_THAT(session->readOutput(0, three, 1)->message, HasSubstr("found sample 1"));
  EXPECT_THAT(session->state("lif", "w").error().message, HasSubstr("it has 'lif:v'"));
  EXPECT_FALSE(program->start(0));
}

TEST(Library, ModelsComeFromBytesToo) {
  std::ifstream file(NIRC_SOURCE_DIR "/examples/two-layers.nir", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  Result<nirc::Model> model =
      nirc::Model::fromBytes(std::as_bytes(std::span(bytes)), "two-layers.nir");
  ASSERT_TRUE(model) << model.error().str();
  EXPECT_EQ(model->name(), "two-layers.nir");
  EXPECT_EQ(model->text(), "as Norse writes it, time in seconds");
  ASSERT_EQ(model->inputs().size(), 1u);
  EXPECT_EQ(model->inputs()[0].shape, Shape{12});
  EXPECT_EQ(model->outputs()[0].node, "output");
  Result<nirc::Model> broken =
      nirc::Model::fromBytes(std::as_bytes(std::span(bytes)).subspan(0, 400), "half.nir");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().file, "half.nir");
}
