//===- Junit.cpp - results as JUnit's XML --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/report/Junit.h"

#include "api/io/Printable.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc::conformance {

/// A text, line by line, with the five characters that mean something in XML replaced.
static std::string escaped(const std::string &text) {
  std::string result, line;
  auto flush = [&] {
    for (char c : printable(line)) {
      switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&apos;";
        break;
      default:
        result += c;
      }
    }
    line.clear();
  };
  for (char c : text) {
    if (c == '\n') {
      flush();
      result += '\n';
    } else {
      line += c;
    }
  }
  flush();
  return result;
}

static int64_t count(const std::vector<JunitCase> &cases, JunitCase::Kind kind) {
  return std::count_if(cases.begin(), cases.end(),
                       [&](const JunitCase &one) { return one.kind == kind; });
}

static std::string totals(const std::vector<JunitCase> &cases) {
  double seconds = 0.0;
  for (const JunitCase &one : cases) {
    seconds += one.seconds;
  }
  return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")",
                     cases.size(), count(cases, JunitCase::Kind::Failed),
                     count(cases, JunitCase::Kind::Broken), count(cases, JunitCase::Kind::Skipped),
                     seconds);
}

static std::string caseText(const JunitCase &one) {
  std::string head = fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")",
                                 escaped(one.suite), escaped(one.name), one.seconds);
  if (one.kind == JunitCase::Kind::Passed) {
    return head + "/>\n";
  }
  std::string_view element = one.kind == JunitCase::Kind::Failed   ? "failure"
                             : one.kind == JunitCase::Kind::Broken ? "error"
                                                                   : "skipped";
  return fmt::format("{}>\n      <{} message=\"{}\">{}</{}>\n    </testcase>\n", head, element,
                     escaped(one.message), escaped(one.text), element);
}

std::string junitText(const std::string &name, const std::vector<JunitCase> &cases) {
  std::vector<std::string> suites;
  for (const JunitCase &one : cases) {
    if (std::find(suites.begin(), suites.end(), one.suite) == suites.end()) {
      suites.push_back(one.suite);
    }
  }
  std::string text = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                 "<testsuites name=\"{}\" {}>\n",
                                 escaped(name), totals(cases));
  for (const std::string &suite : suites) {
    std::vector<JunitCase> own;
    std::copy_if(cases.begin(), cases.end(), std::back_inserter(own),
                 [&](const JunitCase &one) { return one.suite == suite; });
    text += fmt::format("  <testsuite name=\"{}\" {}>\n", escaped(suite), totals(own));
    for (const JunitCase &one : own) {
      text += caseText(one);
    }
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

} // namespace nirc::conformance
