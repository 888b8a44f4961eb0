//===- SourceSamples.cpp - the samples of one input -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/SourceSamples.h"

#include "api/io/Files.h"
#include "api/io/SampleSet.h"
#include "api/io/ShdInput.h"
#include "ir/Wording.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace nirc {

nir::Tensor sampleOf(const nir::Tensor &array, int64_t i) {
  nir::Shape shape = array.shape();
  size_t bytes = array.sizeInBytes() / static_cast<size_t>(shape[0]);
  shape[0] = 1;
  std::shared_ptr<const std::byte> part(array.share(),
                                        array.bytes() + static_cast<size_t>(i) * bytes);
  return {array.dtype(), shape, std::move(part)};
}

/// Sample `i` of what a file holds, as the encoder shows it.
static nir::Result<nir::Tensor> shownSample(const FileInput &input, int64_t i,
                                            const InputPort &port, const InputOptions &options,
                                            uint64_t seed) {
  nir::Tensor sample = sampleOf(input.array, i);
  EncodingRun run = encodingRun(options, input.hasSteps);
  run.isBrightness = input.isBrightness;
  if (!input.hasSteps) {
    return encodeValues(sample, run, port.shape, seed);
  }
  return options.encoder ? encodeSteps(sample, run, port.shape, seed)
                         : nir::Result<nir::Tensor>(std::move(sample));
}

namespace {
/// An array in memory.
class ArraySamples : public SourceSamples {
public:
  ArraySamples(FileInput held, const InputSource &source, const InputOptions &how)
      : input(std::move(held)), port(source.port), options(how), file(source.source) {
    count = input.array.shape()[0];
    isBatch = input.isBatch;
    hasSteps = input.hasSteps;
    isRandom = encodingRun(options, input.hasSteps).encoder.isRandom();
    remarks = input.remarks;
  }
  nir::Result<nir::Tensor> read(int64_t i, uint64_t seed, Heard & /*heard*/) const override {
    nir::Result<nir::Tensor> sample = shownSample(input, i, port, options, seedOfSample(seed, i));
    return sample ? std::move(sample)
                  : sample.takeError().in(file).note(fmt::format("that is of sample {}", i));
  }
  std::string fileOf(int64_t /*i*/) const override { return file; }
  int64_t steps() const override {
    return input.hasSteps ? input.array.shape()[1] : encodingRun(options, false).steps;
  }
  const nir::Tensor *whole() const override {
    return input.hasSteps && !options.encoder ? &input.array : nullptr;
  }

private:
  FileInput input;
  InputPort port;
  InputOptions options;
  std::string file;
};

/// A folder or a pattern of files.
class FileSamples : public SourceSamples {
public:
  FileSamples(const InputSource &from, const InputOptions &how, std::vector<SampleFile> members)
      : source(from), options(how), named(eventSourceOf(from.source)), files(std::move(members)) {
    count = static_cast<int64_t>(files.size());
    isBatch = true;
    options.isOneSample = true;
    for (const SampleFile &file : files) {
      names.push_back(file.name());
      if (!file.folder.empty()) {
        folders.push_back(file.folder);
      }
    }
  }
  /// Whether the files have steps is what the first of them says.
  void lookAtFirst() {
    Heard ignored;
    auto first = readFileInput(files.front().path, named, source.port, options, ignored);
    hasSteps = !first || first->hasSteps;
    isRandom = encodingRun(options, hasSteps).encoder.isRandom();
  }
  nir::Result<nir::Tensor> read(int64_t i, uint64_t seed, Heard &heard) const override {
    const std::string &file = files[static_cast<size_t>(i)].path;
    nir::Result<FileInput> input = readFileInput(file, named, source.port, options, heard);
    if (!input) {
      return input.takeError();
    }
    if (input->isBatch) {
      return nir::Error(nir::Cause::InputShape,
                        fmt::format("found a batch of {}, expected one sample in each file of {}",
                                    input->array.shape()[0], source.source))
          .in(file);
    }
    heard.remarks.add(input->remarks);
    nir::Result<nir::Tensor> sample =
        shownSample(*input, 0, source.port, options, seedOfSample(seed, i));
    return sample ? std::move(sample) : sample.takeError().in(file);
  }
  std::string fileOf(int64_t i) const override { return files[static_cast<size_t>(i)].path; }

private:
  InputSource source;
  InputOptions options;
  EventSource named;
  std::vector<SampleFile> files;
};

/// Recordings of SHD.
class ShdSamples : public SourceSamples {
public:
  ShdSamples(ShdInput file, const InputPort &to, const InputOptions &how, bool isOne)
      : input(std::move(file)), port(to), options(how) {
    count = static_cast<int64_t>(input.recordings.size());
    isBatch = !isOne;
    labels = input.labels;
    for (const EventRecording &recording : input.recordings) {
      const std::string &name = recording.facts.file;
      names.push_back(name.substr(name.rfind('#') + 1));
    }
  }
  nir::Result<nir::Tensor> read(int64_t i, uint64_t /*seed*/, Heard &heard) const override {
    const EventRecording &recording = input.recordings[static_cast<size_t>(i)];
    const std::string &name = recording.facts.file;
    if (recording.events.empty() && recording.facts.count == 0) {
      return silentStep();
    }
    nir::Result<nir::Tensor> frames = framesOf(recording, name, port, options, heard);
    bool isBatch = false;
    return frames ? fitToPort(*frames, port, isBatch, name) : std::move(frames);
  }
  std::string fileOf(int64_t i) const override {
    return input.recordings[static_cast<size_t>(i)].facts.file;
  }

private:
  /// Of a recording without spikes, in the type of the others.
  nir::Tensor silentStep() const {
    bool areShared = options.framing.frames == Frames::Voxel;
    nir::DType dtype = areShared            ? nir::DType::F64
                       : options.onePerStep ? nir::DType::U8
                                            : nir::DType::I32;
    return nir::Tensor::allocate(dtype, joined({1, 1}, port.shape)).first;
  }

