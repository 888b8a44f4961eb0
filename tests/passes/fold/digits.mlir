// RUN: nir-opt %s --fold="dt=1e-3 element=f32 remarks" 2>&1 | FileCheck %s --check-prefix=F32 --implicit-check-not=remark
// RUN: nir-opt %s --fold="dt=1e-3 element=f64" | FileCheck %s --check-prefix=F64
// RUN: nir-opt %s --fold="dt=1e-3 element=f64 semantics=nir,spikes-per-step=multi,reset=subtract" | FileCheck %s --check-prefix=MULTI
// Sums of 24-bit weights have more than 24 bits, and less than 53: whether a fold changes a bit depends on the run. Of neurons
// that spike any number of times in a step it cannot be told.

// F32: nir.sum_pool2d "pool"
// F64-NOT: nir.sum_pool2d "pool"
// MULTI: nir.sum_pool2d "pool"
nir.graph "digits" version "1.0.8" {
  %input = nir.input "input" () {shape = dense<[1, 2, 4]> : tensor<3xi64>} : () -> !nir.signal<1x2x4>
  %if = nir.if "if" (%input) {r = dense<1.0> : tensor<1x2x4xf32>, v_threshold = dense<1.0> : tensor<1x2x4xf32>} : (!nir.signal<1x2x4>) -> !nir.signal<1x2x4>
  %pool = nir.sum_pool2d "pool" (%if) {kernel_size = dense<2> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<2> : tensor<i64>} : (!nir.signal<1x2x4>) -> !nir.signal<1x1x2>
  %conv = nir.conv2d "conv" (%pool) {bias = dense<0.3> : tensor<1xf32>, dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, padding = dense<0> : tensor<i64>, stride = dense<1> : tensor<i64>, weight = dense<[[[[0.1, 0.7]]]]> : tensor<1x1x1x2xf32>} : (!nir.signal<1x1x2>) -> !nir.signal<1x1x1>
  nir.output "output" (%conv) {shape = dense<1> : tensor<3xi64>} : (!nir.signal<1x1x1>) -> ()
}
