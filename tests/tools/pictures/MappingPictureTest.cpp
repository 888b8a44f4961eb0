//===- MappingPictureTest.cpp - mappings as pictures ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/mapping/MappingPicture.h"
#include "tests/tools/text/Mappings.h"
#include "tools/pictures/draw/Writers.h"
#include "tools/pictures/mapping/MappingLayout.h"
#include "tools/pictures/mapping/Wires.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

using namespace nirc;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string svgOf(const MappedModel &model) {
  return nirc::svgOf(mappingFigure(model, {.millimetres = pageMillimetres}));
}

int64_t occurrences(const std::string &text, const std::string &part) {
  int64_t times = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++times;
  }
  return times;
}

TEST(MappingPicture, DrawsEveryCoreAndRoute) {
  MappedModel model = small();
  model.outputs = {"b"};
  std::string svg = svgOf(model);
  EXPECT_EQ(svg, svgOf(model));
  EXPECT_EQ(occurrences(svg, "<title>core "), 3);
  // Between cores, a loop, from outside; node b is on cores 1 and 2, which go outside.
  EXPECT_EQ(occurrences(svg, "<g class=\"route\""), 3 + 1 + 2 + 2);
  EXPECT_EQ(occurrences(svg, "data-to=\"output\""), 2);
  EXPECT_THAT(svg, HasSubstr("chip 1: 1 of 2 cores"));
  EXPECT_THAT(svg, HasSubstr(">100 %<"));
  EXPECT_THAT(svg, HasSubstr(">&lt;1 %<")); // 4 of 1000, and not nothing
  EXPECT_THAT(svg, HasSubstr("\na: 10 neurons\nneurons: 11 of 100, 11.0 %\n"));
  EXPECT_THAT(svg, Not(HasSubstr("on-demand")));
}

TEST(MappingPicture, TitlesAreNoPaths) {
  MappedModel model = small();
  model.model = "/some/folder/net.nir";
  EXPECT_THAT(svgOf(model), HasSubstr(">net.nir on chip<"));
  EXPECT_THAT(svgOf(model), Not(HasSubstr("/some/folder")));
}

TEST(MappingPicture, ManyCoresShowRoutesOnDemand) {
  EXPECT_THAT(svgOf(ring(17)), Not(HasSubstr("on-demand")));
  MappedModel model = ring(18);
  model.edges = {{"", "left"}, {"left", "right"}, {"right", "left"}, {"right", ""}};
  model.outputs = {"right"};
  std::string svg = svgOf(model);
  EXPECT_EQ(occurrences(svg, "<g class=\"routes on-demand\""), 18);
  EXPECT_EQ(occurrences(svg, "<g class=\"arc\""), 4);
  EXPECT_THAT(svg, HasSubstr("<g class=\"arc\" data-from=\"2\" data-to=\"1\">"));
}

TEST(MappingPicture, DrawsTheStrongestOfManyRoutes) {
  std::string svg = svgOf(ring(4500));
  EXPECT_EQ(occurrences(svg, "<g class=\"route\""), 4000);
  EXPECT_THAT(svg, HasSubstr("The 4000 strongest of 4500 routes are drawn."));
}

TEST(MappingPicture, ShowsOfAChipWhatIsUsed) {
  MappedModel model = small();
  model.mapping.grid = {20, 10};
  model.mapping.cores[0].column = 12;
  model.mapping.cores[1].column = 13;
  model.mapping.cores[2].column = 14;
  std::string svg = svgOf(model);
  EXPECT_THAT(svg, HasSubstr("chip 0: 2 of 200 cores"));
  EXPECT_THAT(svg, HasSubstr(">there are more cores<"));
  EXPECT_THAT(svg, HasSubstr(">not used<"));
  EXPECT_THAT(svgOf(small()), Not(HasSubstr(">there are more cores<")));
}

TEST(MappingPicture, NoPlaceIsTooFar) {
  MappedModel model = small();
  constexpr int32_t far = std::numeric_limits<int32_t>::max();
  model.mapping.grid = {far, far};
  model.mapping.cores[0].column = far - 1;
  model.mapping.cores[1].row = far - 1;
  model.mapping.cores[2].chip = far;
  std::string svg = svgOf(model);
  EXPECT_THAT(svg, HasSubstr("chip 2147483647: 1 of 4611686014132420609 cores"));
  EXPECT_EQ(occurrences(svg, "<title>core "), 3);
}

TEST(MappingPicture, ManyNodesAreToldApartByTextureAndThenNot) {
  MappedModel model = ring(24);
  for (size_t i = 0; i < 24; ++i) {
    model.mapping.cores[i].neurons.front().node = "n" + std::to_string(i);
  }
  std::string svg = svgOf(model);
  EXPECT_THAT(svg, HasSubstr(">n20<"));
  EXPECT_THAT(svg, Not(HasSubstr(">n21<")));
  EXPECT_THAT(svg, HasSubstr("in grey 3 more nodes"));
}

TEST(MappingPicture, NamesAreNoMarkup) {
  MappedModel model = small();
  model.mapping.cores[0].neurons.front().node = "</title><script>&\"\x01\xff";
  std::string svg = svgOf(model);
  EXPECT_THAT(svg, Not(HasSubstr("<script>")));
  EXPECT_THAT(svg, HasSubstr("&lt;/title&gt;&lt;script&gt;&amp;&quot;\\x01\\xff: 50 neurons"));
}

TEST(MappingPicture, NoCoresAndNoResourcesAreNoFault) {
  EXPECT_THAT(svgOf({"empty.nir", "loihi2", "int8", {}}), HasSubstr("0 cores on"));
  MappedModel model = small();
  model.mapping.resources.clear();
  for (Mapping::Core &core : model.mapping.cores) {
    core.used.clear();
  }
  EXPECT_THAT(svgOf(model), Not(HasSubstr("filled as")));
}

/// Whether a part of a line lies within a rectangle, its edge left out.
bool crosses(Point from, Point to, const Rectangle &place) {
  constexpr double edge = 0.01;
  for (int i = 0; i <= 200; ++i) {
    double x = from.x + (to.x - from.x) * i / 200.0, y = from.y + (to.y - from.y) * i / 200.0;
    if (x > place.x + edge && x < place.right() - edge && y > place.y + edge &&
        y < place.bottom() - edge) {
      return true;
    }
  }
  return false;
}

TEST(Wires, CrossNoCore) {
  MappedModel model = ring(40); // on five chips of four by two, all of them used
  model.outputs = {"right"};
  model.mapping.inputs = {{0, 1}}; // so that there is room for what comes from outside
  MappingLayout layout(model.mapping, model.outputs, 510.0, 20.0);
  Wires wires(layout);
  for (int32_t from = -1; from < 40; ++from) {
    for (int32_t to = -1; to < 40; ++to) {
      if (from < 0 && to < 0) {
        continue;
      }
      std::vector<Point> points = wires.between(from, to);
      for (size_t i = 1; i < points.size(); ++i) {
        for (int32_t core = 0; core < 40; ++core) {
          ASSERT_FALSE(crosses(points[i - 1], points[i], layout.placeOf(core)))
              << "from " << from << " to " << to << " across " << core;
        }
      }
    }
  }
}

} // namespace
