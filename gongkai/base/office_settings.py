"""Settings of an office: rules tagged [M] or [R] in the law sheets are settings with a default, never constants.

A setting is declared here by the module that uses it; its dated values stand in `agencies.OfficeSettingValue` and are
resolved agency → parents → default. `docs/settings.md` is generated from this registry.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OfficeSetting:
    """One setting: key, Chinese name, default, what it means, where the rule comes from."""

    key: str
    name: str
    default: Any
    unit: str
    meaning: str
    source: str


_settings: dict[str, OfficeSetting] = {}


def declare(key: str, *, name: str, default: Any, unit: str = "", meaning: str, source: str) -> OfficeSetting:
    """Declare a setting once, at import time."""
    setting = OfficeSetting(key, name, default, unit, meaning, source)
    if _settings.setdefault(key, setting) != setting:
        raise ValueError(f"setting {key} is declared twice")
    return setting


def all_settings() -> dict[str, OfficeSetting]:
    """All declared settings by key."""
    return dict(sorted(_settings.items()))
