//===- Propagator.cpp - the exponential of a 2x2 matrix -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// For any f, f(Z) = p 1 + q (Z - m 1). With real eigenvalues x >= y: m = y, p = f(y), and q is the
// divided difference f[x, y] (Newton's form). With complex ones s +- i w: m = s, p = Re f(s + i w),
// q = Im f(s + i w)/w. Here f is exp, and phi(z) = (exp(z) - 1)/z, which is exp[z, 0]; so its
// divided difference is exp[x, y, 0]. Divided differences of exp are positive, and are written so
// that nothing cancels where eigenvalues meet (Higham 2008, "Functions of Matrices", 10.4).

#include "passes/discretize/Propagator.h"

#include <algorithm>
#include <cmath>

using namespace nirc;

/// (exp(d) - 1)/d
static double phi(double d) { return d == 0 ? 1.0 : std::expm1(d) / d; }

/// exp[a, b] for a >= b.
static double difference(double a, double b) { return std::exp(a) * phi(b - a); }

/// The sum of h_n / (n + 2)!, for h_0 = 1, h_1 = sum, h_n = sum h_(n-1) - product h_(n-2): these
/// are the complete homogeneous polynomials of two numbers with that sum and product, and the
/// series is exp[x, y, 0]. For numbers of at most 1.
static double series(double sum, double product) {
  double before = 0.0, h = 1.0, factor = 0.5, total = 0.0;
  constexpr int terms = 20; // 1/22! is below 1e-21
  for (int n = 0; n < terms; ++n) {
    total += factor * h;
    double next = sum * h - product * before;
    before = h;
    h = next;
    factor /= n + 3;
  }
  return total;
}

/// exp[x, y, 0]
static double difference(double x, double y, double zero) {
  std::array<double, 3> at{x, y, zero};
  std::sort(at.begin(), at.end());
  auto [c, b, a] = at;
  if (a - c <= 1) {
    return std::exp(c) * series((a - c) + (b - c), (a - c) * (b - c));
  }
  return (difference(a, b) - difference(b, c)) / (a - c);
}

namespace {

/// p 1 + q (Z - m 1)
struct Combination {
  double p, q;
  Matrix2 of(const Matrix2 &shifted) const {
    return {
        {{p + q * shifted[0][0], q * shifted[0][1]}, {q * shifted[1][0], p + q * shifted[1][1]}}};
  }
};

} // namespace

/// Eigenvalues s +- i w.
static Propagator complex(const Matrix2 &z, double s, double w) {
  double half = (z[0][0] - z[1][1]) / 2;
  Matrix2 shifted{{{half, z[0][1]}, {z[1][0], -half}}};
  double grows = std::exp(s), sinc = std::sin(w) / w, norm = s * s + w * w;
  double down = std::sin(w / 2);
  double less = std::expm1(s) * std::cos(w) - 2 * down * down; // exp(s) cos(w) - 1
  Combination exponential{grows * std::cos(w), grows * sinc};
  // (exp(z) - 1) conj(z) / |z|^2
  Combination integral{(less * s + grows * std::sin(w) * w) / norm,
                       norm <= 1 ? series(2 * s, norm) : (s * grows * sinc - less) / norm};
  return {exponential.of(shifted), integral.of(shifted)};
}

/// Eigenvalues m + r and m - r.
static Propagator real(const Matrix2 &z, double m, double r) {
  double x = m + r, y = m - r;
  // z_ii - y, of which one is as large as r at least; the product of both is z_01 z_10.
  double half = (z[0][0] - z[1][1]) / 2, far = std::abs(half) + r;
  double near = far == 0 ? 0.0 : z[0][1] * z[1][0] / far;
  Matrix2 shifted{{{half < 0 ? near : far, z[0][1]}, {z[1][0], half < 0 ? far : near}}};
  Combination exponential{std::exp(y), difference(x, y)};
  Combination integral{phi(y), difference(x, y, 0.0)};
  return {exponential.of(shifted), integral.of(shifted)};
}

Propagator nirc::propagatorOf(const Matrix2 &z) {
  double half = (z[0][0] - z[1][1]) / 2, middle = (z[0][0] + z[1][1]) / 2;
  double square = half * half + z[0][1] * z[1][0];
  return square < 0 ? complex(z, middle, std::sqrt(-square)) : real(z, middle, std::sqrt(square));
}
