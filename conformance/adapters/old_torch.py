"""PyTorch 1.13, which Debian 12 has, where a platform wants a later one. Import this before the platform.

What is stood in for: `setup_context` of torch.autograd.Function, by calling the forward passes alone; and torch.library.custom_op, by
the plain function. Neither changes a number of a forward pass. With PyTorch 2 this module does nothing.
"""

import torch


class _Context:
    """What a forward pass keeps for a backward pass that is never run."""

    def save_for_backward(self, *_tensors):
        pass

    def mark_non_differentiable(self, *_tensors):
        pass


class _ForwardAlone:
    @classmethod
    def apply(cls, *arguments):
        if "setup_context" in cls.__dict__:
            return cls.forward(*arguments)
        return cls.forward(_Context(), *arguments)


class _PlainOp:
    """A custom op as the function that it is."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments, **named):
        return self.function(*arguments, **named)

    def __getattr__(self, name):
        if name.startswith("register_") or name == "impl":
            return lambda *_given, **_named: lambda function: function
        raise AttributeError(name)


def custom_op(_name, function=None, **_options):
    return _PlainOp(function) if function else _PlainOp


if int(torch.__version__.split(".", 1)[0]) < 2:
    torch.autograd.Function = _ForwardAlone
    torch.autograd.function.Function = _ForwardAlone
    torch.library.custom_op = custom_op
    torch.library.register_fake = torch.library.register_autograd = lambda *_given, **_named: lambda function: function
