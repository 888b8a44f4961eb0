//===- FormatsTest.cpp - files that must load for ever --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each folder here holds a file of every kind, as one nirc wrote it (README.md). They load, and
// mean what they meant: the same semantics, the same spikes.
//
//===----------------------------------------------------------------------===//

#include "api/MlirFile.h"
#include "api/io/Files.h"
#include "api/io/Npy.h"
#include "api/io/ReadResults.h"
#include "backends/Target.h"
#include "backends/loihi2/chip/Chip.h"
#include "dialects/nir/Dialect.h"
#include "dialects/nir/Export.h"
#include "dialects/nir/Import.h"
#include "dialects/snn/Snn.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "ir/choices/Stored.h"
#include "ir/file/NirData.h"
#include "ir/file/Reader.h"
#include "ir/origin/Reading.h"
#include "passes/pipeline/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <span>
#include <string>
#include <vector>

using namespace nir;

namespace {

constexpr uint64_t anySize = 1 << 20;

// Each step's spikes of the three neurons, as make.sh's network has them.
constexpr std::string_view norseSpikes =
    "000 110 011 010 110 000 011 010 110 011 110 000 011 110 010 011";
constexpr std::string_view nirSpikes =
    "000 011 011 011 010 000 011 011 010 011 011 000 011 110 011 011";
constexpr std::string_view integerSpikes =
    "000 110 011 010 110 000 011 010 110 011 010 000 111 010 010 011";
constexpr std::string_view chipSpikes =
    "000 000 011 010 011 000 000 011 010 001 011 011 000 011 100 011";

/// A folder of files, and whether the names of presets in them are completed.
struct Generation {
  std::string_view folder;
  bool isByName;
};
constexpr Generation generations[] = {{"by-name", true}, {"v1", false}};

std::string pathOf(const Generation &generation, std::string_view file) {
  return fmt::format("{}/tests/formats/{}/{}", NIRC_SOURCE_DIR, generation.folder, file);
}

std::string bytesOf(const Generation &generation, std::string_view file) {
  Result<std::vector<std::byte>> bytes = nirc::readFile(pathOf(generation, file), anySize);
  EXPECT_TRUE(bytes) << file;
  return bytes ? std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size())
               : std::string();
}

Tensor arrayOf(const Generation &generation, std::string_view file) {
  Result<std::vector<std::byte>> bytes = nirc::readFile(pathOf(generation, file), anySize);
  EXPECT_TRUE(bytes) << file;
  Result<Tensor> array = nirc::parseNpy(*bytes, std::string(file));
  EXPECT_TRUE(array) << file;
  return *array;
}

/// "000 110", a word a step, of [1, T, 3].
std::string wordsOf(const Tensor &spikes) {
  std::string words;
  for (int64_t i = 0; i < spikes.size(); ++i) {
    words += i > 0 && i % 3 == 0 ? " " : "";
    words += spikes.at(i) != 0.0 ? '1' : '0';
  }
  return words;
}

std::string spikesOf(const Recording &recording) {
  const Trace *trace = recording.find("out", "spikes");
  EXPECT_TRUE(trace);
  return trace ? wordsOf(trace->data) : "";
}

Recording inputOf(const Generation &generation) {
  Tensor array = arrayOf(generation, "input.npy");
  return {1e-3, {{"in", "value", Tensor(array.dtype(), {1, 16, 2}, array.share())}}};
}

/// The spikes of a job on every target that runs it in numbers of any kind.
std::string run(const nirc::Job &job, const Generation &generation, std::string_view target) {
  auto executable = (*nirc::findTarget(target))->compile(job);
  if (!executable) {
    return executable.error().str();
  }
  Result<Recording> recording = (*executable)->run(inputOf(generation), {.threads = 1});
  return recording ? spikesOf(*recording) : recording.error().str();
}

std::string runGraph(const Model &model, const Semantics &semantics, const Generation &generation) {
  nirc::Job job;
  job.graph = &model.graph;
  job.file = "model.nir";
  job.semantics = semantics;
  job.semantics.dtSeconds = 1e-3;
  return run(job, generation, "cpu");
}

std::string runNetwork(const std::string &bytes, const Generation &generation) {
  nirc::Job job;
  job.file = "network.mlir";
  job.network = bytes;
  std::string spikes = run(job, generation, "cpu");
  EXPECT_EQ(run(job, generation, "reference"), spikes);
  return spikes;
}

