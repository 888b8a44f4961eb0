# The extension that the package is made of: its names are no interface.
from typing import Any, List, Tuple

version: str
causes: List[Tuple[str, str, str, str, str, str]]

def __getattr__(name: str) -> Any: ...
