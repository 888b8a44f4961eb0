"""Whether predictions are within a factor of two of what synthesis needed.

    predictions.py report.txt                           what `make -C syn report` printed
    predictions.py report.json ice40=LUTS,FFS,BLOCKS,DSPS ...
"""
import json
import re
import sys

KINDS = ("luts", "flip_flops", "blocks", "multipliers")
pairs = []
if sys.argv[1].endswith(".json"):
    predicted = json.load(open(sys.argv[1]))["predicted"]
    for each in sys.argv[2:]:
        family, numbers = each.split("=")
        for kind, number in zip(KINDS, numbers.split(",")):
            pairs.append((f"{family} {kind}", predicted[family][kind], int(number)))
    assert predicted["cycles_at_tenth"]["latency"] < predicted["cycles_at_most"]["latency"]
else:
    rows = re.findall(r"(\S+) +(\d+) +predicted +(\d+)", open(sys.argv[1]).read())
    pairs = [(kind, int(guess), int(found)) for kind, found, guess in rows]
assert pairs
for what, guess, found in pairs:
    assert found <= 2 * guess + 1 and guess <= 2 * found + 1, f"{what}: predicted {guess}, found {found}"
