"""Answers under way: they go on when the browser leaves, and tell a browser that comes back everything from where it was.

An answer's text is sent as it comes; a block that nothing can change any more is sent once, as HTML.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec

from sampan.contract.chat import Conversations, Message, State
from sampan.contract.errors import PolicyRefused, SampanError
from sampan.contract.ids import new_id
from sampan.contract.request import Dialect, Held, Json, Principal, Request, Unmask
from sampan.flow.agreement import Approver
from sampan.flow.answer import Answer
from sampan.flow.journey import STOPPED
from sampan.flow.run import now, run
from sampan.flow.stages import Stages
from sampan.serve.faults import unexpected
from sampan.serve.web.markdown import Writer

OWN_APP = "sampan-web"
_SAVE_S = 1.0
"""How often the text so far is written down."""
_LOOK_S = 30.0
_HELD = ("id", "reason", "rules", "model", "realm", "form", "found", "needed", "yours", "until", "conversation")
_KEPT_S = 120.0
"""How long a finished answer can still be followed."""


class Asked(msgspec.Struct, frozen=True):
    """What an answer is asked for. messages: in the chat dialect, oldest first. model: a name or a wish."""

    conversation: str
    parent: str
    messages: tuple[Json, ...]
    model: str = "auto"
    unmask: tuple[Unmask, ...] = ()
    app: str = OWN_APP


class Live:
    """One answer under way: its events so far, and who waits for more."""

    def __init__(self, message: Message, writer: Writer) -> None:
        self.message, self._writer = message, writer
        self.events: list[Json] = []
        self.done = False
        self.task: asyncio.Task[None] | None = None
        self._more = asyncio.Event()
        self._rest = ""

    def tell(self, event: Json) -> None:
        """Add an event; its number is its place."""
        self.events.append(event)
        more, self._more = self._more, asyncio.Event()
        more.set()

    async def kept(self, held: Held) -> None:
        """As `flow.line.Line`: whoever follows is told by events."""

    async def working(self) -> None:
        """As `flow.line.Line`: a model answers on trial."""
        self.tell({"type": "status", "state": "trying"})

    async def follow(self, after: int) -> AsyncIterator[tuple[int, Json]]:
        """Events from number `after` on, until the last."""
        at = max(0, after)
        while True:
            more = self._more
            while at < len(self.events):
                yield at, self.events[at]
                at += 1
            if self.done:
                return
            await more.wait()

    def write(self, text: str, restored: Mapping[str, str]) -> None:
        """More of the answer's text."""
        self.message = msgspec.structs.replace(self.message, text=self.message.text + text)
        self._rest += text
        self.tell({"type": "delta", "text": text})
        if "\n" in text:
            end = self._writer.finished(self._rest)
            self._close(end, restored)

    def close(self, restored: Mapping[str, str]) -> None:
        """No more text: what is left is a block too."""
        self._close(len(self._rest), restored)

    def _close(self, end: int, restored: Mapping[str, str]) -> None:
        block, self._rest = self._rest[:end], self._rest[end:]
        if block.strip():
            self.tell({"type": "block", "html": self._writer.html(block, restored), "rest": self._rest})


