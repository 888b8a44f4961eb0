//===- Font.cpp - how wide text is ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Font.h"

#include "tools/pictures/draw/Words.h"

#include <array>
#include <cstdint>

namespace nirc {

/// Advances of U+0020 to U+007E in 1/2048 of the size: the table `hmtx` of DejaVu Sans and DejaVu
/// Sans Bold 2.37.
constexpr std::array<int16_t, 95> regular = {
    651,  821,  942,  1716, 1303, 1946, 1597, 563,  799,  799,  1024, 1716, 651,  739,  651,  690,
    1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690,  690,  1716, 1716, 1716, 1087,
    2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604,  604,  1343, 1141, 1767, 1532, 1612,
    1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799,  690,  799,  1716, 1024,
    1024, 1255, 1300, 1126, 1300, 1260, 721,  1300, 1298, 569,  569,  1186, 569,  1995, 1298, 1253,
    1300, 1300, 842,  1067, 803,  1298, 1212, 1675, 1212, 1212, 1075, 1303, 690,  1303, 1716};
constexpr std::array<int16_t, 95> bold = {
    713,  934,  1067, 1716, 1425, 2052, 1786, 627,  936,  936,  1071, 1716, 778,  850,  778,  748,
    1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 1425, 819,  819,  1716, 1716, 1716, 1188,
    2048, 1585, 1561, 1503, 1700, 1399, 1399, 1681, 1714, 762,  762,  1587, 1305, 2038, 1714, 1741,
    1501, 1741, 1577, 1475, 1397, 1663, 1585, 2259, 1579, 1483, 1485, 936,  748,  936,  1716, 1024,
    1024, 1382, 1466, 1214, 1466, 1389, 891,  1466, 1458, 702,  702,  1362, 702,  2134, 1458, 1407,
    1466, 1466, 1010, 1219, 979,  1458, 1335, 1892, 1321, 1335, 1192, 1458, 748,  1458, 1716};
constexpr double unitsPerSize = 2048.0;
/// Most others: Greek, Cyrillic and signs are at most as wide; characters of East Asia are square.
constexpr double other = 1716.0, square = 2048.0;

static double advance(std::string_view character, bool isBold) {
  auto lead = static_cast<unsigned char>(character.front());
  if (character.size() == 1 && lead >= 0x20 && lead < 0x7F) {
    return (isBold ? bold : regular)[lead - 0x20];
  }
  if (character == "·") {
    return isBold ? 778.0 : 651.0;
  }
  return lead >= 0xE3 ? square : character == "…" ? square : other;
}

double textWidth(std::string_view text, double size, bool isBold) {
  double units = 0.0;
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view character = rest.substr(0, lengthOfFirst(rest));
    units += advance(character, isBold);
    rest.remove_prefix(character.size());
  }
  return units / unitsPerSize * size;
}

std::string fitted(std::string_view text, double width, double size, bool isBold) {
  if (textWidth(text, size, isBold) <= width) {
    return std::string(text);
  }
  double left = width - square / unitsPerSize * size;
  size_t end = 0;
  while (end < text.size()) {
    size_t length = lengthOfFirst(text.substr(end));
    left -= advance(text.substr(end, length), isBold) / unitsPerSize * size;
    if (left < 0.0) {
      break;
    }
    end += length;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string fittedAtEnd(std::string_view text, double width, double size) {
  if (textWidth(text, size) <= width) {
    return std::string(text);
  }
  double most = width - square / unitsPerSize * size;
  while (!text.empty() && textWidth(text, size) > most) {
    text.remove_prefix(lengthOfFirst(text));
  }
  return "…" + std::string(text);
}

} // namespace nirc