/// The module of a file, with what goes wrong in `errors`.
struct Parsed {
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string errors;

  explicit Parsed(const std::string &bytes) {
    context.loadDialect<NirDialect, snn::SnnDialect, mlir::arith::ArithDialect,
                        mlir::math::MathDialect>();
    context.getDiagEngine().registerHandler([this](mlir::Diagnostic &diagnostic) {
      errors += diagnostic.str() + "\n";
      for (mlir::Diagnostic &note : diagnostic.getNotes()) {
        errors += "note: " + note.str() + "\n";
      }
    });
    module = mlir::parseSourceString<mlir::ModuleOp>(bytes, &context);
  }
};

/// What the one network of a file says of itself: "norse,reset=subtract in int8".
std::string choicesOf(const std::string &bytes, std::string &complete) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = nirc::loadNetwork(bytes, "network", context);
  if (!module) {
    return "not loaded";
  }
  snn::NetworkOp network = *module->getOps<snn::NetworkOp>().begin();
  Semantics semantics = network.getSemantics().getSemantics();
  EXPECT_EQ(semantics.dtSeconds, 1e-3);
  complete = completeChoices(semantics);
  std::string text = semantics.text();
  if (auto format = network.getFormat()) {
    complete += " " + completeFields(format->getFormat());
    text += " in " + format->getFormat().text();
  }
  return text;
}

/// Where only the name is stored it means what norse is today, which starts at v_leak, here 0, and
/// counts an edge once.
std::string completeNorse(const Generation &generation) {
  return fmt::format("v1,reset=subtract,{}IF.ignore=r+v_reset,LIF.ignore=r+v_reset,"
                     "CubaLIF.ignore=v_reset,feedback-start=zero{}",
                     generation.isByName ? "start=v_leak," : "",
                     generation.isByName ? ",duplicate-edges=once" : "");
}

TEST(FormatsTest, GraphsOfOthers) {
  for (const Generation &generation : generations) {
    SCOPED_TRACE(generation.folder);
    Result<Model> model = read(pathOf(generation, "plain.nir"));
    ASSERT_TRUE(model) << model.error().str();
    EXPECT_EQ(model->version, "1.0.8");
    EXPECT_EQ(readingOf(*model)->semantics, "");
    EXPECT_EQ(runGraph(*model, Semantics(), generation), nirSpikes);
  }
}

TEST(FormatsTest, GraphsThatSayHowTheyAreRead) {
  for (const Generation &generation : generations) {
    SCOPED_TRACE(generation.folder);
    Result<Model> model = read(pathOf(generation, "read.nir"));
    ASSERT_TRUE(model) << model.error().str();
    Result<Reading> reading = readingOf(*model);
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->dtSeconds, 1e-3);
    EXPECT_EQ(reading->timeUnit, TimeUnit::Seconds);
    EXPECT_EQ(isByName(reading->semantics), generation.isByName);
    EXPECT_EQ(labelOf(reading->semantics), "norse,reset=subtract");
    Result<Semantics> semantics = semanticsOf(reading->semantics);
    ASSERT_TRUE(semantics) << semantics.error().str();
    EXPECT_EQ(completeChoices(*semantics), completeNorse(generation));
    EXPECT_EQ(runGraph(*model, *semantics, generation), norseSpikes);
    for (const char *file : {"graph.mlir", "graph.mlirbc"}) {
      SCOPED_TRACE(file);
      Parsed parsed(bytesOf(generation, file));
      ASSERT_TRUE(parsed.module) << parsed.errors;
      Result<Model> same = exportGraph(*parsed.module);
      ASSERT_TRUE(same) << same.error().str();
      EXPECT_EQ(*same, *model);
    }
  }
}

