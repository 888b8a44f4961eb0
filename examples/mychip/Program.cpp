//===- Program.cpp - the file that Mychip loads ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Program.h"

#include <iomanip>
#include <limits>
#include <sstream>

namespace mychip {

/// Writes words with blanks between them.
struct Writer {
  std::ostringstream out;
  void word(const auto &value) { out << +value << ' '; }
  void word(const std::string &value) { out << std::quoted(value) << ' '; }
  void size(const auto &values) { word(values.size()); }
};

/// Reads them; after a word that is wrong all are 0.
struct Reader {
  std::istringstream in;
  template <typename T>
  void word(T &value) {
    int64_t number = 0;
    in >> number;
    value = static_cast<T>(in ? number : 0);
  }
  void word(double &value) { in >> value; }
  void word(std::string &value) { in >> std::quoted(value); }
  void size(auto &values) {
    uint64_t count = 0, most = static_cast<uint64_t>(in.rdbuf()->in_avail());
    word(count); // of a file: it has fewer than bytes
    values.resize(count <= most ? count : (in.setstate(std::ios::failbit), 0));
  }
};

// What the file holds, once for both ways.
template <typename File, typename T>
  requires std::is_arithmetic_v<T> || std::is_same_v<T, std::string>
void walk(File &file, T &value) {
  file.word(value);
}
template <typename File, typename T>
void walk(File &file, std::vector<T> &values);
template <typename File, typename... T>
  requires(sizeof...(T) > 1)
void walk(File &file, T &...values) {
  (walk(file, values), ...);
}
void walk(auto &file, nirc::Synapse &s) { walk(file, s.source, s.delay, s.weight); }
void walk(auto &file, nirc::NeuronBias &b) { walk(file, b.step, b.added); }
void walk(auto &file, nirc::NeuronInstruction &i) {
  auto op = static_cast<uint8_t>(i.op);
  walk(file, op, i.bits, i.operands[0], i.operands[1], i.operands[2], i.constant);
  i.op = static_cast<nirc::NeuronOp>(op);
}
void walk(auto &file, nirc::NeuronCode &c) { walk(file, c.arguments, c.instructions, c.results); }
void walk(auto &file, Neuron &n) {
  walk(file, n.core, n.code, n.start, n.spikes, n.states, n.parameters, n.biases, n.synapses);
}
void walk(auto &file, nirc::PortInfo &p) {
  walk(file, p.node, p.observable, p.shape, p.latency);
  p.dtype = p.observable == "spikes" ? nir::DType::U8 : nir::DType::F64;
}
void walk(auto &file, Readout &r) { walk(file, r.port, r.neurons, r.scales, r.state); }
void walk(auto &file, Program &p) {
  nirc::ProgramInfo &i = p.info;
  walk(file, i.nirc, i.model, i.semantics, i.format, i.dtSeconds, i.inputs, i.outputs, i.records);
  walk(file, p.codes, p.neurons, p.readouts);
}
template <typename File, typename T>
void walk(File &file, std::vector<T> &values) {
  file.size(values);
  for (T &value : values) {
    walk(file, value);
  }
}

std::string write(Program program) {
  Writer file;
  file.out << magic << std::setprecision(std::numeric_limits<double>::max_digits10);
  walk(file, program);
  return file.out.str();
}

nir::Result<Program> read(const std::string &text) {
  Reader file{std::istringstream(text)};
  file.in.ignore(static_cast<std::streamsize>(magic.size()));
  Program program;
  program.info.target = "mychip";
  program.info.dtype = nir::DType::F64;
  walk(file, program);
  return file.in ? nir::Result<Program>(std::move(program))
                 : nir::Error(nir::Cause::DamagedFile, "is a damaged program of Mychip");
}

} // namespace mychip
