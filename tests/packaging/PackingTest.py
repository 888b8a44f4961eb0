#!/usr/bin/env python3
"""A tarball and a wheel of a small tree: what goes where, and the same bytes whenever and wherever they are made."""
import os
import shutil
import sys
import tarfile
import tempfile
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "packaging"))
import elf
import rewrite
import tarball
import tree as trees
import wheel

FILES = {"bin/nirc": 0o755, "bin/nirc-read": 0o755, "lib/libnirc.so.1": 0o644, "libexec/nirc/lib/libstdc++.so.6": 0o644, "libexec/nirc/ld.lld": 0o755,
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

    def copy_of(self, library):
        path = os.path.join(self.scratch.name, library)
        shutil.copyfile(elf.Libraries().cache[library], path)
        return path

    def test_a_library_is_renamed(self):
        """Its own name, those of what it needs and those in its table of versions; its size and symbols are the same."""
        path = self.copy_of("libzip.so.4")
        size, needed, symbols = os.path.getsize(path), elf.dynamic(path, "NEEDED"), elf.Symbols(path)
        self.assertIn("libz.so.1", needed)
        with rewrite.Image(path) as image:
            image.rename_libraries({"libzip.so.4": "nirzip.so.4", "libz.so.1": "nirz.so.1", "libc.so.6": "nirc.so.6"})
        self.assertEqual(elf.dynamic(path, "SONAME"), ["nirzip.so.4"])
        self.assertEqual(elf.dynamic(path, "NEEDED"), [{"libz.so.1": "nirz.so.1", "libc.so.6": "nirc.so.6"}.get(one, one) for one in needed])
        self.assertIn("nirc.so.6", elf.libraries_with_versions(path))
        self.assertNotIn("libc.so.6", elf.libraries_with_versions(path))
        self.assertEqual(os.path.getsize(path), size)
        self.assertEqual(elf.Symbols(path).undefined, symbols.undefined)
        with rewrite.Image(path) as image, self.assertRaisesRegex(ValueError, "cannot become"):
            image.rename_libraries({"nirz.so.1": "longer.so.1"})

    def test_a_library_is_forgotten(self):
        """What it had is null: nothing is asked for, and the loader resolves all at once. The rest is as it was."""
        path = self.copy_of("libzip.so.4")
        before = elf.Symbols(path)
        of_crypto = {key for key in before.undefined if key[1].startswith("OPENSSL_")}
        self.assertGreater(len(of_crypto), 3)
        with rewrite.Image(path) as image:
            self.assertEqual(image.forget_library("libcrypto.so.3", set()), {name for name, _ in of_crypto})
        after = elf.Symbols(path)
        self.assertNotIn("libcrypto.so.3", elf.dynamic(path, "NEEDED"))
        self.assertNotIn("libcrypto.so.3", elf.libraries_with_versions(path))
        for name, _ in of_crypto:
            self.assertTrue(after.undefined[name, ""]["weak"], name)
        self.assertEqual({key: one for key, one in after.undefined.items() if (key[0], "OPENSSL_3.0.0") not in of_crypto},
                         {key: one for key, one in before.undefined.items() if key not in of_crypto})
        self.assertEqual(after.defined, before.defined)
        code = f"import ctypes, os; ctypes.CDLL({path!r}, os.RTLD_NOW).zip_libzip_version; print('libcrypto' in open('/proc/self/maps').read())"
        self.assertEqual(elf.output_of("/usr/bin/python3", "-c", code), "False\n")

    def test_a_library_without_versions_is_forgotten(self):
        """By the names that it offers."""
        path = os.path.join(self.scratch.name, "libuser.so")
        for name, code, others in (("libother.so", "int other(void) { return 1; }", []),
                                   ("libuser.so", "int other(void); int more(void); int user(void) { return other() + more(); }",
                                    [os.path.join(self.scratch.name, "libother.so")])):
            elf.output_of("sh", "-c", f"echo '{code}' | cc -shared -fPIC -Wl,-soname,{name} -o {self.scratch.name}/{name} -x c - -x none "
                          + " ".join(others))
        with rewrite.Image(path) as image:
            self.assertEqual(image.forget_library("libother.so", {"other", "unused"}), {"other"})
        self.assertNotIn("libother.so", elf.dynamic(path, "NEEDED"))
        self.assertTrue(elf.Symbols(path).undefined["other", ""]["weak"])
        self.assertFalse(elf.Symbols(path).undefined["more", ""]["weak"])

    def test_a_constant_is_there_once(self):
        path = self.copy_of("libgvc.so.6")
        with rewrite.Image(path) as image:
            image.replace_constant(*trees.CONSTANTS["libgvc.so.6"])
            for old, new in ((b"/libgvc.\0", b"/nirgvc.\0"), (b"graphviz", b"graphics"), (b"/nirgvc.\0", b"/gvc.\0")):
                with self.assertRaisesRegex(ValueError, "expected"):
                    image.replace_constant(old, new)


if __name__ == "__main__":
    unittest.main(verbosity=2)
