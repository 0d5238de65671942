"""What people said of findings, in the encrypted database and in memory."""

import threading
import time

import msgspec

from sampan.contract.errors import BadRequest, NotFound
from sampan.contract.labels import Kind
from sampan.contract.request import Json
from sampan.contract.storage import Opinion
from sampan.store.device import Device

VERDICTS = {"dismiss": "dismissed", "always": "always", "confirm": "confirmed"}
"""What a person may do -> what is remembered."""
_LONGEST = 4096
_SHORTEST = 2


class PersonsOpinions:
    """Implements `contract.storage.Opinions`."""

    def __init__(self, device: Device) -> None:
        self._device, self._lock = device, threading.Lock()
        self._all: dict[str, tuple[Opinion, ...]] = {}
        for user, *row in device.read('SELECT "user", text, verdict, kind, at FROM opinions ORDER BY at, text'):
            self._all[user] = (*self._all.get(user, ()), Opinion(*row))

    def of(self, user: str) -> tuple[Opinion, ...]:
        """A person's opinions, oldest first. The same object until one changes."""
        return self._all.get(user, ())

    def put(self, user: str, opinion: Opinion) -> None:
        """Remember an opinion; it replaces an earlier one on the same text. Raises StorageFull."""
        row = (user, opinion.text, opinion.verdict, opinion.kind, opinion.at)
        with self._lock:
            with self._device.write() as connection:
                connection.execute("INSERT OR REPLACE INTO opinions VALUES (?, ?, ?, ?, ?)", row)
            self._all[user] = (*self._others(user, opinion.text), opinion)

    def forget(self, user: str, text: str) -> None:
        """Forget the opinion on a text; raises NotFound."""
        with self._lock:
            others = self._others(user, text)
            if len(others) == len(self.of(user)):
                raise NotFound("There is no opinion on this text.")
            with self._device.write() as connection:
                connection.execute('DELETE FROM opinions WHERE "user" = ? AND text = ?', (user, text))
            self._all[user] = others

    def listed(self, user: str) -> list[Json]:
        """A person's opinions."""
        return [msgspec.to_builtins(opinion) for opinion in self.of(user)]

    def said(self, user: str, text: str, verdict: str, kind: str = "") -> Json:
        """Remember what a person did with a text.

        Raises:
            BadRequest: no such verdict or kind, or a text that is too short or too long. StorageFull: no room.
        """
        if verdict not in VERDICTS:
            raise BadRequest(f"`action` must be one of {', '.join(VERDICTS)}, forget.", param="action")
        if kind and kind not in set(Kind) - {Kind.LOOKALIKE}:
            raise BadRequest("`kind` must be a kind of finding.", param="kind")
        if not _SHORTEST <= len(text.strip()) <= _LONGEST:
            raise BadRequest(f"`text` must have {_SHORTEST} to {_LONGEST} characters.", param="text")
        opinion = Opinion(text, VERDICTS[verdict], kind, time.time())
        self.put(user, opinion)
        shown: Json = msgspec.to_builtins(opinion)
        return shown

    def forgotten(self, user: str, text: str) -> Json:
        """Forget the opinion on a text; raises NotFound."""
        self.forget(user, text)
        return {"text": text, "forgotten": True}

    def _others(self, user: str, text: str) -> tuple[Opinion, ...]:
        return tuple(opinion for opinion in self.of(user) if opinion.text != text)
