//===- Workshop.h - artifacts, built and compared with runs -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace nir::test {

inline constexpr int64_t steps = 30, batch = 2;

/// C code between the test and an artifact, whose functions have a parameter for each port.
inline std::string shimFor(size_t inputs, size_t outputs, bool opaque) {
  std::string arguments;
  for (size_t i = 0; i < inputs; ++i) {
    arguments += fmt::format(", in[{}]", i);
  }
  for (size_t i = 0; i < outputs; ++i) {
    arguments += fmt::format(", out[{}]", i);
  }
  return fmt::format(
      R"(#include "random.h"
#include <stdlib.h>
static const random_port *const tables[3] = {{random_inputs, random_outputs, random_states}};
size_t shim_count(int table) {{
  return table == 0 ? RANDOM_INPUTS : table == 1 ? RANDOM_OUTPUTS : RANDOM_STATES;
}}
const char *shim_name(int table, size_t at) {{ return tables[table][at].node; }}
const char *shim_observable(int table, size_t at) {{ return tables[table][at].observable; }}
const char *shim_type(int table, size_t at) {{ return tables[table][at].type; }}
size_t shim_size(int table, size_t at) {{ return tables[table][at].size; }}
void *shim_create(void) {{ {0} }}
void shim_destroy(void *net) {{ {1} }}
void shim_step(void *net, void **in, void **out) {{
  (void)in;
  random_step(net{2});
}}
void shim_read(const void *net, size_t state, void *values) {{
  random_read_state(net, state, values);
}}
)",
      opaque ? "return random_create();"
             : "random_network *net = malloc(sizeof *net); random_reset(net); return net;",
      opaque ? "random_destroy(net);" : "free(net);", arguments);
}

/// An artifact in a library of its own, with the shim.
class Loaded {
public:
  explicit Loaded(const std::string &library)
      : handle(dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!handle) {
      ADD_FAILURE() << dlerror();
      return;
    }
    get("shim_count", count);
    get("shim_name", name);
    get("shim_observable", observable);
    get("shim_type", type);
    get("shim_size", size);
    get("shim_create", create);
    get("shim_destroy", destroy);
    get("shim_step", step);
    get("shim_read", read);
  }
  Loaded(const Loaded &) = delete;
  Loaded &operator=(const Loaded &) = delete;
  ~Loaded() {
    if (handle) {
      dlclose(handle);
    }
  }
  explicit operator bool() const { return handle != nullptr; }

  size_t (*count)(int table) = nullptr;
  const char *(*name)(int table, size_t at) = nullptr;
  const char *(*observable)(int table, size_t at) = nullptr;
  const char *(*type)(int table, size_t at) = nullptr;
  size_t (*size)(int table, size_t at) = nullptr;
  void *(*create)() = nullptr;
  void (*destroy)(void *net) = nullptr;
  void (*step)(void *net, void **in, void **out) = nullptr;
  void (*read)(const void *net, size_t state, void *values) = nullptr;

private:
  template <typename Function>
  void get(const char *symbol, Function &function) {
    function = reinterpret_cast<Function>(dlsym(handle, symbol));
  }
  void *handle;
};

enum Table { Inputs, Outputs, States };

inline double elementOf(const std::vector<char> &bytes, std::string_view type, size_t at) {
  auto as = [&](auto value) {
    std::memcpy(&value, bytes.data() + at * sizeof value, sizeof value);
    return static_cast<double>(value);
  };
  return type == "uint8_t"   ? as(uint8_t())
         : type == "int8_t"  ? as(int8_t())
         : type == "int16_t" ? as(int16_t())
         : type == "int32_t" ? as(int32_t())
         : type == "double"  ? as(double())
                             : as(float());
}

inline void setElement(std::vector<char> &bytes, std::string_view type, size_t at, double value) {
  if (type == "double") {
    std::memcpy(bytes.data() + at * 8, &value, 8);
  } else if (type == "int8_t") {
    bytes[at] = static_cast<char>(value);
  } else if (type == "int16_t") {
    auto half = static_cast<int16_t>(value);
    std::memcpy(bytes.data() + at * 2, &half, 2);
  } else if (type == "int32_t") {
    auto whole = static_cast<int32_t>(value);
    std::memcpy(bytes.data() + at * 4, &whole, 4);
  } else {
    auto single = static_cast<float>(value);
    std::memcpy(bytes.data() + at * 4, &single, 4);
  }
}

/// The first element of `bytes` that is not that of `trace` in that sample and step.
inline std::string differenceIn(const std::vector<char> &bytes, std::string_view type,
                                const Trace &trace, int64_t sample, int64_t step) {
  int64_t elements = trace.data.size() / (batch * steps);
  for (int64_t i = 0; i < elements; ++i) {
    double got = elementOf(bytes, type, static_cast<size_t>(i));
    double want = trace.data.at((sample * steps + step) * elements + i);
    if (std::memcmp(&got, &want, sizeof got) != 0 && !(std::isnan(got) && std::isnan(want))) {
      return fmt::format("{}:{} sample {} step {} element {}: {}, expected {}", trace.node,
                         trace.observable, sample, step, i, got, want);
    }
  }
  return {};
}

