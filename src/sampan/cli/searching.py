"""Looking for what is sensitive the way the server would for this person, and saying so when a detector did not run."""

import importlib
from functools import cache

import click

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

alone_wanted = click.option("--no-opinions", "alone", is_flag=True, help="Leave out what `sampan findings` remembers.")
"""The option of every command that looks for what is sensitive."""


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
