"""Reads a report of nirc as a browser would, with Python's own parser, and says what it holds.

    report.py check FILE          nothing in it leads outside, and every script is one of the page's own
    report.py names FILE          the names of nodes, one a line, as JSON
    report.py spikes FILE NODE    how often each neuron of the node spiked
    report.py first FILE          the first difference of two runs
    report.py integers FILE       the format and nodes with weights; how many cores, and whether their picture is XML
    report.py parameter FILE NODE NAME    min, max, mean, and how many values the histogram counts
"""
import base64
import html.parser
import json
import os
import struct
import sys
import xml.dom.minidom
import zlib


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.elements = []  # (tag, attributes)
        self.scripts = {}  # id -> text
        self.title = ""
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.inside = self.elements[-1]

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside and self.inside[0] == "script":
            name = self.inside[1].get("id", "code")
            self.scripts[name] = self.scripts.get(name, "") + data
        if self.inside and self.inside[0] == "title":
            self.title += data


def unpacked(array):
    """The numbers of tools/report/Packed.h."""
    form, width = {"u8": ("B", 1), "u16": ("H", 2), "u32": ("I", 4), "f32": ("f", 4)}[array["type"]]
    planes, size = zlib.decompress(base64.b64decode(array["data"])), array["size"]
    assert len(planes) == size * width
    raw = bytes(planes[plane * size + i] for i in range(size) for plane in range(width))
    return struct.unpack(f"<{size}{form}", raw)


def check(path, page):
    assert os.path.getsize(path) < 3 << 20, "a report without much data is under 3 MiB"
    for tag, attributes in page.elements:
        assert tag not in ("iframe", "object", "embed", "img", "base", "form"), tag
        for name in ("src", "href", "action", "srcset", "poster"):
            assert attributes.get(name, "data:").startswith(("data:", "#")), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
    assert sorted(page.scripts) == ["code", "data", "licences"], sorted(page.scripts)
    assert sum(tag == "script" for tag, _ in page.elements) == 3
    policies = [attributes["content"] for tag, attributes in page.elements
                if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1 and policies[0].startswith("default-src 'none'")
    assert "<" not in page.scripts["data"]
    print("self-contained:", page.title)


def main():
    action, path, *rest = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        page = Page(file.read())
    data = json.loads(page.scripts["data"])
    recordings = data["runs"][0]["recordings"]
    if action == "check":
        check(path, page)
    elif action == "names":
        for node in data["graph"]["nodes"]:
            print(json.dumps(node["name"]))
    elif action == "spikes":
        one = next(each for each in recordings if each["name"] == rest[0] and "events" in each)
        neurons, steps = unpacked(one["events"]["neurons"]), unpacked(one["events"]["perStep"])
        assert len(steps) == one["steps"] and sum(steps) == len(neurons)
        print([neurons.count(i) for i in range(one["neurons"])], one.get("also", ""))
    elif action == "first":
        first = data["comparison"]["comparisons"][0]["first_difference"]
        print(json.dumps(first and {key: first[key] for key in ("step", "node", "observable", "index")}))
    elif action == "integers":
        nodes = data["quantization"]["nodes"]
        print(data["quantization"]["format"], *sorted(node["node"] for node in nodes if node["weights"]))
        cores, picture = data["mapping"]["mapping"]["cores"], xml.dom.minidom.parseString(data["mapping"]["svg"])
        print(f"{len(cores)} core, {picture.documentElement.tagName}")
    elif action == "parameter":
        node = next(each for each in data["graph"]["nodes"] if each["name"] == rest[0])
        one = next(each for each in node["parameters"] if each["name"] == rest[1])
        counts = one.get("histogram", {}).get("counts", [])
        print(f'{one["min"]:g} {one["max"]:g} {one["mean"]:.6g} {sum(counts)} of {len(counts)}')


main()
