"""The official Anthropic client with only base_url changed, in front of every wire."""

import anthropic
import pytest

pytestmark = pytest.mark.e2e

SECRET = "客人 HKID A123456(3)，電話 9123 4567，電郵 mei@example.com"
VALUES = ("A123456(3)", "9123 4567", "mei@example.com")
TOOL = {"name": "look_up", "description": "Look up.",
        "input_schema": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}}  # fmt: skip
WIRES = ["claude-echo", "echo", "both-echo"]


@pytest.fixture
def client(claude):
    return claude


def ask(model, text=SECRET, **more):
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": text}], **more}


def nothing_left(bodies):
    assert bodies
    for body in bodies:
        for value in VALUES:
            assert value not in str(body)


@pytest.mark.parametrize("model", WIRES)
def test_messages(client, sent, model):
    reply = client.messages.create(**ask(model, system="Be kind."))
    assert reply.content[0].text == SECRET
    assert (reply.stop_reason, reply.usage.output_tokens) == ("end_turn", 4)
    nothing_left(sent())


@pytest.mark.parametrize("model", WIRES)
def test_stream(client, sent, model):
    with client.messages.stream(**ask(model)) as stream:
        assert "".join(stream.text_stream) == SECRET
        final = stream.get_final_message()
    assert final.stop_reason == "end_turn"
    assert final.usage.output_tokens == 4
    nothing_left(sent())


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", ["claude-tools", "tools"])
def test_tools(client, sent, model, stream):
    if stream:
        with client.messages.stream(**ask(model, tools=[TOOL])) as running:
            reply = running.get_final_message()
    else:
        reply = client.messages.create(**ask(model, tools=[TOOL]))
    call = next(block for block in reply.content if block.type == "tool_use")
    assert call.input == {"text": SECRET}
    assert reply.stop_reason == "tool_use"
    nothing_left(sent())


def test_a_tool_result_goes_back_masked(client, sent):
    turns = [
        {"role": "user", "content": "who?"},
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "toolu_1", "name": "look_up", "input": {"text": SECRET}}],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": SECRET}]},
    ]
    for model in ("claude-echo", "echo"):
        client.messages.create(model=model, max_tokens=10, messages=turns, tools=[TOOL])
    nothing_left(sent())
    assert str(sent()[-1]).count("[HKID_1]") == 2


def test_count_tokens(client, sent):
    assert (
        client.messages.count_tokens(model="claude-echo", messages=[{"role": "user", "content": SECRET}]).input_tokens
        == 7
    )
    nothing_left(sent())
    estimate = client.messages.count_tokens(model="echo", messages=[{"role": "user", "content": SECRET}]).input_tokens
    assert estimate > 5


@pytest.mark.parametrize(
    ("model", "kind"),
    [("claude-error-400", anthropic.BadRequestError), ("error-429", anthropic.RateLimitError),
     ("claude-error-529", anthropic.APIStatusError), ("nothing", anthropic.NotFoundError)],
)  # fmt: skip
def test_errors(client, model, kind):
    with pytest.raises(kind) as caught:
        client.messages.create(**ask(model))
    assert caught.value.body["type"] == "error"
    assert isinstance(caught.value.body["error"]["message"], str)


@pytest.mark.parametrize("model", ["claude-cut", "cut"])
def test_a_cut_stream_is_an_error_not_an_end(client, model):
    with pytest.raises(anthropic.APIError), client.messages.stream(**ask(model, "hello there you")) as stream:
        list(stream)


@pytest.mark.parametrize("headers", [{"anthropic-version": "2023-06-01"}, {"anthropic-version": "2026-10-21"}])
def test_any_version_and_beta_passes_on(client, upstream, headers):
    client.messages.create(**ask("claude-echo", "hi"), extra_headers={**headers, "anthropic-beta": "some-beta-1"})
    assert upstream.headers[-1]["anthropic-version"] == headers["anthropic-version"]
    assert upstream.headers[-1]["anthropic-beta"] == "some-beta-1"


def test_models(client):
    assert "auto" in [m.id for m in client.models.list()]


def test_unknown_content_stays_home(client, sent):
    with pytest.raises(anthropic.PermissionDeniedError) as caught:
        client.messages.create(**ask("claude-echo", [{"type": "hologram", "data": "x"}]))
    assert "could not be read" in str(caught.value.body)
    assert "hologram" not in str(caught.value.body)
    assert sent() == []
