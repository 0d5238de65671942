"""A store in memory, models and receipts for the tests of learning."""

from datetime import UTC, datetime, timedelta

from sampan.contract.errors import NotFound, StorageFull
from tests.decide.builders import CLOUD, LOCAL

MODELS = (LOCAL, CLOUD)


class Kept:
    """Implements `contract.storage.LearnedStore`."""

    def __init__(self, **parts):
        self.parts, self.said, self.full = dict(parts), {}, False

    def part(self, name):
        return self.parts.get(name, b"")

    def keep(self, parts):
        if self.full:
            raise StorageFull("full")
        self.parts |= parts

    def clear(self):
        self.parts.clear()

    def claim(self, receipt_id, kind, by, at):
        new = (receipt_id, kind) not in self.said
        self.said.setdefault((receipt_id, kind), (by, at))
        return new

    def said_since(self, by, since):
        return sum(who == by and at >= since for who, at in self.said.values())


def receipt(id="rcp_1", user="ann", key="", days=0.0, model="local", **more):
    at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    who = {"user": user, "app": "a", "device": "this"} | ({"key": key} if key else {})
    prompt = {"domains": [["writing", 0.9]], "difficulty": 1, "language": "en"}
    route = {"prompt": prompt, "expected": {"local": [0.5, 0.3, 0]}, "model": model}
    return {"id": id, "at": at, "who": who, "end": "complete", "route": route} | more


def receipts(*rows):
    found = {row["id"]: row for row in rows}

    def one(receipt_id):
        if receipt_id not in found:
            raise NotFound("No such receipt.")
        return found[receipt_id]

    return one
