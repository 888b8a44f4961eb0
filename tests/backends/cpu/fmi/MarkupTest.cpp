//===- MarkupTest.cpp - names in XML --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/fmi/Markup.h"

#include <gtest/gtest.h>

using nirc::cpu::escaped;
using nirc::cpu::nameForMarkup;

namespace {

/// XML 1.0, 2.2: a document may have tab, line feed, carriage return, and from U+0020 on all but
/// surrogates, U+FFFE and U+FFFF. Names of FMI have no tab and no line ends.
TEST(Markup, NamesHaveOnlyWhatXmlTakes) {
  EXPECT_EQ(nameForMarkup("lif1.v"), "lif1.v");
  EXPECT_EQ(nameForMarkup("äß神😀"), "äß神😀");
  EXPECT_EQ(nameForMarkup("a\tb\nc\rd"), "a\\u0009b\\u000Ac\\u000Dd");
  EXPECT_EQ(nameForMarkup(std::string_view("\0\x1f\x7f", 3)), "\\u0000\\u001F\\u007F");
  EXPECT_EQ(nameForMarkup("\xc2\x85"), "\\u0085");     // a line end for XML 1.1
  EXPECT_EQ(nameForMarkup("\xe2\x80\xa8"), "\\u2028"); // and one of Unicode
  EXPECT_EQ(nameForMarkup("\xef\xbf\xbe"), "\\uFFFE");
  EXPECT_EQ(nameForMarkup("\xef\xbf\xbf"), "\\uFFFF");
  EXPECT_EQ(nameForMarkup("\xef\xbf\xbd"), "\xef\xbf\xbd"); // the next one below is one
}

TEST(Markup, EscapesWhatEndsTextAndAttributes) {
  EXPECT_EQ(escaped("<a & \"b\" 'c'>"), "&lt;a &amp; &quot;b&quot; &apos;c&apos;&gt;");
  EXPECT_EQ(escaped("a\nb"), "a\\u000Ab");
}

} // namespace
