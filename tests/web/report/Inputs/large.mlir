// 100,000 neurons.
module {
  nir.graph "large" version "1.0.8" {
    %0 = nir.input "input" () {shape = dense<[1, 100, 100]> : tensor<3xi64>} : () -> !nir.signal<1x100x100>
    %1 = nir.conv2d "conv" (%0) {bias = dense<0.0> : tensor<10xf32>, dilation = dense<1> : tensor<2xi64>, groups = dense<1> : tensor<i64>, input_shape = dense<100> : tensor<2xi64>, padding = dense<0> : tensor<2xi64>, stride = dense<1> : tensor<2xi64>, weight = dense<1.0> : tensor<10x1x1x1xf32>} : (!nir.signal<1x100x100>) -> !nir.signal<10x100x100>
    %2 = nir.lif "lif" (%1) {r = dense<20.0> : tensor<10x100x100xf32>, tau = dense<0.02> : tensor<10x100x100xf32>, v_leak = dense<0.0> : tensor<10x100x100xf32>, v_threshold = dense<0.5> : tensor<10x100x100xf32>} : (!nir.signal<10x100x100>) -> !nir.signal<10x100x100>
    nir.output "output" (%2) {shape = dense<[10, 100, 100]> : tensor<3xi64>} : (!nir.signal<10x100x100>) -> ()
  }
}
