"""machines.py EXAMPLES UNIT.fmu FLAG...: whether the unit makes an instance just where the machine has all flags, as /proc/cpuinfo has
them. Else the unit has to name one that is missing."""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(sys.argv[1], "fmi"))
from unit import Unit


class Started(Unit):
    def start(self):
        if self.instance:
            super().start()
            self.step(self.dt)


with open("/proc/cpuinfo", encoding="utf-8") as file:
    flags = next(line for line in file if line.startswith("flags")).split()


def processor_has(flag):
    """As the compiler's own run time sees it: a guest's kernel can keep flags of the machine that it was begun on."""
    name = {"abm": "lzcnt", "pni": "sse3", "bmi1": "bmi"}.get(flag, flag.replace("_", ".") if flag.startswith("sse") else flag.replace("_", ""))
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "has")
        source = f'int main(void) {{ return !__builtin_cpu_supports("{name}"); }}'
        built = subprocess.run(["clang-22", "-rtlib=libgcc", "-x", "c", "-", "-o", program], input=source, text=True, stderr=subprocess.DEVNULL)
        return built.returncode == 0 and subprocess.run([program]).returncode == 0


missing = [flag for flag in sys.argv[3:] if flag not in flags and not processor_has(flag)]
with Started(sys.argv[2]) as unit:
    assert (unit.instance is None) == bool(missing), missing
    if missing:
        said = unit.messages[-1][2]
        names = [flag.replace("avx512_", "avx512").replace("avx_", "avx").replace("sse4_", "sse4.").replace("abm", "lzcnt").replace("bmi1", "bmi")
                 for flag in missing]
        assert any(f"this machine has no {name}," in said for name in names), (said, names)
print("runs" if not missing else f"refuses: no {' '.join(missing)}")
