//===- Answers.cpp - what a simulator of others gave ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Answers.h"

#include "backends/run/Workplace.h"
#include "conformance/judge/Parallel.h"
#include "conformance/judge/Targets.h"
#include "ir/Wording.h"
#include "ir/file/NirData.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc::conformance {

namespace fs = std::filesystem;

std::string_view name(Mark mark) {
  constexpr std::array<std::string_view, 4> names = {"pass", "fail", "unsupported", "crashed"};
  return names[static_cast<size_t>(mark)];
}

nir::Result<nir::Recording> expectedOf(const Material &material, const std::string &semantics) {
  for (const ExpectedRun &run :
       material.manifest ? material.manifest->expected : std::vector<ExpectedRun>()) {
    if (std::find(run.semantics.begin(), run.semantics.end(), semantics) != run.semantics.end()) {
      return readRecording((fs::path(material.folder) / run.file).string(), material.dtSeconds());
    }
  }
  Reference reference(material);
  return reference.run({nullptr, "f64", "", semantics, {}});
}

//===----------------------------------------------------------------------===//
// One answer
//===----------------------------------------------------------------------===//

static bool contains(const std::vector<std::string> &names, const std::string &name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The trace that stands for the expected one. An Output passes on one signal, whatever it is
/// called.
static const nir::Trace *answerTo(const nir::Trace &expected, bool isOutput,
                                  const nir::Recording &given) {
  const nir::Trace *found = given.find(expected.node, expected.observable);
  for (const char *other : {"spikes", "value"}) {
    found = !found && isOutput ? given.find(expected.node, other) : found;
  }
  return found;
}

static std::string namesOf(const nir::Recording &recording) {
  std::vector<std::string> names;
  for (const nir::Trace &trace : recording.traces) {
    names.push_back(fmt::format("'{}'", trace.node));
  }
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

nir::Result<nir::Recording> fittedTo(const nir::Recording &expected,
                                     const std::vector<std::string> &outputs,
                                     const nir::Recording &given) {
  nir::Recording fitted{expected.dtSeconds, {}};
  for (const nir::Trace &trace : expected.traces) {
    bool isOutput = contains(outputs, trace.node);
    const nir::Trace *answer = answerTo(trace, isOutput, given);
    if (!answer && isOutput) {
      return nir::Error(nir::Cause::NotRecorded,
                        fmt::format("the file has no recording of the Output '{}', it has {}",
                                    trace.node, namesOf(given)));
    }
    if (!answer) {
      continue;
    }
    const nir::Shape &have = answer->data.shape(), &want = trace.data.shape();
    int64_t elements = want[0] * want[1] == 0 ? 0 : trace.data.size() / want[0] / want[1];
    if (have[0] != want[0] || have[1] != want[1] || answer->data.size() != trace.data.size()) {
      return nir::Error(nir::Cause::NotComparable,
                        fmt::format("'{}' {}: found shape {}, expected [{}, {}, {}]: samples, "
                                    "steps, elements",
                                    trace.node, answer->observable, nir::str(have), want[0],
                                    want[1], elements));
    }
    fitted.traces.push_back({trace.node, trace.observable,
                             nir::Tensor(answer->data.dtype(), want, answer->data.share())});
  }
  return fitted;
}

double toleranceOf(const nir::Trace &expected, const std::optional<double> &tolerance) {
  constexpr double relative = 1e-5; // sums of float32 in another order
  double largest = 0.0;
  for (int64_t i = 0; i < expected.data.size() && !tolerance; ++i) {
    double value = std::abs(expected.data.at(i));
    largest = std::isfinite(value) ? std::max(largest, value) : largest;
  }
  return tolerance.value_or(relative * largest);
}

/// Each trace with the tolerance of its own numbers.
static nir::Result<Divergences> compare(const nir::Recording &expected, const nir::Recording &given,
                                        const AnswerOptions &options) {
  Divergences all;
  for (const nir::Trace &trace : given.traces) {
    const nir::Trace *right = expected.find(trace.node, trace.observable);
    nir::Result<Divergences> one =
        divergencesOf({expected.dtSeconds, {*right}}, {expected.dtSeconds, {trace}},
                      toleranceOf(*right, options.tolerance));
    if (!one) {
      return one.takeError();
    }
    for (NodeDivergence &node : one->nodes) {
      node.states = statesAt(node.trace, node.trace.first->sample, expected, given);
      all.nodes.push_back(std::move(node));
    }
  }
  earliestFirst(all.nodes);
  return all;
}

static std::string messageOf(const nir::Error &error) {
  return error.node.empty() ? error.message : fmt::format("'{}': {}", error.node, error.message);
}

Answer judgeFile(const Material &material, const nir::Recording &expected, const std::string &file,
                 const AnswerOptions &options) {
  Answer answer{material.name, material.features};
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    answer.why = "wrote no output";
    return answer;
  }
  nir::Result<nir::NIRGraphData> data = nir::readData(file);
  if (!data) {
    answer.why = fmt::format("wrote what cannot be read as NIRData: {}", messageOf(data.error()));
    return answer;
  }
  answer.mark = Mark::Fail;
  nir::Result<nir::Recording> given = nir::toRecording(*data, material.dtSeconds());
  if (!given) {
    answer.why = messageOf(given.error());
    return answer;
  }
  std::vector<std::string> outputs;
  for (const ModelPort &port : material.model.outputs()) {
    outputs.push_back(port.node);
  }
  nir::Result<nir::Recording> fitted = fittedTo(expected, outputs, *given);
  if (!fitted) {
    answer.why = messageOf(fitted.error());
    return answer;
  }
  if (options.outputsOnly) {
    std::erase_if(fitted->traces,
                  [&](const nir::Trace &trace) { return !contains(outputs, trace.node); });
  }
  nir::Result<Divergences> divergences = compare(expected, *fitted, options);
  if (!divergences) {
    answer.why = messageOf(divergences.error());
    return answer;
  }
  answer.divergences = *std::move(divergences);
  answer.why = answer.divergences.text();
  answer.mark = answer.divergences.none() ? Mark::Pass : Mark::Fail;
  answer.given = std::make_shared<const nir::Recording>(*std::move(fitted));
  return answer;
}

//===----------------------------------------------------------------------===//
// All
//===----------------------------------------------------------------------===//

/// The files of a case; of a model alone its input is written.
static nir::Result<Task> taskOf(const Material &material, size_t number, const Workplace &place) {
  std::error_code ignored;
  auto path = [&](const std::string &file) {
    return fs::absolute(fs::path(material.folder) / file, ignored).string();
  };
  Task task{material.name, "", "", place.pathOf(fmt::format("output-{}.nir", number))};
  if (material.manifest) {
    task.model = path(material.manifest->model);
    task.input = path(material.manifest->input);
    return task;
  }
  task.model = path(material.model.name());
  task.input = place.pathOf(fmt::format("input-{}.nir", number));
  nir::Status failed = nir::writeData(nir::toData(material.input), task.input);
  return failed ? nir::Result<Task>(std::move(*failed)) : task;
}

nir::Result<std::vector<Answer>> judgeExternal(const External &external,
                                               const std::vector<Material> &cases,
                                               const AnswerOptions &options,
                                               const std::function<void()> &progress) {
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  std::vector<Task> tasks;
  for (size_t i = 0; i < cases.size(); ++i) {
    nir::Result<Task> task = taskOf(cases[i], i, **place);
    if (!task) {
      return task.takeError();
    }
    tasks.push_back(*std::move(task));
  }
  std::vector<nir::Status> failures(cases.size());
  std::vector<Answer> answers(cases.size());
  nir::Status failed = runExternal(
      external, tasks,
      [&](size_t i, Response response) {
        Answer &answer = answers[i];
        answer = {cases[i].name, cases[i].features};
        nir::Result<nir::Recording> expected = expectedOf(cases[i], options.semantics);
        if (!expected && !isRefusal(expected.error())) {
          failures[i] = expected.takeError();
        } else if (!expected) {
          answer.mark = Mark::Unsupported;
          answer.why = fmt::format("under {} there is no answer: {}", options.semantics,
                                   messageOf(expected.error()));
        } else if (response.kind == Response::Kind::Answered) {
          answer = judgeFile(cases[i], *expected, tasks[i].output, options);
        } else {
          bool isSaid = response.kind == Response::Kind::Unsupported;
          answer.mark = isSaid ? Mark::Unsupported : Mark::Crashed;
          answer.why = std::move(response.why);
        }
        answer.log = std::move(response.log);
        answer.seconds = response.seconds;
        std::error_code ignored;
        fs::remove(tasks[i].output, ignored);
      },
      progress);
  if (failed) {
    return std::move(*failed);
  }
  for (nir::Status &failure : failures) {
    if (failure) {
      return std::move(*failure);
    }
  }
  return answers;
}

} // namespace nirc::conformance
