//===- Model.cpp - a network from a file, from bytes or from memory -------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Model.h"

#include "api/Execution.h"
#include "api/FileReading.h"
#include "api/io/Files.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"

namespace nirc {

nir::Result<Model> Model::of(Network network, const ModelOptions &options) {
  for (const nir::Diagnostic &diagnostic : network.checked.diagnostics) {
    if (diagnostic.severity == nir::Severity::Error) {
      nir::Error error;
      static_cast<nir::Diagnostic &>(error) = diagnostic;
      return error;
    }
  }
  return Model(std::make_shared<const Network>(std::move(network)), options);
}

nir::Result<Model> Model::open(const std::string &path, const ModelOptions &options) {
  nir::Result<ModelFile> file = loadModel(path, options.limits, Clocked::Taken);
  return file ? of(networkOf(*std::move(file)), options) : nir::Result<Model>(file.takeError());
}

nir::Result<Model> Model::fromGraph(nir::Graph graph, const std::string &name,
                                    const ModelOptions &options) {
  return fromModel({{}, std::move(graph), {}}, name, options);
}

nir::Result<Model> Model::fromModel(nir::Model model, const std::string &name,
                                    const ModelOptions &options) {
  return of(networkOf({name, "memory", std::move(model)}), options);
}

nir::Result<Model> Model::fromBytes(std::span<const std::byte> bytes, const std::string &name,
                                    const ModelOptions &options) {
  // The reader of .nir files is a process of its own and opens a path, and so does HDF5 in it.
  llvm::SmallString<128> path;
  std::string ending = name.ends_with(".mlir") ? "mlir" : ""; // text is told by its name alone
  if (llvm::sys::fs::createTemporaryFile("nirc-model", ending, path)) {
    return nir::Error::internal(
               "there is no room for the model's bytes in the folder for temporary "
               "files")
        .in(name);
  }
  llvm::FileRemover remover(path);
  if (nir::Status failed = writeFile(
          path.str().str(), {reinterpret_cast<const char *>(bytes.data()), bytes.size()})) {
    return std::move(*failed).as(nir::ErrorKind::Internal).in(name);
  }
  auto renamed = [&](nir::Error error) {
    error.file = error.file == path.str() ? name : error.file;
    return error;
  };
  nir::Result<ModelFile> file = loadModel(path.str().str(), options.limits, Clocked::Taken);
  if (!file) {
    return renamed(file.takeError());
  }
  file->path = name;
  nir::Result<Model> model = of(networkOf(*std::move(file)), options);
  return model ? std::move(model) : nir::Result<Model>(renamed(model.takeError()));
}

const std::string &Model::name() const { return content->file.path; }
bool Model::isClocked() const { return content->file.clocked.has_value(); }
const nir::Graph &Model::graph() const { return content->graph; }
const std::vector<nir::Diagnostic> &Model::diagnostics() const {
  return content->checked.diagnostics;
}

std::vector<ModelPort> Model::inputs() const {
  std::vector<ModelPort> ports;
  for (const InputPort &port : content->inputs()) {
    ports.push_back({port.node, port.shape});
  }
  return ports;
}

std::vector<ModelPort> Model::outputs() const {
  std::vector<ModelPort> ports;
  for (const InputPort &port : content->outputPorts()) {
    ports.push_back({port.node, port.shape});
  }
  return ports;
}

std::string Model::text() const {
  if (content->file.clocked) {
    return content->file.clocked->text();
  }
  nir::Result<FileReading> reading = readReading(content->file, {});
  return reading ? readingBrief(*reading) : reading.error().message;
}

} // namespace nirc
