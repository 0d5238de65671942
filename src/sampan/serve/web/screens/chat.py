"""Chat: conversations, what is asked, and what would happen to it while it is typed."""

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sampan.contract.chat import TEMPORARY_APP, Attachment, Conversation, Message
from sampan.contract.errors import BadRequest, NotFound
from sampan.contract.request import Json, Unmask
from sampan.flow.preview import preview
from sampan.runtime import Runtime
from sampan.serve import wire
from sampan.serve.body import body_of
from sampan.serve.web.answers import Answers, Asked, request_of
from sampan.serve.web.forms import FORM_LIMIT, posted
from sampan.serve.web.pages import PLACES, Pages
from sampan.serve.web.shown import Shown
from sampan.serve.web.strip import strip_of
from sampan.serve.web.temporary import PREFIX, WithTemporary
from sampan.serve.web.tree import Siblings, branch, history, said_by_user, written

_LIST = 40
_SHOWN = 100
"""Messages that are drawn at once; earlier ones when they are asked for."""
LIMIT = 24 << 20
"""Bytes that a message may have with its files."""
_FILES = 10
_TITLE = 200
_DRAWN = {"held": "held.html", "facts": "going.html"}
"""Events that are drawn in the reader's language."""
_FACTS = ("outcome", "realm", "model", "form", "masked", "total", "rules")
"""What a script is told of the strip besides how it looks."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}$")]
    data: str


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the composer sends. parent: the message it follows. data of files: base64."""

    text: str = ""
    conversation: str = ""
    parent: str = ""
    model: str = "auto"
    unmask: tuple[Unmask, ...] = ()
    files: tuple[_File, ...] = ()
    temporary: bool = False


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    draft: str | None = None
    title: Annotated[str, msgspec.Meta(max_length=_TITLE)] = ""
    leaf: str = ""


def routes(chat: "Chat") -> list[Route]:
    """What is typed and what comes back."""
    return [
        Route("/chat", chat.show, methods=["GET"]),
        Route("/chat/list", chat.listed, methods=["GET", "POST"]),
        Route("/chat/strip", chat.strip, methods=["POST"]),
        Route("/chat/send", chat.send, methods=["POST"]),
        Route("/chat/answers/{message}/events", chat.events, methods=["GET"]),
        Route("/chat/answers/{message}/stop", chat.stop, methods=["POST"]),
        Route("/chat/{conversation}/about", chat.about, methods=["GET"]),
        Route("/chat/{conversation}/earlier", chat.earlier, methods=["GET"]),
        Route("/chat/{conversation}", chat.show, methods=["GET"]),
        Route("/chat/{conversation}", chat.change, methods=["PATCH"]),
        Route("/chat/{conversation}", chat.delete, methods=["DELETE"]),
    ]