  ShdInput input;
  InputPort port;
  InputOptions options;
};
} // namespace

/// Whether a source is recordings of SHD.
static bool isShd(const EventSource &source) {
  if (!source.named || !source.format.empty()) {
    return source.format == "shd";
  }
  nir::Result<ShdSource> part = shdSourceOf(source.path);
  nir::Result<std::vector<std::byte>> head =
      part ? readHead(part->path, 8) : std::vector<std::byte>();
  return head && isHdf5(*head);
}

using Samples = std::shared_ptr<const SourceSamples>;
using Opened = nir::Result<Samples>;

static Opened openShd(const InputSource &source, const std::string &path,
                      const InputOptions &options) {
  if (nir::Status failed = refuseEncoding(options, path)) {
    return std::move(*failed);
  }
  nir::Result<ShdSource> part = shdSourceOf(path);
  nir::Result<ShdInput> file =
      part ? readShdInput(*part, options.framing, options.maxBytes) : part.takeError();
  if (!file) {
    return file.takeError();
  }
  return Samples(
      std::make_shared<const ShdSamples>(*std::move(file), source.port, options, part->isOne));
}

/// Says where a folder has folders beside its files.
static void remarkOnFolders(const std::string &path, SourceSamples &samples) {
  namespace fs = std::filesystem;
  std::error_code failed;
  int64_t folders = 0;
  for (fs::directory_iterator at(path, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code none;
    folders += at->is_directory(none) && !at->path().filename().string().starts_with(".");
  }
  if (folders > 0 && samples.folders.empty()) {
    samples.remarks.push_back(
        {nir::Severity::Warning,
         path,
         {},
         fmt::format("{} in it {} left out: the samples are the files beside them",
                     nir::counted(folders, "folder"), folders == 1 ? "is" : "are"),
         {}});
  }
}

/// Every file of a folder or pattern as a sample.
static Opened openSet(const InputSource &source, const std::string &path,
                      const InputOptions &options) {
  nir::Result<std::vector<SampleFile>> files = sampleFiles(path);
  if (!files) {
    return files.takeError();
  }
  bool isSorted = std::is_sorted(files->begin(), files->end(),
                                 [](const auto &a, const auto &b) { return a.path < b.path; });
  auto samples = std::make_shared<FileSamples>(source, options, *std::move(files));
  samples->lookAtFirst();
  remarkOnFolders(path, *samples);
  if (!isSorted) {
    nir::Diagnostic note{nir::Severity::Note,
                         source.source,
                         {},
                         "samples are in the natural order of their names, 2 before 10",
                         {{{},
                           "labels that were listed by bytes, 10 before 2, as `ls` and Python's "
                           "sorted() do, are in another order"}}};
    samples->remarks.push_back(std::move(note));
  }
  return Samples(std::move(samples));
}

Opened openSource(const InputSource &source, const InputOptions &options, Heard &heard) {
  EventSource named = eventSourceOf(source.source);
  if (isShd(named)) {
    return openShd(source, named.path, options);
  }
  if (isSampleSet(named.path)) {
    return openSet(source, named.path, options);
  }
  nir::Result<FileInput> input = readFileInput(named.path, named, source.port, options, heard);
  if (!input) {
    return input.takeError();
  }
  return Samples(std::make_shared<const ArraySamples>(*std::move(input), source, options));
}

} // namespace nirc
