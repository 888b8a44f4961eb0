//===- Metadata.cpp - metadata as attributes ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Tensors.h"

#include "mlir/IR/Builders.h"

namespace nir {

mlir::ArrayAttr attributeOf(const Metadata &metadata, llvm::StringRef hint,
                            mlir::MLIRContext *context) {
  mlir::Builder builder(context);
  llvm::SmallVector<mlir::Attribute> entries;
  for (const MetadataEntry &entry : metadata) {
    std::string path = (hint + "." + entry.name).str();
    mlir::Attribute value;
    if (auto *tensor = std::get_if<Tensor>(&entry.value)) {
      value = attributeOf(*tensor, path, context);
    } else if (auto *text = std::get_if<std::string>(&entry.value)) {
      value = builder.getStringAttr(*text);
    } else {
      value = attributeOf(std::get<Metadata>(entry.value), path, context);
    }
    entries.push_back(builder.getArrayAttr({builder.getStringAttr(entry.name), value}));
  }
  return builder.getArrayAttr(entries);
}

bool isMetadata(mlir::Attribute attribute) {
  auto entries = llvm::dyn_cast<mlir::ArrayAttr>(attribute);
  return entries && llvm::all_of(entries, [](mlir::Attribute each) {
           auto entry = llvm::dyn_cast<mlir::ArrayAttr>(each);
           return entry && entry.size() == 2 && llvm::isa<mlir::StringAttr>(entry[0]) &&
                  (llvm::isa<mlir::StringAttr>(entry[1]) || isTensor(entry[1]) ||
                   isMetadata(entry[1]));
         });
}

std::string brokenMetadata(mlir::ArrayAttr metadata) {
  for (mlir::Attribute each : metadata) {
    auto entry = llvm::cast<mlir::ArrayAttr>(each);
    std::string broken;
    if (auto tensor = llvm::dyn_cast<mlir::ElementsAttr>(entry[1])) {
      broken = brokenValues(tensor);
      if (!broken.empty()) {
        return (llvm::Twine("'") + llvm::cast<mlir::StringAttr>(entry[0]).getValue() + "' " +
                broken)
            .str();
      }
    } else if (auto inner = llvm::dyn_cast<mlir::ArrayAttr>(entry[1])) {
      broken = brokenMetadata(inner);
    }
    if (!broken.empty()) {
      return broken;
    }
  }
  return {};
}

Metadata metadataOf(mlir::ArrayAttr attribute) {
  Metadata metadata;
  for (mlir::Attribute each : attribute) {
    auto entry = llvm::cast<mlir::ArrayAttr>(each);
    MetadataEntry &made = metadata.emplace_back();
    made.name = llvm::cast<mlir::StringAttr>(entry[0]).str();
    if (auto tensor = llvm::dyn_cast<mlir::ElementsAttr>(entry[1])) {
      made.value = tensorOf(tensor);
    } else if (auto text = llvm::dyn_cast<mlir::StringAttr>(entry[1])) {
      made.value = text.str();
    } else {
      made.value = metadataOf(llvm::cast<mlir::ArrayAttr>(entry[1]));
    }
  }
  return metadata;
}

} // namespace nir
