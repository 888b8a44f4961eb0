"""Whether what `nirc eval --json` counted in the first file is what it counted in all the others together."""
import json
import sys

import numpy as np

whole, *parts = [np.array(json.load(open(path))["confusion"]) for path in sys.argv[1:]]
if (whole != sum(parts)).any():
    sys.exit(f"{sys.argv[1]} counts otherwise:\n{whole - sum(parts)}")
