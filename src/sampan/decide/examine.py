"""Everything that can be said of a set of policies before it counts: faults, cases, proofs, remarks."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from sampan.contract.errors import ConfigError
from sampan.decide.check import Case, Outcome, parse_cases, run_cases
from sampan.decide.earned import PINS, Pins, read_pins
from sampan.decide.packs import CASES, PROPERTIES, Folders, Part, parts_of
from sampan.decide.policy import Policies, examine, load
from sampan.decide.proof.properties import Property, parse_properties
from sampan.decide.proof.prove import Proof, Prover, Remark
from sampan.decide.seal import Seal
from sampan.decide.source import Fault, Layer, Source


class Examination(msgspec.Struct, frozen=True):
    """What was found. rules: how many; 0 when there are faults, and then nothing else was looked at.

    doors: permits without a condition in a ceiling, where they are wrong; elsewhere they are remarks.
    """

    files: tuple[str, ...]
    rules: int
    faults: tuple[Fault, ...] = ()
    cases: tuple[Outcome, ...] = ()
    proofs: tuple[Proof, ...] = ()
    remarks: tuple[Remark, ...] = ()
    doors: tuple[Remark, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the set may be put in force."""
        return not self.faults and not self.wrong

    @property
    def wrong(self) -> list[str]:
        """Every expectation that does not hold, in one line each."""
        return _wrong(self.doors, self.cases, self.proofs)


def examination(folders: Folders) -> Examination:
    """Examine each part by itself: a pack, the ceiling, the user's rules, the application's.

    Raises:
        ConfigError: a file cannot be read, or the ceiling is not signed as it must be.
    """
    parts = parts_of(folders)
    sources = [source for part in parts if part.counts for source in part.sources]
    faults = examine(sources)
    if faults:
        return Examination(_files(sources), 0, tuple(faults))
    cases: list[Outcome] = []
    proofs: list[Proof] = []
    remarks: list[Remark] = []
    doors: list[Remark] = []
    for part in parts:
        policies = load(part.sources)
        cases += run_cases(policies, _cases(part))
        prover = Prover(policies, _properties(part))
        proofs += prover.prove()
        remarks += prover.remarks() if part.counts else []
        doors += prover.open_doors() if part.layer is Layer.CEILING else []
    return Examination(
        files=_files(sources),
        rules=len(load(sources).rules),
        cases=tuple(cases),
        proofs=tuple(proofs),
        remarks=tuple(remark for remark in dict.fromkeys(remarks) if remark not in doors),
        doors=tuple(doors),
    )


class Accepted(NamedTuple):
    """What may be put in force. pins: what the ceiling says of hosts. seal: of a ceiling that must be signed."""

    policies: Policies
    pins: Pins | None
    seal: Seal | None


def accept(folders: Folders) -> Policies:
    """As `accepted`: the policies alone."""
    return accepted(folders).policies


def accepted(folders: Folders) -> Accepted:
    """Load, and hold the rules to the cases and properties beside them. Every file is read once.

    Raises:
        ConfigError: a file is wrong, a case or a property fails, or the ceiling is not signed as it must be, or too old.
    """
    parts = parts_of(folders)
    sources = tuple(source for part in parts if part.counts for source in part.sources)
    policies = load(sources)
    for part in parts:
        _hold(part, sources, policies)
    return Accepted(policies, _pins(parts), next((part.seal for part in parts if part.seal is not None), None))


def pins_of(folders: Folders) -> Pins | None:
    """What the ceiling says of hosts; None when it says nothing. Raises ConfigError."""
    return _pins(parts_of(folders))


def _pins(parts: Sequence[Part]) -> Pins | None:
    ceiling = next((part for part in parts if part.layer is Layer.CEILING), None)
    return read_pins(ceiling.text(PINS)) if ceiling is not None and PINS in ceiling.files else None


def _hold(part: Part, sources: tuple[Source, ...], whole: Policies) -> None:
    """sources: of the whole set; a part that is all of it, as a pack without rules of the user's, is not loaded again."""
    cases, properties = _cases(part), _properties(part)
    if not cases and not properties and part.layer is not Layer.CEILING:
        return
    policies = whole if part.sources == sources else load(part.sources)
    prover = Prover(policies, properties)
    doors = prover.open_doors() if part.layer is Layer.CEILING else []
    wrong = _wrong(doors, run_cases(policies, cases), prover.prove())
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise ConfigError(f"{wrong[0]}{more}", hint="`sampan policy check` shows every one.")


def _wrong(doors: Sequence[Remark], cases: Sequence[Outcome], proofs: Sequence[Proof]) -> list[str]:
    failed = [f"case {outcome}" for outcome in cases if not outcome.passed]
    unproven = [f"property {proof}" for proof in proofs if proof.outcome == "fails"]
    return [*map(str, doors), *failed, *unproven]


def _cases(part: Part) -> tuple[Case, ...]:
    return parse_cases(CASES, part.text(CASES))


def _properties(part: Part) -> tuple[Property, ...]:
    return parse_properties(PROPERTIES, part.text(PROPERTIES))


def _files(sources: Sequence[Source]) -> tuple[str, ...]:
    return tuple(source.file for source in sources)
