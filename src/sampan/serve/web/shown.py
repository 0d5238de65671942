"""Messages as pages show them."""

from typing import Any

from starlette.requests import Request

from sampan.contract.chat import Conversations, Message, State
from sampan.serve.web.markdown import Writer
from sampan.serve.web.pages import Pages
from sampan.serve.web.tree import Siblings


class Shown:
    """Draws messages in the reader's language."""

    def __init__(self, pages: Pages, kept: Conversations) -> None:
        self._pages, self._kept = pages, kept
        self._writers: dict[str, Writer] = {}

    def html(self, request: Request, message: Message) -> str:
        """One message, beside its siblings."""
        user = request.scope["sampan.principal"].user
        conversation, _ = self._kept.message(user, message.id)
        facts = {"message": self.facts(request, message, Siblings(self._kept.messages(user, conversation)))}
        return self._pages.text(self._pages.tongue(request), "message.html", facts)

    def facts(self, request: Request, message: Message, siblings: Siblings) -> dict[str, Any]:
        """What the template needs."""
        answer = message.role == "assistant"
        return {
            "id": message.id,
            "role": message.role,
            "state": message.state.value,
            "text": message.text,
            "html": self.writer(request).html(message.text, message.facts.get("restored")) if answer else "",
            "receipt": message.receipt,
            "facts": message.facts,
            "live": message.state is State.ANSWERING,
            "siblings": siblings.place_of(message),
        }

    def writer(self, request: Request) -> Writer:
        """Markdown in the reader's language."""
        speech = self._pages.tongue(request)
        if speech.tag not in self._writers:
            say = speech.texts.gettext
            self._writers[speech.tag] = Writer(say("Copy"), say("The model saw {stand_in}"))
        return self._writers[speech.tag]
