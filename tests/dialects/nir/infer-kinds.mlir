// RUN: nir-opt %s --infer-kinds --split-input-file | FileCheck %s
// Spikes stay spikes through nodes that only pass on, and through ports; linear maps are analog.

nir.graph "kinds" {
  // What drives the network can be any number.
  // CHECK: nir.input "in" () {{.*}} -> !nir.signal<4, analog>
  %in = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
  // CHECK: nir.flatten "unknown" (%in) {{.*}} -> !nir.signal<4, analog>
  %unknown = nir.flatten "unknown" (%in) {start_dim = dense<0> : tensor<i64>, end_dim = dense<0> : tensor<i64>} : (!nir.signal<4>) -> !nir.signal<4>
  // CHECK: nir.if "if" ({{.*}}) {{.*}} -> !nir.signal<4, event>
  %if = nir.if "if" (%in, %delay) {r = dense<1.0> : tensor<4xf32>, v_threshold = dense<1.0> : tensor<4xf32>} : (!nir.signal<4>, !nir.signal<4>) -> !nir.signal<4>
  // CHECK: nir.delay "delay" (%if) {{.*}} : (!nir.signal<4, event>) -> !nir.signal<4, event>
  %delay = nir.delay "delay" (%if) {delay = dense<1.0> : tensor<f32>} : (!nir.signal<4>) -> !nir.signal<4>
  // Spikes of several edges are spikes at more times.
  // CHECK: nir.delay "sum" (%if, %if) {{.*}} -> !nir.signal<4, event>
  %sum = nir.delay "sum" (%if, %if) {delay = dense<1.0> : tensor<f32>} : (!nir.signal<4>, !nir.signal<4>) -> !nir.signal<4>
  // CHECK: nir.graph "sub" ("a": %if, "b": %sum, "b": %if) -> ("a_out", "b_out")
  %sub:2 = nir.graph "sub" ("a": %if, "b": %sum, "b": %if) -> ("a_out", "b_out") {
    // CHECK: nir.input "a" {{.*}} -> !nir.signal<4, event>
    %a = nir.input "a" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
    // CHECK: nir.input "b" {{.*}} -> !nir.signal<4, event>
    %b = nir.input "b" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4>
    nir.output "a_out" (%a) {shape = dense<4> : tensor<1xi64>} : (!nir.signal<4>) -> ()
    nir.output "b_out" (%b) {shape = dense<4> : tensor<1xi64>} : (!nir.signal<4>) -> ()
  // CHECK: -> (!nir.signal<4, event>, !nir.signal<4, event>)
  } : (!nir.signal<4>, !nir.signal<4>, !nir.signal<4>) -> (!nir.signal<4>, !nir.signal<4>)
  // CHECK: nir.threshold "thr" (%sub.b_out) {{.*}} -> !nir.signal<4, event>
  %thr = nir.threshold "thr" (%sub#1) {threshold = dense<1.0> : tensor<f32>} : (!nir.signal<4>) -> !nir.signal<4>
  // CHECK: nir.scale "scale" (%thr) {{.*}} -> !nir.signal<4, analog>
  %scale = nir.scale "scale" (%thr) {scale = dense<1.0> : tensor<f32>} : (!nir.signal<4>) -> !nir.signal<4>
}

// -----

// What the text says of an input is believed.
nir.graph "told" {
  %in = nir.input "in" () {shape = dense<4> : tensor<1xi64>} : () -> !nir.signal<4, event>
  // CHECK: nir.delay "delay" {{.*}} -> !nir.signal<4, event>
  %delay = nir.delay "delay" (%in) {delay = dense<1.0> : tensor<f32>} : (!nir.signal<4, event>) -> !nir.signal<4>
}

// -----

// Nothing but spikes reaches a loop that only passes on.
nir.graph "loop" {
  // CHECK: nir.delay "delay" {{.*}} -> !nir.signal<4, event>
  %delay = nir.delay "delay" (%delay) {delay = dense<1.0> : tensor<4xf32>} : (!nir.signal<4>) -> !nir.signal<4>
}

// -----

// A threshold on a spike train is what a run accepts.
nir.graph "threshold on spikes" {
  %sub = nir.graph "sub" () -> ("") {
    %if = nir.if "if" () {r = dense<1.0> : tensor<4xf32>, v_threshold = dense<1.0> : tensor<4xf32>} : () -> !nir.signal<4>
    nir.output "out" (%if) {shape = dense<4> : tensor<1xi64>} : (!nir.signal<4>) -> ()
  } : () -> !nir.signal<4>
  // CHECK: nir.threshold "thr" {{.*}} : (!nir.signal<4, event>) -> !nir.signal<4, event>
  %thr = nir.threshold "thr" (%sub) {threshold = dense<1.0> : tensor<f32>} : (!nir.signal<4>) -> !nir.signal<4>
}
