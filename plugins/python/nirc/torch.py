"""A NIR network as a module of PyTorch, for inference.

>>> import nirc.torch, torch
>>> module = nirc.torch.Module("examples/two-layers.nir", dt=1e-3, layout="TBN")
>>> spikes = module(torch.ones(100, 2, 12))  # 100 steps of 2 samples
>>> spikes.shape, spikes.dtype
(torch.Size([100, 2, 3]), torch.float32)
"""

from __future__ import annotations

import math
from typing import Any, Dict, Mapping, Optional, Sequence, Union

import torch

from ._network import Network, Session, compile

Tensors = Union[torch.Tensor, Mapping[str, torch.Tensor]]

_LAYOUTS = ("BTN", "TBN", "TN")


class Module(torch.nn.Module):
    """A network that nirc computes, on tensors.

    :param network: a path, a :class:`nirc.Graph`, a ``nir.NIRGraph``, or a :class:`nirc.Network`
    :param layout: of tensors: "BTN", (batch, T, ...); "TBN", (T, batch, ...), as Norse and snnTorch
        have it; "TN", (T, ...), one sample. sinabs has "BTN".
    :param carry: whether a call goes on where the last one ended. :meth:`reset` starts anew. False:
        every call is from silence.
    :param record: states to keep of every step of a call, "lif1.v": see ``recorded``
    :param dtype: of the outputs; None: that of the input, float32 for one of integers
    :param choices: as :func:`nirc.compile` takes them: ``target``, ``semantics``, ``dt``, ...

    It has no parameters and computes no gradients: its outputs are constants to autograd, whether
    under ``torch.no_grad()`` or not. An input that requires a gradient is refused, so that a training
    cannot lose one unseen; ``x.detach()`` says that it is meant. Tensors are on the CPU, and those with
    their numbers in a row are used in place.
    """

    recorded: Dict[str, torch.Tensor]  #: of the last call, in its layout

    def __init__(
        self,
        network: Any,
        *,
        layout: str = "BTN",
        carry: bool = True,
        record: Sequence[str] = (),
        dtype: Optional[torch.dtype] = None,
        **choices: Any,
    ):
        super().__init__()
        if layout not in _LAYOUTS:
            raise ValueError(f"found layout {layout!r}, expected one of {', '.join(_LAYOUTS)}")
        if isinstance(network, Network) and choices:
            raise TypeError(f"the network is compiled already: {', '.join(choices)} cannot be chosen anew")
        self.network = network if isinstance(network, Network) else compile(network, **choices)
        self.layout = layout
        self.carry = carry
        self.record = list(record)
        self.dtype = dtype
        self.recorded = {}
        self.session: Optional[Session] = None  #: of the calls so far; None before the first
        for key in self.record:
            if key not in self.network.states:
                states = ", ".join(self.network.states) or "none"
                raise KeyError(f"no state is called {key!r}, there are {states}")

    def reset(self) -> None:
        """Back to silence, before the first step."""
        self.session = None

    def forward(self, x: Tensors) -> Tensors:
        """Runs the network on a tensor, or a dict of one for each Input.

        :returns: a tensor of the only Output, or a dict of one for each
        """
        if isinstance(x, Mapping) and not x:
            raise ValueError(f"found no tensor, expected one for each of {', '.join(self.network.inputs)}")
        given = x if isinstance(x, Mapping) else {next(iter(self.network.inputs)): x}
        arrays = {name: self._array(name, tensor) for name, tensor in given.items()}
        session = self._session(next(iter(given.values())))
        result = session.run(arrays, layout=self.layout, record=self.record)
        dtype = self.dtype or self._dtype_of(given)
        self.recorded = {key: torch.from_numpy(result[key]) for key in self.record}
        outputs = {name: torch.from_numpy(result[name]).to(dtype) for name in self.network.outputs}
        return next(iter(outputs.values())) if len(outputs) == 1 else outputs

    def _session(self, x: torch.Tensor) -> Session:
        batch = 1 if self.layout == "TN" else x.shape[self.layout.index("B")]
        if self.session is None or not self.carry:
            self.session = self.network.session(batch)
        if self.session.batch != batch:
            raise ValueError(
                f"found a batch of {batch}, expected {self.session.batch} as in the call before, whose state "
                "is carried: call reset() between, or give carry=False"
            )
        return self.session

    def _array(self, name: str, tensor: torch.Tensor) -> Any:
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"input {name!r}: found a {type(tensor).__name__}, expected a tensor")
        if tensor.requires_grad and torch.is_grad_enabled():
            raise RuntimeError(
                f"input {name!r} requires a gradient, and nirc computes none: call the module under "
                "torch.no_grad(), or with x.detach()"
            )
        if tensor.device.type != "cpu":
            raise RuntimeError(f"input {name!r} is on {tensor.device}, expected the CPU: x.cpu()")
        shape = self.network.inputs[name].shape if name in self.network.inputs else tensor.shape
        inner, outer = list(tensor.shape[len(self.layout) - 1 :]), self.layout[:-1]
        if name in self.network.inputs and inner not in (list(shape), [math.prod(shape)]):
            expected = ", ".join([*outer, *map(str, shape)])
            more = "; layout='TN' is for one sample, without a batch" if inner == [] or len(outer) == 2 else ""
            raise ValueError(
                f"input {name!r}: found a tensor of {list(tensor.shape)}, expected [{expected}] as the layout "
                f"{self.layout!r} says{more}"
            )
        if tensor.dtype == torch.bfloat16:
            tensor = tensor.float()
        return tensor.detach().numpy()

    @staticmethod
    def _dtype_of(given: Mapping[str, torch.Tensor]) -> torch.dtype:
        dtype = next(iter(given.values())).dtype
        return dtype if dtype.is_floating_point else torch.float32

    def extra_repr(self) -> str:
        return f"{self.network!r}, layout={self.layout!r}, carry={self.carry}"


__all__ = ["Module"]
