//===- Metadata.cpp - metadata as attributes ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Tensors.h"

#include "mlir/IR/Builders.h"

namespace nir {

/// An array of texts is [array<i64: shape>, "text"...]; the shape in front tells it from metadata,
/// whose entries are lists.
static bool isStrings(mlir::Attribute attribute) {
  auto list = llvm::dyn_cast<mlir::ArrayAttr>(attribute);
  auto shape = list && !list.empty() ? llvm::dyn_cast<mlir::DenseI64ArrayAttr>(list[0]) : nullptr;
  if (!shape) {
    return false;
  }
  auto texts = list.getValue().drop_front();
  size_t count = llvm::is_contained(shape.asArrayRef(), 0) ? 0 : 1;
  for (int64_t size : shape.asArrayRef()) {
    // Dividing keeps the product of a hostile shape from overflowing.
    if (size < 0 || (count > 0 && count > texts.size() / static_cast<size_t>(size))) {
      return false;
    }
    count *= size;
  }
  return count == texts.size() && llvm::all_of(texts, llvm::IsaPred<mlir::StringAttr>);
}

static mlir::ArrayAttr attributeOf(const Strings &strings, mlir::Builder &builder) {
  llvm::SmallVector<mlir::Attribute> list{builder.getDenseI64ArrayAttr(strings.shape)};
  for (const std::string &text : strings.values) {
    list.push_back(builder.getStringAttr(text));
  }
  return builder.getArrayAttr(list);
}

static Strings stringsOf(mlir::ArrayAttr list) {
  Strings strings;
  llvm::append_range(strings.shape, llvm::cast<mlir::DenseI64ArrayAttr>(list[0]).asArrayRef());
  for (mlir::Attribute text : list.getValue().drop_front()) {
    strings.values.push_back(llvm::cast<mlir::StringAttr>(text).str());
  }
  return strings;
}

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
    } else if (auto *strings = std::get_if<Strings>(&entry.value)) {
      value = attributeOf(*strings, builder);
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
                   isStrings(entry[1]) || isMetadata(entry[1]));
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
    } else if (auto inner = llvm::dyn_cast<mlir::ArrayAttr>(entry[1]); inner && !isStrings(inner)) {
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
    } else if (isStrings(entry[1])) {
      made.value = stringsOf(llvm::cast<mlir::ArrayAttr>(entry[1]));
    } else {
      made.value = metadataOf(llvm::cast<mlir::ArrayAttr>(entry[1]));
    }
  }
  return metadata;
}

} // namespace nir
