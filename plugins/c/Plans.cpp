//===- Plans.cpp - plans, and what targets write of them ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"
#include "plugins/c/Boundary.h"
#include "plugins/c/Handles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace nirc;
using namespace nirc::c;

nirc_plan::nirc_plan(Plan content)
    : plan(std::move(content)), text(plan.text()), json(plan.json()), target(plan.target().name()),
      semantics(plan.semantics().text()), format(plan.format()) {
  add(advice, plan.advice());
}

struct nirc_artifact {
  explicit nirc_artifact(Artifact content)
      : artifact(std::move(content)),
        summary(fmt::format("{}", fmt::join(artifact.summary, "\n"))) {
    for (const Artifact::File &file : artifact.files) {
      files.push_back({file.name.c_str(), file.bytes.data(), file.bytes.size()});
    }
  }

  Artifact artifact;
  std::string summary;
  std::vector<nirc_file> files;
};

nir::Result<Settings> nirc::c::settingsOf(const nirc_setting *settings, size_t count) {
  Settings all;
  for (size_t i = 0; i < count; ++i) {
    if (!settings || !settings[i].name || !settings[i].value) {
      return nir::Error::usage(
          fmt::format("setting {}: found NULL, expected a name and a value", i));
    }
    all[settings[i].name] = settings[i].value;
  }
  return all;
}

static nir::Result<std::vector<std::string>> textsOf(const char *const *texts, size_t count,
                                                     const char *name) {
  std::vector<std::string> all;
  for (size_t i = 0; i < count; ++i) {
    if (!texts || !texts[i]) {
      return nir::Error::usage(
          fmt::format("{}: found NULL for text {}, expected {} texts", name, i, count));
    }
    all.emplace_back(texts[i]);
  }
  return all;
}

/// What the ranges of a number format are found from.
static nir::Result<std::shared_ptr<const Calibration>>
calibrationOf(const nirc_plan_options &options, const Model &model) {
  nir::Result<nir::Recording> input =
      inputsOf(options.calibration, options.calibration_count, model.inputs(), /*dtSeconds=*/0.0,
               Ownership::Copied);
  if (!input) {
    return input.takeError();
  }
  return std::make_shared<const Calibration>(
      Calibration{*std::move(input), "arrays in memory", /*inputsOnly=*/false});
}

nir::Result<PlanOptions> nirc::c::planOptionsOf(const nirc_plan_options *given,
                                                const Model *model) {
  nir::Result<nirc_plan_options> options = known(given);
  if (!options) {
    return options.takeError();
  }
  PlanOptions how;
  how.target = textOf(options->target);
  how.dt = textOf(options->dt);
  how.semantics = textOf(options->semantics);
  how.format = textOf(options->format);
  how.dtype = textOf(options->dtype);
  how.fold = options->fold ? options->fold : how.fold;
  how.balanceLatency = options->balance_latency;
  nir::Result<std::vector<std::string>> record =
      textsOf(options->record, options->record_count, "record");
  nir::Result<std::vector<std::string>> accept =
      textsOf(options->accept, options->accept_count, "accept");
  nir::Result<Settings> settings = settingsOf(options->settings, options->setting_count);
  if (!record || !accept || !settings) {
    return !record ? record.takeError() : !accept ? accept.takeError() : settings.takeError();
  }
  how.record = *std::move(record);
  how.accept = *std::move(accept);
  how.settings = *std::move(settings);
  if (model && options->calibration_count != 0) {
    nir::Result<std::shared_ptr<const Calibration>> calibration = calibrationOf(*options, *model);
    if (!calibration) {
      return calibration.takeError();
    }
    how.calibration = *std::move(calibration);
  }
  return how;
}

nirc_status nirc_plan_make(const nirc_model *model, const nirc_plan_options *options,
                           nirc_plan **plan, nirc_error **error) {
  return made(plan, "plan", error, [&]() -> nir::Result<std::unique_ptr<nirc_plan>> {
    if (nir::Status missing = needed(model, "model")) {
      return std::move(*missing);
    }
    nir::Result<PlanOptions> how = planOptionsOf(options, &model->model);
    if (!how) {
      return how.takeError();
    }
    nir::Result<Plan> content = Plan::make(model->model, *how);
    if (!content) {
      return content.takeError();
    }
    return std::make_unique<nirc_plan>(*std::move(content));
  });
}

void nirc_plan_free(nirc_plan *plan) { delete plan; }

const char *nirc_plan_text(const nirc_plan *plan) { return plan ? plan->text.c_str() : ""; }

const char *nirc_plan_json(const nirc_plan *plan) { return plan ? plan->json.c_str() : ""; }

const char *nirc_plan_target(const nirc_plan *plan) { return plan ? plan->target.c_str() : ""; }

const char *nirc_plan_semantics(const nirc_plan *plan) {
  return plan ? plan->semantics.c_str() : "";
}

const char *nirc_plan_format(const nirc_plan *plan) { return plan ? plan->format.c_str() : ""; }

double nirc_plan_dt_seconds(const nirc_plan *plan) { return plan ? plan->plan.dtSeconds() : 0.0; }

size_t nirc_plan_advice_count(const nirc_plan *plan) { return plan ? plan->advice.size() : 0; }

const nirc_diagnostic *nirc_plan_advice(const nirc_plan *plan, size_t number) {
  return plan ? c::at(plan->advice, number) : nullptr;
}

nirc_status nirc_plan_emit(const nirc_plan *plan, const nirc_emit_options *options,
                           nirc_artifact **artifact, nirc_error **error) {
  return made(artifact, "artifact", error, [&]() -> nir::Result<std::unique_ptr<nirc_artifact>> {
    if (nir::Status missing = needed(plan, "plan")) {
      return std::move(*missing);
    }
    nir::Result<nirc_emit_options> how = known(options);
    if (!how) {
      return how.takeError();
    }
    nir::Result<Artifact> content = plan->plan.emit({.kind = textOf(how->kind),
                                                     .name = textOf(how->name),
                                                     .cpu = textOf(how->cpu),
                                                     .triple = textOf(how->triple)});
    if (!content) {
      return content.takeError();
    }
    return std::make_unique<nirc_artifact>(*std::move(content));
  });
}

void nirc_artifact_free(nirc_artifact *artifact) { delete artifact; }

size_t nirc_artifact_file_count(const nirc_artifact *artifact) {
  return artifact ? artifact->files.size() : 0;
}

const nirc_file *nirc_artifact_file(const nirc_artifact *artifact, size_t number) {
  return artifact ? c::at(artifact->files, number) : nullptr;
}

const char *nirc_artifact_summary(const nirc_artifact *artifact) {
  return artifact ? artifact->summary.c_str() : "";
}

nirc_status nirc_artifact_write(const nirc_artifact *artifact, const char *folder,
                                nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing : {needed(artifact, "artifact"), needed(folder, "folder")}) {
      if (missing) {
        return missing;
      }
    }
    return writeFolder(folder, artifact->artifact.files);
  });
}
