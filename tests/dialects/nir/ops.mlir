// RUN: nir-opt %s | nir-opt | FileCheck %s
// RUN: nir-opt %s --emit-bytecode | nir-opt | FileCheck %s
// Every op comes back from text and from bytecode as it was.

// CHECK-LABEL: nir.graph "all" version "1.0.8"
nir.graph "all" version "1.0.8" attributes {metadata = [["dt", dense<1.0e-4> : tensor<f64>], ["by", [["name", "nirc"]]]]} {
  // CHECK: %in = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  %in = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  // CHECK: %fc = nir.affine "fc" (%in, %rec) {bias = dense<{{.*}}> : tensor<3xf32>, weight = dense<5.000000e-01> : tensor<3x4xf32>}
  %fc = nir.affine "fc" (%in, %rec) {weight = dense<0.5> : tensor<3x4xf32>, bias = dense<[0.1, 0.2, -0.0]> : tensor<3xf32>} : (!nir.signal<4>, !nir.signal<4>) -> !nir.signal<3>
  // CHECK: %lin = nir.linear "lin" (%fc)
  %lin = nir.linear "lin" (%fc) {weight = dense<1> : tensor<3x3xi8>} : (!nir.signal<3>) -> !nir.signal<3>
  // CHECK: %scale = nir.scale "scale" (%lin)
  %scale = nir.scale "scale" (%lin) {scale = dense<2.0> : tensor<f16>} : (!nir.signal<3>) -> !nir.signal<3>
  // CHECK: %i = nir.i "i" (%scale)
  %i = nir.i "i" (%scale) {r = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
  // CHECK: %if = nir.if "if" (%i)
  %if = nir.if "if" (%i) {r = dense<1.0> : tensor<3xf32>, v_threshold = dense<1.0> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3, event>
  // CHECK: %li = nir.li "li" (%if)
  %li = nir.li "li" (%if) {tau = dense<0.01> : tensor<3xf32>, r = dense<1.0> : tensor<3xf32>, v_leak = dense<0.0> : tensor<3xf32>} : (!nir.signal<3, event>) -> !nir.signal<3, analog>
  // CHECK: %threshold = nir.threshold "threshold" (%li)
  %threshold = nir.threshold "threshold" (%li) {threshold = dense<0.5> : tensor<3xf64>} : (!nir.signal<3, analog>) -> !nir.signal<3>
  // CHECK: %cuba_li = nir.cuba_li "cuba_li" (%threshold)
  %cuba_li = nir.cuba_li "cuba_li" (%threshold) {tau_syn = dense<0.01> : tensor<3xf32>, tau_mem = dense<0.02> : tensor<3xf32>, r = dense<1.0> : tensor<3xf32>, v_leak = dense<0.0> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
  // CHECK: %cuba_lif = nir.cuba_lif "cuba_lif" (%cuba_li)
  %cuba_lif = nir.cuba_lif "cuba_lif" (%cuba_li) {tau_syn = dense<0.01> : tensor<3xf32>, tau_mem = dense<0.02> : tensor<3xf32>, r = dense<1.0> : tensor<3xf32>, v_leak = dense<0.0> : tensor<3xf32>, v_threshold = dense<1.0> : tensor<3xf32>, v_reset = dense<0.0> : tensor<3xf32>, w_in = dense<1.5> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
  // CHECK: %rec = nir.linear "rec" (%cuba_lif, %cuba_lif)
  %rec = nir.linear "rec" (%cuba_lif, %cuba_lif) {weight = dense<0.25> : tensor<4x3xf32>} : (!nir.signal<3>, !nir.signal<3>) -> !nir.signal<4>
  // CHECK: nir.output "out" (%cuba_lif) {shape = dense<[1, 3]> : tensor<2xi64>} : (!nir.signal<3>) -> ()
  nir.output "out" (%cuba_lif) {shape = dense<[1, 3]> : tensor<2xi64>} : (!nir.signal<3>) -> ()

  // CHECK: %image = nir.input "image" ()
  %image = nir.input "image" () {shape = dense<[2, 8, 9]> : tensor<3xi64>} : () -> !nir.signal<2x8x9>
  // CHECK: %conv2d = nir.conv2d "conv2d" (%image) {{.*}} : (!nir.signal<2x8x9>) -> !nir.signal<4x4x9>
  %conv2d = nir.conv2d "conv2d" (%image) {input_shape = dense<[8, 9]> : tensor<2xi64>, weight = dense<0.1> : tensor<4x1x3x3xf32>, stride = dense<[2, 1]> : tensor<2xi64>, padding = dense<1> : tensor<i64>, dilation = dense<1> : tensor<2xi64>, groups = dense<2> : tensor<i64>, bias = dense<0.0> : tensor<4xf32>} : (!nir.signal<2x8x9>) -> !nir.signal<4x4x9>
  // CHECK: %sum = nir.sum_pool2d "sum" (%conv2d)
  %sum = nir.sum_pool2d "sum" (%conv2d) {kernel_size = dense<2> : tensor<2xi64>, stride = dense<2> : tensor<2xi64>, padding = dense<0> : tensor<2xi64>} : (!nir.signal<4x4x9>) -> !nir.signal<4x2x4>
  // CHECK: %avg = nir.avg_pool2d "avg" (%sum)
  %avg = nir.avg_pool2d "avg" (%sum) {kernel_size = dense<[1, 2]> : tensor<2xi64>, stride = dense<[1, 2]> : tensor<2xi64>, padding = dense<0> : tensor<i64>} : (!nir.signal<4x2x4>) -> !nir.signal<4x2x2>
  // CHECK: %flatten = nir.flatten "flatten" (%avg) {end_dim = dense<-1> : tensor<i64>, start_dim = dense<1> : tensor<i64>}
  %flatten = nir.flatten "flatten" (%avg) {start_dim = dense<1> : tensor<i64>, end_dim = dense<-1> : tensor<i64>} : (!nir.signal<4x2x2>) -> !nir.signal<4x4>
  // CHECK: %conv1d = nir.conv1d "conv1d" (%flatten) {{.*}}padding = "same"
  %conv1d = nir.conv1d "conv1d" (%flatten) {weight = dense<0.1> : tensor<2x4x3xf32>, stride = dense<1> : tensor<i64>, padding = "same", dilation = dense<1> : tensor<i64>, groups = dense<1> : tensor<i64>, bias = dense<0.0> : tensor<2xf32>} : (!nir.signal<4x4>) -> !nir.signal<2x4>
  // CHECK: %delay = nir.delay "delay" (%conv1d)
  %delay = nir.delay "delay" (%conv1d) {delay = dense<0.001> : tensor<2x4xf32>} : (!nir.signal<2x4>) -> !nir.signal<2x4>
  // CHECK: %lif = nir.lif "lif" (%delay)
  %lif = nir.lif "lif" (%delay) {tau = dense<0.02> : tensor<2x4xf32>, r = dense<1.0> : tensor<2x4xf32>, v_leak = dense<0.0> : tensor<f32>, v_threshold = dense<1.0> : tensor<2x4xf32>, v_reset = dense<0.0> : tensor<2x4xf32>} : (!nir.signal<2x4>) -> !nir.signal<2x4, event>
}
