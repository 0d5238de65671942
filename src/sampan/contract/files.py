"""What reading a file gave: its texts, or why it could not be read."""

import msgspec


class FileText(msgspec.Struct, frozen=True):
    """All the text of one file, or the reason why somebody could not see all of it, and what could be seen.

    kind: what the file is, as said to a person: `PDF`, `Word file`. texts: one block for each part of it.
    reason: empty when everything was read. passing: the reason lies not in the file, so another try may go well.
    shown: numbers of those texts that a person reads who opens the file, in that order; the rest is properties and the like.
    """

    kind: str
    texts: tuple[str, ...] = ()
    reason: str = ""
    passing: bool = False
    shown: tuple[int, ...] = ()

    @property
    def said(self) -> str:
        """What a person reads who opens the file."""
        return "\n\n".join(self.texts[at].strip() for at in self.shown)
