//===- FileKind.cpp -------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/FileKind.h"

#include "api/io/Printable.h"
#include "api/io/SampleSet.h"

#include "api/io/ShdInput.h"
#include "ir/Wording.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

namespace nirc {

/// A number of little-endian bytes; 0 where the text ends before.
static uint64_t numberAt(std::string_view text, size_t at, size_t bytes) {
  uint64_t number = 0;
  for (size_t i = bytes; i-- > 0 && at + bytes <= text.size();) {
    number = number << 8 | static_cast<uint8_t>(text[at + i]);
  }
  return number;
}

/// How long the superblock says that an HDF5 file is, where its addresses have 8 bytes; else 0.
static uint64_t statedLength(std::string_view head) {
  constexpr size_t versionAt = 8, addressOfOld = 13, addressOfNew = 9, endOfOld = 40, endOfNew = 28;
  bool isOld = numberAt(head, versionAt, 1) < 2;
  bool isWide = numberAt(head, isOld ? addressOfOld : addressOfNew, 1) == 8;
  return isWide ? numberAt(head, isOld ? endOfOld : endOfNew, 8) : 0;
}

/// The name of the first file in a zip archive.
static std::string_view firstInZip(std::string_view head) {
  constexpr size_t lengthAt = 26, nameAt = 30;
  size_t length = numberAt(head, lengthAt, 2);
  return head.size() < nameAt ? std::string_view() : head.substr(nameAt, length);
}

static nir::Error torchCheckpoint() {
  return nir::Error(nir::Cause::NotAModel, "is a checkpoint of PyTorch, expected a NIR graph")
      .note("load it in Python and export the network: nir.write(\"model.nir\", graph), with the "
            "graph of norse.torch.to_nir, snntorch.export_nir.export_to_nir, sinabs.nir.to_nir or "
            "nirtorch");
}

static nir::Error zipArchive(std::string_view head) {
  std::string_view first = firstInZip(head);
  if (first.ends_with(".npy")) {
    return nir::Error(nir::Cause::NotAModel,
                      "is an archive of NumPy arrays (.npz), expected a NIR graph")
        .note("--input takes it, behind the model");
  }
  if (first.find("data.pkl") != first.npos || first.find(".data/") != first.npos ||
      first.ends_with("/version") || first.ends_with("/byteorder")) {
    return torchCheckpoint();
  }
  if (first == "modelDescription.xml") {
    return nir::Error(nir::Cause::NotAModel,
                      "is a unit of FMI (.fmu), which nirc writes and other tools run")
        .note("`nirc compile` without --emit=fmu writes what `nirc run` runs");
  }
  return nir::Error(nir::Cause::UnusableFile, "is a zip archive, expected a NIR graph")
      .note("unpack it first");
}

std::optional<nir::Error> foreignFile(std::string_view head, std::string_view name,
                                      uint64_t bytes) {
  if (bytes == 0) {
    return nir::Error(nir::Cause::NotAModel, "is empty, expected a NIR graph")
        .note("the export or the download did not finish: write it again");
  }
  if (head.starts_with("version https://git-lfs.github.com/")) {
    return nir::Error(nir::Cause::UnusableFile,
                      "is a pointer of Git LFS to the file, and not the file")
        .note("`git lfs pull` fetches it");
  }
  if (head.starts_with("/annex/objects/") || head.starts_with("../.git/annex/")) {
    return nir::Error(nir::Cause::UnusableFile,
                      "is a pointer of git-annex to the file, and not the file")
        .note("`git annex get` fetches it");
  }
  if (isHdf5(std::as_bytes(std::span(head)))) {
    uint64_t stated = statedLength(head);
    if (stated <= bytes) {
      return std::nullopt;
    }
    return nir::Error(nir::Cause::DamagedFile,
                      fmt::format("ends after {} of {}, expected a whole HDF5 file", bytes,
                                  nir::counted(stated, "byte")))
        .note("the export or the download did not finish, or is still going on: write it again");
  }
  constexpr std::string_view cores = "{\"nirc-cores\": 1,\n\"chip\": \"";
  if (head.starts_with(cores)) {
    std::string_view chip = head.substr(cores.size());
    return nir::Error(nir::Cause::NotAModel,
                      fmt::format("is a program for chip '{}', which is not loaded",
                                  printable(chip.substr(0, std::min(chip.find('"'), size_t{40})))))
        .note("--load-backend=FILE loads the chip's file");
  }
  if (head.starts_with("PK\x03\x04")) {
    return zipArchive(head);
  }
  if (head.starts_with("\x93NUMPY")) {
    return nir::Error(nir::Cause::NotAModel, "is a NumPy array, expected a NIR graph")
        .note("--input takes it, behind the model");
  }
  constexpr std::string_view gzip = "\x1f\x8b", pickle = "\x80";
  if (head.starts_with(gzip)) {
    return nir::Error(nir::Cause::UnusableFile, "is packed by gzip, expected a NIR graph")
        .note("`gunzip` unpacks it");
  }
  if (name.ends_with(".onnx")) {
    return nir::Error(nir::Cause::NotAModel, "is a model in ONNX, expected a NIR graph")
        .note("ONNX has no spiking neurons: export the network with the library that trained it");
  }
  bool isTorch = name.ends_with(".pt") || name.ends_with(".pth") || name.ends_with(".ckpt");
  if (head.starts_with(pickle) && head.size() > 1 && head[1] >= 2 && head[1] <= 5) {
    return isTorch ? torchCheckpoint()
                   : nir::Error(nir::Cause::NotAModel, "is a Python pickle, expected a NIR graph")
                         .note("load it in Python and write the graph with nir.write");
  }
  return std::nullopt;
}

nir::Error folderForModel(const std::string &folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> models;
  bool hasRun = false;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::string ending = at->path().extension().string();
    hasRun |= at->path().filename() == "run.json";
    if (ending == ".nir" || ending == ".mlir" || ending == ".mlirbc") {
      models.push_back(at->path().string());
    }
  }
  nir::Error error(nir::Cause::NotAModel, "is a folder, expected a model");
  error.file = folder;
  if (hasRun) {
    return std::move(error).note("it holds what a run recorded: `nirc compare` reads it");
  }
  if (models.empty()) {
    return std::move(error).note("it has no .nir, .mlir or .mlirbc file");
  }
  std::sort(models.begin(), models.end(), isNaturallyBefore);
  constexpr size_t most = 8;
  size_t shown = std::min(most, models.size());
  std::string rest = models.size() > most ? fmt::format(" and {} more", models.size() - most) : "";
  return std::move(error).note(fmt::format(
      "it has {}{}",
      fmt::join(models.begin(), models.begin() + static_cast<ptrdiff_t>(shown), ", "), rest));
}

} // namespace nirc
