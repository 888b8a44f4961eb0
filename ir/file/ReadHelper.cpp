//===- ReadHelper.cpp - nirc-read -----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The program that ir/Confined starts for each file. Not for use by hand.
//
//===----------------------------------------------------------------------===//

#include "ir/file/Confined.h"

#include <unistd.h>

int main(int argc, char **argv) {
  // At once: what exit handlers would do, the end of the process does.
  _exit(nir::confined::childMain(argc, argv));
}
