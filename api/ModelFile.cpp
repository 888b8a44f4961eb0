//===- ModelFile.cpp - models of any format -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/ModelFile.h"

#include "api/MlirFile.h"
#include "api/PortShapes.h"
#include "api/io/FileKind.h"
#include "api/io/Files.h"
#include "api/io/ShdInput.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>
#include <string_view>

namespace nirc {

static std::string hashOf(const std::vector<std::byte> &bytes) {
  llvm::ArrayRef<uint8_t> data(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
  return llvm::toHex(llvm::SHA256::hash(data), /*LowerCase=*/true);
}

static std::string_view textOf(const std::vector<std::byte> &bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// "nir", "mlir" or "mlirbc", or nothing for a file that starts as none of them and does not say so
/// by its name.
static std::string formatOf(const std::string &path, const std::vector<std::byte> &bytes) {
  auto startsWith = [&](std::string_view magic) { return textOf(bytes).starts_with(magic); };
  if (isHdf5(bytes) || path.ends_with(".nir")) {
    return "nir"; // a damaged .nir file is the reader's to explain
  }
  if (startsWith("ML\xefR")) {
    return "mlirbc";
  }
  return path.ends_with(".mlir") || path.ends_with(".mlirbc") ? "mlir" : "";
}

std::string ModelFile::sha256() const {
  if (!knownSha256.empty()) {
    return knownSha256;
  }
  std::ifstream file(path, std::ios::binary);
  std::vector<char> chunk(size_t(1) << 20);
  llvm::SHA256 hash;
  while (file) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    hash.update(llvm::StringRef(chunk.data(), static_cast<size_t>(file.gcount())));
  }
  return file.eof() ? llvm::toHex(hash.final(), /*LowerCase=*/true) : "";
}

/// What a target has written and executes.
static nir::Result<ModelFile> loadProgram(const std::string &path, const Target &target,
                                          Clocked taken, const LoadOptions &options) {
  if (taken != Clocked::AndPrograms) {
    return nir::Error(
               nir::Cause::WrongModel,
               fmt::format("holds a program of target '{}', expected a model", target.name()))
        .in(path)
        .note("`nirc run` and `nirc eval` execute it");
  }
  nir::Result<std::unique_ptr<Executable>> program = target.load(path, options);
  if (!program) {
    return program.takeError();
  }
  ModelFile file{path, std::string(target.name()), {}};
  file.program = *std::move(program);
  return file;
}

/// The file as it is.
static nir::Result<ModelFile> loadFile(const std::string &given, const nir::ReadLimits &limits,
                                       Clocked clocked, const LoadOptions &ofProgram) {
  std::error_code none;
  std::string inside;
  if (std::filesystem::is_directory(given, none)) {
    inside = programInFolder(given);
    if (inside.empty()) {
      return folderForModel(given);
    }
  }
  const std::string &path = inside.empty() ? given : inside;
  auto most = static_cast<uint64_t>(limits.maxFileBytes);
  auto readAll = [&] { return readFile(path, most, "--max-bytes raises the limit"); };
  // A large .nir file is read once, by its reader; what comes through a pipe comes only once.
  bool again = std::filesystem::is_regular_file(path, none) &&
               std::filesystem::file_size(path, none) <= most;
  nir::Result<std::vector<std::byte>> bytes = again ? readHead(path, headOfKind) : readAll();
  if (!bytes) {
    return bytes.takeError();
  }
  if (const Target *target = targetOfArtifact(textOf(*bytes).substr(0, headOfArtifact))) {
    return loadProgram(path, *target, clocked, ofProgram);
  }
  ModelFile file{path, formatOf(path, *bytes), {}};
  uint64_t length = again ? std::filesystem::file_size(path, none) : bytes->size();
  bool isMlir = file.format == "mlir" || file.format == "mlirbc";
  if (std::optional<nir::Error> other = foreignFile(textOf(*bytes), path, length);
      other && !isMlir) {
    return std::move(*other).in(path);
  }
  if (file.format.empty()) {
    return nir::Error(nir::Cause::NotAModel,
                      "is not a model: expected a .nir (HDF5), .mlir or .mlirbc file")
        .in(path);
  }
  if (file.format != "nir" && again) {
    bytes = readAll();
    if (!bytes) {
      return bytes.takeError();
    }
  }
  if (file.format != "nir") {
    file.knownSha256 = hashOf(*bytes);
  }
  if (file.format == "nir") {
    nir::Result<nir::Model> model = nir::read(path, limits);
    if (!model) {
      return model.takeError();
    }
    file.model = *std::move(model);
    return file;
  }
  nir::Result<ParsedMlir> parsed = parseMlir(path, *bytes);
  if (!parsed) {
    return parsed.takeError();
  }
  if (parsed->clocked && clocked == Clocked::Refused) {
    return nir::Error(nir::Cause::WrongModel, "holds a clocked network, expected a graph")
        .in(path)
        .note("`nirc run`, `eval`, `compile` and `inspect` take it as it is");
  }
  file.model = std::move(parsed->model);
  file.clocked = std::move(parsed->clocked);
  return file;
}

nir::Result<ModelFile> loadModel(const std::string &path, const nir::ReadLimits &limits,
                                 Clocked clocked, const std::vector<std::string> &shapes,
                                 const LoadOptions &ofProgram) {
  nir::Result<ModelFile> file = loadFile(path, limits, clocked, ofProgram);
  if (!file || shapes.empty()) {
    return file;
  }
  if (file->clocked || file->program) {
    return nir::Error::usage(nir::Cause::SettledChoice,
                             "found --shape, expected none: the file holds a network whose shapes "
                             "are settled")
        .in(path);
  }
  if (nir::Status failed = takeShapes(file->model.graph, shapes)) {
    return std::move(*failed).in(path);
  }
  return file;
}

} // namespace nirc
