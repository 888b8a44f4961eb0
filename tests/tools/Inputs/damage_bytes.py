"""Changes some bytes of a file again and again; nirc must end with a message or an answer each time.

    damage_bytes.py NIRC FILE CASES
"""

import collections
import random
import subprocess
import sys

nirc, path, cases = sys.argv[1], sys.argv[2], int(sys.argv[3])
sound = open(path, "rb").read()
numbers = random.Random(20261129)
codes = collections.Counter()
for case in range(cases):
    damaged = bytearray(sound)
    for _ in range(numbers.choice([1, 1, 2, 5])):
        damaged[numbers.randrange(len(damaged))] = numbers.randrange(256)
    with open("damaged.mlirbc", "wb") as file:
        file.write(damaged)
    code = subprocess.run([nirc, "inspect", "damaged.mlirbc"], capture_output=True).returncode
    assert code in (0, 1), f"case {case} ended with {code}"
    codes[code] += 1
print(f"{cases} cases: {codes[0]} answers, {codes[1]} messages")
