/* web_native.c - steps the network of dense_1024.o on numbers from a file, and prints seconds and
 * spikes
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */

#include "dense_1024.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    return 2;
  }
  size_t steps = (size_t)atol(argv[2]), inputs = steps * DENSE_1024_INPUT_SIZE,
         outputs = steps * DENSE_1024_OUTPUT_SIZE;
  float *input = malloc(inputs * sizeof(float));
  uint8_t *output = malloc(outputs);
  FILE *file = fopen(argv[1], "rb");
  dense_1024_network *net = dense_1024_create();
  if (!input || !output || !net || !file || fread(input, sizeof(float), inputs, file) != inputs) {
    return 1;
  }
  double best = 1e9;
  long spikes = 0;
  for (int round = 0; round < 3; ++round) { /* the first one fills the caches */
    dense_1024_reset(net);
    double start = now();
    dense_1024_run(net, steps, input, output);
    double seconds = now() - start;
    best = seconds < best ? seconds : best;
  }
  for (size_t i = 0; i < outputs; ++i) {
    spikes += output[i];
  }
  printf("%.9f %ld\n", best, spikes);
  return 0;
}
