//===- UnitPages.cpp - what a unit says to people -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/fmi/UnitPages.h"

#include "backends/cpu/fmi/Markup.h"
#include "backends/cpu/fmi/ModelDescription.h"
#include "ir/choices/Stored.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace nirc;
using namespace nirc::cpu;

static std::string rows(const Unit &unit) {
  std::string text;
  for (size_t i = 0; i < unit.variables.size(); ++i) {
    const UnitVariable &variable = unit.variables[i];
    text += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", i,
        escaped(variable.name), nameOf(variable.causality), typeOf(variable),
        variable.row.elements == 1 ? std::string("scalar")
                                   : fmt::format("{}", fmt::join(variable.shape, " &times; ")),
        escaped(variable.description));
  }
  return text;
}

std::string nirc::cpu::indexPage(const Unit &unit) {
  const ProgramInfo &info = unit.info;
  std::string numbers = info.format.empty()
                            ? std::string(nir::name(info.dtype))
                            : "integers of the format " + std::string(nir::labelOf(info.format));
  return fmt::format(
      R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{0}</title>
</head>
<body>
<h1>{0}</h1>
<p>A spiking network as a co-simulation unit of FMI 3.0, compiled by nirc {1} from {2}.</p>
<ul>
<li>A step of the network is {3} s. Semantics: {4}. It computes in {5}.</li>
<li>A communication step is a multiple of {3} s, of n steps of the network. Another one is an error. It may differ from call to
call.</li>
<li>Inputs hold their values from one communication point to the next: all n steps see what was set before. They act from the next step
on, so no output depends on an input at the same time.</li>
<li>Outputs are those of the last of the n steps. The counter of an output of spikes says how many there were in all n steps. With n = 1
no spike is lost, and the time of each is known.</li>
<li>The state can be kept, restored and written down. Written states are for this unit alone.</li>
</ul>
<table>
<tr><th>reference</th><th>name</th><th>causality</th><th>type</th><th>shape</th><th>is</th></tr>
{6}</table>
</body>
</html>
)",
      escaped(unit.name), escaped(info.nirc), escaped(info.model), info.dtSeconds,
      escaped(nir::labelOf(info.semantics)), escaped(numbers), rows(unit));
}

std::string nirc::cpu::dependenciesText(const Unit &unit) {
  return fmt::format("The library needs libc.so.6 and, for some networks, libm.so.6 of the system "
                     "(glibc), and nothing else.\n"
                     "Its code is for the processor {} and later ones. On another one it makes no "
                     "instance, and logs what is missing.\n",
                     unit.cpu);
}

std::string nirc::cpu::licenceText() {
  return fmt::format("The functions of FMI in the library are part of nirc, under the Apache "
                     "License v2.0 with LLVM Exceptions\n(https://llvm.org/LICENSE.txt). By these "
                     "exceptions no notice needs to go along with them.\n\n"
                     "The parameters of the network are those of the model that was compiled, and "
                     "have its license.\n\n"
                     "The functions are declared by the header files of FMI:\n\n{}",
                     licenceOfHeaders());
}
