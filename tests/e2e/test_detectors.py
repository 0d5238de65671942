"""A detector that does not run: nothing goes to a public model, or all that was found goes masked if a rule says so."""

import json
import shutil
from pathlib import Path

import pytest

import sampan as package
from tests.support.server import NO_LOCAL, Server, public

pytestmark = pytest.mark.e2e

HKID, PHONE = "A123456(3)", "9123 4567"
TEXT = f"Dear Mr. Chan Tai Man, your HKID {HKID} and phone {PHONE} are right."
MISSING = {"tagger": "a file of it is missing"}
GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "policy.md"
BROKEN = """
class Broken:
    name, version = "house-numbers", "1"
    def find(self, text):
        raise ValueError(text)
def register(registry):
    registry.add_recogniser(Broken())
"""


@pytest.fixture(scope="module")
def without_the_model(tmp_path_factory):
    """A copy of the package from which somebody removed the model file."""
    place = tmp_path_factory.mktemp("package")
    shutil.copytree(Path(package.__file__).parent, place / "sampan", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(Path(package.__file__).parents[2] / "packs", place / "sampan" / "packs")
    (place / "sampan" / "understand" / "data" / "tagger.npz").unlink()
    return str(place)


@pytest.fixture(scope="module")
def with_a_broken_plug_in(tmp_path_factory):
    place = tmp_path_factory.mktemp("plug-in")
    (place / "house_numbers.py").write_text(BROKEN)
    told = place / "house_numbers-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: house-numbers\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[sampan]\nhouse = house_numbers:register\n")
    return f"{place}:{Path(package.__file__).parents[1]}"


@pytest.fixture
def running(upstream, tmp_path):
    servers = []

    def start(path, toml="", policy=""):
        folder = tmp_path / "rules"
        folder.mkdir()
        if policy:
            (folder / "50-unread.cedar").write_text(policy)
        toml = NO_LOCAL + toml + f'[policy]\nuser_dir = "{folder}"\n' + public("echo", upstream.base_url, "echo")
        servers.append(Server(tmp_path / "home", toml, env={"PYTHONPATH": path}).start())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def receipt_of(server, head):
    return server.get(f"/sampan/receipts/{head['sampan-receipt'].split(';')[0]}")


def rules_of_the_guide():
    """The file that the guide shows for this."""
    text = GUIDE.read_text(encoding="utf-8")
    return text[text.index('@id("half-scanned-goes-masked")') :].split("```", 1)[0]


def test_a_removed_model_file_keeps_requests_home(running, without_the_model, sent):
    server = running(without_the_model)
    status, head, reply = server.chat(TEXT, "echo")
    assert status == 403
    told = json.dumps(reply)
    assert "half-scanned-stays-home" in told
    assert "The detector `tagger` did not run: a file of it is missing." in told
    assert "make `tagger` run again" in told
    assert sent() == []
    receipt = receipt_of(server, head)
    assert receipt["end"] == "refused"
    assert (receipt["detectors"]["complete"], receipt["detectors"]["failed"]) == (False, MISSING)
    assert "tagger" not in receipt["detectors"]
    assert server.get("/sampan/receipts/verify")["ok"]
    failed = server.get("/sampan/status")["detectors"]["failed"]["tagger"]
    assert (failed["reason"], failed["times"]) == (MISSING["tagger"], 1)
    assert b'sampan_detector_failures{detector="tagger"} 1.0' in server.call("GET", "/metrics")[2]
    doctor = server.cli("doctor", check=False)
    assert doctor.returncode == 1
    assert "tagger does not run: a file of it is missing" in doctor.stdout
    _, _, decision = server.post("/sampan/decide", {"model": "echo", "messages": [{"role": "user", "content": TEXT}]})
    assert decision["detectors"]["failed"] == MISSING


def test_a_rule_may_let_it_go_fully_masked(running, without_the_model, sent):
    server = running(without_the_model, "", rules_of_the_guide())
    status, head, reply = server.chat(TEXT, "echo")
    assert status == 200
    assert HKID in json.dumps(reply)
    (body,) = sent()
    left = json.dumps(body)
    assert "[HKID_1]" in left and "[PHONE_1]" in left
    assert HKID not in left and PHONE not in left
    receipt = receipt_of(server, head)
    assert receipt["policy"]["chosen"] == ["echo", "masked"]
    assert (receipt["detectors"]["complete"], receipt["detectors"]["failed"]) == (False, MISSING)


def test_what_cannot_be_masked_stays_home_also_then(running, without_the_model, sent):
    server = running(without_the_model, "", rules_of_the_guide())
    body = {"model": "echo", "messages": [{"role": "user", "content": "hi"}], "metadata": {"phone": 91234567}}
    assert server.post("/v1/chat/completions", body)[0] == 403
    assert sent() == []


def test_a_recogniser_that_raises_keeps_requests_home(running, with_a_broken_plug_in, sent):
    server = running(with_a_broken_plug_in)
    status, head, reply = server.chat(TEXT, "echo")
    assert status == 403
    assert "The detector `house-numbers` did not run: it broke (ValueError)." in json.dumps(reply)
    assert HKID not in json.dumps(reply)
    assert sent() == []
    assert receipt_of(server, head)["detectors"]["failed"] == {"house-numbers": "it broke (ValueError)"}


def test_a_rule_that_names_other_detectors_does_not_let_it_go(running, with_a_broken_plug_in, sent):
    server = running(with_a_broken_plug_in, "", rules_of_the_guide())
    assert server.chat(TEXT, "echo")[0] == 403
    assert sent() == []
