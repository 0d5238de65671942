"""The Responses API's state: what `previous_response_id` refers to, one scope per principal."""

import time

import orjson

from sampan.contract.errors import NotFound
from sampan.contract.request import Json
from sampan.store.device import Device

THIRTY_DAYS = 30 * 86400.0


class Responses:
    """Implements `flow.gather.Conversations`. Another principal's response is not found."""

    def __init__(self, device: Device, keep_s: float = THIRTY_DAYS) -> None:
        self._device, self._keep_s = device, keep_s

    def get(self, scope: str, response_id: str) -> Json:
        """The state kept for this principal; raises NotFound."""
        rows = self._device.read(
            "SELECT body FROM responses WHERE scope = ? AND id = ? AND expires > ?", (scope, response_id, time.time())
        )
        if not rows:
            raise NotFound(
                "No such response is kept for you.", hint="It may have expired: send the whole conversation."
            )
        state: Json = orjson.loads(rows[0][0])
        return state

    def put(self, scope: str, response_id: str, state: Json) -> None:
        """Keep a state, and drop what has expired.

        Raises:
            StorageFull: no room.
        """
        now = time.time()
        row = (scope, response_id, orjson.dumps(state), now, now + self._keep_s)
        with self._device.write() as connection:
            connection.execute("DELETE FROM responses WHERE expires <= ?", (now,))
            connection.execute("INSERT OR REPLACE INTO responses VALUES (?, ?, ?, ?, ?)", row)

    def delete(self, scope: str, response_id: str) -> None:
        """Drop a state; raises NotFound."""
        with self._device.write() as connection:
            cursor = connection.execute("DELETE FROM responses WHERE scope = ? AND id = ?", (scope, response_id))
            if not cursor.rowcount:
                raise NotFound("No such response is kept for you.")
