"""A model that is not there yet: the endpoint is up, shows how far it is, uses what policy allows, and loads it when it comes."""

import json
import threading
import urllib.request
import zipfile

import pytest

from sampan.providers.local.catalogue import find
from tests.e2e.local import NAME, engine_of, state, toml, until
from tests.support.models import smollm2
from tests.support.server import Server, public

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("local")]

SECRET = "HKID A123456(3), phone 9123 4567"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A folder that the package client asks instead of a registry; empty at first."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(scope="module")
def arriving(upstream, tmp_path_factory, shelf):
    text = toml(public("cloud", upstream.base_url, "echo"), idle_minutes=0.05)
    env = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf), "PIP_CONFIG_FILE": "/dev/null"}
    with Server(tmp_path_factory.mktemp("arriving"), text, env=env) as server:
        yield server


def stock(shelf):
    """Put the model's wheel on the shelf, as the registry has it."""
    requirement = find(NAME).sources[0].requirement
    name, version = requirement.replace("-", "_").split("==")
    info = f"{name}-{version}.dist-info"
    beside = shelf / "wheel.new"
    with zipfile.ZipFile(beside, "w") as wheel:
        wheel.write(smollm2(), f"{name}/{NAME}.gguf")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    beside.rename(shelf / f"{name}-{version}-py3-none-any.whl")


def test_without_a_source_it_says_why_and_what_to_do(arriving):
    def failed():
        model = next(model for model in arriving.get("/healthz")["models"] if model["name"] == NAME)
        return model if model["progress"]["state"] == "failed" else None

    model = until(failed)
    assert model["state"].startswith("absent: No source gave smollm2-135m.")
    assert "models add" in model["progress"]["hint"]
    assert "Traceback" not in (arriving.home / "test.log").read_text()


def test_auto_falls_back_to_the_cloud_masked_where_policy_allows(arriving, sent):
    status, headers, reply = arriving.chat(SECRET, "auto")
    assert (status, headers["sampan-model"], headers["sampan-form"]) == (200, "cloud", "masked")
    assert reply["choices"][0]["message"]["content"] == SECRET
    assert sent()[-1]["messages"][0]["content"] == "HKID [HKID_1], phone [PHONE_1]"


@pytest.mark.parametrize("asked", [NAME, "auto:private"])
def test_who_wants_this_machine_gets_no_other(arriving, sent, asked):
    status, headers, reply = arriving.chat("hello", asked)
    assert status == 503
    assert reply["error"]["code"] == "engine_unavailable"
    assert int(headers["retry-after"]) > 0
    assert "not there yet" in reply["error"]["message"]
    assert sent() == []


def test_a_pull_tells_its_progress_and_the_model_answers(arriving, shelf):
    stock(shelf)
    status, _, begun = arriving.post("/sampan/models", {"action": "pull", "name": NAME})
    assert (status, begun["state"] in {"waiting", "pulling"}) == (200, True)
    events = progress(arriving)
    size = find(NAME).size
    assert {event["state"] for event in events} <= {"waiting", "pulling", "loading", "ready"}
    assert all(0 <= event["done"] <= event["total"] == size for event in events if event["state"] == "pulling")
    assert [event["done"] for event in events if event["state"] == "pulling"] == sorted(
        event["done"] for event in events if event["state"] == "pulling"
    )
    until(lambda: state(arriving) == "ready")
    status, headers, _ = arriving.chat(SECRET, "auto", max_tokens=4)
    assert (status, headers["sampan-model"], headers["sampan-form"]) == (200, NAME, "clear")


def progress(server):
    head = {"authorization": f"Bearer {server.token}"}
    request = urllib.request.Request(server.base_url + f"/sampan/models/{NAME}/progress", headers=head)
    with urllib.request.urlopen(request, timeout=60) as reply:
        return [json.loads(line.removeprefix(b"data: ")) for line in reply if line.startswith(b"data: {")]


def test_an_idle_engine_gives_its_memory_back_and_the_next_request_loads_it(arriving):
    arriving.chat("hello", NAME, max_tokens=2)
    first = engine_of(arriving)
    until(lambda: engine_of(arriving) is None, 20)
    assert state(arriving) == "ready", "it is a request away"
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(arriving.chat("hello", NAME, max_tokens=2)[0])) for _ in "abc"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [200, 200, 200]
    assert engine_of(arriving).pid != first.pid
