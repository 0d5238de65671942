"""What waits for a person in a running Sampan: through the API, the command line, a kill and a stop."""

import json
import signal
import threading
import time

import anthropic
import openai
import pytest

from tests.support.asking import stream
from tests.support.attack import ASK
from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e

RULE = (
    '@id("ask") @reason("this model needs a yes") @approval("WHO") '
    'forbid(principal, action == Action::"infer", resource == Model::"NAME");\n'
)
HARD = '@id("never") forbid(principal, action == Action::"infer", resource) when { context.clear.contains(Kind::"HKID") };\n'


@pytest.fixture
def house(tmp_path, upstream):
    def build(approvals=""):
        models = "".join(public(name, upstream.base_url, "echo") for name in ("mine", "ours", "other"))
        rules = tmp_path / "home" / "policies"
        rules.mkdir(parents=True, exist_ok=True)
        rule = RULE.replace("WHO", "person").replace("NAME", "mine")
        (rules / "ask.cedar").write_text(
            rule + RULE.replace("WHO", "staff").replace("NAME", "ours").replace('"ask"', '"ask-staff"')
        )
        return Server(tmp_path / "home", f"{NO_LOCAL}[approvals]\n{approvals}\n{models}")

    return build


def in_background(act):
    found = []
    thread = threading.Thread(target=lambda: found.append(act()), daemon=True)
    thread.start()

    def result():
        thread.join(20)
        assert found, "still waiting"
        return found[0]

    return result


def waiting(sampan, count=1):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = sampan.get("/sampan/approvals")["approvals"]
        if len(found) == count:
            return found
        time.sleep(0.02)
    raise AssertionError("nothing waits")


def newest(sampan):
    return sampan.get("/sampan/receipts?limit=1")["receipts"][0]


@pytest.mark.parametrize("dialect", ASK)
@pytest.mark.parametrize("streamed", [False, True])
def test_the_person_agrees_on_the_command_line(house, sent, dialect, streamed):
    with house() as sampan:
        path, body = ASK[dialect]("mine", "電話 9123 4567")
        asking = in_background(lambda: stream(sampan, path, body) if streamed else sampan.post(path, body))
        (one,) = waiting(sampan)
        assert sent() == []
        assert (one["form"], one["found"]) == ("masked", {"PHONE": 1})
        assert "9123" not in json.dumps(one)
        assert one["id"] in sampan.cli("approvals", "ls").stdout
        sampan.cli("approvals", "approve", one["id"])
        got = asking()
        assert (got.status if streamed else got[0]) == 200
        assert len(sent()) == 1
        receipt = newest(sampan)
        assert receipt["end"] == "complete"
        told = receipt["approval"]
        assert (told["id"], told["outcome"], told["scope"], told["needed"]) == (
            one["id"],
            "approved",
            "once",
            ["person"],
        )
        assert told["by"]["person"] == receipt["who"]["user"]
        assert told["waited_ms"] > 0
        assert "approved" in sampan.cli("receipts", "show", receipt["id"]).stdout
        assert sampan.get("/sampan/receipts/verify")["ok"]


def test_auto_goes_where_nobody_has_to_agree(house):
    with house() as sampan:
        status, head, _ = sampan.chat("hi", "auto")
        assert (status, head["sampan-model"]) == (200, "other")
        assert "approval" not in newest(sampan)
        done = sampan.cli("ask", "--dry-run", "-m", "mine", "hi", check=False)
        assert done.returncode == 4, done


def test_a_group_answers_with_a_key_of_its_own_and_an_application_never(house, sent):
    with house() as sampan:
        keys = {
            name: json.loads(sampan.cli("keys", "add", name, *more, "--json").stdout)["secret"]
            for name, more in {
                "wong": ("--user", "wong", "--group", "staff"),
                "ben": ("--user", "ben", "--group", "staff"),
                "bot": ("--user", "ben", "--application", "bot", "--group", "staff"),
            }.items()
        }

        def answer(name, item):
            head = {"authorization": f"Bearer {keys[name]}"}
            return sampan.post(f"/sampan/approvals/{item}", {"action": "approve"}, head)[0]

        body = {"model": "ours", "messages": [{"role": "user", "content": "hi"}]}
        asking = in_background(
            lambda: sampan.post("/v1/chat/completions", body, {"authorization": f"Bearer {keys['bot']}"})
        )
        (one,) = waiting(sampan)
        assert sampan.cli("approvals", "approve", one["id"], check=False).returncode == 7
        assert (answer("bot", one["id"]), answer("ben", one["id"])) == (403, 403)
        assert sent() == []
        assert answer("wong", one["id"]) == 200
        assert asking()[0] == 200
        assert newest(sampan)["approval"]["by"] == {"staff": "wong"}


def test_the_sdks_wait_by_trying_again(house):
    with house("wait_s = 0.2") as sampan:
        turns = [{"role": "user", "content": "hi"}]
        with (
            openai.OpenAI(base_url=sampan.base_url + "/v1", api_key="x", max_retries=3) as client,
            anthropic.Anthropic(base_url=sampan.base_url, api_key="x", max_retries=3) as claude,
        ):
            for ask in (
                lambda: client.chat.completions.create(model="mine", messages=turns),
                lambda: claude.messages.create(model="mine", max_tokens=9, messages=turns),
            ):
                asking = in_background(ask)
                (one,) = waiting(sampan)
                time.sleep(0.3)
                sampan.cli("approvals", "approve", one["id"])
                assert asking()
                assert newest(sampan)["approval"]["id"] == one["id"]
            with pytest.raises(openai.ConflictError) as late:
                client.with_options(max_retries=0).chat.completions.create(model="mine", messages=turns)
            assert late.value.body["code"] == "approval_pending"


def test_what_another_rule_forbids_is_not_even_asked(house, tmp_path, sent):
    with house() as sampan:
        (tmp_path / "home" / "policies" / "never.cedar").write_text(HARD)
        sampan.post("/sampan/reload", {})
        body = {"model": "mine", "messages": [{"role": "user", "content": "hi"}], "n": 4111111111111111}
        status, _, reply = sampan.post("/v1/chat/completions", body)
        assert (status, reply["sampan"]["code"]) == (403, "refused_by_policy")
        assert sent() == []
        assert sampan.get("/sampan/approvals")["approvals"] == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_end_of_sampan_refuses_what_waits(house, sent, how):
    sampan = house()
    with sampan:
        asking = in_background(lambda: sampan.chat("hi", "mine")[0] if how == signal.SIGTERM else _cut(sampan))
        (one,) = waiting(sampan)
        began = time.monotonic()
        sampan.stop(how)
        if how == signal.SIGTERM:
            assert asking() == 403
            assert time.monotonic() - began < 4, "it did not wait for people"
    with sampan:
        assert sampan.get("/sampan/approvals")["approvals"] == []
        receipt = newest(sampan)
        told = receipt["approval"]
        assert told["id"] == one["id"]
        assert (receipt["end"], told["outcome"]) == (
            ("interrupted", "waiting") if how == signal.SIGKILL else ("refused", "stopped")
        )
        assert receipt["crossings"] == []
        assert sampan.get("/sampan/receipts/verify")["ok"]
    assert sent() == []


def _cut(sampan):
    try:
        return sampan.chat("hi", "mine")[0]
    except OSError:
        return 0
