#!/usr/bin/env python3
"""Installs the packages of a folder into clean roots, and does there what people do: PackagesTest.py PACKAGES BUILD [test...].

A root has what a minimal Debian has (clean_root.py), and for .deb packages the packages that they depend on; nothing that nirc is
built with. What runs there gives the bytes that the build folder's nirc gives here.
"""
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(SOURCE, "packaging")]
import clean_root
import elf

PACKAGES, BUILD = (os.path.abspath(path) for path in sys.argv[1:3])
WORK = os.path.join(PACKAGES, "roots")
HOME = "/home/user"
OF_GLIBC = re.compile(r"/(ld-linux-x86-64|lib(c|m|dl|pthread|rt|resolv|util))\.so\.\d+$")
OF_PLATFORM = re.compile(r"/(libgcc_s\.so\.1|libstdc\+\+\.so\.6)$")  # a wheel, and any host of libnirc.so.1, takes them from there
GLIBC = (2, 36)
GLIBCXX = (3, 4, 30)
# (arguments, file that they write): runs of every kind, each compared byte by byte.
RUNS = [
    (["run", "examples/two-layers.nir", "--input", "examples/two-layers.npy", "--dt", "1ms", "-o", "spikes.npy"], "spikes.npy"),
    (["run", "examples/two-layers.nir", "--input", "examples/two-layers.npy", "--dt", "1ms", "--raster"], None),
    (["run", "examples/lif.nir", "-i", "examples/lif.npy", "--dt", "1ms", "--record", "all", "-o", "lif.csv"], "lif.csv"),
    (["run", "examples/recurrent.nir", "-i", "examples/recurrent.npy", "--dt", "1ms", "--format", "int8", "-o", "int8.npy"], "int8.npy"),
    (["run", "examples/moving-bar.nir", "-i", "examples/moving-bar.npy", "--dt", "1ms", "--target", "reference", "-o", "bar.npy"], "bar.npy"),
    (["run", "examples/two-layers.nir", "--input", "examples/two-layers.npy", "--dt", "1ms", "--target", "loihi2", "--semantics", "loihi2",
      "--format", "loihi2", "-o", "chip.npy"], "chip.npy"),
    (["check", "examples/two-layers.nir", "--json"], None),
    (["compile", "examples/lif.nir", "--dt", "1ms", "--emit=c", "-o", "c"], "c/lif.c"),
    (["compile", "examples/lif.nir", "--dt", "1ms", "--emit=object", "--cpu", "x86-64-v3", "-o", "object"], "object/lif.o"),
    (["convert", "examples/lif.nir", "-"], None),
]
# Python modules that bring libraries of which a tree has its own, or once had: what to import, and what must go well.
OTHER_MODULES = [
    ("ssl, sqlite3, ctypes, lzma, bz2, zlib",
     "ssl.create_default_context(); sqlite3.connect(':memory:').execute('select 1'); "
     "assert all(one.decompress(one.compress(b'nirc')) == b'nirc' for one in (lzma, bz2, zlib))"),
    ("lxml.etree", "assert lxml.etree.fromstring('<a><b/></a>')[0].tag == 'b'"),
    ("torch", "assert (torch.ones(64, 64) @ torch.ones(64, 64)).sum() == 64 ** 3"),
]
if "libomp.so.5" in elf.Libraries().cache:  # which ends a process in which it finds another one
    OTHER_MODULES.append(("ctypes", "assert ctypes.CDLL('libomp.so.5').omp_get_max_threads() > 0"))
# The same for programs in C: functions to call, each with what the one before returned.
OTHER_LIBRARIES = [
    ("libssl.so.3", "TLS_method", "SSL_CTX_new"),
    ("libcurl.so.4", "curl_easy_init"),
    ("libxml2.so.2", "xmlNewParserCtxt"),
    ("libz3.so.4", "Z3_mk_config", "Z3_mk_context"),
    ("libavformat.so.59", "avformat_alloc_context"),
    ("libgvc.so.6", "gvContext"),
]


def package(pattern):
    found = glob.glob(os.path.join(PACKAGES, pattern))
    assert len(found) == 1, f"found {found} for {pattern} in {PACKAGES}, expected one"
    return found[0]


def without_times(text):
    return re.sub(r"[\d.]+ (ms|us|s)\b", "TIME", text)


