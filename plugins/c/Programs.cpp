//===- Programs.cpp - compiled networks, and whole runs -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Inputs.h"
#include "api/io/JsonText.h"
#include "plugins/c/Boundary.h"
#include "plugins/c/Handles.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace nirc;
using namespace nirc::c;

static void addPorts(PortViews &views, const std::vector<PortInfo> &ports) {
  for (const PortInfo &port : ports) {
    views.emplace_back(port);
  }
}

nirc_program::nirc_program(Program content, std::string origin)
    : program(std::move(content)), provenance(std::move(origin)), info(program.info()), view() {
  addPorts(inputs, info.inputs);
  addPorts(outputs, info.outputs);
  addPorts(records, info.records);
  addPorts(states, info.states);
  view.target = info.target.c_str();
  view.nirc = info.nirc.c_str();
  view.model = info.model.c_str();
  view.semantics = info.semantics.c_str();
  view.format = info.format.c_str();
  view.dtype = dtypeOf(info.dtype);
  view.dt_seconds = info.dtSeconds;
  view.input_count = inputs.size();
  view.output_count = outputs.size();
  view.record_count = records.size();
  view.state_count = states.size();
}

static nir::Result<std::optional<CacheOptions>> cacheOf(nirc_cache cache, const char *folder,
                                                        int64_t most) {
  std::optional<CacheOptions> none;
  if (cache == NIRC_CACHE_NONE) {
    return none;
  }
  if (cache != NIRC_CACHE_USER && cache != NIRC_CACHE_FOLDER) {
    return nir::Error::usage(fmt::format("cache: found {}, expected {} to {}", cache,
                                         int{NIRC_CACHE_NONE}, int{NIRC_CACHE_FOLDER}));
  }
  std::optional<CacheOptions> options = CacheOptions::ofEnvironment();
  if (cache == NIRC_CACHE_FOLDER) {
    if (nir::Status missing = needed(folder, "cache_folder")) {
      return std::move(*missing);
    }
    options = CacheOptions{.folder = folder};
  }
  if (options && most > 0) {
    options->mostBytes = most;
  }
  return options;
}

nirc_status nirc_program_compile(const nirc_plan *plan, const nirc_compile_options *options,
                                 nirc_program **program, nirc_error **error) {
  return made(program, "program", error, [&]() -> nir::Result<std::unique_ptr<nirc_program>> {
    if (nir::Status missing = needed(plan, "plan")) {
      return std::move(*missing);
    }
    nir::Result<nirc_compile_options> how = known(options);
    if (!how) {
      return how.takeError();
    }
    nir::Result<std::optional<CacheOptions>> cache =
        cacheOf(how->cache, how->cache_folder, how->cache_max_bytes);
    if (!cache) {
      return cache.takeError();
    }
    nir::Result<Program> content =
        Program::compile(plan->plan, {.states = !how->hide_states, .cache = *std::move(cache)});
    if (!content) {
      return content.takeError();
    }
    return std::make_unique<nirc_program>(*std::move(content), plan->json);
  });
}

/// What a program says of itself, as results carry it.
static std::string provenanceOf(const ProgramInfo &info) {
  nlohmann::ordered_json json = {{"nirc", NIRC_VERSION},
                                 {"model", info.model},
                                 {"compiled_by", info.nirc},
                                 {"target", info.target}};
  if (info.format.empty()) {
    json["dtype"] = nir::name(info.dtype);
  } else {
    json["format"] = info.format;
  }
  json["dt"] = info.dtSeconds;
  json["semantics"] = info.semantics;
  json["outputs"] = nlohmann::ordered_json::array();
  for (const PortInfo &port : info.outputs) {
    json["outputs"].push_back(port.node);
  }
  return jsonText(json);
}

nirc_status nirc_program_load(const char *path, const nirc_load_options *options,
                              nirc_program **program, nirc_error **error) {
  return made(program, "program", error, [&]() -> nir::Result<std::unique_ptr<nirc_program>> {
    if (nir::Status missing = needed(path, "path")) {
      return std::move(*missing);
    }
    nir::Result<nirc_load_options> how = known(options);
    if (!how) {
      return how.takeError();
    }
    nir::Result<std::optional<CacheOptions>> cache =
        cacheOf(how->cache, how->cache_folder, how->cache_max_bytes);
    nir::Result<Settings> settings = settingsOf(how->settings, how->setting_count);
    if (!cache || !settings) {
      return !cache ? cache.takeError() : settings.takeError();
    }
    nir::Result<Program> content =
        Program::load(path, {.cache = *std::move(cache), .settings = *std::move(settings)});
    if (!content) {
      return content.takeError();
    }
    std::string provenance = provenanceOf(content->info());
    return std::make_unique<nirc_program>(*std::move(content), std::move(provenance));
  });
}

nirc_status nirc_program_save(const nirc_program *program, const char *path, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing : {needed(program, "program"), needed(path, "path")}) {
      if (missing) {
        return missing;
      }
    }
    return program->program.save(path);
  });
}

