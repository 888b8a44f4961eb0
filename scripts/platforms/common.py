"""What the scripts of all platforms share: networks with seeded weights, an input, and the files they become."""

import gzip
import io
import pathlib

import nir
import numpy as np

STEPS, INPUTS, HIDDEN, OUTPUTS = 150, 6, 8, 4


def spikes_in():
    """The input of every network: spikes of INPUTS trains, a fifth of the steps each."""
    return (np.random.default_rng(7).random((STEPS, INPUTS)) < 0.2).astype(np.uint8)


class Draw:
    """Parameters of one network. The same seed gives the same network."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def weight(self, outputs, inputs, scale):
        """A matrix [outputs, inputs], a little more excitation than inhibition."""
        drawn = self.rng.normal(0.3, 1.0, (outputs, inputs)) * scale / np.sqrt(inputs)
        return drawn.astype(np.float32)

    def bias(self, outputs, scale=0.05):
        return (self.rng.normal(0.0, 1.0, outputs) * scale).astype(np.float32)

    def between(self, low, high, count):
        return self.rng.uniform(low, high, count).astype(np.float32)


class Records:
    """The folder of one platform: NAME.nir.gz as its exporter wrote it, NAME.npy as the platform spiked.

    `spikes` are counts [steps, neurons] of the output. What the platform's own model gave, where its importer gives something
    else for the same file, is NAME-native.npy.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, name, graph):
        """Keeps the graph as the file that NIR's own library writes, and returns what it reads of it."""
        written = io.BytesIO()
        nir.write(written, graph)
        (self.folder / (name + ".nir.gz")).write_bytes(gzip.compress(written.getvalue(), mtime=0))
        return nir.read(written)

    def save(self, name, imported, native=None):
        """`imported`: the spikes of the file as the platform's importer reads it, or None where it has none or refuses it."""
        spikes = native if imported is None else imported
        self._write(self.folder / (name + ".npy"), spikes)
        line = f"{name}: {int(np.sum(spikes))} spikes"
        if imported is not None and native is not None:
            differ = int(np.sum(np.asarray(native) != np.asarray(imported)))
            line += f", imported and native differ in {differ} of {np.size(imported)}"
            if differ:
                self._write(self.folder / (name + "-native.npy"), native)
        elif imported is None:
            line += ", native alone"
        print(line)

    @staticmethod
    def _write(path, spikes):
        spikes = np.asarray(spikes)
        assert np.all(spikes == np.round(spikes)) and np.all((0 <= spikes) & (spikes < 256)), path
        np.save(path, spikes.astype(np.uint8))
