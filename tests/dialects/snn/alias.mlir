// Types of integers may have a name, which stands before the first network.

// RUN: nir-opt %s | FileCheck %s

!spikes = !quant.uniform<i8<0:1>:f64, 1.0>
// CHECK: snn.input "in" : tensor<2x!quant.uniform<i8<0:1>:f64, 1.000000e+00>>
snn.network @named of i32 <"nir", dt = 1.0e-3> in <"int8"> {
  %in = snn.input "in" : tensor<2x!spikes>
  snn.output "out" %in shape [2] : tensor<2x!spikes>
}
