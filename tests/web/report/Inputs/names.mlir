// A network of names that would be HTML, script, another attribute or another direction of writing where they were taken for it.
module {
  nir.graph "names" version "1.0.8" {
    %0 = nir.input "</script><script>window.pwned = 1</script>" () {shape = dense<2> : tensor<1xi64>} : () -> !nir.signal<2>
    %1 = nir.linear "\22 onmouseover=\22window.pwned = 2\22 '&amp;<!--" (%0) {weight = dense<[[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]> : tensor<3x2xf32>} : (!nir.signal<2>) -> !nir.signal<3>
    %2 = nir.lif "\F0\9F\A7\A0 \D7\A9\D7\9C\D7\95\D7\9D <img src=x onerror=window.pwned=3>" (%1) {r = dense<1.0> : tensor<3xf32>, tau = dense<0.01> : tensor<3xf32>, v_leak = dense<0.0> : tensor<3xf32>, v_threshold = dense<0.2> : tensor<3xf32>} : (!nir.signal<3>) -> !nir.signal<3>
    nir.output "]]>\FF\01 {{x}}" (%2) {shape = dense<3> : tensor<1xi64>} : (!nir.signal<3>) -> ()
  }
}
