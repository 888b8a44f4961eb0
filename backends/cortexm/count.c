/*===- count.c - QEMU's plugin that counts instructions ------------------------===*
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------------===*
 *
 * -plugin count.so,out=FILE,range=FIRST-END,...: adds up in FILE, which is shared memory, one number of
 * 64 bits for each range of addresses and one more for all other instructions. Who shares the file can
 * read it while the program waits. A block of instructions counts where it begins.
 *
 * Debian has QEMU with plugins, and without qemu-plugin.h; what is used of it is declared here, as
 * QEMU's documentation of its plugin interface, version 1, has it.
 *
 *===----------------------------------------------------------------------------===*/

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
enum { qemu_plugin_inline_add_u64 = 0 };

extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                                  void (*translated)(qemu_plugin_id_t,
                                                                     struct qemu_plugin_tb *));
extern void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int operation,
                                                     void *number, uint64_t added);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum { most_ranges = 64 };
static struct {
  uint64_t first, end;
} ranges[most_ranges];
static size_t range_count;
static uint64_t *counts;

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
  (void)id;
  uint64_t address = qemu_plugin_tb_vaddr(tb);
  size_t range = 0;
  while (range < range_count && (address < ranges[range].first || address >= ranges[range].end)) {
    ++range;
  }
  qemu_plugin_register_vcpu_tb_exec_inline(tb, qemu_plugin_inline_add_u64, &counts[range],
                                           qemu_plugin_tb_n_insns(tb));
}

static bool map_file(const char *path) {
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) {
    return false;
  }
  void *memory = mmap(NULL, (most_ranges + 1) * sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED,
                      file, 0);
  close(file);
  counts = memory == MAP_FAILED ? NULL : memory;
  return counts != NULL;
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id,
                                                               const void *info, int argc,
                                                               char **argv) {
  (void)info;
  for (int i = 0; i < argc; ++i) {
    if (strncmp(argv[i], "out=", 4) == 0) {
      if (!map_file(argv[i] + 4)) {
        fprintf(stderr, "count: cannot map %s\n", argv[i] + 4);
        return -1;
      }
    } else if (strncmp(argv[i], "range=", 6) == 0 && range_count < most_ranges) {
      char *end = NULL;
      ranges[range_count].first = strtoull(argv[i] + 6, &end, 0);
      ranges[range_count].end = *end == '-' ? strtoull(end + 1, NULL, 0) : 0;
      ++range_count;
    }
  }
  if (counts == NULL) {
    fprintf(stderr, "count: out=FILE is missing\n");
    return -1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  return 0;
}
