//===- ImageOptions.cpp - labelled images on the command line -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/ImageOptions.h"

#include "ir/origin/Reading.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

void addImageOptions(CLI::App &app, ImageOptions &options) {
  app.add_option("--images", options.images,
                 "IDX file of unsigned bytes, an image after the other, as MNIST has them; may be "
                 "compressed (.gz)");
  app.add_option("--labels", options.labels, "IDX file with the class of each, counted from 0");
  app.add_option("--encoding", options.encoding,
                 "direct: a pixel is a current of 0 to 1 in each step; rate: the probability of a "
                 "spike. Otherwise the file's own, or direct");
  app.add_option("--first", options.first, "The image to begin with")
      ->check(CLI::Range(int64_t(0), int64_t(1) << 40))
      ->capture_default_str();
  app.add_option("--count", options.count, "How many images; otherwise all")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 40));
}

/// The encoding of the options, else the file's.
static nir::Status chooseEncoding(const ExecutionOptions &options, const ImageOptions &images,
                                  const nir::Reading &reading, ImageView &view) {
  view.encodingOfFile = images.encoding.empty() && !reading.encoding.empty();
  std::string text = view.encodingOfFile ? reading.encoding : images.encoding;
  if (text.empty()) {
    return std::nullopt;
  }
  nir::Result<Encoding> encoding = encodingOf(text);
  if (!encoding && view.encodingOfFile) {
    return encoding.takeError()
        .note("the encoding is that of the file's metadata nirc/encoding; --encoding takes another")
        .in(options.model);
  }
  if (!encoding) {
    return nir::Error::usage("--encoding: " + encoding.error().message);
  }
  view.presentation.encoding = *encoding;
  return std::nullopt;
}

/// Whether what the network sees of one image keeps to the limit.
static nir::Status withinLimit(const ExecutionOptions &options, const ImageView &view) {
  int64_t steps = view.presentation.steps;
  double bytes = 4.0 * static_cast<double>(steps) *
                 static_cast<double>(nir::numElements(view.ports.input.shape));
  if (bytes <= static_cast<double>(options.maxInputBytes)) {
    return std::nullopt;
  }
  return nir::Error::usage(fmt::format("{} steps of an image take {:.3g} bytes, the limit is {}",
                                       steps, bytes, options.maxInputBytes))
      .note("--max-input-bytes raises the limit");
}

nir::Result<ImageView> imageViewOf(const ExecutionOptions &options, const ImageOptions &images,
                                   const Network &network, double dtSeconds) {
  ImageView view;
  nir::Result<ClassifierPorts> ports = classifierPorts(network);
  if (!ports) {
    return ports.takeError();
  }
  view.ports = *std::move(ports);
  nir::Result<nir::Reading> reading = nir::readingOf(network.file.model);
  if (!reading) {
    return reading.takeError().in(options.model);
  }
  Presentation &how = view.presentation;
  how.seed = options.seed;
  how.dtSeconds = dtSeconds;
  how.steps = options.steps ? options.steps : reading->steps.value_or(0);
  view.stepsOfFile = options.steps == 0;
  if (how.steps == 0) {
    return nir::Error::usage(
               "nothing says for how many steps an image is shown: no --steps, and the file "
               "has no metadata nirc/steps")
        .note("--steps N says it, as in --steps 10");
  }
  if (nir::Status failed = chooseEncoding(options, images, *reading, view)) {
    return std::move(*failed);
  }
  if (nir::Status failed = withinLimit(options, view)) {
    return std::move(*failed);
  }
  return view;
}

Inputs someImages(const ImageView &view, const LabelledImages &set,
                  const EvaluationOptions &options) {
  constexpr int64_t enough = 100;
  int64_t count = std::min(enough, options.count ? options.count : set.count() - options.first);
  Inputs some;
  some.recording = shownImages(view.ports, set, view.presentation, options.first, count);
  some.steps = view.presentation.steps;
  return some;
}

} // namespace nirc