class Answers:
    """Starts, follows and stops answers; each is written down as it grows."""

    def __init__(self, stages: Stages, kept: Conversations) -> None:
        self._stages, self._kept = stages, kept
        self._live: dict[str, Live] = {}

    def start(self, principal: Principal, asked: Asked, writer: Writer) -> Message:
        """Begin an answer; it becomes the leaf of its conversation.

        Raises:
            StorageFull: it could not be written down; nothing was asked.
        """
        message = Message(new_id("msg"), asked.parent, "assistant", "", time.time(), State.ANSWERING)
        self._kept.add(principal.user, asked.conversation, message)
        live = self._live[message.id] = Live(message, writer)
        live.task = asyncio.get_running_loop().create_task(self._run(principal, asked, live))
        return message

    def live(self, message: str) -> Live | None:
        """An answer that is under way, or ended a moment ago."""
        return self._live.get(message)

    async def stop(self, message: str) -> None:
        """Stop an answer; what came so far stays."""
        live = self._live.get(message)
        if live is None or live.done or live.task is None:
            return
        live.message = msgspec.structs.replace(live.message, state=State.STOPPED)
        live.task.cancel(STOPPED)
        await asyncio.wait([live.task])

    async def aclose(self) -> None:
        """Stop everything."""
        for message in list(self._live):
            await self.stop(message)

    async def _run(self, principal: Principal, asked: Asked, live: Live) -> None:
        user, request = principal.user, request_of(principal, asked)
        live.message = msgspec.structs.replace(live.message, receipt=request.id)
        try:
            [outcome] = await asyncio.gather(self._answer(user, request, live), return_exceptions=True)
            if isinstance(outcome, Exception):
                self._failed(live, outcome if isinstance(outcome, SampanError) else unexpected(outcome))
            self._ended(live, State.COMPLETE)
        except asyncio.CancelledError:
            self._ended(live, State.STOPPED)
        self._finish(user, live)

    async def _answer(self, user: str, request: Request, live: Live) -> None:
        live.tell({"type": "status", "state": "deciding"})
        watch = asyncio.get_running_loop().create_task(self._tell_of_approval(request, live))
        try:
            answer = await run(request, self._stages, live)
        finally:
            watch.cancel()
        restored, facts = answer.restorer.values(), answered_facts(answer)
        live.message = msgspec.structs.replace(live.message, facts={**facts, "restored": restored})
        live.tell({"type": "facts", **facts})
        await self._read(user, answer, live, restored)

    async def _tell_of_approval(self, request: Request, live: Live) -> None:
        """Say at once that the request waits for somebody, and for whom."""
        holding, approver, told = self._stages.holding, Approver(request.principal.user), ""
        while True:
            version = holding.version
            for item in holding.listed(approver):
                if item["receipt"] == request.id and item["id"] != told:
                    told = item["id"]
                    live.tell({"type": "held", **{name: item[name] for name in _HELD}})
            await holding.changed(version, _LOOK_S)

    async def _read(self, user: str, answer: Answer, live: Live, restored: Mapping[str, str]) -> None:
        saved = time.monotonic()
        async for frame in answer.frames:
            text = text_of(frame.data)
            if text:
                live.write(text, restored)
            if time.monotonic() - saved > _SAVE_S:
                saved = time.monotonic()
                await asyncio.to_thread(self._kept.change, user, live.message)

    def _ended(self, live: Live, state: State) -> None:
        if live.message.state is State.ANSWERING:
            live.message = msgspec.structs.replace(live.message, state=state)

    def _failed(self, live: Live, error: SampanError) -> None:
        state = State.REFUSED if isinstance(error, PolicyRefused) else State.FAILED
        told = {"code": error.code, "error": error.message, "ways_on": list(error.ways_on), "hint": error.way_on}
        if live.message.state is not State.STOPPED:
            facts = {**live.message.facts, **told}
            live.message = msgspec.structs.replace(live.message, state=state, facts=facts)

    def _finish(self, user: str, live: Live) -> None:
        live.close(live.message.facts.get("restored", {}))
        try:
            self._kept.change(user, live.message)
        except SampanError as error:
            live.tell({"type": "trouble", "error": error.message, "hint": error.way_on})
        live.done = True
        live.tell({"type": "end", "state": live.message.state.value, "receipt": live.message.receipt})
        asyncio.get_running_loop().call_later(_KEPT_S, self._live.pop, live.message.id, None)


def request_of(principal: Principal, asked: Asked) -> Request:
    """The flow's request for what was asked in the web app."""
    body: Json = {
        "model": asked.model,
        "messages": list(asked.messages),
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    return Request(
        id=new_id("rcp"),
        dialect=Dialect.CHAT,
        body=body,
        principal=msgspec.structs.replace(principal, app=asked.app),
        asked=asked.model,
        stream=True,
        received=now(),
        unmask=asked.unmask,
        text_size=len(msgspec.json.encode(body)),
        # stand-ins of a temporary chat are not remembered
        conversation=asked.conversation if asked.app == OWN_APP else "",
    )


def answered_facts(answer: Answer) -> Json:
    """What is told beside an answer: where it comes from, in which form, by which rule."""
    route, decided = answer.route, answer.decided
    counts = decided.labelled.labels.counts
    masked = {kind.value: counts.get(kind, 0) for kind in sorted(route.form.masked) if counts.get(kind)}
    rules = {rule for refusal in decided.refused if refusal.model == route.model.name for rule in refusal.rules}
    return {
        "realm": route.model.realm.value,
        "site": route.model.site.value,
        "model": route.model.name,
        "jurisdiction": route.model.jurisdiction,
        "form": route.form.name,
        "masked": masked,
        "rules": sorted(rules),
        "why": decided.why,
    }


def text_of(data: Mapping[str, Any]) -> str:
    """The text of one event of the chat dialect."""
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices:
        return ""
    delta = choices[0].get("delta") or {}
    content = delta.get("content")
    return content if isinstance(content, str) else ""
