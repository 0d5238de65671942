"""What can be done with a message: edit it, answer it again or elsewhere, agree to it, say what of it is secret, take it along."""

import asyncio
import re
from typing import Literal
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sampan.contract.chat import Message
from sampan.contract.errors import BadRequest, SampanError
from sampan.contract.request import Json
from sampan.flow.agreement import Approver
from sampan.flow.holding import Scope
from sampan.flow.preview import preview
from sampan.serve.body import body_of
from sampan.serve.web.answers import Asked, request_of
from sampan.serve.web.forms import FORM_LIMIT
from sampan.serve.web.screens.chat import LIMIT, Chat, Sent, choices, user_of
from sampan.serve.web.signs import named
from sampan.serve.web.strip import strip_of
from sampan.serve.web.tree import branch, said_by_user, written


class _Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    rerun: bool = False
    model: str = "auto"


class _Opinion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: str
    kind: str = ""
    action: Literal["always", "dismiss"] = "always"


class _Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    action: Literal["approve", "refuse"]
    scope: Scope = "once"


def routes(chat: Chat) -> list[Route]:
    """What is done with single messages and with findings."""
    acts = Acts(chat)
    return [
        Route("/chat/edit/{message}", acts.edit, methods=["POST"]),
        Route("/chat/again/{message}", acts.again, methods=["POST"]),
        Route("/chat/places/{message}", acts.places, methods=["GET"]),
        Route("/chat/approvals/{id}", acts.agree, methods=["POST"]),
        Route("/chat/opinions", acts.opinion, methods=["POST"]),
        Route("/chat/{conversation}/export", acts.export, methods=["GET"]),
    ]


class Acts:
    """Handlers."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def edit(self, request: Request) -> Response:
        """Save another wording; with `rerun` it becomes a sibling that is answered, and the old one stays."""
        wanted, user = await body_of(request, _Edit, LIMIT), user_of(request)
        kept = self._chat.kept
        conversation, message = kept.message(user, request.path_params["message"])
        if message.role != "user" or not wanted.text.strip():
            raise BadRequest("Only a question can be written anew, and not to nothing.")
        if not wanted.rerun:
            changed = msgspec.structs.replace(message, text=wanted.text)
            kept.change(user, changed)
            return JSONResponse({"html": self._chat.shown.html(request, changed)})
        files = kept.files(user, message.id)
        sibling = said_by_user(message.parent, wanted.text, files)
        before = self._chat.history(request, conversation, message.parent)
        kept.add(user, conversation, sibling, files)
        question = (*before, written("user", wanted.text, files))
        return self._chat.begin(request, Asked(conversation, sibling.id, question, wanted.model), sibling)

    async def again(self, request: Request) -> Response:
        """Answer the same question once more, perhaps elsewhere: a sibling of the answer."""
        wanted = await body_of(request, Sent, LIMIT)
        return self._chat.begin(request, self._question(request, wanted.model), None)

    async def places(self, request: Request) -> Response:
        """Where the same question may be answered, and which rule is against each other place."""
        question = self._question(request, "auto")
        asked = request_of(request.scope["sampan.principal"], question)
        told = strip_of(await preview(asked, self._chat.runtime.stages), "")
        facts = {
            "models": choices(self._chat.runtime),
            "allowed": told.get("allowed", ()),
            "refused": told.get("elsewhere", {}),
        }
        return self._chat.pages.page(request, "places.html", facts)

    async def agree(self, request: Request) -> Response:
        """Approve or refuse what waits."""
        said = await body_of(request, _Agreement, FORM_LIMIT)
        holding, approver = self._chat.runtime.stages.holding, Approver(user_of(request))
        name = request.path_params["id"]
        if said.action == "refuse":
            return JSONResponse(holding.refuse(name, approver))
        return JSONResponse(holding.approve(name, approver, said.scope))

    async def opinion(self, request: Request) -> Response:
        """Always mask a text, or say that it is no finding; remembered on this device."""
        said = await body_of(request, _Opinion, FORM_LIMIT)
        findings = self._chat.runtime.findings
        return JSONResponse(await asyncio.to_thread(findings.said, user_of(request), said.text, said.action, said.kind))

    async def export(self, request: Request) -> Response:
        """The branch that is shown, as Markdown, or all branches with their receipts as JSON."""
        user, name = user_of(request), request.path_params["conversation"]
        conversation, messages = self._chat.kept.one(user, name), self._chat.kept.messages(user, name)
        if request.query_params.get("form") == "json":
            value = {**msgspec.to_builtins(conversation), "messages": [self._told(each) for each in messages]}
            return JSONResponse(value, headers=_download(name, conversation.title, "json"))
        text = f"# {conversation.title}\n\n" + "\n\n".join(
            _markdown(each) for each in branch(messages, conversation.leaf)
        )
        return Response(
            text, media_type="text/markdown; charset=utf-8", headers=_download(name, conversation.title, "md")
        )

    def _told(self, message: Message) -> Json:
        told: Json = msgspec.to_builtins(message)
        if message.receipt:
            try:
                told["receipt"] = self._chat.runtime.receipts.one(message.receipt)
            except SampanError:
                told["receipt"] = {"id": message.receipt}
        return told

    def _question(self, request: Request, model: str) -> Asked:
        conversation, message = self._chat.kept.message(user_of(request), request.path_params["message"])
        parent = message.parent if message.role == "assistant" else message.id
        return Asked(conversation, parent, self._chat.history(request, conversation, parent), model)


def _markdown(message: Message) -> str:
    if message.role == "user":
        return "\n".join(f"> {line}" for line in message.text.splitlines())
    place = f"\n\n*{message.facts['model']}, {message.receipt}*" if message.facts.get("model") else ""
    return f"{message.text}{place}"


def _download(name: str, title: str, ending: str) -> dict[str, str]:
    """A file that is called as the conversation is (RFC 6266), without what no file's name may have."""
    told = re.sub(r"[^\w()（）。，、-]+", " ", named(title)).strip()[:80]
    called = quote(f"{told or name}.{ending}", safe="")
    return {"content-disposition": f"attachment; filename=\"{name}.{ending}\"; filename*=UTF-8''{called}"}
