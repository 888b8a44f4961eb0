//===- Claims.h - what is to be proven of registers -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "backends/loihi2/image/Image.h"
#include "dialects/snn/Snn.h"

#include <vector>

namespace nirc::loihi2 {

/// The compartments of each neuron of a node, from all cores of an image; empty where it has none
/// of that node, or not all.
std::vector<Compartment> compartmentsOf(const Image &image, std::string_view node, size_t neurons);

/// That the chip's step with the registers of the neurons is the body. `bias`: of each neuron what
/// its connections add in every step and its compartment has, so that no synapse brings it.
Claim claimOfRegisters(snn::PopulationOp op, const std::vector<Compartment> &registers,
                       const std::vector<int64_t> &bias);

/// The same of all populations of a network, of which the image holds the model.
std::vector<Claim> claimsOfImage(snn::NetworkOp network, const Model &model, const Image &image);

} // namespace nirc::loihi2
