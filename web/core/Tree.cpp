//===- Tree.cpp - an HDF5 file that a page has read -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "web/core/Tree.h"

#include <array>
#include <optional>

using Json = nlohmann::json;

namespace nirc::web {

static std::optional<nir::DType> dtypeNamed(const std::string &name) {
  for (int i = 0; i <= static_cast<int>(nir::DType::F64); ++i) {
    if (nir::name(static_cast<nir::DType>(i)) == name) {
      return static_cast<nir::DType>(i);
    }
  }
  return std::nullopt;
}

/// A member of an object, or a default of another type's. Never throws: a page cannot catch.
static std::string textIn(const Json &json, const char *name) {
  auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get_ref<const std::string &>()
                                                   : std::string();
}
static const Json &listIn(const Json &json, const char *name) {
  static const Json none = Json::array();
  auto found = json.find(name);
  return found != json.end() && found->is_array() ? *found : none;
}
static int64_t numberIn(const Json &json, const char *name, int64_t other) {
  auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<int64_t>() : other;
}

static nir::Error damaged(const char *what) { return nir::Error(nir::Cause::DamagedFile, what); }

namespace {
struct Reader {
  const std::byte *bytes;
  size_t size;

  nir::Status value(const Json &json, Tree::Value &out) const;
  nir::Status object(const Json &json, size_t count, Tree::Object &out) const;
};
} // namespace

nir::Status Reader::value(const Json &json, Tree::Value &out) const {
  out.isNull = json.contains("null");
  out.otherType = textIn(json, "other");
  out.broken = textIn(json, "broken");
  out.filter = textIn(json, "filter");
  bool isEmpty = false;
  double elements = 1; // of the dimensions that are not 0, as nobody has to multiply the others
  for (const Json &dim : listIn(json, "shape")) {
    int64_t length = dim.is_number_integer() ? dim.get<int64_t>() : -1;
    if (length < 0 || length > int64_t(1) << 53) {
      return damaged("has a shape that cannot be read: the file is damaged");
    }
    out.shape.push_back(length);
    isEmpty = isEmpty || length == 0;
    elements *= length == 0 ? 1.0 : static_cast<double>(length);
  }
  if (auto texts = json.find("texts"); texts != json.end() && texts->is_array()) {
    out.isText = true;
    for (const Json &text : *texts) {
      out.texts.push_back(text.is_string() ? text.get<std::string>() : "");
    }
    bool fits = (isEmpty ? 0.0 : elements) == static_cast<double>(out.texts.size());
    return fits ? nir::Status() : damaged("holds texts that are not of its shape");
  }
  if (out.isNull || !out.otherType.empty() || !json.contains("dtype")) {
    return std::nullopt;
  }
  std::optional<nir::DType> dtype = dtypeNamed(textIn(json, "dtype"));
  if (!dtype) {
    return damaged("has a type that cannot be read: the file is damaged");
  }
  out.dtype = *dtype;
  int64_t at = numberIn(json, "at", -1);
  double needs = isEmpty ? 0.0 : elements * static_cast<double>(nir::sizeOf(*dtype));
  if (at < 0) {
    return std::nullopt; // left out
  }
  if (at % 8 != 0 || static_cast<double>(at) + needs > static_cast<double>(size)) {
    return damaged("has numbers outside the file");
  }
  out.data = bytes + at;
  return std::nullopt;
}

nir::Status Reader::object(const Json &json, size_t count, Tree::Object &out) const {
  for (const Json &attribute : listIn(json, "attributes")) {
    auto &[name, value] = out.attributes.emplace_back(textIn(attribute, "name"), Tree::Value());
    if (nir::Status bad = this->value(attribute, value)) {
      return bad;
    }
  }
  out.isGroup = json.contains("links");
  out.refusal = textIn(json, "refusal");
  for (const Json &link : listIn(json, "links")) {
    int64_t target = numberIn(link, "object", -1);
    if (target < 0 || target >= static_cast<int64_t>(count)) {
      return damaged("has a member that is not there: the file is damaged");
    }
    out.links.emplace_back(textIn(link, "name"), target);
  }
  return out.isGroup ? nir::Status() : value(json, out.value);
}

nir::Result<Tree> treeOf(const Json &json, std::shared_ptr<const std::byte> bytes, size_t size) {
  const Json &objects = listIn(json, "objects");
  if (objects.empty()) {
    return damaged("is not an HDF5 file that can be read, expected a .nir file");
  }
  Tree tree;
  tree.bytes = bytes;
  tree.objects.resize(objects.size());
  Reader reader{bytes.get(), size};
  for (size_t i = 0; i < objects.size(); ++i) {
    if (nir::Status bad = reader.object(objects[i], objects.size(), tree.objects[i])) {
      return std::move(*bad);
    }
  }
  return tree;
}

} // namespace nirc::web
