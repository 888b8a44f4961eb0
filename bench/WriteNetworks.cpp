//===- WriteNetworks.cpp - the measured networks as files -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Networks.h"
#include "bench/Published.h"

#include "api/io/Files.h"
#include "ir/file/Writer.h"
#include "ir/recording/NpyBytes.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::bench;

static bool succeeded(const nir::Status &failed) {
  if (failed) {
    fmt::print(stderr, "{}\n", failed->str());
  }
  return !failed;
}

static bool writeNetwork(const Network &network, const std::string &folder) {
  nir::Model model;
  model.graph = network.graph;
  return succeeded(nir::write(model, folder + "/" + network.name + ".nir", {.gzipLevel = 0}));
}

/// As the official library writes it: compressed.
static bool writeCompressed(const Network &network, const std::string &folder) {
  nir::Model model;
  model.graph = network.graph;
  return succeeded(nir::write(model, folder + "/" + network.name + "-gzip.nir"));
}

static bool writeInput(const Published &published, const std::string &data,
                       const std::string &folder) {
  nir::Result<nir::Tensor> input = publishedInput(published, data, published.batch);
  if (!input) {
    return succeeded(input.takeError());
  }
  return succeeded(writeFile(fmt::format("{}/{}.npy", folder, published.name), npyBytes(*input)));
}

/// For what is measured of whole programs: the networks as .nir files, and what drives the
/// published ones as .npy files [batch, steps, ...].
int main(int argc, char **argv) {
  CLI::App app("Writes the networks and inputs that bench/table.py measures");
  std::string folder;
  std::string data = NIRC_REFERENCE_DATA;
  bool quick = false;
  app.add_option("folder", folder, "Where they go")->required();
  app.add_option("--data", data, "The reference data")->envname("NIRC_REFERENCE_DATA");
  app.add_flag("--quick", quick, "Without those of 64 and 400 MB");
  CLI11_PARSE(app, argc, argv);

  std::filesystem::create_directories(folder);
  if (std::filesystem::exists(data)) {
    for (const Published &published : publishedNetworks()) {
      if (!writeInput(published, data, folder)) {
        return EXIT_FAILURE;
      }
    }
  }
  bool written = writeNetwork(denseNetwork(1024), folder) &&
                 writeNetwork(chainNetwork(1202), folder) &&
                 writeNetwork(chainNetwork(10002), folder);
  if (written && !quick) {
    Network sparse = sparseNetwork(10000, 1000);
    written = writeNetwork(denseNetwork(4096), folder) && writeNetwork(sparse, folder) &&
              writeCompressed(sparse, folder);
  }
  return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
