"""What spoils an answer whatever else is said for it, in log-odds. Set by hand, and not learned: no label outweighs it.

The other checks are weighed in `decide/estimate/combine.py`, which learns.
"""

from collections.abc import Mapping

_SPOILS = -8.0
"""What cannot be used as it is: no text, a call that cannot be carried out."""
_VETOES = {"empty": _SPOILS, "calls_wrong": _SPOILS, "repeating": -4.5, "other_language": -2.5}


def vetoes(features: Mapping[str, float]) -> dict[str, float]:
    """Name of each sign that was looked for -> what it adds; nothing where it is not there."""
    return {name: by * features[name] for name, by in _VETOES.items() if features.get(name)}
