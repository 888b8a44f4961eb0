#include "passes/Passes.h"
#include "dialects/snn/Snn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
namespace nirc {
#define GEN_PASS_DEF_QUANTIZE
#include "passes/Passes.h.inc"
} // namespace nirc
namespace {
struct Quantize : nirc::impl::QuantizeBase<Quantize> {
  using QuantizeBase::QuantizeBase;
  void runOnOperation() override { signalPassFailure(); }
};
} // namespace
std::unique_ptr<mlir::Pass> nirc::createQuantize(QuantizationOptions) {
  return std::make_unique<Quantize>();
}
