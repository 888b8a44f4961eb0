// A user of the installed library: reads a network and its input, and runs both on two targets.
#include "api/io/Npy.h"
#include "backends/Target.h"
#include "ir/file/Reader.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

/// The spikes of the network's one output, with f32 numbers in steps of 1 ms.
static nir::Result<nir::Recording> spikesOn(const char *name, const nir::Graph &graph,
                                            const nir::Tensor &input) {
  nir::Result<const nirc::Target *> target = nirc::findTarget(name);
  if (!target) {
    return target.takeError();
  }
  nirc::Job job;
  job.graph = &graph;
  job.file = "example";
  job.semantics.dtSeconds = 1e-3;
  auto executable = (*target)->compile(job);
  if (!executable) {
    return executable.takeError();
  }
  return (*executable)->run({1e-3, {{"input", "value", input}}}, {});
}

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: user MODEL.nir INPUT.npy\n");
    return 2;
  }
  nir::Result<nir::Model> model = nir::read(argv[1]);
  std::ifstream file(argv[2], std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  nir::Result<nir::Tensor> input = nirc::parseNpy(std::as_bytes(std::span(bytes)), argv[2]);
  if (!model || !input) {
    std::fprintf(stderr, "%s\n", (model ? input.error() : model.error()).str().c_str());
    return 1;
  }
  nir::Shape shape = input->shape(); // [T, 12]: one sample
  shape.insert(shape.begin(), 1);
  nir::Tensor sample = nir::Tensor::of<double>(shape, input->toDoubles());
  std::vector<double> spikes[2];
  const char *const targets[] = {"cpu", "reference"};
  for (int i = 0; i < 2; ++i) {
    nir::Result<nir::Recording> got = spikesOn(targets[i], model->graph, sample);
    if (!got) {
      std::fprintf(stderr, "%s: %s\n", targets[i], got.error().str().c_str());
      return 1;
    }
    spikes[i] = got->traces.at(0).data.toDoubles();
  }
  long count = 0;
  for (double value : spikes[0]) {
    count += value != 0.0 ? 1 : 0;
  }
  std::printf("%s on %ld spikes\n",
              spikes[0] == spikes[1] ? "cpu and reference agree" : "cpu and reference differ",
              count);
  return spikes[0] == spikes[1] ? 0 : 1;
}
