"""A port: what must come out the same from a copy of the data. Filled by reporting, asked by backup and restore."""

from collections.abc import Callable, Mapping

from gongkai.base.errors import RuleBroken

Proof = Callable[[], Mapping[str, str]]
"""Names of what is proved (the address of a frozen report) to the digest reckoned anew from the rows."""

_proofs: dict[str, Proof] = {}


def register(name: str, proof: Proof) -> None:
    """Register at start-up. The proof reads only; it may raise RuleBroken where the data contradicts itself."""
    _proofs[name] = proof


def results() -> dict[str, dict[str, str]]:
    """What every registered proof says now; a contradiction is a result like others, so that it can be compared."""
    answers = {}
    for name, proof in sorted(_proofs.items()):
        try:
            answers[name] = dict(proof())
        except RuleBroken as broken:
            answers[name] = {"✕": str(broken)}
    return answers