class Here:
    """The nirc of the build folder, on this machine: what all roots must agree with."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        shutil.copytree(os.path.join(SOURCE, "examples"), os.path.join(self.folder, "examples"))
        self.results = [self.result(*one) for one in RUNS]

    def result(self, arguments, file):
        done = subprocess.run([os.path.join(BUILD, "bin/nirc"), *arguments], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=True, env={**os.environ, "NIRC_CACHE_MIB": "0"})
        return without_times(done.stdout), digest(os.path.join(self.folder, file)) if file else None


def digest(path):
    with open(path, "rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


class InRoot(unittest.TestCase):
    """What is the same for all packages. A class has the packages that its root needs, how it installs, and what starts nirc."""
    needs = ()
    nirc = "nirc"
    share = "/usr/share"
    root = None

    @classmethod
    def setUpClass(cls):
        if not hasattr(cls, "install"):
            raise unittest.SkipTest("what is below it is tested")
        if not hasattr(InRoot, "here"):
            InRoot.here = Here()
        start = time.time()
        cls.root = clean_root.CleanRoot(os.path.join(WORK, cls.__name__), cls.packages_needed())
        cls.root.copy(os.path.join(SOURCE, "examples"), HOME + "/examples")
        print(f"{cls.__name__}: a root of {len(cls.root.names)} packages in {time.time() - start:.1f} s, entered by {cls.root.way[0]}")
        cls.bring()
        start = time.time()
        cls.install()
        shown = cls.run_nirc(*RUNS[1][0])
        print(f"{cls.__name__}: {time.time() - start:.1f} s from the package to the first spikes")
        assert "132 spikes" in shown, shown

    @classmethod
    def tearDownClass(cls):
        if cls.root:
            shutil.rmtree(cls.root.path, ignore_errors=True)

    @classmethod
    def packages_needed(cls):
        return cls.needs

    @classmethod
    def run_nirc(cls, *arguments, program=None, expected=0, **options):
        return cls.root.run([program or cls.nirc, *arguments], expected=expected, variables=("NIRC_CACHE_MIB=0",), **options)

    def test_nothing_of_a_build_is_there(self):
        for path in ("usr/bin/cc", "usr/bin/cmake", "usr/bin/clang-22", "usr/include/stdio.h"):
            self.assertFalse(os.path.exists(self.root.inside(path)), path)

    def test_the_main_job(self):
        for (arguments, file), (text, content) in zip(RUNS, self.here.results):
            with self.subTest(" ".join(arguments)):
                self.assertEqual(without_times(self.run_nirc(*arguments)), text)
                if file:
                    self.assertEqual(digest(self.root.inside(f"{HOME}/{file}")), content)

    def test_all_programs(self):
        with open(self.root.inside(HOME + "/empty.mlir"), "w", encoding="utf-8") as stream:
            stream.write("module {}\n")
        folder = self.nirc.removesuffix("nirc")
        self.assertIn("module", self.root.run([folder + "nir-opt", "empty.mlir"]))
        self.assertIn("LSP", self.root.run([folder + "nir-lsp-server", "--help"]))

    def test_completion_is_there(self):
        script = self.share + "/bash-completion/completions/nirc"
        asked = (f"source {script}; COMP_WORDS=(nirc run --target l) COMP_CWORD=3 COMP_LINE='nirc run --target l' COMP_POINT=19; "
                 "_nirc; echo ${COMPREPLY[@]}")
        self.assertEqual(self.root.run(["bash", "-c", asked]), "loihi2\n")
        self.assertTrue(os.path.exists(self.root.inside(self.zsh)), self.zsh)
        self.assertTrue(os.path.exists(self.root.inside(self.share + "/fish/vendor_completions.d/nirc.fish")))

    def test_the_schema_of_chip_files_is_there(self):
        with open(self.root.inside(self.share + "/nirc/chip.schema.json"), encoding="utf-8") as stream:
            self.assertIn("properties", json.load(stream))

    def test_pages_are_there(self):
        pages = glob.glob(self.root.inside(self.share + "/man/man1/nirc*.1*"))
        self.assertGreater(len(pages), 15)
        with tempfile.NamedTemporaryFile("w", suffix=".1") as page:
            page.write(self.run_nirc("manual", "run"))
            page.flush()
            shown = subprocess.run(["man", "-l", page.name], stdout=subprocess.PIPE, text=True, check=True,
                                   env={**os.environ, "MANPAGER": "cat"}).stdout
        self.assertIn("nirc-run", shown)

    def loaded(self, program, *arguments, variables=()):
        """Every object that the loader initialises for a command, but those in the tree."""
        text = self.root.run([program, *arguments], variables=("LD_DEBUG=libs", *variables))
        found = set(re.findall(r"calling init: (.*)$", text, re.MULTILINE))
        self.assertGreater(len(found), 5, text)
        return found

    def python_says(self, python, variables=()):
        """The Python package does the same job, where the build has it."""
        if not glob.glob(os.path.join(BUILD, "python/nirc/__init__.py")):
            print(f"{type(self).__name__}: the build has no Python package yet; its programs alone are tested")
            return
        self.run_nirc(*RUNS[0][0])
        code = ("import nirc, numpy; x = numpy.load('examples/two-layers.npy'); y = nirc.compile('examples/two-layers.nir', dt=1e-3)(x); "
                "print(nirc.__version__, repr(y), (numpy.asarray(y['output']) == numpy.load('spikes.npy')).all()); "
                "print(list(nirc.read('examples/lif.nir').nodes))")
        self.assertRegex(self.root.run([python, "-c", code], variables=variables),
                         r"^[\d.]+ <nirc.Result output \[300, 3\] 132 spikes> True\n\['input', 'lif', 'output'\]\n$")


class Deb(InRoot):
    """dpkg in a root with the packages that the package depends on, and no more."""
    zsh = "/usr/share/zsh/vendor-completions/_nirc"
    packages = ("nirc_*.deb", "python3-nirc_*.deb")

    @classmethod
    def packages_needed(cls):
        known = clean_root.Packages()
        depends = ", ".join(elf.output_of("dpkg-deb", "--field", package(one), "Depends") for one in cls.packages)
        return [one for one in known.needed(depends) if one != "nirc"] + ["man-db"]

    @classmethod
    def bring(cls):
        for one in cls.packages:
            cls.root.copy(package(one), HOME + "/" + os.path.basename(package(one)))

    @classmethod
    def install(cls):
        cls.root.run(["dpkg", "--install", *(os.path.basename(package(one)) for one in cls.packages)])

    def test_what_it_depends_on(self):
        depends = elf.output_of("dpkg-deb", "--field", package("nirc_*.deb"), "Depends")
        for name in ("libmlir-22", "libllvm22", "libhdf5-103-1", "libc6"):
            self.assertRegex(depends, rf"\b{name}\b")

    def test_man_shows_its_pages(self):
        self.assertIn("Execute a model step by step", self.root.run(["man", "-P", "cat", "nirc-run"]))

    def test_python(self):
        self.python_says("python3")

    def test_it_goes_without_a_trace(self):
        self.root.run(["dpkg", "--purge", "python3-nirc", "nirc"])
        left = [path for path in glob.glob(self.root.inside("usr/**/*nirc*"), recursive=True)]
        self.assertEqual(left, [])
        self.install()

    def test_the_loader_finds_libraries_of_packages_alone(self):
        for path in self.loaded("nirc", "--version"):
            self.assertTrue(path.startswith(("/lib", "/usr/lib/")) or path == "nirc", path)


class Development(unittest.TestCase):
    """libnirc-dev with a compiler and CMake, and no package beside those that it depends on: the examples are built with it."""
    packages = ("nirc_*.deb", "libnirc-dev_*.deb")

    def test_examples(self):
        known = clean_root.Packages()
        depends = ", ".join(elf.output_of("dpkg-deb", "--field", package(one), "Depends") for one in self.packages)
        root = clean_root.CleanRoot(os.path.join(WORK, "Development"),
                                    [one for one in known.needed(depends) if one != "nirc"] + ["cmake", "g++", "make"])
        try:
            root.copy(os.path.join(SOURCE, "examples"), HOME + "/examples")
            for one in self.packages:
                root.copy(package(one), HOME + "/" + os.path.basename(package(one)))
            root.run(["dpkg", "--install", *(os.path.basename(package(one)) for one in self.packages)])
            for name, command, expected in (("c", ["nirc-spikes"], r"\n([1-9]\d*) spikes in the run, \1 step by step\n$"),
                                            ("library", ["nirc-step", "saved.program"], r"^step 10: \d+ spikes, v of lif1 is")):
                root.run(["cmake", "-S", "examples/" + name, "-B", "build-" + name])
                root.run(["cmake", "--build", "build-" + name])
                said = root.run([f"build-{name}/{command[0]}", "examples/two-layers.nir", *command[1:]])
                self.assertRegex(said, expected)
        finally:
            shutil.rmtree(root.path, ignore_errors=True)


class Relocatable(InRoot):
    """What holds for a tree that carries its libraries; `tree` is the folder with bin/ and lib/."""
    of_platform = re.compile("$^")  # nothing

    def test_libraries_of_the_tree_alone_are_loaded(self):
        for program, arguments in ((self.tree + "/bin/nirc", RUNS[0][0]), (self.tree + "/bin/nir-opt", ["empty.mlir"]),
                                   (self.tree + "/bin/nirc-read", ["--version"])):
            with open(self.root.inside(HOME + "/empty.mlir"), "w", encoding="utf-8") as stream:
                stream.write("module {}\n")
            done = subprocess.run(self.root.command([program, *arguments], variables=("LD_DEBUG=libs", "NIRC_CACHE_MIB=0")),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            found = set(re.findall(r"calling init: (.*)$", done.stdout, re.MULTILINE))
            self.assertTrue(found, done.stdout[-500:])
            for path in found:
                is_own = os.path.normpath(path).startswith(self.tree + "/")
                self.assertTrue(is_own or OF_GLIBC.search(path) or self.of_platform.search(path), f"{program} loads {path}")

    def test_what_files_need_is_in_the_tree(self):
        tree = self.root.inside(self.tree)
        there = {os.path.basename(path) for path in glob.glob(tree + "/lib/*.so*")}
        for path in elf.elf_files(tree):
            needed = elf.dynamic(path, "NEEDED")
            for name in needed:
                self.assertTrue(name in there or elf.OF_GLIBC.match(name) or OF_PLATFORM.search("/" + name), f"{path} needs {name}")
            self.assertLessEqual(elf.libraries_with_versions(path), set(needed), path)
            folders = elf.dynamic(path, "RUNPATH")
            self.assertEqual(elf.dynamic(path, "RPATH"), [], path)
            self.assertTrue(all(one.startswith("$ORIGIN") for one in folders) and folders, f"{path}: {folders}")
            self.assertLessEqual(max(elf.versions_of(path, "GLIBC"), default=(0,)), GLIBC, path)
            self.assertLessEqual(max(elf.versions_of(path, "GLIBCXX"), default=(0,)), GLIBCXX, path)

    def test_no_name_is_another_library_s(self):
        """The loader gives a library that is loaded to all who ask for its name: none but libnirc.so.1 has one that others ask for."""
        platform = elf.Libraries().cache
        self.assertIn("libcrypto.so.3", platform)
        tree = self.root.inside(self.tree)
        for path in elf.elf_files(tree):
            names = elf.dynamic(path, "SONAME") + [os.path.basename(path)]
            if "/libexec/nirc/lib/" in path:  # found by the programs alone
                self.assertRegex(path, OF_PLATFORM)
            elif names[0] != "libnirc.so.1":
                self.assertEqual([name for name in names if name in platform], [], path)
        self.assertEqual(sorted(glob.glob(tree + "/lib/lib*")), [tree + "/lib/libnirc.so" + one for one in self.names_of_nirc])

    def modules_agree(self, modules, check, run):
        """`modules` before nirc and after it: both do their work, in either order. `run` runs Python code."""
        for first, second in ((modules, "nirc"), ("nirc", modules)):
            with self.subTest(f"import {first}, {second}"):
                said = run(f"import {first}; import {second}; import numpy; {check}; "
                           "print(nirc.compile('examples/two-layers.nir', dt=1e-3)(numpy.load('examples/two-layers.npy'))); " + check)
                self.assertIn("132 spikes", said)

    def test_with_other_modules(self):
        """In the root those that Python has, and on this machine, with the package of the root, those that it has."""
        modules, check = OTHER_MODULES[0]
        python, variables, folder = self.python
        self.modules_agree(modules, check, lambda code: self.root.run([python, "-c", code], variables=variables))
        tried = []

        def run(code):
            done = subprocess.run(["/usr/bin/python3", "-c", code], cwd=SOURCE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  check=False, timeout=300, env={**os.environ, "PYTHONPATH": self.root.inside(folder)})
            self.assertEqual(done.returncode, 0, done.stdout)
            return done.stdout

        for modules, check in OTHER_MODULES:
            code = f"import {modules}"
            if subprocess.run(["/usr/bin/python3", "-c", code], stderr=subprocess.DEVNULL, check=False).returncode == 0:
                tried.append(modules)
                self.modules_agree(modules, check, run)
        print(f"{type(self).__name__}: nirc agrees with {', '.join(tried)} of this machine")

    def test_licences_of_all_that_is_carried(self):
        folder = self.root.inside(self.tree + "/share/doc/nirc")
        with open(folder + "/LICENSE", encoding="utf-8") as stream:
            self.assertIn("LLVM Exceptions", stream.read())
        there = set(os.listdir(folder + "/licenses"))
        for name in ("libllvm22", "libmlir-22", "libhdf5-103-1", "libgcc-s1", "libstdc++6", "libzip4", "libcli11-dev", "GPL-3"):
            self.assertIn(name, there)

    def test_a_library_is_linked(self):
        """nirc brings its linker along, and runs what it linked."""
        self.run_nirc("compile", "examples/two-layers.nir", "--dt", "1ms", "-o", "library")
        self.run_nirc("run", "library/libtwo_layers.so", "--input", "examples/two-layers.npy", "-o", "linked.npy")
        self.assertEqual(digest(self.root.inside(f"{HOME}/linked.npy")), self.here.results[0][1])

    def test_a_model_is_drawn(self):
        if self.root.way == ["proot"]:
            print(f"{type(self).__name__}: under proot libgvc reads the paths of this machine; that it finds its plugins is not tried")
            return
        self.run_nirc("compile", "examples/lif.nir", "--dt", "1ms", "--target", "fpga", "--format", "int8", "-o", "design")
        drawings = glob.glob(self.root.inside(HOME + "/design/**/*.svg"), recursive=True)
        self.assertTrue(drawings)
        for drawing in drawings:
            with open(drawing, encoding="utf-8") as stream:
                self.assertIn("<svg", stream.read())


class Tarball(Relocatable):
    """Unpacked by a user, with what a minimal Debian has."""
    needs = ("python3", "python3-numpy")  # which bring neither xz nor zstd
    name = os.path.basename(next(iter(glob.glob(os.path.join(PACKAGES, "nirc-*.tar.gz"))), "")).removesuffix(".tar.gz")
    tree = f"{HOME}/{name}"
    nirc = f"{tree}/bin/nirc"
    share = f"{tree}/share"
    zsh = f"{tree}/share/zsh/site-functions/_nirc"
    names_of_nirc = ("", ".1")
    python = ("python3", (f"PYTHONPATH={tree}/lib/python3/dist-packages",), f"{tree}/lib/python3/dist-packages")

    @classmethod
    def bring(cls):
        cls.root.copy(package("nirc-*.tar.gz"), f"{HOME}/{cls.name}.tar.gz")

    @classmethod
    def install(cls):
        cls.root.run(["tar", "xf", cls.name + ".tar.gz"])

    def test_python(self):
        self.python_says(*self.python[:2])

    def test_its_size(self):
        self.assertLess(os.path.getsize(package("nirc-*.tar.gz")), 90_000_000)

    def test_a_moved_tree_and_links(self):
        moved = f"{HOME}/other place"
        self.root.run(["mv", self.tree, moved])
        try:
            self.assertIn("132 spikes", self.run_nirc(*RUNS[1][0], program=moved + "/bin/nirc"))
            self.root.run(["mkdir", "-p", "/usr/local/bin"])
            os.symlink(moved + "/bin/nirc", self.root.inside("/usr/local/bin/nirc"))
            self.assertIn("132 spikes", self.run_nirc(*RUNS[1][0], program="nirc"))
            os.symlink(moved, self.root.inside(f"{HOME}/link"))
            self.assertIn("132 spikes", self.run_nirc(*RUNS[1][0], program=f"{HOME}/link/bin/nirc"))
        finally:
            self.root.run(["mv", moved, self.tree])
            self.root.run(["rm", "-f", "/usr/local/bin/nirc", f"{HOME}/link"])

    def test_without_proc(self):
        """The loader needs /proc to find what lies beside a program, and says what it did not find."""
        if self.root.way == ["proot"]:
            print("Tarball: proot always shows /proc; that it is missing is not tried")
            return
        said = self.root.run([self.nirc, "--version"], expected=127, proc=False)
        self.assertRegex(said, r"lib\w+\.so\.[\d.]+: cannot open shared object file")

    def flags(self):
        return elf.output_of("pkg-config", "--cflags", "--libs", self.root.inside(self.tree) + "/lib/pkgconfig/nirc.pc").split()

    def test_with_other_libraries(self):
        """A program in C loads libraries of this machine after nirc: they find what they need, and nothing of nirc's in its place."""
        tried = [one for one in OTHER_LIBRARIES if one[0] in elf.Libraries().cache]
        self.assertIn("libssl.so.3", [one[0] for one in tried])
        with tempfile.TemporaryDirectory() as folder:
            program = os.path.join(folder, "host")
            sources = os.path.join(SOURCE, "examples/c/spikes.c"), os.path.join(HERE, "Inputs/host.c")
            subprocess.run(["cc", "-std=c11", "-Dmain=spikes", "-c", sources[0], "-o", program + ".o", *self.flags()], check=True)
            subprocess.run(["cc", "-std=c11", sources[1], program + ".o", "-o", program, *self.flags(),
                            f"-Wl,-rpath,{self.root.inside(self.tree)}/lib"], check=True)
            for library in tried:
                with self.subTest(library[0]):
                    done = subprocess.run([program, "examples/two-layers.nir", *library], cwd=SOURCE, stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
                    self.assertEqual((done.returncode, len(re.findall("spikes in the run", done.stdout))), (0, 2), done.stdout)
        print(f"Tarball: a program in C loads {', '.join(one[0] for one in tried)} after nirc")

    def test_for_c(self):
        """A program in C is built here with the header and library of the tree, and runs there."""
        tree = self.root.inside(self.tree)
        self.assertEqual(glob.glob(tree + "/**/*.a", recursive=True), [])
        flags = self.flags()
        program = self.root.inside(HOME + "/spikes")
        # Its own libraries need others, which lie beside them there and on this machine.
        subprocess.run(["cc", "-std=c11", os.path.join(SOURCE, "examples/c/spikes.c"), "-o", program, *flags,
                        f"-Wl,-rpath,{self.tree}/lib", "-Wl,--allow-shlib-undefined"], check=True)
        said = self.root.run([HOME + "/spikes", "examples/two-layers.nir"])
        self.assertRegex(said, r"\n([1-9]\d*) spikes in the run, \1 step by step\n$")


class Wheel(Relocatable):
    """pip in a virtual environment, without a network."""
    needs = ("python3", "python3-numpy", "python3-venv")
    of_platform = OF_PLATFORM
    environment = f"{HOME}/environment"
    tree = f"{environment}/lib/python3.11/site-packages/nirc_programs"
    nirc = f"{environment}/bin/nirc"
    share = f"{environment}/share"
    zsh = f"{environment}/share/zsh/site-functions/_nirc"
    names_of_nirc = (".1",)
    python = (f"{environment}/bin/python", (), f"{environment}/lib/python3.11/site-packages")

    @classmethod
    def bring(cls):
        name = os.path.basename(package("nirc-*.whl"))
        cls.root.copy(package("nirc-*.whl"), f"{HOME}/{name}")
        cls.root.run(["python3", "-m", "venv", "--system-site-packages", cls.environment])

    @classmethod
    def install(cls):
        cls.root.run([cls.environment + "/bin/pip", "install", "--no-index", "--quiet", "./" + os.path.basename(package("nirc-*.whl"))])

    def test_pip_finds_nothing_missing(self):
        self.root.run([self.environment + "/bin/pip", "check"])
        shown = self.root.run([self.environment + "/bin/pip", "show", "--files", "nirc"])
        self.assertIn("nirc_programs/lib/libnirc.so.1", shown)

    def test_record(self):
        """Every file of the wheel, with its hash and size."""
        import base64
        import csv
        import zipfile
        with zipfile.ZipFile(package("nirc-*.whl")) as archive:
            names = archive.namelist()
            record = next(one for one in names if one.endswith(".dist-info/RECORD"))
            rows = list(csv.reader(archive.read(record).decode().splitlines()))
            self.assertEqual(sorted(row[0] for row in rows), sorted(names))
            for name, digest_text, size in rows:
                content = archive.read(name)
                if name != record:
                    expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
                    self.assertEqual((digest_text, size), ("sha256=" + expected, str(len(content))), name)

    def test_python(self):
        self.python_says(*self.python[:2])

    def test_it_goes_without_a_trace(self):
        self.root.run([self.environment + "/bin/pip", "uninstall", "--yes", "--quiet", "nirc"])
        self.assertEqual([path for path in glob.glob(self.root.inside(self.environment + "/**/*nirc*"), recursive=True)], [])
        self.install()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