/// What the samples' instances compute, taking turns, against `want`.
inline std::string difference(const Loaded &code, const Recording &input, const Recording &want) {
  std::vector<std::vector<char>> memory[3];
  std::vector<void *> pointers[3];
  for (int table : {Inputs, Outputs, States}) {
    for (size_t i = 0; i < code.count(table); ++i) {
      memory[table].emplace_back(code.size(table, i) * sizeof(double));
    }
    for (std::vector<char> &array : memory[table]) {
      pointers[table].push_back(array.data());
    }
  }
  if (code.count(Outputs) + code.count(States) != want.traces.size()) {
    return fmt::format("{} outputs and {} states, expected {}", code.count(Outputs),
                       code.count(States), want.traces.size());
  }
  void *nets[batch] = {code.create(), code.create()};
  std::string differs;
  for (int64_t step = 0; step < steps && differs.empty(); ++step) {
    for (int64_t sample = 0; sample < batch && differs.empty(); ++sample) {
      for (size_t i = 0; i < code.count(Inputs); ++i) {
        const Trace *trace = input.find(code.name(Inputs, i), "value");
        int64_t elements = trace->data.size() / (batch * steps);
        for (int64_t e = 0; e < elements; ++e) {
          setElement(memory[Inputs][i], code.type(Inputs, i), static_cast<size_t>(e),
                     trace->data.at((sample * steps + step) * elements + e));
        }
      }
      code.step(nets[sample], pointers[Inputs].data(), pointers[Outputs].data());
      for (size_t i = 0; i < want.traces.size() && differs.empty(); ++i) {
        bool isOutput = i < code.count(Outputs);
        int table = isOutput ? Outputs : States;
        size_t at = isOutput ? i : i - code.count(Outputs);
        if (!isOutput) {
          code.read(nets[sample], at, memory[States][at].data());
        }
        if (code.name(table, at) != want.traces[i].node ||
            code.observable(table, at) != want.traces[i].observable) {
          differs =
              fmt::format("{} {}, expected {} {}", code.name(table, at), code.observable(table, at),
                          want.traces[i].node, want.traces[i].observable);
        } else {
          differs =
              differenceIn(memory[table][at], code.type(table, at), want.traces[i], sample, step);
        }
      }
    }
  }
  for (void *net : nets) {
    code.destroy(net);
  }
  return differs;
}

inline bool hasGcc() { return std::system("gcc --version > /dev/null 2>&1") == 0; }

/// How an artifact is made and built into a library.
struct Form {
  std::string kind, cpu;     ///< as --emit and --cpu take them
  const char *flags = "-O1"; ///< of gcc
};

/// Writes artifacts into a folder of its own and compares them with runs.
class Workshop {
public:
  explicit Workshop(const std::string &label)
      : folder(std::filesystem::temp_directory_path() /
               fmt::format("nirc-artifacts-{}-{}", getpid(), label)) {}
  Workshop(const Workshop &) = delete;
  Workshop &operator=(const Workshop &) = delete;
  ~Workshop() { std::filesystem::remove_all(folder); }

  void expectSame(const nirc::Job &job, const Recording &input, const std::vector<Form> &forms);

private:
  /// Writes the job in that form and builds a library of it with the shim.
  std::string build(const nirc::Job &job, const Form &form, size_t inputs, size_t outputs);

  std::filesystem::path folder;
  int built = 0;
};

inline nirc::EmitOptions optionsFor(const Form &form) {
  return {.kind = form.kind, .name = "random", .cpu = form.cpu};
}

inline std::string Workshop::build(const nirc::Job &job, const Form &form, size_t inputs,
                                   size_t outputs) {
  auto artifact = (*nirc::findTarget("cpu"))->emit(job, optionsFor(form));
  if (!artifact) {
    ADD_FAILURE() << artifact.error().str();
    return {};
  }
  std::filesystem::path here = folder / std::to_string(built++); // dlopen knows files by name
  std::filesystem::create_directories(here);
  for (const auto &file : artifact->files) {
    std::ofstream(here / file.name, std::ios::binary) << file.bytes;
  }
  std::ofstream(here / "shim.c") << shimFor(inputs, outputs, form.kind != "c");
  std::string code = form.kind == "c"        ? "random.c"
                     : form.kind == "shared" ? "librandom.so -Wl,-rpath,'$ORIGIN'"
                                             : "random.o";
  // main.c is compiled for its warnings alone.
  std::string command = fmt::format("cd '{}' && gcc {} -fPIC -shared -Wall -Wextra -Werror shim.c "
                                    "{} -o shim.so -lm && "
                                    "gcc -std=c11 -fsyntax-only -Wall -Wextra -Werror main.c",
                                    here.string(), form.flags, code);
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return here / "shim.so";
}

inline void Workshop::expectSame(const nirc::Job &job, const Recording &input,
                                 const std::vector<Form> &forms) {
  const nirc::Target *cpu = *nirc::findTarget("cpu");
  auto executable = cpu->compile(job);
  if (!executable) { // a choice that this network does not go with
    for (const Form &form : forms) {
      auto artifact = cpu->emit(job, optionsFor(form));
      ASSERT_FALSE(artifact);
      EXPECT_EQ(artifact.error().str(), executable.error().str());
    }
    return;
  }
  Result<Recording> want = (*executable)->run(input, {});
  ASSERT_TRUE(want) << want.error().str();
  for (const Form &form : forms) {
    std::string library =
        build(job, form, input.traces.size(), want->traces.size() - job.probes.size());
    ASSERT_FALSE(library.empty());
    Loaded code(library);
    ASSERT_TRUE(code);
    EXPECT_EQ(difference(code, input, *want), "") << fmt::format(
        "{} in {}, --emit={} --cpu={}", job.semantics.str(), name(job.dtype), form.kind, form.cpu);
  }
}

} // namespace nir::test
