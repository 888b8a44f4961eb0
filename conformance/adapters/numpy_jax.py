"""NumPy in the place of JAX and flax.nnx, for what Spyx's neurons and its import of NIR use, where JAX is not installed.

Arrays are of NumPy in float32, scan is a loop, jit does nothing, gradients are left out. Products and sums are NumPy's, so their order
inside a matrix product can differ from XLA's. Import this before Spyx; with JAX installed it does nothing.
"""

import importlib.util
import sys
import types

import numpy as np

FLOAT = np.float32


def is_needed():
    return importlib.util.find_spec("jax") is None or importlib.util.find_spec("flax") is None


def array(value, dtype=None):
    value = np.asarray(value)
    return value.astype(dtype if dtype is not None else FLOAT if value.dtype.kind == "f" else value.dtype)


def make_numpy():
    """jax.numpy: NumPy, with float32 as the default type."""
    module = types.ModuleType("jax.numpy")
    module.__dict__.update({name: getattr(np, name) for name in dir(np) if not name.startswith("_")})
    module.zeros = lambda shape, dtype=FLOAT: np.zeros(shape, dtype)
    module.ones = lambda shape, dtype=FLOAT: np.ones(shape, dtype)
    module.full = lambda shape, value, dtype=FLOAT: np.full(shape, value, dtype)
    module.array = module.asarray = array
    return module


def scan(step, state, xs):
    outputs = []
    for x in xs:
        state, out = step(state, x)
        outputs.append(out)
    return state, stacked(outputs)


def stacked(outputs):
    first = outputs[0]
    if first is None:
        return None
    if isinstance(first, (tuple, list)):
        return type(first)(stacked([each[index] for each in outputs]) for index in range(len(first)))
    return np.stack(outputs)


def windows(value, size, strides, padding):
    """[B, H', W', C, kh, kw] of [B, H, W, C]; padding is "SAME", "VALID" or pairs."""
    if padding == "SAME":
        padding = [pair_of(value.shape[axis + 1], size[axis], strides[axis]) for axis in (0, 1)]
    elif padding == "VALID":
        padding = [(0, 0), (0, 0)]
    padded = np.pad(value, [(0, 0), *padding, (0, 0)])
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=(1, 2))[:, ::strides[0], ::strides[1]]


def pair_of(length, size, stride):
    total = max((-(-length // stride) - 1) * stride + size - length, 0)
    return total // 2, total - total // 2


def reduce_window(value, _start, _add, window, strides, padding):
    return windows(value, window[1:3], strides[1:3], padding).sum(axis=(-2, -1), dtype=value.dtype)


class Parameter:
    """nnx.Param: read and set as [...]."""

    def __init__(self, value):
        self.value = np.asarray(value, FLOAT)

    def __getitem__(self, key):
        return self.value[key]

    def __setitem__(self, key, value):
        self.value = np.asarray(value, FLOAT) if key is Ellipsis else self.value


class Module:
    pass


class Rngs:
    def __init__(self, *_seeds):
        pass

    def params(self):
        return None


class Linear(Module):
    def __init__(self, inputs, outputs, use_bias=True, rngs=None):
        self.kernel, self.bias = Parameter(np.zeros((inputs, outputs))), Parameter(np.zeros(outputs))

    def __call__(self, x):
        return x @ self.kernel[...] + self.bias[...]


class Conv(Module):
    def __init__(self, in_features, out_features, kernel_size, strides, padding, use_bias=True, rngs=None):
        self.size, self.strides, self.padding = kernel_size, strides, padding
        self.kernel = Parameter(np.zeros((*kernel_size, in_features, out_features)))
        self.bias = Parameter(np.zeros(out_features))

    def __call__(self, x):
        given, kernel = windows(x, self.size, self.strides, self.padding), self.kernel[...]
        if given.shape[3] != kernel.shape[2]:
            raise ValueError(f"found {given.shape[3]} channels, the kernel takes {kernel.shape[2]}")
        return np.einsum("bhwcij,ijco->bhwo", given, kernel, dtype=FLOAT) + self.bias[...]


class Sequential(Module):
    def __init__(self, *layers):
        self.layers = list(layers)


def install():
    """Puts the stand-ins where imports find them."""
    jax, flax, nnx, lax = (types.ModuleType(name) for name in ("jax", "flax", "flax.nnx", "jax.lax"))
    jax.numpy, jax.lax, jax.Array = make_numpy(), lax, np.ndarray
    jax.jit = lambda function, **_options: function
    jax.custom_gradient = lambda function: lambda *given: function(*given)[0]
    lax.scan, lax.reduce_window, lax.add = scan, reduce_window, np.add
    flax.nnx = nnx
    nnx.Module, nnx.Param, nnx.Rngs, nnx.Linear, nnx.Conv, nnx.Sequential = Module, Parameter, Rngs, Linear, Conv, Sequential
    nnx.initializers = types.SimpleNamespace(truncated_normal=lambda stddev=1.0: lambda _key, shape: np.zeros(shape, FLOAT))
    sys.modules.update({"jax": jax, "jax.numpy": jax.numpy, "jax.lax": lax, "flax": flax, "flax.nnx": nnx})


def bare_package(name, folder):
    """A package without its __init__, which imports all of it."""
    package = types.ModuleType(name)
    package.__path__ = [folder]
    sys.modules[name] = package
