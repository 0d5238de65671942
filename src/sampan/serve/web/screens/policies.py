"""Policies: the rules in force, what they would do to a text, presets, cases, and one's own rules tried out before they count."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sampan.contract.errors import BadRequest, ConfigError, SampanError
from sampan.decide.desk import LONGEST, Trial
from sampan.decide.examine import Examination
from sampan.decide.packs import SAYS, packs
from sampan.decide.policy import Rule
from sampan.decide.replay import Replay
from sampan.flow.preview import Preview
from sampan.flow.run import decide_only
from sampan.runtime import Runtime
from sampan.serve.web.answers import Asked, request_of
from sampan.serve.web.forms import posted
from sampan.serve.web.pages import Pages
from sampan.serve.web.screens.chat import choices
from sampan.serve.web.strip import strip_of
from sampan.serve.web.summary import rules_in
from sampan.settings.writing import UserFile
from sampan.wording import worded

_WEEK = timedelta(days=7)
_READ = 20_000
_REPLAYED = 1000
_LAYERS = {
    "ceiling": worded("Your organisation's"),
    "user": worded("Yours"),
    "application": worded("The application's"),
}


def routes(pages: Pages, runtime: Runtime) -> list[Route]:
    """Everything below `/policies`."""
    screen = PoliciesScreen(pages, runtime)
    return [
        Route("/policies", screen.show, methods=["GET"]),
        Route("/policies/explain", screen.explain, methods=["POST"]),
        Route("/policies/check", screen.check, methods=["POST"]),
        Route("/policies/try", screen.try_out, methods=["POST"]),
        Route("/policies/save", screen.save, methods=["POST"]),
        Route("/policies/pack", screen.use, methods=["POST"]),
    ]


class PoliciesScreen:
    """Handlers."""

    def __init__(self, pages: Pages, runtime: Runtime) -> None:
        self._pages, self._runtime = pages, runtime

    async def show(self, request: Request) -> Response:
        """The rules, and what can be done with them."""
        desk, speech = self._runtime.rules, self._pages.tongue(request)
        hits = await asyncio.to_thread(self._hits)
        say = speech.texts.gettext
        chosen = self._runtime.settings.policy.pack
        facts = {
            "state": desk.state(),
            "layers": [
                (say(title), layer == "ceiling", rules)
                for layer, title, rules in _by_layer(desk.rules(), hits, speech.tag)
            ],
            "packs": [
                {"name": name, "told": speech.wording.text(SAYS.get(name, "")), "chosen": name == chosen}
                for name in packs()
            ],
            "models": choices(self._runtime),
            "own": desk.own(),
            "longest": LONGEST,
        }
        return self._pages.page(request, "policies.html", facts)

    async def explain(self, request: Request) -> Response:
        """What the rules say of a text: labels, rules in order, forms, models."""
        form = await posted(request)
        asked = Asked("", "", ({"role": "user", "content": form.get("text", "")},), form.get("model") or "auto")
        decision = await decide_only(request_of(request.scope["sampan.principal"], asked), self._runtime.stages)
        told = await asyncio.to_thread(self._runtime.explain, decision)
        facts = {"explained": told, "strip": strip_of(Preview(decision, {}), "")}
        return self._pages.page(request, "explained.html", facts)

    async def check(self, request: Request) -> Response:
        """Cases and proofs of the rules in force."""
        try:
            found = await asyncio.to_thread(self._runtime.rules.examined)
        except ConfigError as error:
            return self._told(request, error)
        return self._pages.page(request, "examined.html", _examined(found))

    async def try_out(self, request: Request) -> Response:
        """A draft: does it hold what the rules promise, and what would it have changed."""
        text = (await posted(request, LONGEST * 2)).get("text", "")
        try:
            trial = await asyncio.to_thread(self._tried, text)
        except SampanError as error:
            return self._told(request, error)
        return self._pages.page(request, "examined.html", _examined(trial.examination, trial.replay))

    async def save(self, request: Request) -> Response:
        """Put a draft in force, unless something that the rules promise does not hold."""
        text = (await posted(request, LONGEST * 2)).get("text", "")
        try:
            await asyncio.to_thread(self._runtime.rules.save, text)
        except SampanError as error:
            return self._told(request, error, 422)
        return Response(status_code=204, headers={"hx-redirect": "/policies"})

    async def use(self, request: Request) -> Response:
        """Choose the built-in rules that one's own start from."""
        name = (await posted(request)).get("pack", "")
        if name not in packs():
            raise BadRequest("There is no such set of rules.")
        UserFile(self._runtime.settings).put("policy.pack", name)
        try:
            self._runtime.reload()
        except ConfigError:
            UserFile(self._runtime.settings).drop("policy.pack")
            raise
        return Response(status_code=204, headers={"hx-redirect": "/policies"})

    def _told(self, request: Request, error: SampanError, status: int = 200) -> Response:
        return self._pages.page(request, "examined.html", {"problem": error.message}, status)

    def _hits(self) -> Counter[str]:
        since = (datetime.now(UTC) - _WEEK).strftime("%Y-%m-%dT%H:%M:%SZ")
        found = self._runtime.receipts.listed({"since": since, "limit": _READ})
        return Counter(rule for receipt in found if "type" not in receipt for rule in rules_in(receipt))

    def _tried(self, text: str) -> Trial:
        receipts = [each for each in self._runtime.receipts.listed({"limit": _REPLAYED}) if "type" not in each]
        return self._runtime.rules.try_out(text, receipts)


def _by_layer(rules: tuple[Rule, ...], hits: Counter[str], tag: str) -> list[tuple[str, str, list[dict[str, Any]]]]:
    layers: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        layers.setdefault(rule.layer.value, []).append(
            {
                "id": rule.id,
                "effect": rule.effect,
                "reason": rule.reason if tag == "en" else rule.reason_zh,
                "place": f"{rule.file}:{rule.line}",
                "text": rule.text.strip(),
                "hits": hits.get(rule.id, 0),
            }
        )
    return [(layer, _LAYERS.get(layer, layer), found) for layer, found in layers.items()]


def _examined(found: Examination, replay: Replay | None = None) -> dict[str, Any]:
    return {
        "problem": "",
        "replay": replay,
        "faults": [str(fault) for fault in found.faults],
        "wrong": found.wrong,
        "cases": [{"name": each.case.name, "passed": each.passed, "told": str(each)} for each in found.cases],
        "proofs": found.proofs,
        "remarks": [str(remark) for remark in found.remarks],
    }
