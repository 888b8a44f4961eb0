//===- Lane.cpp - one network in execution, watched -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "web/core/Lane.h"

#include "backends/reference/steps/InterpreterNetwork.h"

namespace nirc::web {

namespace {
template <typename Number>
class Interpreted : public Lane {
public:
  using Interpreter = nir::BasicInterpreter<Number>;
  explicit Interpreted(Interpreter made) : interpreter(std::move(made)) {
    const auto &network = interpreter.inside();
    for (int32_t index : network.order) {
      const nir::Node &node = *network.flat.nodes[static_cast<size_t>(index)].node;
      const nir::Shape &shape = network.shapes[static_cast<size_t>(index)];
      for (std::string &name : nir::observables(node, network.kinds[static_cast<size_t>(index)])) {
        all.push_back({network.flat.path(index), std::move(name), std::string(node.type()), shape,
                       nir::numElements(shape)});
        nodes.push_back(index);
      }
    }
  }

  nir::Status drive(const std::string &input, std::span<const double> values) override {
    return interpreter.setInput(input, values);
  }
  void step() override { interpreter.step(); }
  const std::vector<Quantity> &quantities() const override { return all; }
  void read(size_t quantity, std::vector<double> &values) const override {
    const std::vector<Number> &now =
        interpreter.inside().values(nodes[quantity], all[quantity].observable);
    values.assign(now.begin(), now.end());
  }

private:
  Interpreter interpreter;
  std::vector<Quantity> all;
  std::vector<int32_t> nodes; ///< of each quantity
};
} // namespace

template <typename Number>
static nir::Result<std::unique_ptr<Lane>> laneIn(const nir::Graph &graph,
                                                 const nir::Semantics &semantics) {
  auto interpreter = nir::BasicInterpreter<Number>::create(graph, semantics);
  if (!interpreter) {
    return interpreter.takeError();
  }
  return std::unique_ptr<Lane>(std::make_unique<Interpreted<Number>>(*std::move(interpreter)));
}

nir::Result<std::unique_ptr<Lane>> makeLane(const nir::Graph &graph,
                                            const nir::Semantics &semantics, nir::DType dtype) {
  if (semantics.timing == nir::Timing::Events) {
    return nir::Error(nir::Cause::UnsupportedByTarget,
                      "the semantics runs from event to event, and this page runs in steps")
        .note("`nirc run --target reference` runs it");
  }
  return dtype == nir::DType::F32 ? laneIn<float>(graph, semantics)
                                  : laneIn<double>(graph, semantics);
}

} // namespace nirc::web
