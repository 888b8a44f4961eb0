#!/usr/bin/env python3
"""A tarball and a wheel of a small tree: what goes where, and the same bytes whenever and wherever they are made."""
import os
import sys
import tarfile
import tempfile
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "packaging"))
import elf
import tarball
import wheel

FILES = {"bin/nirc": 0o755, "bin/nirc-read": 0o755, "lib/libnirc.so.1": 0o644, "lib/libstdc++.so.6": 0o644, "libexec/nirc/ld.lld": 0o755,
         "lib/python3/dist-packages/nirc/__init__.py": 0o600, "share/man/man1/nirc.1": 0o664, "share/doc/nirc/LICENSE": 0o644}
EPOCH = 1_700_000_000


class Packing(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.scratch.cleanup()

    def tree(self, name, time, order):
        folder = os.path.join(self.scratch.name, name, "tree")
        for file in sorted(FILES, reverse=order):
            path = os.path.join(folder, file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(file)
            os.chmod(path, FILES[file])
            os.utime(path, (time, time))
        os.symlink("libnirc.so.1", os.path.join(folder, "lib/libnirc.so"))
        return folder

    def made(self, name, time, order):
        tree = self.tree(name, time, order)
        out = os.path.dirname(tree)
        tarball.write(tree, "nirc-1.2.3-linux-x86_64", os.path.join(out, "x.tar.gz"), EPOCH, 9)
        return os.path.join(out, "x.tar.gz"), wheel.write(tree, "1.2.3", out, EPOCH, 9)

    def test_the_same_bytes(self):
        for one, other in zip(self.made("a", 1_000_000_000, False), self.made("b", 1_600_000_000, True)):
            with open(one, "rb") as left, open(other, "rb") as right:
                self.assertEqual(left.read(), right.read(), one)

    def test_what_a_tarball_has(self):
        with tarfile.open(self.made("a", 0, False)[0]) as archive:
            entries = {entry.name: entry for entry in archive}
        top = "nirc-1.2.3-linux-x86_64"
        self.assertEqual({name for name, entry in entries.items() if not entry.isdir()},
                         {f"{top}/{file}" for file in FILES} | {f"{top}/lib/libnirc.so"})
        self.assertTrue(all(name == top or name.startswith(top + "/") for name in entries))
        self.assertEqual({(entry.uid, entry.gid, entry.uname, entry.mtime) for entry in entries.values()}, {(0, 0, "root", EPOCH)})
        self.assertEqual(entries[f"{top}/bin/nirc"].mode, 0o755)
        self.assertEqual(entries[f"{top}/lib/python3/dist-packages/nirc/__init__.py"].mode, 0o644)
        self.assertEqual(entries[f"{top}/lib/libnirc.so"].linkname, "libnirc.so.1")

    def test_what_a_wheel_has(self):
        with zipfile.ZipFile(self.made("a", 0, False)[1]) as archive:
            names = archive.namelist()
            self.assertEqual(set(names), {
                "nirc/__init__.py", "nirc_programs/__init__.py", "nirc_programs/bin/nirc", "nirc_programs/bin/nirc-read",
                "nirc_programs/lib/libnirc.so.1", "nirc_programs/libexec/nirc/ld.lld", "nirc_programs/share/doc/nirc/LICENSE",
                "nirc-1.2.3.data/data/share/man/man1/nirc.1", "nirc-1.2.3.dist-info/METADATA", "nirc-1.2.3.dist-info/WHEEL",
                "nirc-1.2.3.dist-info/entry_points.txt", "nirc-1.2.3.dist-info/LICENSE", "nirc-1.2.3.dist-info/RECORD"})
            modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
            self.assertEqual({name for name, mode in modes.items() if mode == 0o100755},
                             {"nirc_programs/bin/nirc", "nirc_programs/bin/nirc-read", "nirc_programs/libexec/nirc/ld.lld"})
            # nirc-read is nirc's own, and no command.
            self.assertEqual(archive.read("nirc-1.2.3.dist-info/entry_points.txt"), b"[console_scripts]\nnirc = nirc_programs:nirc\n")

    def test_a_program_becomes_another(self):
        """The launcher of a wheel hands on arguments and the exit code."""
        with zipfile.ZipFile(self.made("a", 0, False)[1]) as archive:
            archive.extractall(self.scratch.name)
        program = os.path.join(self.scratch.name, "nirc_programs/bin/nirc")
        with open(program, "w", encoding="utf-8") as stream:
            stream.write('#!/bin/sh\necho "$@"\nexit 7\n')
        os.chmod(program, 0o755)
        import subprocess
        done = subprocess.run([sys.executable, "-c", "import sys, nirc_programs; sys.argv = ['nirc', 'a b', '*']; nirc_programs.nirc()"],
                              cwd=self.scratch.name, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (7, "a b *\n"))

    def test_a_stub(self):
        """A stub has the symbols that are asked for, with their versions, and no others."""
        machine = elf.Libraries()
        original = machine.path_of("libz.so.1", sys.executable)
        user = machine.path_of("libzip.so.4", sys.executable)
        path = os.path.join(self.scratch.name, "libz.so.1")
        count = elf.write_stub(original, [user], path)
        asked = {key for key in elf.Symbols(user).undefined if key in elf.Symbols(original).defined}
        defined = {key for key, one in elf.Symbols(path).defined.items() if one["kind"] == "FUNC"}
        self.assertEqual(defined, asked)
        self.assertEqual(count, len(asked))
        self.assertGreater(count, 3)
        self.assertEqual(elf.dynamic(path, "SONAME"), ["libz.so.1"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
