#!/usr/bin/env python3
"""Makes the recordings of tests/conformance/platforms again: networks as a platform exports them, and its spikes.

    python3 scripts/platforms/make.py norse --source NIR --source NIRTorch --source norse -o tests/conformance/platforms

Each --source is a folder to import Python packages from, as a clone of a platform's repository; leave it out for what is
installed. tests/conformance/platforms/README.md says which version of what wrote the recordings there.
"""

import argparse
import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main():
    names = sorted(path.stem[len("with_"):] for path in HERE.glob("with_*.py"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("platform", choices=names)
    parser.add_argument("--source", action="append", default=[], metavar="DIR", help="import packages from here too")
    parser.add_argument("-o", dest="folder", required=True, metavar="DIR", help="DIR/PLATFORM is written")
    options = parser.parse_args()
    sys.path[1:1] = options.source
    import common
    import numpy as np
    platform = importlib.import_module("with_" + options.platform)
    folder = pathlib.Path(options.folder)
    platform.make(common.Records(folder / options.platform))
    np.save(folder / "input.npy", common.spikes_in())


if __name__ == "__main__":
    main()
