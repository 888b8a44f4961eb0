//===- Fold.cpp - chains without state made one node ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/fold/Fold.h"

#include "ir/choices/Choices.h"
#include "passes/Passes.h"

namespace nirc {
#define GEN_PASS_DEF_FOLD
#include "passes/Passes.h.inc"
} // namespace nirc

using namespace mlir;
using namespace nirc;

namespace {

struct Fold : nirc::impl::FoldBase<Fold> {
  using FoldBase::FoldBase;
  Fold(FoldOptions options, std::function<void(const Notice &)> listener)
      : FoldBase(std::move(options)), listener(std::move(listener)) {}

  void runOnOperation() override {
    std::optional<Folding> folding = foldingOf(which.getValue());
    if (!folding) {
      getOperation().emitError() << "there is no fold '" << which.getValue()
                                 << "', expected none, exact or all";
      return signalPassFailure();
    }
    FailureOr<nir::Semantics> choices = readChoices();
    if (failed(choices)) {
      return signalPassFailure();
    }
    if (*folding == Folding::None) {
      return;
    }
    for (StringRef record : records) {
      recorded.insert(record.rsplit(':').first);
    }
    for (nir::GraphOp graph : getOperation().getOps<nir::GraphOp>()) {
      if (failed(settleFeedback(graph, *choices))) {
        return signalPassFailure();
      }
      bool isDone = false;
      while (!isDone) {
        FailureOr<bool> changed = foldOnce(graph, *choices, *folding);
        if (failed(changed)) {
          return signalPassFailure();
        }
        isDone = !*changed;
      }
    }
  }

private:
  FailureOr<nir::Semantics> readChoices();
  FailureOr<bool> foldOnce(nir::GraphOp graph, const nir::Semantics &semantics, Folding folding);

  void tell(const Folder::Report &report) const;

  llvm::StringSet<> recorded;
  std::function<void(const Notice &)> listener; ///< takes the place of remarks
};

} // namespace

FailureOr<nir::Semantics> Fold::readChoices() {
  nir::Result<nir::Semantics> choices = nir::semanticsOf(semantics.getValue());
  if (!choices) {
    return getOperation().emitError() << choices.error().message;
  }
  if (dtSeconds != 0) {
    choices->dtSeconds = dtSeconds;
  }
  if (element != "f32" && element != "f64") {
    return getOperation().emitError()
           << "the element type is '" << element << "', expected f32 or f64";
  }
  if (choices->dtSeconds == 0) {
    return getOperation().emitError()
           << "dt is 0, expected a positive number of seconds: pass fold{dt=1e-4}";
  }
  // Where the walk cuts, before feedback-start=zero moves the edges on: what a fold must not
  // change.
  choices->feedbackStart = nir::FeedbackStart::Bias;
  return std::move(*choices);
}

void Fold::tell(const Folder::Report &report) const {
  const Notice &notice = report.notice;
  if (listener) {
    listener(notice);
  } else if (notice.rounds || remarks) {
    mlir::emitRemark(report.location) << "node '" << notice.node << "': " << notice.text;
  }
}

/// The order of the edges across nodes, which means nothing to a run, does not outlive its edges.
static void forgetEdgeOrder(nir::GraphOp graph) {
  graph.walk([](nir::GraphOp inner) { inner.removeEdgeOrderAttr(); });
}

/// Every node is part of one fold at most; a chain of n nodes takes log n rounds.
FailureOr<bool> Fold::foldOnce(nir::GraphOp graph, const nir::Semantics &semantics,
                               Folding folding) {
  FailureOr<OpGraph> flat = flatten(graph, semantics);
  if (failed(flat)) {
    return failure();
  }
  SmallVector<Operation *> nodes;
  for (unsigned index : flat->order) {
    if (flat->nodes[index].isStateless()) {
      nodes.push_back(flat->nodes[index].op);
    }
  }
  Folder folder(std::move(*flat), semantics, Element::of(element.getValue()), folding, recorded);
  bool changed = false;
  for (Operation *node : nodes) {
    changed |= foldIdentity(folder, node) || foldFlattens(folder, node) ||
               foldScales(folder, node) || foldMatrices(folder, node) || foldPools(folder, node);
  }
  for (const Folder::Report &report : folder.takeReports()) {
    tell(report);
  }
  if (changed) {
    forgetEdgeOrder(graph);
  }
  return changed;
}

std::unique_ptr<Pass> nirc::createFold(FoldOptions options,
                                       std::function<void(const Notice &)> listener) {
  return std::make_unique<Fold>(std::move(options), std::move(listener));
}
