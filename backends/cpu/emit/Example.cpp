//===- Example.cpp - a program that runs an artifact ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Interface.h"

#include "llvm/ADT/STLExtras.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::cpu;

static std::string formatOf(const InterfacePort &port) {
  bool whole = llvm::StringRef(port.type).ends_with("int8_t") || port.type == "int16_t" ||
               port.type == "int32_t";
  return whole ? "%d" : port.type == "double" ? "%.17g" : "%.9g";
}

/// The arrays that a step reads and writes.
static std::string arrays(const Interface &interface) {
  std::string text;
  for (const auto *ports : {&interface.inputs, &interface.outputs}) {
    for (const InterfacePort &port : *ports) {
      text += fmt::format("static {} {}_data[{}];\n", port.type, port.identifier,
                          std::max<int64_t>(port.elements, 1));
    }
  }
  return text;
}

static std::string readStep(const Interface &interface) {
  if (interface.inputs.empty()) {
    return "/* A network without inputs: it runs for 1000 steps. */\n"
           "static int read_step(FILE *file) {\n"
           "  static int done = 0;\n"
           "  (void)file;\n"
           "  (void)read_number;\n"
           "  return done++ < 1000;\n}\n\n";
  }
  std::string text = "/* Reads the inputs of a step. 1: done, 0: the file has ended, -1: it ended "
                     "or went wrong inside a step. */\n"
                     "static int read_step(FILE *file) {\n  size_t count = 0;\n  " +
                     interface.number + " number;\n";
  for (const InterfacePort &port : interface.inputs) {
    text += fmt::format("  for (size_t i = 0; i < {}; ++i) {{\n"
                        "    if (!read_number(file, &number)) {{\n"
                        "      return count == 0 && feof(file) ? 0 : -1;\n"
                        "    }}\n"
                        "    {}_data[i] = {}number;\n"
                        "    ++count;\n"
                        "  }}\n",
                        port.elements, port.identifier,
                        port.type == interface.number ? "" : "(" + port.type + ")");
  }
  return text + "  return 1;\n}\n\n";
}

static std::string printStep(const Interface &interface) {
  std::string text = "/* A line with the outputs of a step. */\nstatic void print_step(void) {\n"
                     "  const char *before = \"\";\n";
  for (const InterfacePort &port : interface.outputs) {
    text += fmt::format("  for (size_t i = 0; i < {}; ++i) {{\n"
                        "    printf(\"%s{}\", before, {}_data[i]);\n"
                        "    before = \" \";\n"
                        "  }}\n",
                        port.elements, formatOf(port), port.identifier);
  }
  return text + "  printf(\"\\n\");\n}\n\n";
}

std::string nirc::cpu::exampleText(const Interface &interface, bool opaque,
                                   const std::string &build) {
  std::string arguments;
  for (const auto *ports : {&interface.inputs, &interface.outputs}) {
    for (const InterfacePort &port : *ports) {
      arguments += fmt::format(", {}_data", port.identifier);
    }
  }
  std::string make = opaque ? fmt::format("  {0}_network *net = {0}_create();\n"
                                          "  if (!net) {{\n"
                                          "    fprintf(stderr, \"not enough memory\\n\");\n"
                                          "    return 1;\n"
                                          "  }}\n",
                                          interface.name)
                            : fmt::format("  static {0}_network memory;\n"
                                          "  {0}_network *net = &memory;\n"
                                          "  {0}_reset(net);\n",
                                          interface.name);
  std::string end = opaque ? fmt::format("  {}_destroy(net);\n", interface.name) : "";
  return fmt::format(R"(/* main.c - runs the network of {0}.h on numbers from a file
 *
 *     {1}
 *     ./{0} steps.txt
 *
 * The file, or standard input, holds the numbers of one step after another, of each input in turn, with blanks, commas
 * or line ends between them: what numpy.savetxt writes. For each step a line with the outputs is printed. */

#include "{0}.h"

{10}#include <stdio.h>

{2}
/* The next number of the file, after blanks and a comma. 0 where there is none. */
static int read_number(FILE *file, {3} *number) {{
  int letter = getc(file);
  while (letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n' || letter == ',') {{
    letter = getc(file);
  }}
  if (letter == EOF) {{
    return 0;
  }}
  ungetc(letter, file);
  return fscanf(file, {4}, number) == 1;
}}

{5}{6}int main(int argc, char **argv) {{
  FILE *file = argc > 1 ? fopen(argv[1], "r") : stdin;
  if (!file) {{
    perror(argv[1]);
    return 1;
  }}
{7}  int more;
  while ((more = read_step(file)) == 1) {{
    {0}_step(net{8});
    print_step();
  }}
  if (more < 0) {{
    fprintf(stderr, "the input ends inside a step, or holds what is no number\n");
  }}
{9}  return more < 0;
}}
)",
                     interface.name, build, arrays(interface), interface.number,
                     interface.isInteger()          ? "\"%\" SCNd32"
                     : interface.number == "double" ? "\"%lf\""
                                                    : "\"%f\"",
                     readStep(interface), printStep(interface), make, arguments, end,
                     interface.isInteger() ? "#include <inttypes.h>\n" : "");
}
