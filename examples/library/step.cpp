// A network as a part of a program: open, plan, compile, save, load, and step it with its own
// output fed back.
//
//     step MODEL.nir PROGRAM
//
// Writes PROGRAM, which `nirc run` executes too, and prints, for some steps, how many neurons
// spiked and the first v.
#include "api/Program.h"

#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <vector>

/// The value, or the end of the program with the error.
template <typename T>
T take(nir::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().str().c_str());
    std::exit(1);
  }
  return *std::move(result);
}

/// The end of the program where something went wrong.
static void check(const nir::Status &failed) {
  if (failed) {
    std::fprintf(stderr, "%s\n", failed->str().c_str());
    std::exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: step MODEL.nir PROGRAM\n");
    return 2;
  }
  nirc::Model model = take(nirc::Model::open(argv[1]));
  nirc::PlanOptions options;
  options.dt = "1ms";
  nirc::Program compiled = take(nirc::Program::compile(take(nirc::Plan::make(model, options))));
  check(compiled.save(argv[2]));
  nirc::Session session = take(take(nirc::Program::load(argv[2])).start());
  auto size = [](const nirc::PortInfo &port) {
    return static_cast<size_t>(nir::numElements(port.shape));
  };
  std::vector<double> input(size(session.info().inputs[0]), 1.0),
      output(size(session.info().outputs[0]));
  std::vector<double> v(size(session.info().states[0]));
  for (int step = 0; step < 50; ++step) {
    check(session.setInput(0, input));
    check(session.step());
    check(session.readOutput(0, output));
    check(session.readState(0, v));
    double spikes = std::accumulate(output.begin(), output.end(), 0.0);
    // What spikes inhibits the next step.
    input.assign(input.size(), 1.0 - spikes / static_cast<double>(output.size()));
    if (step % 10 == 9) {
      std::printf("step %d: %g spikes, %s of %s is %g\n", step + 1, spikes,
                  session.info().states[0].observable.c_str(),
                  session.info().states[0].node.c_str(), v[0]);
    }
  }
}
