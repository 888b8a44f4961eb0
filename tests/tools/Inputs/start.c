/* Prints v of the first neuron of mv.nir after each of 10 steps without input. */

#include "mv.h"

#include <stdio.h>

int main(void) {
  static mv_network net;
  float input[2] = {0, 0}, v[2];
  uint8_t output[2];
  mv_reset(&net);
  for (int step = 0; step < 10; ++step) {
    mv_step(&net, input, output);
    mv_read_state(&net, MV_STATE_LIF_V, v);
    printf("%.6f\n", v[0]);
  }
  return 0;
}
