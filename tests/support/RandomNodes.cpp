//===- RandomNodes.cpp - nodes from seeds ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/RandomNodes.h"

#include <cmath>

namespace nir::test {

/// Parameters have the file's dtype; neurons' are floats.
static const std::vector<DType> floats{DType::F32, DType::F32, DType::F64, DType::F16};

Tensor RandomNodes::values(const Shape &shape, double low, double high,
                           const std::vector<DType> &dtypes) {
  std::vector<double> numbers(static_cast<size_t>(numElements(shape)));
  bool isUniform = random.chance(0.3);
  for (size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = isUniform && i > 0 ? numbers[0] : random.uniform(low, high);
  }
  return tensorOf(random.pick(dtypes), shape, numbers);
}

Tensor RandomNodes::perNeuron(const Shape &shape, double low, double high) {
  return values(random.chance(0.2) ? Shape{} : shape, low, high, floats);
}

std::optional<Tensor> RandomNodes::maybePerNeuron(const Shape &shape, double low, double high) {
  return random.chance(0.6) ? std::optional(perNeuron(shape, low, high)) : std::nullopt;
}

Tensor RandomNodes::weights(const Shape &shape, double size) {
  if (random.chance(0.15)) {
    static const std::vector<DType> integers{DType::I8, DType::I16, DType::I32, DType::I64};
    return values(shape, -1.9, 1.9, integers);
  }
  return values(shape, -0.6 * size, size, floats);
}

Tensor RandomNodes::integer(int64_t value) {
  return random.chance(0.2) ? Tensor::scalar(static_cast<int32_t>(value)) : Tensor::scalar(value);
}

Tensor RandomNodes::pair(int64_t rows, int64_t columns) {
  if (rows == columns && random.chance(0.5)) {
    return integer(rows);
  }
  return Tensor::vector<int64_t>({rows, columns});
}

Tensor RandomNodes::shapeOf(const Shape &shape) { return Tensor::vector<int64_t>(shape); }

Params RandomNodes::neuron(const Shape &shape) {
  // Steps are 1 ms or less: a time constant is at least three of them, so that Euler is stable.
  auto tau = [&] { return perNeuron(shape, 3e-3, 30e-3); };
  auto r = [&] { return perNeuron(shape, 0.5, 2.0); };
  auto leak = [&] {
    return random.chance(0.5) ? perNeuron(shape, 0.0, 0.0) : perNeuron(shape, -0.1, 0.3);
  };
  auto threshold = [&] { return perNeuron(shape, 0.2, 0.8); };
  auto reset = [&] { return maybePerNeuron(shape, -0.2, 0.0); };
  auto wIn = [&] { return maybePerNeuron(shape, 0.5, 2.0); };
  switch (random.below(8)) {
  case 0:
    return I{perNeuron(shape, 0.02, 0.1)};
  case 1:
  case 2:
    return IF{r(), threshold(), reset()};
  case 3:
    return LI{tau(), r(), leak()};
  case 4:
  case 5:
    return LIF{tau(), r(), leak(), threshold(), reset()};
  case 6:
    return CubaLI{tau(), tau(), r(), leak(), wIn()};
  default:
    return CubaLIF{tau(), tau(), r(), leak(), threshold(), reset(), wIn()};
  }
}

/// Affine or Linear; dimensions before the last stand for separate matrices.
Params RandomNodes::matrix(const Shape &shape) {
  Shape out(shape.begin(), shape.end() - 1);
  int64_t most = std::max<int64_t>(1, maxElements / numElements(out));
  out.push_back(random.between(1, std::min<int64_t>(most, 12)));
  Shape weight = out;
  weight.push_back(shape.back());
  double size = 2.0 / std::sqrt(static_cast<double>(shape.back()));
  if (random.chance(0.4)) {
    return Linear{weights(weight, size)};
  }
  return Affine{weights(weight, size), values(out, -0.1, 0.3, floats)};
}

/// A divisor of both, as the number of groups.
static int64_t pickGroups(Random &random, int64_t channels) {
  return channels > 1 && random.chance(0.4) ? channels : 1;
}

Params RandomNodes::conv1d(const Shape &shape) {
  int64_t groups = pickGroups(random, shape[0]);
  int64_t outputs = groups * random.between(1, 2);
  int64_t dilation = random.between(1, 2);
  int64_t kernel = random.between(1, std::max<int64_t>(1, std::min<int64_t>(3, shape[1] / 2)));
  Shape weight{outputs, shape[0] / groups, kernel};
  int64_t stride = random.between(1, 2);
  Padding padding = integer(random.between(0, 2));
  if (random.chance(0.3)) {
    padding = std::string("same");
    stride = 1;
  } else if (random.chance(0.2)) {
    padding = std::string("valid");
  }
  std::optional<Tensor> size;
  if (random.chance(0.5)) {
    size = random.chance(0.5) ? integer(shape[1]) : shapeOf({shape[1]});
  }
  if ((kernel - 1) * dilation + 1 > shape[1]) {
    dilation = 1;
  }
  return Conv1d{size,
                weights(weight, 1.5 / std::sqrt(static_cast<double>(weight[1] * kernel))),
                integer(stride),
                padding,
                integer(dilation),
                integer(groups),
                values({outputs}, -0.1, 0.2, floats)};
}

Params RandomNodes::conv2d(const Shape &shape) {
  int64_t groups = pickGroups(random, shape[0]);
  int64_t outputs = groups * random.between(1, 2);
  int64_t rows = random.between(1, std::min<int64_t>(3, shape[1]));
  int64_t columns = random.between(1, std::min<int64_t>(3, shape[2]));
  int64_t dilatedRows = (rows - 1) * 2 + 1 <= shape[1] ? random.between(1, 2) : 1;
  int64_t dilatedColumns = (columns - 1) * 2 + 1 <= shape[2] ? random.between(1, 2) : 1;
  Tensor stride = pair(random.between(1, 2), random.between(1, 2));
  Padding padding = pair(random.between(0, 1), random.between(0, 1));
  if (random.chance(0.3)) {
    padding = std::string("same");
    stride = pair(1, 1);
  } else if (random.chance(0.2)) {
    padding = std::string("valid");
  }
  std::optional<Tensor> size;
  if (random.chance(0.5)) {
    size = shapeOf({shape[1], shape[2]});
  }
  Shape weight{outputs, shape[0] / groups, rows, columns};
  return Conv2d{size,
                weights(weight, 1.5 / std::sqrt(static_cast<double>(weight[1] * rows * columns))),
                stride,
                padding,
                pair(dilatedRows, dilatedColumns),
                integer(groups),
                values({outputs}, -0.1, 0.2, floats)};
}

Params RandomNodes::pool(const Shape &shape) {
  int64_t rows = random.between(1, std::min<int64_t>(3, shape[1]));
  int64_t columns = random.between(1, std::min<int64_t>(3, shape[2]));
  Tensor kernel = pair(rows, columns), stride = pair(random.between(1, 2), random.between(1, 2)),
         padding = pair(random.between(0, rows / 2), random.between(0, columns / 2));
  return random.chance(0.5) ? Params(SumPool2d{kernel, stride, padding})
                            : Params(AvgPool2d{kernel, stride, padding});
}

Params RandomNodes::flatten(const Shape &shape) {
  auto rank = static_cast<int64_t>(shape.size());
  int64_t start = random.below(rank), end = random.between(start, rank - 1);
  std::optional<Tensor> type;
  if (random.chance(0.5)) {
    type = shapeOf(shape);
  }
  return Flatten{integer(random.chance(0.3) ? start - rank : start),
                 integer(random.chance(0.3) ? end - rank : end), type};
}

Params RandomNodes::delay(const Shape &shape, double leastSeconds) {
  return Delay{perNeuron(shape, leastSeconds, 5e-3)};
}

Params RandomNodes::damped(const Shape &shape) {
  if (shape.size() == 1 && random.chance(0.7)) {
    Shape weight{shape[0], shape[0]};
    double size = 0.3 / static_cast<double>(shape[0]);
    if (random.chance(0.5)) {
      return Linear{values(weight, -2.0 * size, size, floats)};
    }
    return Affine{values(weight, -2.0 * size, size, floats), values(shape, 0.0, 0.1, floats)};
  }
  return Scale{perNeuron(shape, -0.5, 0.3)};
}

Params RandomNodes::any(const Shape &shape, bool mayThreshold) {
  switch (random.below(16)) {
  case 0:
  case 1:
  case 2:
    return matrix(shape);
  case 3:
    return Scale{random.chance(0.2) ? weights({}, 1.5) : weights(shape, 1.5)};
  case 4:
    if (mayThreshold) {
      return Threshold{perNeuron(shape, -0.1, 0.5)};
    }
    return neuron(shape);
  case 5:
    return delay(shape, 0.0);
  case 6:
    return flatten(shape);
  case 7:
  case 8:
    if (shape.size() == 3) {
      return random.chance(0.6) ? conv2d(shape) : pool(shape);
    }
    return shape.size() == 2 ? conv1d(shape) : matrix(shape);
  default:
    return neuron(shape);
  }
}

Metadata RandomNodes::metadata() {
  Metadata metadata;
  if (random.chance(0.3)) {
    metadata.push_back({"comment", std::string("größer als 0 · δ")});
  }
  if (random.chance(0.3)) {
    metadata.push_back({"core", Tensor::scalar<int64_t>(random.below(128))});
  }
  if (random.chance(0.1)) {
    metadata.push_back({"training", Metadata{{"loss", Tensor::scalar(random.uniform(0.0, 1.0))},
                                             {"epochs", Tensor::vector<int32_t>({1, 2, 3})}}});
  }
  if (random.chance(0.1)) {
    metadata.push_back({"labels", Strings{{2, 2}, {"links", "rechts", "", "größer\nkleiner"}}});
  }
  return metadata;
}

} // namespace nir::test
