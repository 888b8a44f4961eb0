"""machines.py EXAMPLES UNIT.fmu FLAG...: whether the unit makes an instance just where the machine has all flags, as /proc/cpuinfo has
them. Else the unit has to name one that is missing."""
import os
import sys

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
missing = [flag for flag in sys.argv[3:] if flag not in flags]
with Started(sys.argv[2]) as unit:
    assert (unit.instance is None) == bool(missing), missing
    if missing:
        said = unit.messages[-1][2]
        names = [flag.replace("avx512_", "avx512").replace("avx_", "avx").replace("sse4_", "sse4.").replace("abm", "lzcnt").replace("bmi1", "bmi")
                 for flag in missing]
        assert any(f"this machine has no {name}," in said for name in names), (said, names)
print("runs" if not missing else f"refuses: no {' '.join(missing)}")