class Chat:
    """Handlers, and what the handlers of single messages need too."""

    def __init__(self, pages: Pages, runtime: Runtime) -> None:
        self.pages, self.runtime = pages, runtime
        self.kept = WithTemporary(runtime.conversations)
        self.answers = Answers(runtime.stages, self.kept)
        self.shown = Shown(pages, self.kept)
        self._looking = asyncio.Lock()

    async def show(self, request: Request) -> Response:
        """The chat, with a conversation or a new one."""
        user, name = user_of(request), request.path_params.get("conversation", "")
        conversation = self.kept.one(user, name) if name else Conversation("", "", 0, 0)
        facts = {
            **await asyncio.to_thread(self._part, request, conversation, ""),
            "conversations": self.kept.listed(user, limit=_LIST),
            "models": choices(self.runtime),
            "search": "",
            "temporary": name.startswith(PREFIX),
        }
        return self.pages.page(request, "chat.html", facts)

    async def about(self, request: Request) -> Response:
        """What can be done with a conversation as a whole: for a page on which it has just begun."""
        name = request.path_params["conversation"]
        facts = {"conversation": self.kept.one(user_of(request), name), "temporary": name.startswith(PREFIX)}
        return self.pages.page(request, "about.html", facts)

    async def earlier(self, request: Request) -> Response:
        """The messages before one that is shown."""
        conversation = self.kept.one(user_of(request), request.path_params["conversation"])
        before = request.query_params.get("before", "")
        return self.pages.page(
            request, "earlier.html", await asyncio.to_thread(self._part, request, conversation, before)
        )

    def _part(self, request: Request, conversation: Conversation, before: str) -> Json:
        """The newest messages of the branch, or the newest before one. earlier: the first of them if there are more."""
        messages = self.kept.messages(user_of(request), conversation.id) if conversation.id else []
        shown, siblings = branch(messages, conversation.leaf), Siblings(messages)
        end = next((at for at, each in enumerate(shown) if each.id == before), len(shown))
        start = max(0, end - _SHOWN)
        return {
            "conversation": conversation,
            "branch": [self.shown.facts(request, each, siblings) for each in shown[start:end]],
            "earlier": shown[start].id if start else "",
        }

    async def listed(self, request: Request) -> Response:
        """The list of conversations that a search finds; what is searched for is posted, never part of an address."""
        search = (await posted(request)).get("search", "")[:200] if request.method == "POST" else ""
        found = self.kept.listed(user_of(request), search, _LIST)
        shown = request.query_params.get("open", "")
        return self.pages.page(
            request, "conversations.html", {"conversations": found, "shown": shown, "search": search}
        )

    async def strip(self, request: Request) -> Response:
        """What would happen to what is typed."""
        asked = await body_of(request, Sent, LIMIT)
        question = self._question(request, asked, attachments(asked))
        async with self._looking:  # one at a time: what is asked with every pause in typing leaves room for requests
            if await request.is_disconnected():
                return Response(status_code=204)
            seen = await preview(request_of(request.scope["sampan.principal"], question), self.runtime.stages)
        told, speech = strip_of(seen, asked.text), self.pages.tongue(request)
        # what was found stands in the page's part alone: once is enough for values
        facts = {name: told[name] for name in _FACTS if name in told}
        return JSONResponse({**facts, "html": self.pages.text(speech, "strip.html", {"strip": told})})

    async def send(self, request: Request) -> Response:
        """Keep what was written, and begin the answer."""
        asked, user = await body_of(request, Sent, LIMIT), user_of(request)
        files = attachments(asked)
        if not asked.text.strip() and not files:
            raise BadRequest("There is nothing to send.")
        message, question = said_by_user(asked.parent, asked.text, files), self._question(request, asked, files)
        name = self._keep(user, asked, message, files)
        return self.begin(request, msgspec.structs.replace(question, conversation=name, parent=message.id), message)

    async def events(self, request: Request) -> Response:
        """An answer's events from number `after` on; a reader that comes back misses nothing and gets nothing twice."""
        _, message = self.kept.message(user_of(request), request.path_params["message"])
        after = request.query_params.get("after", "0")[:9]
        live = self.answers.live(message.id)
        if live is None or not after.isdecimal():
            html = await asyncio.to_thread(self.shown.html, request, message)
            return JSONResponse({"done": True, "html": html})

        async def stream() -> AsyncIterator[bytes]:
            async for number, event in live.follow(int(after)):
                if not request.scope["sampan.open"]():
                    return
                yield b"id: %d\ndata: %s\n\n" % (number, wire.encoded(self._said(request, event)))

        return StreamingResponse(stream(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def stop(self, request: Request) -> Response:
        """Stop an answer."""
        _, message = self.kept.message(user_of(request), request.path_params["message"])
        await self.answers.stop(message.id)
        return JSONResponse({"stopped": message.id})

    async def change(self, request: Request) -> Response:
        """Keep a draft, a title, or which branch is shown."""
        wanted = await body_of(request, _Change, FORM_LIMIT)
        name = request.path_params["conversation"]
        if wanted.leaf and self.kept.message(user_of(request), wanted.leaf)[0] != name:
            raise NotFound("There is no such message.")
        self.kept.mark(user_of(request), name, leaf=wanted.leaf, draft=wanted.draft, title=wanted.title)
        return JSONResponse({"kept": True})

    async def delete(self, request: Request) -> Response:
        """Drop a conversation."""
        await self.forget(user_of(request), request.path_params["conversation"])
        return Response(status_code=204)

    async def forget(self, user: str, conversation: str) -> None:
        """Stop what is being answered in a conversation, and drop it. Raises NotFound."""
        self.kept.one(user, conversation)
        await self.answers.stop_within(conversation)
        self.kept.delete(user, conversation)

    def begin(self, request: Request, question: Asked, message: Message | None) -> Response:
        """Begin an answer, and show what was asked and where the answer comes."""
        if question.conversation.startswith(PREFIX):
            question = msgspec.structs.replace(question, app=TEMPORARY_APP)
        writer = self.shown.writer(request)
        answer = self.answers.start(request.scope["sampan.principal"], question, writer)
        shown = [self.shown.html(request, one) for one in (message, answer) if one is not None]
        return JSONResponse({"conversation": question.conversation, "answer": answer.id, "html": "".join(shown)})

    def history(self, request: Request, conversation: str, last: str) -> tuple[Json, ...]:
        """What a model is sent of a branch."""
        user = user_of(request)
        return history(self.kept.messages(user, conversation), last, lambda name: self.kept.files(user, name))

    def _keep(self, user: str, asked: Sent, message: Message, files: tuple[Attachment, ...]) -> str:
        """Keep what was written, in its conversation or a new one; returns the conversation's id."""
        if not asked.conversation and not asked.temporary:
            return self.kept.begin(user, asked.text or files[0].name, message, files).id
        name = asked.conversation or self.kept.begin_temporary(user).id
        self.kept.add(user, name, message, files)
        self.kept.mark(user, name, draft="")
        return name

    def _question(self, request: Request, asked: Sent, files: tuple[Attachment, ...]) -> Asked:
        """The request of what is typed, after the branch it follows."""
        before = self.history(request, asked.conversation, asked.parent) if asked.conversation else ()
        messages = (*before, written("user", asked.text, files))
        return Asked(asked.conversation, asked.parent, messages, asked.model, asked.unmask)

    def _said(self, request: Request, event: Json) -> Json:
        """An event as this reader sees it."""
        if event["type"] == "trouble":
            read = partial(self.pages.read, self.pages.tongue(request))
            return {**event, "error": read(event["error"]), "hint": read(event["hint"])}
        if event["type"] not in _DRAWN:
            return event
        html = self.pages.text(self.pages.tongue(request), _DRAWN[event["type"]], {"told": event})
        return {"type": event["type"], "html": html}


def attachments(asked: Sent) -> tuple[Attachment, ...]:
    """The files of what was sent.

    Raises:
        BadRequest: too many, or one that is no base64.
    """
    if len(asked.files) > _FILES:
        raise BadRequest(f"At most {_FILES} files go with one message.")
    try:
        return tuple(
            Attachment(file.name, file.kind, base64.b64decode(file.data, validate=True)) for file in asked.files
        )
    except binascii.Error:
        raise BadRequest("A file is not valid base64.") from None


def choices(runtime: Runtime) -> dict[str, list[str]]:
    """Realm -> names of its models, for the picker."""
    found: dict[str, list[str]] = {realm: [] for realm in PLACES}
    for model in runtime.models.all():
        if "chat" in model.capabilities:
            found[model.realm].append(model.name)
    return found


def user_of(request: Request) -> str:
    """Whose session it is."""
    principal: Any = request.scope["sampan.principal"]
    return str(principal.user)
