"""Chat: conversations, what is asked, and what would happen to it while it is typed."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sampan.contract.chat import Conversation, Message, State
from sampan.contract.errors import BadRequest, NotFound
from sampan.contract.request import Json, Unmask
from sampan.flow.preview import preview
from sampan.runtime import Runtime
from sampan.serve import wire
from sampan.serve.web.answers import Answers, Asked, request_of
from sampan.serve.web.forms import sent
from sampan.serve.web.markdown import Writer
from sampan.serve.web.pages import Pages
from sampan.serve.web.strip import strip_of
from sampan.serve.web.tree import branch, history, place_of, said_by_user

_LIST = 40
_SEND_LIMIT = 24 << 20


_T = TypeVar("_T", bound=msgspec.Struct)


class _Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the composer sends. parent: the message it follows. again: an answer to be given anew."""

    text: str = ""
    conversation: str = ""
    parent: str = ""
    model: str = "auto"
    unmask: tuple[Unmask, ...] = ()


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    draft: str | None = None
    title: str = ""
    leaf: str = ""


def routes(pages: Pages, runtime: Runtime) -> list[Route]:
    """Everything below `/chat`."""
    chat = Chat(pages, runtime)
    return [
        Route("/chat", chat.show, methods=["GET"]),
        Route("/chat/list", chat.listed, methods=["GET"]),
        Route("/chat/strip", chat.strip, methods=["POST"]),
        Route("/chat/send", chat.send, methods=["POST"]),
        Route("/chat/again/{message}", chat.again, methods=["POST"]),
        Route("/chat/answers/{message}/events", chat.events, methods=["GET"]),
        Route("/chat/answers/{message}/stop", chat.stop, methods=["POST"]),
        Route("/chat/{conversation}", chat.show, methods=["GET"]),
        Route("/chat/{conversation}", chat.change, methods=["PATCH"]),
        Route("/chat/{conversation}", chat.delete, methods=["DELETE"]),
    ]


