"""Answers under way: they go on when the browser leaves, and tell a browser that comes back everything from where it was.

An answer's text is sent as it comes; a block that nothing can change any more is sent once, as HTML.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from sampan.contract.chat import WEB_APP, Conversations, Message, State
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
from sampan.serve.web.strip import told_of

_SHORT = 2048
"""Characters of an open block that are parsed anew at every line, and at once; what is longer is a thread's work."""
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
    app: str = WEB_APP


class Live:
    """One answer under way: its events so far, and who waits for more. conversation: where it stands."""

    def __init__(self, message: Message, writer: Writer, conversation: str = "") -> None:
        self.message, self.conversation, self._writer = message, conversation, writer
        self.events: list[Json] = []
        self.done = False
        self.task: asyncio.Task[None] | None = None
        self.ending: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()
        self._more = asyncio.Event()
        self._rest, self._try_at = "", 0

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

    async def write(self, text: str, restored: Mapping[str, str]) -> None:
        """More of the answer's text."""
        self.message = msgspec.structs.replace(self.message, text=self.message.text + text)
        self._rest += text
        self.tell({"type": "delta", "text": text})
        if "\n" in text and len(self._rest) >= self._try_at:
            await self._close(self._writer.finished, restored)
            # a block that stays open is parsed again only when it has grown: a long one would cost its square
            self._try_at = len(self._rest) + max(0, len(self._rest) - _SHORT) // 4

    async def close(self, restored: Mapping[str, str]) -> None:
        """No more text: what is left is a block too."""
        await self._close(len, restored)

    async def _close(self, end_in: Callable[[str], int], restored: Mapping[str, str]) -> None:
        """Tell the blocks that are finished. end_in: up to where a text is finished."""

        def rendered(text: str) -> tuple[int, str]:
            end = end_in(text)
            return end, self._writer.html(text[:end], restored) if text[:end].strip() else ""

        # what somebody made to take long would keep everybody else waiting
        text = self._rest
        end, html = rendered(text) if len(text) <= _SHORT else await asyncio.to_thread(rendered, text)
        self._rest = text[end:]
        if html:
            self.tell({"type": "block", "html": html, "rest": self._rest})


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
        live = self._live[message.id] = Live(message, writer, asked.conversation)
        loop = asyncio.get_running_loop()
        live.task = loop.create_task(self._run(principal, asked, live))

        def then(task: "asyncio.Task[None]") -> None:
            live.ending = loop.create_task(self._finish(principal.user, live, task))

        # whatever became of it: a task that is cancelled before it begins runs none of its own code
        live.task.add_done_callback(then)
        return message

    def live(self, message: str) -> Live | None:
        """An answer that is under way, or ended a moment ago."""
        return self._live.get(message)

    async def stop(self, message: str) -> None:
        """Stop an answer; what came so far stays."""
        live = self._live.get(message)
        if live is not None:
            await _ended(live, State.STOPPED, STOPPED)

    async def stop_within(self, conversation: str) -> None:
        """Stop every answer of a conversation, before it is deleted: nothing of it is kept anew afterwards."""
        for live in list(self._live.values()):
            if live.conversation == conversation:
                await _ended(live, State.STOPPED, STOPPED)

    async def aclose(self) -> None:
        """Stop everything: Sampan ends."""
        for live in list(self._live.values()):
            await _ended(live, State.INTERRUPTED)

    async def _run(self, principal: Principal, asked: Asked, live: Live) -> None:
        request = request_of(principal, asked)
        live.message = msgspec.structs.replace(live.message, receipt=request.id)
        await self._answer(principal.user, request, live)

    async def _answer(self, user: str, request: Request, live: Live) -> None:
        live.tell({"type": "status", "state": "deciding"})
        watch = asyncio.get_running_loop().create_task(self._tell_of_approval(request, live))
        try:
            answer = await run(request, self._stages, live)
        finally:
            watch.cancel()
        restored, facts = answer.restorer.values(), told_of(answer.decided, answer.route)
        live.message = msgspec.structs.replace(live.message, facts={**facts, "restored": restored})
        live.tell({"type": "facts", **facts})
        await self._read(user, answer, live, restored)

    async def _tell_of_approval(self, request: Request, live: Live) -> None:
        """Say at once that the request waits for somebody, and for whom."""
        holding, approver, told = self._stages.holding, Approver(request.principal.user), ""
        while not holding.stopped:
            version = holding.version
            for item in holding.listed(approver):
                if item["receipt"] == request.id and item["id"] != told:
                    told = item["id"]
                    live.tell({"type": "held", **{name: item[name] for name in _HELD}})
            await holding.changed(version, _LOOK_S)

    async def _read(self, user: str, answer: Answer, live: Live, restored: Mapping[str, str]) -> None:
        saved = time.monotonic()
        async with aclosing(answer.frames) as frames:
            async for frame in frames:
                text = text_of(frame.data)
                if text:
                    await live.write(text, restored)
                if time.monotonic() - saved > _SAVE_S:
                    saved = time.monotonic()
                    await self._save(user, live.message)

    async def _save(self, user: str, message: Message) -> None:
        """Write down the text so far; over when this returns or raises, so that no older text is written after the last."""
        saving = asyncio.ensure_future(asyncio.to_thread(self._kept.change, user, message))
        try:
            await asyncio.shield(saving)
        except asyncio.CancelledError:
            await asyncio.wait([saving])
            raise

    async def _finish(self, user: str, live: Live, task: "asyncio.Task[None]") -> None:
        if task.cancelled():
            self._became(live, State.STOPPED)
        elif error := task.exception():
            self._failed(live, error if isinstance(error, SampanError) else unexpected(error))
        else:
            self._became(live, State.COMPLETE)
        try:
            await live.close(live.message.facts.get("restored", {}))
            self._kept.change(user, live.message)
        except SampanError as trouble:
            live.tell({"type": "trouble", "error": trouble.message, "hint": trouble.way_on})
        finally:
            live.done = True
            live.tell({"type": "end", "state": live.message.state.value, "receipt": live.message.receipt})
            live.ended.set()
            asyncio.get_running_loop().call_later(_KEPT_S, self._live.pop, live.message.id, None)

    def _became(self, live: Live, state: State) -> None:
        if live.message.state is State.ANSWERING:
            live.message = msgspec.structs.replace(live.message, state=state)

    def _failed(self, live: Live, error: SampanError) -> None:
        state = State.REFUSED if isinstance(error, PolicyRefused) else State.FAILED
        told = {"code": error.code, "error": error.message, "ways_on": list(error.ways_on), "hint": error.way_on}
        if live.message.state is State.ANSWERING:
            facts = {**live.message.facts, **told}
            live.message = msgspec.structs.replace(live.message, state=state, facts=facts)


async def _ended(live: Live, state: State, why: str = "") -> None:
    """Stop an answer and wait until it is; asked again, only wait: a second cancellation would disturb the first."""
    if live.done or live.task is None:
        return
    if live.message.state is State.ANSWERING:
        live.message = msgspec.structs.replace(live.message, state=state)
        live.task.cancel(why or None)
    await live.ended.wait()


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
        conversation=asked.conversation if asked.app == WEB_APP else "",
    )


def text_of(data: Mapping[str, Any]) -> str:
    """The text of one event of the chat dialect."""
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices:
        return ""
    delta = choices[0].get("delta") or {}
    content = delta.get("content")
    return content if isinstance(content, str) else ""
