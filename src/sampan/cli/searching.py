"""Looking for what is sensitive the way the server would for this person, and saying so when a detector did not run."""

import importlib
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import click
import msgspec

from sampan.cli.contents import detector_of
from sampan.cli.reading import remembered
from sampan.cli.voice import voice
from sampan.cli.words import read, word
from sampan.contract.errors import SampanError, Unreadable
from sampan.contract.labels import Finding
from sampan.contract.storage import Opinion
from sampan.settings import Settings
from sampan.understand.recognisers.user_terms import UserTerms
from sampan.understand.remembering import always, dismissed
from sampan.wording import worded

_ALONE = click.option("--no-opinions", "alone", is_flag=True, help="Leave out what `sampan findings` remembers.")
_NAMES = click.option(
    "--names/--no-names",
    default=None,
    help="Look for names and addresses too, or only for what has a form. Without it `privacy.names` says.",
)


class Wanted(msgspec.Struct, frozen=True):
    """How to look. alone: without remembered opinions. names: look for names; None as the settings say."""

    alone: bool = False
    names: bool | None = None

    def search(self, settings: Settings) -> "Search":
        """Begin to look."""
        if self.names is not None:
            privacy = msgspec.structs.replace(settings.privacy, names=self.names)
            settings = msgspec.structs.replace(settings, privacy=privacy)
        return Search(settings, opinions_wanted(alone=self.alone))


def search_wanted(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that looks for what is sensitive; it gets them as one `how`, a `Wanted`."""

    @_ALONE
    @_NAMES
    @wraps(command)
    def run(*, alone: bool, names: bool | None, **others: Any) -> None:
        command(how=Wanted(alone, names), **others)

    return run


def opinions_wanted(*, alone: bool) -> tuple[Opinion, ...]:
    """What this person said of findings; where it cannot be read, that is said, and nothing counts."""
    if alone:
        return ()
    try:
        return remembered()
    except SampanError as error:
        voice().say(word("no_opinions", reason=read(error.message)))
        return ()


class Search:
    """Looks through texts. failed: detectors that did not run -> why; what they look for may be there."""

    def __init__(self, settings: Settings, opinions: tuple[Opinion, ...] = ()) -> None:
        detector = detector_of(settings)
        terms = always(opinions)
        self._detector = detector.joined_by(UserTerms(terms)) if terms else detector
        self._dismissed = dismissed(opinions)
        self._may_dismiss = None
        if self._dismissed:
            self._may_dismiss = cache(importlib.import_module("sampan.cli.ruling").Ruling(settings).permits)
        self.failed: dict[str, str] = {}

    def findings(self, text: str) -> tuple[Finding, ...]:
        """Findings in `text`, sorted, not overlapping, without those that were dismissed where policy permits that."""
        report = self._detector.report(text)
        self.failed |= report.failed
        return tuple(each for each in report.findings if not self._is_dismissed(each))

    def missing(self) -> list[str]:
        """What was not looked for, a clause for each detector that failed."""
        return [worded(f"the detector `{name}` did not run: {why}") for name, why in sorted(self.failed.items())]

    def whole(self, text: str) -> tuple[Finding, ...]:
        """The same as `findings`.

        Raises:
            Unreadable: a detector did not run.
        """
        found = self.findings(text)
        if self.failed:
            said = f"Not looked through: {'; '.join(self.missing())}."
            raise Unreadable(said, hint="`sampan doctor` shows what is wrong.")
        return found

    def _is_dismissed(self, each: Finding) -> bool:
        return self._may_dismiss is not None and each.text in self._dismissed and self._may_dismiss(each.kind)
