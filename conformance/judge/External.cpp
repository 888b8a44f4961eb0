//===- External.cpp - a simulator of others, run by files ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/External.h"

#include "api/io/Files.h"
#include "api/io/JsonText.h"
#include "backends/run/Workplace.h"
#include "conformance/judge/Parallel.h"
#include "conformance/judge/Words.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <thread>

namespace nirc::conformance {

namespace fs = std::filesystem;

static constexpr int unsupportedCode = 3; ///< what a simulator ends with that does not take a case
static constexpr int signalled = 128;

nir::Result<External> externalOf(const std::string &command, bool isBatch) {
  nir::Result<std::vector<std::string>> words = wordsOf(command);
  if (!words) {
    return words.takeError();
  }
  auto has = [&](std::string_view name) {
    return std::any_of(words->begin(), words->end(), [&](const std::string &word) {
      return word.find(name) != std::string::npos;
    });
  };
  std::vector<std::string_view> needed = {"{model}", "{input}", "{output}"};
  if (isBatch) {
    needed = {"{list}"};
  }
  for (std::string_view name : needed) {
    if (!has(name)) {
      return nir::Error::usage(fmt::format("found no {} in the command '{}'", name, command))
          .note(isBatch ? "write it as 'python3 simulator.py {list}'"
                        : "write it as 'python3 simulator.py {model} {input} {output}'");
    }
  }
  return External{*std::move(words), isBatch};
}

/// The end of a text, from the beginning of a line.
static std::string endOf(const std::string &text, size_t most) {
  if (text.size() <= most) {
    return text;
  }
  std::string end = text.substr(text.size() - most);
  size_t line = end.find('\n');
  return "…\n" + (line == std::string::npos ? end : end.substr(line + 1));
}

/// The last line that holds something.
static std::string lastLine(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  size_t begin = text.rfind('\n');
  return std::string(begin == std::string_view::npos ? text : text.substr(begin + 1));
}

static std::string endText(int code) {
  const char *signal = code > signalled ? strsignal(code - signalled) : nullptr;
  return signal ? fmt::format("killed by signal {} ({})", code - signalled, signal)
                : fmt::format("ended with exit code {}", code);
}

/// A call of the command with these values, and how it ended.
static Response call(Workplace &place, const External &external,
                     const std::map<std::string, std::string> &values, double timeoutSeconds,
                     const std::string &logName) {
  constexpr size_t mostLog = size_t(1) << 22, keptLog = 2000;
  auto begin = std::chrono::steady_clock::now();
  auto secondsSince = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  Response response;
  Descriptor log(open(place.pathOf(logName).c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
                      S_IRUSR | S_IWUSR));
  std::error_code ignored;
  Command command{filled(external.words, values), fs::current_path(ignored).string()};
  command.out = command.err = log.get();
  nir::Result<std::unique_ptr<Child>> child = place.start(command);
  if (!child) {
    response.why = child.error().message;
    return response;
  }
  constexpr double milli = 1e3;
  std::optional<int> code =
      (*child)->waitFor(std::chrono::milliseconds(static_cast<int64_t>(timeoutSeconds * milli)));
  child->reset(); // kills it where it still runs
  response.seconds = secondsSince();
  std::string text = place.read(logName, mostLog);
  response.log = endOf(text, keptLog);
  fs::remove(place.pathOf(logName), ignored);
  if (!code) {
    response.why = fmt::format("killed after {:g} s", timeoutSeconds);
  } else if (*code == 0) {
    response.kind = Response::Kind::Answered;
  } else if (*code == unsupportedCode && !external.isBatch) {
    response.kind = Response::Kind::Unsupported;
    response.why = lastLine(text);
    constexpr std::string_view prefix = "unsupported: ";
    response.why.erase(0, response.why.starts_with(prefix) ? prefix.size() : 0);
  } else {
    response.why = endText(*code);
  }
  return response;
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

static std::string listText(const std::vector<Task> &tasks, const std::vector<size_t> &which) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (size_t i : which) {
    const Task &task = tasks[i];
    list.push_back({{"case", task.name},
                    {"model", task.model},
                    {"input", task.input},
                    {"output", task.output}});
  }
  return jsonText(list, 1) + "\n";
}

/// What a list's call says of one of its cases: it wrote an output, or OUTPUT.unsupported with a
/// line that says why, or nothing.
static Response responseOf(const Task &task, const Response &ofCall) {
  Response response = ofCall;
  std::error_code ignored;
  if (nir::Result<std::vector<std::byte>> why = readHead(task.output + ".unsupported", 1000)) {
    response.kind = Response::Kind::Unsupported;
    response.why = lastLine({reinterpret_cast<const char *>(why->data()), why->size()});
  } else if (fs::exists(task.output, ignored)) {
    response.kind = Response::Kind::Answered;
  } else if (ofCall.kind == Response::Kind::Answered) {
    response.kind = Response::Kind::Crashed;
    response.why = "wrote no output for this case of the list";
  } else {
    response.why += ", before this case had an output";
  }
  return response;
}

nir::Status runExternal(const External &external, const std::vector<Task> &tasks,
                        const std::function<void(size_t task, Response)> &done,
                        const std::function<void()> &progress) {
  nir::Result<std::unique_ptr<Workplace>> place = Workplace::make();
  if (!place) {
    return place.takeError();
  }
  // A list for each call at once; every so many cases, so that hard ones are spread.
  size_t cores = std::max(1U, std::thread::hardware_concurrency());
  size_t atOnce = external.jobs > 0 ? static_cast<size_t>(external.jobs) : cores;
  std::vector<std::vector<size_t>> calls(external.isBatch ? std::min(atOnce, tasks.size())
                                                          : tasks.size());
  for (size_t i = 0; i < tasks.size(); ++i) {
    calls[i % calls.size()].push_back(i);
  }
  inParallel(
      calls.size(), external.jobs,
      [&](size_t i) {
        std::string log = fmt::format("log-{}", i);
        if (!external.isBatch) {
          const Task &task = tasks[i];
          done(i, call(**place, external,
                       {{"model", task.model}, {"input", task.input}, {"output", task.output}},
                       external.timeoutSeconds, log));
          return;
        }
        std::string list = fmt::format("list-{}.json", i);
        Response ofCall;
        if (nir::Status failed = (*place)->write(list, listText(tasks, calls[i]))) {
          ofCall.why = failed->message;
        } else {
          ofCall = call(**place, external, {{"list", (*place)->pathOf(list)}},
                        external.timeoutSeconds * static_cast<double>(calls[i].size()), log);
        }
        for (size_t task : calls[i]) {
          done(task, responseOf(tasks[task], ofCall));
        }
      },
      progress);
  return std::nullopt;
}

} // namespace nirc::conformance
