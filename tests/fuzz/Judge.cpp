//===- Judge.cpp - what is done with a network from outside ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/Judge.h"

#include "api/MlirFile.h"
#include "backends/FrontEnd.h"
#include "backends/Target.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "ir/choices/Choices.h"
#include "ir/graph/Check.h"
#include "ir/graph/Ports.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/Random.h"

#include <span>

using namespace mlir;

namespace nir::test {

namespace {

constexpr int64_t steps = 3;
/// Elements of all signals that are run here: others are as slow as they are large.
constexpr int64_t mostElements = int64_t{1} << 20;

class Judge {
public:
  Judge(uint64_t seed, bool onCpu, const std::function<void(const char *)> &stage)
      : random(seed), onCpu(onCpu), stage(stage) {}

  Verdict verdict;
  void run(const std::string &bytes);

private:
  void runClocked(const nirc::ClockedModel &clocked);
  void runGraph(const Model &model);
  void runOn(const char *target, const nirc::Job &job, const Recording &input);
  void interpret(nirc::FrontEnd &frontEnd, const Recording &input);
  Recording inputFor(const std::vector<nirc::InputPort> &ports);
  void keep(const Error &error) {
    if (verdict.error.empty()) {
      verdict.error = error.str();
    }
  }

  Random random;
  bool onCpu;
  const std::function<void(const char *)> &stage;
};

} // namespace

Recording Judge::inputFor(const std::vector<nirc::InputPort> &ports) {
  Recording input{1e-3, {}};
  for (const nirc::InputPort &port : ports) {
    Shape shape{1, steps};
    shape.insert(shape.end(), port.shape.begin(), port.shape.end());
    std::vector<double> values(static_cast<size_t>(numElements(shape)));
    for (double &value : values) {
      value = random.chance(0.5) ? 1.0 : random.uniform(-2.0, 2.0);
    }
    input.traces.push_back({port.node, "value", Tensor::of<double>(shape, values)});
  }
  return input;
}

void Judge::runOn(const char *target, const nirc::Job &job, const Recording &input) {
  Result<const nirc::Target *> found = nirc::findTarget(target);
  if (!found) { // a build may have fewer
    return;
  }
  stage(target);
  auto executable = (*found)->compile(job);
  if (!executable) {
    return keep(executable.error());
  }
  Result<Recording> recording = (*executable)->run(input, {.steps = steps, .threads = 1});
  if (!recording) {
    return keep(recording.error());
  }
  verdict.ran = true;
}

/// The interpreter of the snn dialect takes floats too, from which ranges are calibrated.
void Judge::interpret(nirc::FrontEnd &frontEnd, const Recording &input) {
  stage("interpreter");
  auto lock = frontEnd.lock();
  nirc::DiagnosticCollector collector(frontEnd.context());
  Result<Recording> recording = snn::interpret(frontEnd.clocked(), input, {.steps = steps});
  if (!recording) {
    return keep(recording.error());
  }
  verdict.ran = true;
}

void Judge::runClocked(const nirc::ClockedModel &clocked) {
  (void)clocked.text();
  int64_t elements = 0;
  for (const nirc::ClockedModel::Node &node : clocked.nodes) {
    elements = std::min(mostElements + 1, elements + numElements(node.shape));
  }
  verdict.isLarge = elements > mostElements;
  if (verdict.isLarge) {
    return;
  }
  Recording input = inputFor(clocked.inputs);
  nirc::Job job;
  job.file = "damaged.mlir";
  job.frontEnd = clocked.frontEnd;
  for (const auto &[node, observables] : clocked.observables) {
    if (random.chance(0.3)) {
      job.probes.push_back({node, random.pick(observables)});
    }
  }
  runOn("reference", job, input);
  interpret(*clocked.frontEnd, input);
  runOn("loihi2", job, input);
  if (onCpu) {
    runOn("cpu", job, input);
  }
}

void Judge::runGraph(const Model &model) {
  Checked checked = check(model.graph, "damaged.mlir");
  if (!checked.ok()) {
    return;
  }
  Graph graph = withPorts(model.graph);
  checked = check(graph, "damaged.mlir");
  int64_t elements = 0;
  std::vector<nirc::InputPort> ports;
  for (size_t i = 0; checked.ok() && i < graph.nodes.size(); ++i) {
    elements = std::min(mostElements + 1, elements + numElements(checked.shapes[i].output));
    if (graph.nodes[i].as<Input>()) {
      ports.push_back({graph.nodes[i].name, checked.shapes[i].output});
    }
  }
  verdict.isLarge = elements > mostElements;
  if (!checked.ok() || verdict.isLarge) {
    return;
  }
  Recording input = inputFor(ports);
  nirc::Job job;
  job.graph = &graph;
  job.file = "damaged.mlir";
  job.semantics = *semanticsOf("nir");
  job.semantics.dtSeconds = 1e-3;
  runOn("reference", job, input);
  job.semantics = *semanticsOf("loihi2");
  job.semantics.dtSeconds = 1e-3;
  job.quantization = nirc::QuantizationOptions{*numberFormatOf("loihi2")};
  runOn("loihi2", job, input);
  if (onCpu) {
    runOn("cpu", job, input);
  }
}

void Judge::run(const std::string &bytes) {
  stage("inspect");
  Result<nirc::ParsedMlir> parsed =
      nirc::parseMlir("damaged.mlir", std::as_bytes(std::span(bytes.data(), bytes.size())));
  if (!parsed) {
    return keep(parsed.error());
  }
  verdict.isVerified = true;
  if (parsed->clocked) {
    runClocked(*parsed->clocked);
  } else {
    runGraph(parsed->model);
  }
}

Verdict judge(const std::string &bytes, uint64_t seed, bool onCpu,
              const std::function<void(const char *)> &stage) {
  Judge judge(seed, onCpu, stage);
  judge.run(bytes);
  return judge.verdict;
}

} // namespace nir::test
