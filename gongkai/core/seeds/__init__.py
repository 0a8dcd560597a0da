"""The figures and capabilities named in five published reports: the measure of the program. Source: README.md."""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@cache
def figures() -> tuple[Mapping[str, Any], ...]:
    """The 270 figures in the order of their ids: id, quote, value (int or Decimal, in `unit`), indicator and so on."""
    return _read("figures.json")


@cache
def capabilities() -> tuple[Mapping[str, Any], ...]:
    """The 180 capabilities by area, each with the figures that it produces and its `how`."""
    return _read("capabilities.json")


def _read(name: str) -> tuple[Mapping[str, Any], ...]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return tuple(MappingProxyType(entry) for entry in json.loads(text, parse_float=Decimal))
