"""Only switches of the vendors' go to a model."""

import pytest

from sampan.contract.request import Principal
from sampan.serve.api.passing import upstream_headers
from tests.flow import stages as s
from tests.serve import rig

MEI = Principal("mei")


@pytest.mark.parametrize("value", ["2023-06-01", "2026-10-21", "bedrock-2023-05-31"])
def test_versions_pass(value):
    assert upstream_headers({"anthropic-version": value}, MEI) == {"anthropic-version": value}


@pytest.mark.parametrize(
    "value", ["A123456(3)", "9123 4567", "91234567", "mei@example.com", "2023-06-01, 2023-06-01", ""]
)
def test_what_is_no_version_stays_here(value):
    assert upstream_headers({"anthropic-version": value}, MEI) == {}


def test_betas_pass_one_by_one():
    given = "prompt-caching-2024-07-31, A123456(3),context-1m-2025-08-07,tel-91234567,some-beta-1,a@b.example"
    passed = upstream_headers({"anthropic-beta": given}, MEI)
    assert passed == {"anthropic-beta": "prompt-caching-2024-07-31,context-1m-2025-08-07,some-beta-1"}
    assert upstream_headers({"anthropic-beta": "A123456(3)"}, MEI) == {}


def test_an_idempotency_key_goes_as_a_hash_of_its_own_for_each_principal():
    def passed(key, who):
        return upstream_headers({"idempotency-key": key}, who)["idempotency-key"]

    assert passed("9123 4567", MEI) == passed("9123 4567", MEI)
    others = {
        passed("9123 4568", MEI),
        passed("9123 4567", Principal("mei", key="key_1")),
        passed("9123 4567", Principal("lok")),
    }
    assert len(others | {passed("9123 4567", MEI)}) == 4
    assert "9123" not in passed("9123 4567", MEI)
    assert len(passed("x" * 5000, MEI)) == 64


async def test_no_other_header_travels():
    seen = []

    class Spy(s.Labeller):
        def label(self, request):
            seen.append(request.headers)
            return super().label(request)

    stages = s.stages(s.Scripted(s.model("cloud"), *s.good("a")))._replace(labeller=Spy())
    headers = {"anthropic-beta": ["one-2024-01-01", "two-2024-01-02"], "cookie": "a=b", "x-amzn-trace-id": "1",
               "openai-organization": "org", "x-stainless-os": "Linux", "user-agent": "x/1", "x-api-key": "unused",
               "traceparent": "00-1-2-01"}  # fmt: skip
    assert (await rig.ask(rig.app(stages=stages), "POST", "/v1/messages", rig.CHAT, headers)).status == 200
    assert seen == [{"anthropic-beta": "one-2024-01-01,two-2024-01-02"}]