class Chat:
    """Handlers."""

    def __init__(self, pages: Pages, runtime: Runtime) -> None:
        self._pages, self._runtime = pages, runtime
        self._kept = runtime.conversations
        self._answers = Answers(runtime.stages, self._kept)
        self._writers: dict[str, Writer] = {}

    async def show(self, request: Request) -> Response:
        """The chat, with a conversation or a new one."""
        user, name = _user(request), request.path_params.get("conversation", "")
        conversation = self._kept.one(user, name) if name else Conversation("", "", 0, 0)
        messages = self._kept.messages(user, name) if name else []
        facts = {
            "conversation": conversation,
            "conversations": self._kept.listed(user, limit=_LIST),
            "branch": [self._shown(request, message, messages) for message in branch(messages, conversation.leaf)],
            "models": _choices(self._runtime),
            "search": "",
        }
        return self._pages.page(request, "chat.html", facts)

    async def listed(self, request: Request) -> Response:
        """The list of conversations that a search finds."""
        search = request.query_params.get("search", "")[:200]
        found = self._kept.listed(_user(request), search, _LIST)
        shown = request.query_params.get("open", "")
        return self._pages.page(
            request, "conversations.html", {"conversations": found, "shown": shown, "search": search}
        )

    async def strip(self, request: Request) -> Response:
        """What would happen to what is typed."""
        asked = await self._asked(request, _SEND_LIMIT)
        speech = self._pages.tongue(request)
        seen = await preview(request_of(_principal(request), self._question(request, asked)), self._runtime.stages)
        told = strip_of(seen, asked.text)
        return JSONResponse({**told, "html": self._pages.text(speech, "strip.html", {"strip": told})})

    async def send(self, request: Request) -> Response:
        """Keep what was written, and begin the answer."""
        asked, user = await self._asked(request, _SEND_LIMIT), _user(request)
        if not asked.text.strip():
            raise BadRequest("There is nothing to send.")
        conversation = asked.conversation or self._kept.begin(user, asked.text).id
        message = said_by_user(asked.parent, asked.text)
        question = self._question(request, msgspec.structs.replace(asked, conversation=conversation))
        self._kept.add(user, conversation, message)
        self._kept.mark(user, conversation, draft="")
        return self._begun(request, msgspec.structs.replace(question, parent=message.id), message)

    async def again(self, request: Request) -> Response:
        """Answer the same question once more, perhaps elsewhere: a sibling of the answer."""
        asked, user = await self._asked(request, _SEND_LIMIT), _user(request)
        conversation, answer = self._kept.message(user, request.path_params["message"])
        messages = self._kept.messages(user, conversation)
        parent = answer.parent if answer.role == "assistant" else answer.id
        question = Asked(conversation, parent, history(messages, parent), asked.model, asked.unmask)
        return self._begun(request, question, None)

    async def events(self, request: Request) -> Response:
        """An answer's events from number `after` on; a reader that comes back misses nothing and gets nothing twice."""
        _, message = self._kept.message(_user(request), request.path_params["message"])
        after = request.query_params.get("after", "0")
        live = self._answers.live(message.id)
        if live is None or not after.isdecimal():
            return JSONResponse({"done": True, "html": self._message(request, message)})

        async def stream() -> AsyncIterator[bytes]:
            async for number, event in live.follow(int(after)):
                yield b"id: %d\ndata: %s\n\n" % (number, wire.encoded(event))

        return StreamingResponse(stream(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def stop(self, request: Request) -> Response:
        """Stop an answer."""
        _, message = self._kept.message(_user(request), request.path_params["message"])
        await self._answers.stop(message.id)
        return JSONResponse({"stopped": message.id})

    async def change(self, request: Request) -> Response:
        """Keep a draft, a title, or which branch is shown."""
        wanted = _converted(await sent(request), _Change)
        name = request.path_params["conversation"]
        if wanted.leaf and self._kept.message(_user(request), wanted.leaf)[0] != name:
            raise NotFound("There is no such message.")
        self._kept.mark(_user(request), name, leaf=wanted.leaf, draft=wanted.draft, title=wanted.title)
        return JSONResponse({"kept": True})

    async def delete(self, request: Request) -> Response:
        """Drop a conversation."""
        self._kept.delete(_user(request), request.path_params["conversation"])
        return Response(status_code=204)

    async def _asked(self, request: Request, limit: int) -> _Sent:
        return _converted(await sent(request, limit), _Sent)

    def _question(self, request: Request, asked: _Sent) -> Asked:
        """The request of what is typed, after the branch it follows."""
        before: tuple[Json, ...] = ()
        if asked.conversation:
            before = history(self._kept.messages(_user(request), asked.conversation), asked.parent)
        messages = (*before, {"role": "user", "content": asked.text})
        return Asked(asked.conversation, asked.parent, messages, asked.model, asked.unmask)

    def _begun(self, request: Request, question: Asked, message: Message | None) -> Response:
        answer = self._answers.start(_principal(request), question, self._writer(request))
        shown = [self._message(request, one) for one in (message, answer) if one is not None]
        return JSONResponse({"conversation": question.conversation, "answer": answer.id, "html": "".join(shown)})

    def _message(self, request: Request, message: Message) -> str:
        """One message as HTML, beside its siblings."""
        conversation, _ = self._kept.message(_user(request), message.id)
        messages = self._kept.messages(_user(request), conversation)
        facts = {"message": self._shown(request, message, messages)}
        return self._pages.text(self._pages.tongue(request), "message.html", facts)

    def _shown(self, request: Request, message: Message, messages: list[Message]) -> dict[str, Any]:
        facts = message.facts
        html = self._writer(request).html(message.text, facts.get("restored")) if message.role == "assistant" else ""
        return {
            "id": message.id,
            "role": message.role,
            "state": message.state.value,
            "text": message.text,
            "html": html,
            "receipt": message.receipt,
            "facts": facts,
            "live": message.state is State.ANSWERING,
            "siblings": place_of(messages, message),
            "parent": message.parent,
        }

    def _writer(self, request: Request) -> Writer:
        speech = self._pages.tongue(request)
        if speech.tag not in self._writers:
            say = speech.texts.gettext
            self._writers[speech.tag] = Writer(say("Copy"), say("The model saw {stand_in}"))
        return self._writers[speech.tag]


def _choices(runtime: Runtime) -> dict[str, list[Json]]:
    """Realm -> its models, for the picker."""
    found: dict[str, list[Json]] = {"personal": [], "enterprise": [], "public": []}
    for model in runtime.models.all():
        if "chat" in model.capabilities:
            found[model.realm].append({"name": model.name, "state": runtime.models.state(model.name)})
    return found


def _user(request: Request) -> str:
    user: str = request.scope["sampan.principal"].user
    return user


def _principal(request: Request) -> Any:
    return msgspec.structs.replace(request.scope["sampan.principal"], app="sampan-web")


def _converted(value: Json, kind: type[_T]) -> _T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise BadRequest(f"{error}.") from None
