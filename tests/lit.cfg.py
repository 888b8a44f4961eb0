# lit over tests/: .mlir files are IR, .test files are command lines. %data is the folder of real graphs and recordings;
# what needs it says `REQUIRES: reference-data`. %fashion is the folder of Debian's dataset-fashion-mnist; what needs it
# says `REQUIRES: fashion-mnist`; what needs a simulator, synthesis or an emulator says `REQUIRES:
# verilator`, `REQUIRES: iverilog`, `REQUIRES: yosys`, `REQUIRES: qemu-system-arm` or `REQUIRES: xmllint`.
import os
import shutil
import subprocess

import lit.formats

config.name = "nirc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(config.nirc_source_dir, "tests")
config.test_exec_root = os.path.join(config.nirc_binary_dir, "tests")

path = os.pathsep.join([config.nirc_tools_dir, config.llvm_tools_dir, config.environment.get("PATH", "")])
config.environment["PATH"] = path
if "LLVM_PROFILE_FILE" in os.environ:  # scripts/coverage.sh
    config.environment["LLVM_PROFILE_FILE"] = os.environ["LLVM_PROFILE_FILE"]
config.environment["NIRC_CACHE_MIB"] = "0"  # tests neither read nor write a user's cache

reference_data = os.environ.get("NIRC_REFERENCE_DATA") or os.path.realpath(config.reference_data)
config.substitutions.append(("%data", reference_data))
config.substitutions.append(("%root", config.nirc_source_dir))
config.substitutions.append(("%examples", os.path.join(config.nirc_source_dir, "examples")))
config.substitutions.append(("%bin", config.nirc_tools_dir))
# The interpreter that Debian's python3-h5py and python3-numpy belong to.
config.substitutions.append(("%python", "/usr/bin/python3"))
if os.path.isdir(reference_data):
    config.available_features.add("reference-data")
else:
    lit_config.note(f"tests that need {reference_data} are skipped: the folder is absent")

fashion_mnist = "/usr/share/datasets/fashion-mnist"
config.substitutions.append(("%fashion", fashion_mnist))
if os.path.isdir(fashion_mnist):
    config.available_features.add("fashion-mnist")
else:
    lit_config.note("tests that need Debian's dataset-fashion-mnist are skipped: the package is absent")

package = "NIRC_SPINNAKER2_PYTHON"  # a python3 that imports py-spinnaker2, which is no package of Debian
if package in os.environ:
    config.environment[package] = os.environ[package]
    config.available_features.add("py-spinnaker2")

if os.path.exists(os.path.join(config.nirc_binary_dir, "tests/api/backends/libprobe.so")):
    config.available_features.add("backends")  # libraries to load, of a build without sanitizers

page = os.path.join(config.nirc_binary_dir, "web/dist/report.html")
if os.path.exists(page) and os.path.getsize(page) > 0:
    config.available_features.add("report")
else:
    lit_config.note("tests of `nirc report` are skipped: nirc was built without node, npm or a network")

if shutil.which("ccache"):  # Verilator compiles its own run time for every design
    config.environment["OBJCACHE"] = "ccache"
    if "CCACHE_DIR" in os.environ:
        config.environment["CCACHE_DIR"] = os.environ["CCACHE_DIR"]
for tool in ("arm-none-eabi-gcc", "clang-22", "cvc5", "fish", "iverilog", "man", "mandoc", "mkdocs", "node", "pdftotext",
             "qemu-system-arm", "verilator", "wasm-ld-22", "xmllint", "yosys", "z3", "zsh"):
    if shutil.which(tool):
        config.available_features.add(tool)
    else:
        lit_config.note(f"tests that need Debian's {tool} are skipped: it is not on the PATH")
# A module of Debian's Python.
if subprocess.run(["/usr/bin/python3", "-c", "import sympy"], capture_output=True).returncode == 0:
    config.available_features.add("sympy")
else:
    lit_config.note("tests that need Debian's python3-sympy are skipped: it cannot be imported")
