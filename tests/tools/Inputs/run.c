/* Runs a network over all steps of a file twice, with a reset between, and prints the second run. */
#include "tiny.h"

#include <stdio.h>

enum { STEPS = 300 };
static float input[STEPS][TINY_INPUT_SIZE];
static uint8_t output[STEPS][TINY_OUTPUT_SIZE];

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "r") : stdin;
  for (size_t i = 0; i < sizeof input / sizeof input[0][0]; ++i) {
    if (fscanf(file, "%f", &input[0][0] + i) != 1) {
      return 1;
    }
  }
  tiny_network *net = tiny_create(), *other = tiny_create();
  float v[TINY_LARGEST_STATE], untouched[TINY_LARGEST_STATE] = {1};
  tiny_run(net, STEPS / 2, input[0], output[0]);
  tiny_reset(net);
  tiny_run(net, STEPS, input[0], output[0]);
  tiny_read_state(net, TINY_STATE_LIF1_V, v);
  tiny_read_state(other, TINY_STATE_LIF1_V, untouched);
  tiny_read_state(net, TINY_STATES, NULL); /* no state, ignored */
  float sum = 0;
  for (size_t i = 0; i < tiny_states[TINY_STATE_LIF1_V].size; ++i) {
    if (untouched[i] != 0) {
      return 1;
    }
    sum += v[i];
  }
  if (sum == 0) {
    return 1;
  }
  for (size_t t = 0; t < STEPS; ++t) {
    printf("%d %d %d\n", output[t][0], output[t][1], output[t][2]);
  }
  tiny_destroy(net);
  tiny_destroy(other);
  tiny_destroy(NULL);
  return 0;
}
