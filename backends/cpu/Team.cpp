//===- Team.cpp - threads that work together ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Team.h"

#include <omp.h>

int nirc::cpu::coresAvailable() { return omp_get_num_procs(); }

void nirc::cpu::inParallel(int threads,
                           const std::function<void(int64_t part, int64_t parts)> &body) {
  if (threads <= 1) {
    return body(0, 1);
  }
#pragma omp parallel num_threads(threads)
  body(omp_get_thread_num(), omp_get_num_threads());
}

void nirc::cpu::meet() {
#pragma omp barrier
}
