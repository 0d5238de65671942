"""Looking for what is sensitive the way the server would, and saying so when a detector did not run."""

from sampan.cli.contents import detector_of
from sampan.contract.errors import Unreadable
from sampan.contract.labels import Finding
from sampan.settings import Settings


class Search:
    """Looks through texts. failed: detectors that did not run -> why; what they look for may be there."""

    def __init__(self, settings: Settings) -> None:
        self._detector = detector_of(settings)
        self.failed: dict[str, str] = {}

    def findings(self, text: str) -> tuple[Finding, ...]:
        """Findings in `text`, sorted, not overlapping."""
        report = self._detector.report(text)
        self.failed |= report.failed
        return tuple(report.findings)

    def missing(self) -> list[str]:
        """What was not looked for, a clause for each detector that failed."""
        return [f"the detector `{name}` did not run: {why}" for name, why in sorted(self.failed.items())]

    def whole(self, text: str) -> tuple[Finding, ...]:
        """The same as `findings`.

        Raises:
            Unreadable: a detector did not run.
        """
        found = self.findings(text)
        if self.failed:
            raise Unreadable(
                f"Not looked through: {'; '.join(self.missing())}.", hint="`sampan doctor` shows what is wrong."
            )
        return found