TEST(FormatsTest, ClockedNetworks) {
  for (const Generation &generation : generations) {
    for (const char *ending : {"mlir", "mlirbc"}) {
      SCOPED_TRACE(fmt::format("{} {}", generation.folder, ending));
      std::string complete;
      std::string floats = bytesOf(generation, fmt::format("float.{}", ending));
      // The choices of then by the names of today.
      std::string named = generation.isByName
                              ? "norse,reset=subtract"
                              : "norse,reset=subtract,start=zero,duplicate-edges=each";
      EXPECT_EQ(choicesOf(floats, complete), named);
      EXPECT_EQ(complete, completeNorse(generation));
      EXPECT_EQ(runNetwork(floats, generation), norseSpikes);
      std::string integers = bytesOf(generation, fmt::format("integers.{}", ending));
      EXPECT_EQ(choicesOf(integers, complete), named + " in int8,weight-bits=6");
      EXPECT_EQ(complete, fmt::format("{} v1,weight-bits=6", completeNorse(generation)));
      EXPECT_EQ(runNetwork(integers, generation), integerSpikes);
    }
  }
}

TEST(FormatsTest, Results) {
  for (const Generation &generation : generations) {
    for (const char *file : {"run.csv", "run.nird", "run"}) {
      SCOPED_TRACE(fmt::format("{}/{}", generation.folder, file));
      Result<nirc::ReadResult> result = nirc::readResults(pathOf(generation, file), {anySize});
      ASSERT_TRUE(result) << result.error().str();
      EXPECT_EQ(spikesOf(result->recording), norseSpikes);
      EXPECT_EQ(result->recording.dtSeconds, 1e-3);
      const Trace *v = result->recording.find("lif", "v");
      ASSERT_TRUE(v);
      EXPECT_NEAR(v->data.at(3), 0.171875, 1e-6);
      EXPECT_EQ(result->provenance["semantics"], "norse,reset=subtract");
      EXPECT_EQ(result->provenance["target"], "cpu");
      EXPECT_EQ(result->provenance["dtype"], "float32");
      if (!generation.isByName) {
        EXPECT_EQ(result->provenance["semantics_choices"], completeNorse(generation));
      }
    }
    Result<nirc::ReadResult> lone = nirc::readResults(pathOf(generation, "run.npy"), {anySize});
    ASSERT_TRUE(lone) << lone.error().str();
    EXPECT_EQ(spikesOf(lone->recording), integerSpikes);
    EXPECT_EQ(lone->provenance["format"], "int8,weight-bits=6");
    if (!generation.isByName) {
      EXPECT_EQ(lone->provenance["format_fields"], "v1,weight-bits=6");
    }
  }
}

TEST(FormatsTest, ImagesOfLoihi2) {
  for (const Generation &generation : generations) {
    SCOPED_TRACE(generation.folder);
    auto image = nirc::loihi2::readImage(bytesOf(generation, "chip.loihi2"));
    ASSERT_TRUE(image) << image.error().str();
    EXPECT_EQ(image->dtSeconds, 1e-3);
    ASSERT_EQ(image->inputs.size(), 1u);
    ASSERT_GE(image->readouts.size(), 1u); // states follow, since version 3
    EXPECT_EQ(image->readouts[0].node, "out");
    nirc::loihi2::Chip chip(*image);
    Tensor input = arrayOf(generation, "input.npy");
    std::string words;
    for (int64_t step = 0; step < 16; ++step) {
      std::vector<std::vector<double>> spikes{{input.at(2 * step), input.at(2 * step + 1)}};
      chip.step(spikes);
      std::vector<double> values;
      chip.read(image->readouts[0], values);
      words += step > 0 ? " " : "";
      for (double value : values) {
        words += value != 0.0 ? '1' : '0';
      }
    }
    EXPECT_EQ(words, chipSpikes);
  }
}

//===----------------------------------------------------------------------===//
// A later nirc
//===----------------------------------------------------------------------===//

/// One whose norse is what snntorch is today, and whose int8 is today's int4.
struct Later {
  static std::vector<Preset> semantics() {
    std::vector<Preset> table = presets();
    for (Preset &preset : table) {
      preset.choices = preset.name == "norse" ? "gain=unit,ignore=v_reset" : preset.choices;
    }
    return table;
  }
  static std::vector<FormatPreset> formats() {
    std::vector<FormatPreset> table = formatPresets();
    table[0].fields = "weight-bits=4,state-bits=16";
    return table;
  }
  OtherPresets otherPresets{semantics()};
  OtherFormatPresets otherFormats{formats()};
};

