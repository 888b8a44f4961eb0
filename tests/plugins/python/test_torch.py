"""The module of PyTorch."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import nirc
import nirc.torch


@pytest.fixture
def module(two_layers):
    return nirc.torch.Module(two_layers[0], dt=1e-3)


def test_every_layout_is_the_networks_run(two_layers):
    path, x = two_layers
    expected = nirc.compile(path, dt=1e-3)(np.stack([x, x[::-1]])).output
    batch = torch.from_numpy(np.stack([x, x[::-1]]).astype("f4"))
    assert np.array_equal(nirc.torch.Module(path, dt=1e-3)(batch).numpy(), expected)
    steps_first = nirc.torch.Module(path, dt=1e-3, layout="TBN")(batch.transpose(0, 1))
    assert np.array_equal(steps_first.numpy(), expected.swapaxes(0, 1))
    alone = nirc.torch.Module(path, dt=1e-3, layout="TN")(batch[0])
    assert np.array_equal(alone.numpy(), expected[0])


def test_state_is_carried(two_layers, module):
    x = torch.from_numpy(two_layers[1].astype("f4"))[None]
    whole = module(x)
    module.reset()
    parts = torch.cat([module(x[:, :70]), module(x[:, 70:])], 1)
    assert torch.equal(parts, whole)
    fresh = nirc.torch.Module(module.network, carry=False)
    assert torch.equal(fresh(x), whole) and torch.equal(fresh(x), whole)
    with pytest.raises(ValueError, match="reset"):
        module(torch.ones(3, 5, 12))
    module.reset()
    assert module(torch.ones(3, 5, 12)).shape == (3, 5, 3)


def test_inside_a_larger_network(two_layers, module):
    outer = torch.nn.Sequential(torch.nn.Linear(5, 12), module, torch.nn.Linear(3, 2))
    with torch.no_grad():
        assert outer(torch.ones(2, 20, 5)).shape == (2, 20, 2)
    module.reset()
    with pytest.raises(RuntimeError, match="no_grad"):
        outer(torch.ones(2, 20, 5))
    assert not list(module.parameters()) and "layout='BTN'" in repr(module)


def test_dtypes(two_layers, module):
    x = torch.from_numpy(two_layers[1])[None]
    module.carry = False
    for dtype in (torch.float32, torch.float64, torch.uint8, torch.bool, torch.bfloat16):
        y = module(x.to(dtype))
        assert y.dtype == (dtype if dtype.is_floating_point else torch.float32)
        assert torch.equal(y.double(), module(x.to(dtype).float()).double())
    with pytest.raises(TypeError):
        module(two_layers[1])
    with pytest.raises(ValueError, match=r"found a tensor of \[1, 4, 7\], expected \[B, T, 12\]"):
        module(torch.ones(1, 4, 7))
    with pytest.raises(ValueError, match="layout='TN'"):
        module(torch.ones(30, 12))


def test_states_are_kept(two_layers):
    path, x = two_layers
    module = nirc.torch.Module(path, dt=1e-3, record=["lif1.v"])
    module(torch.from_numpy(x.astype("f4"))[None])
    run = nirc.compile(path, dt=1e-3, record="lif1:v")(x)
    assert np.array_equal(module.recorded["lif1.v"][0].numpy(), run["lif1.v"])
    with pytest.raises(KeyError):
        nirc.torch.Module(path, dt=1e-3, record=["lif9.v"])
    with pytest.raises(ValueError):
        nirc.torch.Module(path, dt=1e-3, layout="NTB")


def test_fashion_mnist_is_evals_class(examples, command, tmp_path):
    """The class of 500 images: that of nirc eval, and of the network written in plain PyTorch."""
    import fashion

    images, labels = fashion.images(500), fashion.labels(500)
    np.save(tmp_path / "labels.npy", labels)
    module = nirc.torch.Module(examples / "fashion-mnist/mlp.nir", carry=False)
    classes = module(fashion.shown(images)).sum(1).argmax(1).numpy()
    import json

    np.save(tmp_path / "images.npy", images.reshape(-1, 784))
    said = json.loads(
        command(
            "eval", examples / "fashion-mnist/mlp.nir", "--input", tmp_path / "images.npy", "--labels",
            tmp_path / "labels.npy", "--layout", "BN", "--encoding", "direct", "--json",
        )
    )  # fmt: skip
    assert said["correct"] == (classes == labels).sum() > 400
    with torch.no_grad():
        plain = fashion.Plain(examples / "fashion-mnist/mlp.nir")(fashion.shown(images).transpose(0, 1))
    assert (plain.sum(0).argmax(1).numpy() != classes).sum() <= 1  # sums in another order
