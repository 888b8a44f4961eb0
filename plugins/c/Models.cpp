//===- Models.cpp - models ------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Execution.h"
#include "plugins/c/Boundary.h"
#include "plugins/c/Handles.h"

using namespace nirc;
using namespace nirc::c;

static void addPorts(PortViews &views, const std::vector<ModelPort> &ports) {
  for (const ModelPort &port : ports) {
    views.emplace_back(PortInfo{port.node, "value", port.shape}, /*isTyped=*/false);
  }
}

nirc_model::nirc_model(Model content) : model(std::move(content)), text(model.text()) {
  add(diagnostics, model.diagnostics());
  addPorts(inputs, model.inputs());
  addPorts(outputs, model.outputs());
}

const nirc_graph &nirc_model::graph() const {
  std::call_once(once, [&] {
    const nir::Model &file = model.network().file.model;
    graphView =
        std::make_unique<nirc_graph>(nir::Model{file.version, model.graph(), file.metadata});
  });
  return *graphView;
}

nir::Result<ModelOptions> nirc::c::modelOptionsOf(const nirc_read_options *given) {
  nir::Result<nirc_read_options> options = known(given);
  if (!options) {
    return options.takeError();
  }
  ModelOptions how;
  how.limits = limitsOf(*options);
  if (options->time_unit) {
    nir::Result<nir::TimeUnit> unit = nir::timeUnitOf(options->time_unit);
    if (!unit) {
      return unit.takeError().as(nir::ErrorKind::Usage);
    }
    how.timeUnit = *unit;
  }
  return how;
}

/// A handle of what `read` gives under the options.
template <typename Read>
static nir::Result<std::unique_ptr<nirc_model>> modelOf(const nirc_read_options *options,
                                                        Read read) {
  nir::Result<ModelOptions> how = modelOptionsOf(options);
  if (!how) {
    return how.takeError();
  }
  nir::Result<Model> model = read(*how);
  if (!model) {
    return model.takeError();
  }
  return std::make_unique<nirc_model>(*std::move(model));
}

nirc_status nirc_model_open(const char *path, const nirc_read_options *options, nirc_model **model,
                            nirc_error **error) {
  return made(model, "model", error, [&]() -> nir::Result<std::unique_ptr<nirc_model>> {
    if (nir::Status missing = needed(path, "path")) {
      return std::move(*missing);
    }
    return modelOf(options, [&](const ModelOptions &how) { return Model::open(path, how); });
  });
}

nirc_status nirc_model_from_bytes(const void *bytes, size_t size, const char *name,
                                  const nirc_read_options *options, nirc_model **model,
                                  nirc_error **error) {
  return made(model, "model", error, [&]() -> nir::Result<std::unique_ptr<nirc_model>> {
    for (nir::Status missing : {needed(bytes, "bytes"), needed(name, "name")}) {
      if (missing) {
        return std::move(*missing);
      }
    }
    return modelOf(options, [&](const ModelOptions &how) {
      return Model::fromBytes({static_cast<const std::byte *>(bytes), size}, name, how);
    });
  });
}

nirc_status nirc_model_from_graph(const nirc_graph *graph, const char *name,
                                  const nirc_read_options *options, nirc_model **model,
                                  nirc_error **error) {
  return made(model, "model", error, [&]() -> nir::Result<std::unique_ptr<nirc_model>> {
    for (nir::Status missing : {needed(graph, "graph"), needed(name, "name")}) {
      if (missing) {
        return std::move(*missing);
      }
    }
    return modelOf(options, [&](const ModelOptions &how) {
      return Model::fromModel(graph->model, name, how);
    });
  });
}

void nirc_model_free(nirc_model *model) { delete model; }

const char *nirc_model_name(const nirc_model *model) {
  return model ? model->model.name().c_str() : "";
}

const char *nirc_model_text(const nirc_model *model) { return model ? model->text.c_str() : ""; }

bool nirc_model_is_clocked(const nirc_model *model) { return model && model->model.isClocked(); }

const nirc_graph *nirc_model_graph(const nirc_model *model) {
  return lookedUp<const nirc_graph *>(nullptr, [&] { return model ? &model->graph() : nullptr; });
}

size_t nirc_model_diagnostic_count(const nirc_model *model) {
  return model ? model->diagnostics.size() : 0;
}

const nirc_diagnostic *nirc_model_diagnostic(const nirc_model *model, size_t number) {
  return model ? c::at(model->diagnostics, number) : nullptr;
}

size_t nirc_model_input_count(const nirc_model *model) { return model ? model->inputs.size() : 0; }

const nirc_port *nirc_model_input(const nirc_model *model, size_t number) {
  return model ? c::at(model->inputs, number) : nullptr;
}

size_t nirc_model_output_count(const nirc_model *model) {
  return model ? model->outputs.size() : 0;
}

const nirc_port *nirc_model_output(const nirc_model *model, size_t number) {
  return model ? c::at(model->outputs, number) : nullptr;
}
