//===- Loaded.cpp - an artifact in memory ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/machine/Loaded.h"

#include "backends/run/Digest.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <sstream>

using namespace nirc;
using namespace nirc::spinnaker2;

std::string nirc::spinnaker2::sumsOf(const std::vector<Artifact::File> &files) {
  std::string text;
  for (const Artifact::File &file : files) {
    text += fmt::format("{}  {}\n", sha256Of(file.bytes), file.name);
  }
  return text;
}

static const Artifact::File *find(const std::vector<Artifact::File> &files, std::string_view name) {
  auto found = std::ranges::find(files, name, &Artifact::File::name);
  return found == files.end() ? nullptr : &*found;
}

static nir::Error missing(std::string_view name) {
  return nir::Error(nir::Cause::DamagedFile, fmt::format("{} is not there", name))
      .note("compile the model again");
}

//===----------------------------------------------------------------------===//
// Files as an image
//===----------------------------------------------------------------------===//

nir::Result<Loaded> nirc::spinnaker2::loadFiles(std::vector<Artifact::File> files) {
  Loaded loaded;
  loaded.files = std::move(files);
  const Artifact::File *network = find(loaded.files, networkFile);
  if (!network) {
    return missing(networkFile);
  }
  nir::Result<NetworkImage> read = readNetwork(network->bytes);
  if (!read) {
    return read.takeError().in(network->name);
  }
  loaded.image.network = *std::move(read);
  for (size_t i = 0; i < loaded.image.network.cores.size(); ++i) {
    const std::string &name = loaded.image.network.cores[i].file;
    const Artifact::File *file = find(loaded.files, name);
    if (!file) {
      return missing(fmt::format("{} of core {}", name, i));
    }
    nir::Result<CoreImage> core = readCore(file->bytes);
    if (!core) {
      nir::Error error = core.takeError();
      error.message = fmt::format("{}: {}", nameOf(loaded.image.network, i), error.message);
      return std::move(error).in(name);
    }
    loaded.image.cores.push_back(*std::move(core));
  }
  if (nir::Status wrong = checkImage(loaded.image)) {
    return std::move(*wrong);
  }
  for (const CoreImage &core : loaded.image.cores) {
    loaded.blocks.push_back(blockOf(core.data));
  }
  return loaded;
}

//===----------------------------------------------------------------------===//
// A folder
//===----------------------------------------------------------------------===//

/// A file, and neither a folder, a pipe nor a device.
static nir::Result<std::string> readFile(const std::filesystem::path &path) {
  constexpr uintmax_t most = uintmax_t{1} << 30;
  std::error_code failed;
  bool isFile = std::filesystem::is_regular_file(path, failed);
  if (!isFile || std::filesystem::file_size(path, failed) > most) {
    return nir::Error(nir::Cause::CannotRead,
                      isFile ? "is too large for a file of an artifact" : "is not there as a file")
        .in(path.string());
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    return nir::Error(nir::Cause::CannotRead, "cannot be read").in(path.string());
  }
  return bytes;
}

/// A name of the artifact's own, that does not lead out of its folder.
static bool isOwn(std::string_view name) {
  return !name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos;
}

/// Whether the file is what its line of SHA256SUMS says. `network`: that of the folder, where it is
/// known by now.
static nir::Status checkSum(const Artifact::File &file, const std::string &expected,
                            const std::optional<NetworkImage> &network) {
  std::string found = sha256Of(file.bytes);
  if (found == expected) {
    return {};
  }
  std::string name = file.name;
  for (size_t i = 0; network && i < network->cores.size(); ++i) {
    name = network->cores[i].file == file.name ? nameOf(*network, i) : name;
  }
  return nir::Error(
             nir::Cause::DamagedFile,
             fmt::format("{} was changed: its SHA-256 is {}, expected {}", name, found, expected))
      .note("compile the model again; where the change is meant, README.md has the command that "
            "writes "
            "the digests again");
}

nir::Result<Loaded> nirc::spinnaker2::loadFolder(const std::string &path) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  nir::Result<std::string> sums = readFile(folder / sumsFile);
  if (!sums) {
    return sums.takeError();
  }
  std::vector<Artifact::File> files;
  std::optional<NetworkImage> network; // the first file
  std::istringstream lines(*sums);
  constexpr size_t digits = 64;
  for (std::string line; std::getline(lines, line);) {
    std::string name = line.size() > digits + 2 ? line.substr(digits + 2) : "";
    if (!isOwn(name)) {
      return nir::Error(nir::Cause::DamagedFile,
                        fmt::format("{} has a line that is not a digest and a file", sumsFile))
          .in(folder / sumsFile)
          .note("compile the model again");
    }
    nir::Result<std::string> bytes = readFile(folder / name);
    if (!bytes) {
      return bytes.takeError();
    }
    files.push_back({name, *std::move(bytes)});
    if (nir::Status wrong = checkSum(files.back(), line.substr(0, digits), network)) {
      return std::move(*wrong).in(folder / name);
    }
    if (name == networkFile) {
      nir::Result<NetworkImage> read = readNetwork(files.back().bytes);
      if (!read) {
        return read.takeError().in(folder / name);
      }
      network = *std::move(read);
    }
  }
  nir::Result<Loaded> loaded = loadFiles(std::move(files));
  return loaded ? std::move(loaded) : nir::Result<Loaded>(loaded.takeError().in(path));
}

/// Whether an artifact can have a file of that name: others that somebody lists are not its own.
static bool isOfArtifact(const std::string &name) {
  static const std::regex names("network\\.spinnaker2|SHA256SUMS|README\\.md|cores/[0-9]+\\.core|"
                                "firmware/(pe\\.[hc]|core\\.c|boot\\.c|host\\.h|pe\\.ld|Makefile)|"
                                "programs/p[0-9]+/(core\\.(h|ld|elf)|update\\.c)");
  return std::regex_match(name, names);
}

std::vector<std::string> nirc::spinnaker2::filesOfFolder(const std::string &path) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  nir::Result<std::string> sums = readFile(folder / sumsFile), network = readFile(path);
  if (!sums || !network || !readNetwork(*network)) {
    return {};
  }
  std::vector<std::string> names = {std::string(sumsFile)};
  std::istringstream lines(*sums);
  constexpr size_t before = 66; // digits and two spaces
  for (std::string line; std::getline(lines, line);) {
    std::string name = line.size() > before ? line.substr(before) : "";
    if (isOfArtifact(name)) {
      names.push_back(name);
    }
  }
  return names;
}

ProgramInfo nirc::spinnaker2::infoOf(const NetworkImage &network) {
  ProgramInfo info;
  info.target = "spinnaker2";
  info.nirc = network.nirc;
  info.model = network.model;
  info.semantics = network.semantics;
  info.format = network.format;
  info.dtype = network.isFloat ? nir::DType::F32 : nir::DType::F64;
  info.dtSeconds = network.dtSeconds;
  for (const NetworkImage::Input &input : network.inputs) {
    info.inputs.push_back({input.node, "value", input.shape, nir::DType::U8, 0});
  }
  for (size_t i = 0; i < network.readouts.size(); ++i) {
    const NetworkImage::Readout &readout = network.readouts[i];
    PortInfo port{readout.node, readout.observable, readout.shape,
                  readout.isSpikes ? nir::DType::U8 : info.dtype, readout.latency};
    if (i < network.outputs) {
      info.outputs.push_back(std::move(port));
      continue;
    }
    if (readout.isState()) {
      info.states.push_back(port);
    }
    if (i < network.outputs + network.records) {
      info.records.push_back(std::move(port));
    }
  }
  return info;
}
