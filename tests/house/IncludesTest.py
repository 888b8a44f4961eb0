#!/usr/bin/env python3
"""Plants faults in a copy of the tree, and sees scripts/includes.py find each."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KEPT = (".h", ".cpp", ".c", ".td", ".fbs", "README.md", "architecture.md", "house.svg")


def copy_of_tree(to):
    def left_out(folder, names):
        is_build = os.path.exists(os.path.join(folder, "CMakeCache.txt"))
        return [name for name in names
                if is_build or name.startswith(".") or name == "shared"
                or not (os.path.isdir(os.path.join(folder, name)) or name.endswith(KEPT))]

    shutil.copytree(TREE, to, ignore=left_out)


class Includes(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.tree = os.path.join(self.folder.name, "tree")
        copy_of_tree(self.tree)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, file, text, mode="w"):
        path = os.path.join(self.tree, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode, encoding="utf-8") as stream:
            stream.write(text)

    def includes(self, file, *others):
        self.write(file, "".join(f'\n#include "{other}"\n' for other in others), "a")

    def found(self):
        run = subprocess.run([sys.executable, os.path.join(TREE, "scripts", "includes.py"), "--root", self.tree],
                             capture_output=True, text=True, check=False)
        self.assertEqual(run.stderr, "")
        self.assertEqual(run.returncode, 1 if run.stdout else 0)
        return run.stdout

    def test_the_tree_is_clean(self):
        self.assertEqual(self.found(), "")

    def test_a_climb_between_layers(self):
        self.includes("ir/graph/Tensor.h", "passes/Passes.h")
        self.assertRegex(self.found(), r"ir/graph/Tensor\.h:\d+: includes passes/Passes\.h, but passes stands above it "
                                       r"in docs/architecture\.md")

    def test_a_climb_within_a_layer(self):
        self.includes("ir/choices/Choices.h", "ir/graph/Graph.h")
        self.assertRegex(self.found(), r"ir/choices/Choices\.h:\d+: includes ir/graph/Graph\.h, but ir/graph stands above "
                                       r"it in ir/README\.md")

    def test_a_climb_to_a_file_of_the_folder(self):
        self.includes("backends/cpu/plan/Layout.cpp", "backends/cpu/run/Run.h")
        self.assertIn("but backends/cpu/run stands above it in backends/cpu/README.md", self.found())

    def test_another_target(self):
        self.includes("backends/cpu/Target.cpp", "backends/loihi2/Limits.h")
        self.assertIn("but backends/loihi2 stands beside it in backends/README.md", self.found())

    def test_what_only_tests_may_include(self):
        self.includes("bench/Cases.h", "tests/support/Random.h")
        self.assertIn("but tests stands above it", self.found())
        self.assertNotIn("tests/support/Random.h:", self.found())

    def test_tests_include_all(self):
        self.includes("tests/ir/ErrorTest.cpp", "tools/Register.h", "backends/loihi2/Limits.h")
        self.assertEqual(self.found(), "")

    def test_descriptions_include_one_way_too(self):
        self.write("dialects/nir/Types.td", '\ninclude "dialects/snn/Types.td"\n', "a")
        self.assertRegex(self.found(), r"dialects/nir/Types\.td:\d+: includes dialects/snn/Types\.td")

    def test_generated_headers_are_of_their_folder(self):
        self.includes("dialects/nir/Types.h", "passes/Passes.h.inc")
        self.assertIn("includes passes/Passes.h.inc, but passes stands above it", self.found())

    def test_a_circle_of_rooms(self):
        self.includes("passes/graph/OpGraph.h", "passes/fold/Fold.h")
        self.assertRegex(self.found(), "a circle of rooms: .*passes/fold -> passes/graph")

    def test_a_circle_of_files_in_one_room(self):
        self.includes("ir/graph/Tensor.h", "ir/graph/Graph.h")
        self.assertIn("a circle of files: ir/graph/Graph.h -> ir/graph/Tensor.h -> ir/graph/Graph.h", self.found())

    def test_a_file_in_no_room(self):
        for file in ("passes/vanish/Vanish.h", "misc/Helper.h", "ir/graph/deep/Deep.h", "tools/Stray.cpp"):
            self.write(file, "")
        found = self.found()
        for file in ("passes/vanish/Vanish.h", "misc/Helper.h", "ir/graph/deep/Deep.h", "tools/Stray.cpp"):
            self.assertIn(f"{file} is in no room", found)

    def test_a_room_without_a_readme(self):
        os.remove(os.path.join(self.tree, "ir/graph/README.md"))
        self.assertIn("ir/graph is a room without a README.md", self.found())

    def test_an_order_that_names_what_is_not_there(self):
        self.write("api/README.md", "Order: `io compare gone < *`\n")
        self.assertIn("api/README.md: names gone, which is not there", self.found())

    def test_an_include_of_what_is_not_there(self):
        self.includes("ir/graph/Graph.cpp", "ir/graph/Gone.h")
        self.assertRegex(self.found(), r"ir/graph/Graph\.cpp:\d+: includes ir/graph/Gone\.h, which is not there")

    def test_a_picture_of_another_tree(self):
        self.write("backends/loihi2/chip/Core.cpp", '\n#include "ir/origin/Origin.h"\n', "a")
        self.assertIn("docs/house.svg is not of this tree", self.found())


if __name__ == "__main__":
    unittest.main()
