"""Whether two HDF5 files hold the same, as h5py sees them."""

import h5py
import numpy as np


def describe(item):
    """Everything of a group, dataset or file that a reader can see, as plain Python; a list keeps h5py's order."""
    attributes = {k: np.asarray(v).tolist() for k, v in item.attrs.items()}
    if isinstance(item, h5py.Group):
        return [attributes] + [(name, describe(member)) for name, member in item.items()]
    if item.shape is None:
        return None
    value = item[()]
    text = h5py.check_string_dtype(item.dtype)
    if text is not None:
        flat = [v if isinstance(v, bytes) else bytes(v) for v in np.asarray(value, dtype=object).ravel()]
        return ("text", item.shape, flat, attributes)
    # Byte order is storage; the numbers and their width are content.
    dtype = item.dtype.newbyteorder("=")
    return (dtype.name, item.shape, np.asarray(value).astype(dtype).tobytes(), attributes)


def strip(tree):
    """Without what the writer leaves out on purpose (empty metadata, datasets without a dataspace), and without the
    order of a node's parameters, which nobody reads."""
    if not isinstance(tree, list):
        return tree
    members = [(name, strip(member)) for name, member in tree[1:]]
    if any(name == "type" and not isinstance(member, list) for name, member in members):
        members.sort(key=lambda member: member[0])
    return [tree[0]] + [(n, m) for n, m in members if m is not None and not (n == "metadata" and m == [{}])]


def difference(a, b, path=""):
    """The first place where two descriptions differ, or None."""
    if isinstance(a, list) and isinstance(b, list):
        if a[0] != b[0]:
            return f"{path}: attributes {a[0]} and {b[0]}"
        if [n for n, _ in a[1:]] != [n for n, _ in b[1:]]:
            return f"{path}: members {[n for n, _ in a[1:]]} and {[n for n, _ in b[1:]]}"
        for (name, x), (_, y) in zip(a[1:], b[1:]):
            found = difference(x, y, f"{path}/{name}")
            if found:
                return found
        return None
    return None if a == b else f"{path}: {a!r:.200} and {b!r:.200}"


def same(file_a, file_b, top="/"):
    with h5py.File(file_a) as a, h5py.File(file_b) as b:
        return difference(strip(describe(a[top])), strip(describe(b[top])))