void nirc_program_free(nirc_program *program) { delete program; }

const nirc_program_info *nirc_program_describe(const nirc_program *program) {
  return program ? &program->view : nullptr;
}

const nirc_port *nirc_program_input(const nirc_program *program, size_t number) {
  return program ? c::at(program->inputs, number) : nullptr;
}

const nirc_port *nirc_program_output(const nirc_program *program, size_t number) {
  return program ? c::at(program->outputs, number) : nullptr;
}

const nirc_port *nirc_program_record(const nirc_program *program, size_t number) {
  return program ? c::at(program->records, number) : nullptr;
}

const nirc_port *nirc_program_state(const nirc_program *program, size_t number) {
  return program ? c::at(program->states, number) : nullptr;
}

nir::Result<nir::Recording> nirc::c::inputsOf(const nirc_signal *signals, size_t count,
                                              const std::vector<ModelPort> &ports, double dtSeconds,
                                              Ownership ownership) {
  if (nir::Status missing = count ? needed(signals, "inputs") : nir::Status()) {
    return std::move(*missing);
  }
  nir::Recording recording{dtSeconds, {}};
  for (size_t i = 0; i < count; ++i) {
    if (!signals[i].node && ports.size() != 1) {
      return nir::Error::usage(
          nir::Cause::UnknownNode,
          fmt::format("input {}: found NULL for the node, expected one of {} nodes", i,
                      ports.size()));
    }
    std::string node = signals[i].node ? signals[i].node : ports.front().node;
    nir::Result<nir::Tensor> array =
        tensorOf(signals[i].array, fmt::format("input '{}'", node), ownership);
    if (!array) {
      return array.takeError();
    }
    nir::Tensor fitted = *std::move(array);
    for (const ModelPort &port : ports) {
      if (port.node == node) {
        bool batched = false;
        nir::Result<nir::Tensor> fits = fitToPort(fitted, {port.node, port.shape}, batched, "");
        if (!fits) {
          nir::Error wrong = fits.takeError();
          wrong.node = node;
          return wrong;
        }
        fitted = *std::move(fits);
      }
    }
    recording.traces.push_back({node, "value", std::move(fitted)});
  }
  return recording;
}

/// What runs record in place of the program's own records.
static nir::Result<std::optional<std::vector<nir::Probe>>>
recordsOf(const nirc_run_options &options, const ProgramInfo &info) {
  std::optional<std::vector<nir::Probe>> none;
  if (options.record_count == 0) {
    return none;
  }
  ChoiceOptions choice;
  for (size_t i = 0; i < options.record_count; ++i) {
    if (!options.record || !options.record[i]) {
      return nir::Error::usage(fmt::format("record: found NULL for text {}, expected {} texts", i,
                                           options.record_count));
    }
    choice.record.emplace_back(options.record[i]);
  }
  nir::Result<Choices> choices = choose(choice, info, /*hasEventFile=*/false);
  if (!choices) {
    return choices.takeError().as(nir::ErrorKind::Usage);
  }
  return std::optional(std::move(choices->probes));
}

/// The inputs of a program, as a model has them.
static std::vector<ModelPort> portsOf(const ProgramInfo &info) {
  std::vector<ModelPort> ports;
  ports.reserve(info.inputs.size());
  for (const PortInfo &port : info.inputs) {
    ports.push_back({port.node, port.shape});
  }
  return ports;
}

nirc_status nirc_program_run(const nirc_program *program, const nirc_signal *inputs, size_t count,
                             const nirc_run_options *options, nirc_recording **recording,
                             nirc_error **error) {
  return made(recording, "recording", error, [&]() -> nir::Result<std::unique_ptr<nirc_recording>> {
    if (nir::Status missing = needed(program, "program")) {
      return std::move(*missing);
    }
    nir::Result<nirc_run_options> given = known(options);
    if (!given) {
      return given.takeError();
    }
    if (given->steps < 0 || given->threads < 0) {
      return nir::Error::usage(fmt::format("found {} steps and {} threads, expected 0 or more",
                                           given->steps, given->threads));
    }
    nir::Result<std::optional<std::vector<nir::Probe>>> records = recordsOf(*given, program->info);
    if (!records) {
      return records.takeError();
    }
    nir::Result<nir::Recording> input = inputsOf(inputs, count, portsOf(program->info),
                                                 program->info.dtSeconds, Ownership::Borrowed);
    if (!input) {
      return input.takeError();
    }
    std::stop_source stop;
    RunOptions how{.steps = given->steps,
                   .threads = given->threads,
                   .progress = progressOf(given->progress, given->user, stop),
                   .stop = stop.get_token(),
                   .records = *records};
    std::lock_guard lock(program->running);
    nir::Result<nir::Recording> content = program->program.run(*input, how);
    if (!content) {
      return content.takeError();
    }
    return std::make_unique<nirc_recording>(*std::move(content), program->provenance);
  });
}