TEST(FormatsTest, ALaterPresetChangesNoFileThatIsComplete) {
  const Generation &v1 = generations[1];
  Later later;
  Result<Model> model = read(pathOf(v1, "read.nir"));
  ASSERT_TRUE(model) << model.error().str();
  Result<Semantics> semantics = semanticsOf(readingOf(*model)->semantics);
  ASSERT_TRUE(semantics) << semantics.error().str();
  EXPECT_EQ(completeChoices(*semantics), completeNorse(v1));
  EXPECT_EQ(runGraph(*model, *semantics, v1), norseSpikes);
  EXPECT_EQ(nameDrift("norse,reset=subtract", *semantics),
            "the file's semantics is called 'norse,reset=subtract', which means another one here; "
            "its own choices count: norse,gain=integrator,reset=subtract,IF.ignore=r+v_reset,"
            "LIF.ignore=r+v_reset,feedback-start=zero");
  for (const char *file : {"float.mlir", "float.mlirbc", "integers.mlir", "integers.mlirbc"}) {
    SCOPED_TRACE(file);
    bool isFloat = std::string_view(file).starts_with("float");
    std::string complete, bytes = bytesOf(v1, file);
    choicesOf(bytes, complete);
    EXPECT_EQ(complete,
              isFloat ? completeNorse(v1) : fmt::format("{} v1,weight-bits=6", completeNorse(v1)));
    EXPECT_EQ(runNetwork(bytes, v1), isFloat ? norseSpikes : integerSpikes);
  }
}

/// Such a file is older than the completed names: it means what its reader means.
TEST(FormatsTest, ANameAloneMeansWhatItMeansLater) {
  const Generation &byName = generations[0];
  Later later;
  Semantics semantics = *semanticsOf(readingOf(*read(pathOf(byName, "read.nir")))->semantics);
  EXPECT_EQ(completeChoices(semantics), "v1,gain=unit,reset=subtract,ignore=v_reset");
  std::string complete;
  EXPECT_EQ(choicesOf(bytesOf(byName, "float.mlir"), complete), "norse,reset=subtract");
  EXPECT_EQ(complete, completeChoices(semantics));
}

/// The errors of reading a file of a version that is not there yet.
TEST(FormatsTest, ALaterVersionOfTextIsRefusedBeforeItsBody) {
  for (const char *file : {"integers.mlir", "graph.mlir"}) {
    std::string text = bytesOf(generations[1], file), dialect = file[0] == 'i' ? "snn" : "nir";
    size_t at = text.find(fmt::format("#{}.dialect<1, \"", dialect));
    ASSERT_NE(at, std::string::npos) << text;
    size_t end = text.find('>', at);
    text = text.substr(0, at) + fmt::format("#{}.dialect<2, \"0.9.0\"", dialect) +
           text.substr(end, text.find('{', end) - end) + "{ snn.op of a later day }";
    Parsed parsed(text);
    EXPECT_FALSE(parsed.module);
    EXPECT_EQ(parsed.errors,
              fmt::format("found version 2 of the dialect {}, expected 1\n"
                          "note: nirc 0.9.0 wrote it; this is nirc {}: read it with that nirc or a "
                          "later one\n",
                          dialect, NIRC_VERSION));
  }
}

/// Whether the bytes are refused as of version 2, and not as anything else that a changed byte is.
bool isRefusedAsLater(const std::string &bytes, const std::string &dialect) {
  Result<nirc::ParsedMlir> parsed =
      nirc::parseMlir("later.mlirbc", std::as_bytes(std::span(bytes.data(), bytes.size())));
  return !parsed &&
         parsed.error().str().find(fmt::format(
             "found version 2 of the dialect {}, expected 1\nlater.mlirbc: note: nirc {} wrote it",
             dialect, NIRC_VERSION)) != std::string::npos;
}

TEST(FormatsTest, ALaterVersionOfBytecodeIsRefused) {
  for (const auto &[file, dialect] :
       {std::pair("integers.mlirbc", "snn"), std::pair("graph.mlirbc", "nir")}) {
    std::string bytes = bytesOf(generations[1], file);
    ASSERT_TRUE(Parsed(bytes).module);
    int refused = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == 3) { // 1, as bytecode has numbers; 5 is 2
        std::string later = bytes;
        later[i] = 5;
        refused += isRefusedAsLater(later, dialect);
      }
    }
    EXPECT_EQ(refused, 1) << file;
  }
}

} // namespace
