"""The official OpenAI client with only base_url changed, in front of every wire."""

import openai
import pytest
from pydantic import BaseModel

pytestmark = pytest.mark.e2e

SECRET = "客人 HKID A123456(3)，電話 9123 4567，電郵 mei@example.com"
VALUES = ("A123456(3)", "9123 4567", "mei@example.com")
TOOL = {"type": "function", "function": {"name": "look_up", "description": "Look up.",
        "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}}}  # fmt: skip
WIRES = ["echo", "claude-echo", "both-echo"]


def nothing_left(bodies):
    assert bodies
    for body in bodies:
        for value in VALUES:
            assert value not in str(body)


@pytest.mark.parametrize("model", WIRES)
def test_chat(client, sent, model):
    reply = client.chat.completions.create(model=model, messages=[{"role": "user", "content": SECRET}])
    assert reply.choices[0].message.content == SECRET
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.completion_tokens == 4
    nothing_left(sent())


@pytest.mark.parametrize("model", WIRES)
def test_stream(client, sent, model):
    stream = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": SECRET}], stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == SECRET
    assert [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason] == ["stop"]
    assert chunks[-1].usage.completion_tokens == 4
    nothing_left(sent())


def test_usage_chunk_only_when_asked(client):
    chunks = list(
        client.chat.completions.create(model="echo", messages=[{"role": "user", "content": "hi"}], stream=True)
    )
    assert all(c.choices for c in chunks)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", ["tools", "claude-tools"])
def test_tools(client, sent, model, stream):
    with_tools = {"model": model, "messages": [{"role": "user", "content": SECRET}], "tools": [TOOL]}
    if stream:
        with client.chat.completions.stream(**with_tools) as running:
            call = running.get_final_completion().choices[0].message.tool_calls[0]
    else:
        call = client.chat.completions.create(**with_tools).choices[0].message.tool_calls[0]
    assert call.function.name == "look_up"
    for value in VALUES:
        assert value in call.function.arguments
    nothing_left(sent())


@pytest.mark.parametrize("model", WIRES)
def test_structured_output(client, sent, model):
    class Person(BaseModel):
        name: str

    reply = client.chat.completions.parse(
        model=model, messages=[{"role": "user", "content": "HKID A123456(3)"}], response_format=Person
    )
    assert reply.choices[0].message.parsed == Person(name="A123456(3)")
    nothing_left(sent())


@pytest.mark.parametrize("model", WIRES)
def test_responses(client, sent, model):
    reply = client.responses.create(model=model, input=SECRET)
    assert reply.output_text == SECRET
    assert reply.usage.output_tokens == 4
    nothing_left(sent())
    again = client.responses.create(model=model, input="and again: " + SECRET, previous_response_id=reply.id)
    assert again.output_text == "and again: " + SECRET
    assert again.previous_response_id == reply.id
    last = sent()[-1]
    assert "previous_response_id" not in last
    assert str(last).count("[HKID_1]") >= 3
    nothing_left(sent())
    assert client.responses.retrieve(reply.id).output_text == SECRET
    client.responses.delete(reply.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(reply.id)


@pytest.mark.parametrize("model", WIRES)
def test_responses_stream(client, sent, model):
    with client.responses.stream(model=model, input=SECRET) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert text == final.output_text == SECRET
    nothing_left(sent())


def test_upstream_is_told_not_to_store(client, sent):
    client.responses.create(model="echo", input="hello")
    assert sent()[-1]["store"] is False


def test_responses_tools(client, sent):
    tool = {"type": "function", "name": "look_up", "parameters": TOOL["function"]["parameters"], "strict": False}
    reply = client.responses.create(model="tools", input=SECRET, tools=[tool])
    assert VALUES[0] in reply.output[0].arguments
    nothing_left(sent())


def test_completions(client, sent):
    assert client.completions.create(model="echo", prompt=SECRET).choices[0].text == SECRET
    stream = client.completions.create(model="echo", prompt=SECRET, stream=True)
    assert "".join(c.choices[0].text for c in stream) == SECRET
    nothing_left(sent())


def test_embeddings_of_a_remote_model(client, sent):
    reply = client.embeddings.create(model="embedder", input=SECRET, encoding_format="float")
    assert reply.data[0].embedding == [0.5, 0.25]
    nothing_left(sent())


def test_models(client):
    names = [m.id for m in client.models.list()]
    assert {"auto", "auto:private", "echo"} <= set(names)
    assert client.models.retrieve("echo").id == "echo"


@pytest.mark.parametrize(
    ("model", "kind", "status"),
    [
        ("error-400", openai.BadRequestError, 400),
        ("error-429", openai.RateLimitError, 429),
        ("error-500", openai.InternalServerError, 500),
        ("claude-error-529", openai.InternalServerError, 529),
        ("no-such-model", openai.NotFoundError, 404),
        ("redirect", openai.InternalServerError, 502),
        ("error-401", openai.InternalServerError, 502),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_errors_keep_what_clients_branch_on(client, model, kind, status, stream):
    with pytest.raises(kind) as caught:
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": "hi"}], stream=stream)
    assert caught.value.status_code == status
    assert isinstance(caught.value.body["message"], str)


def test_retry_after_is_passed_on_and_the_error_is_restored(client, sent):
    with pytest.raises(openai.RateLimitError) as caught:
        client.chat.completions.create(model="error-429", messages=[{"role": "user", "content": SECRET}])
    assert caught.value.response.headers["retry-after"] == "1"
    assert caught.value.body["message"] == "echo: " + SECRET
    assert caught.value.body["code"] == "some_code"
    nothing_left(sent())


@pytest.mark.parametrize("model", ["cut", "claude-cut"])
def test_a_cut_stream_is_an_error_not_an_end(client, model):
    stream = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "hello there you"}], stream=True
    )
    with pytest.raises(openai.APIError):
        list(stream)


def test_endpoints_not_offered_answer_501(client):
    with pytest.raises(openai.APIStatusError) as caught:
        client.images.generate(prompt="a boat", model="x")
    assert caught.value.status_code == 501
    with pytest.raises(openai.APIStatusError) as caught:
        client.files.list()
    assert caught.value.status_code == 501


def test_unknown_fields_pass_and_are_scanned(client, sent):
    client.chat.completions.create(
        model="echo",
        messages=[{"role": "user", "content": "hi"}],
        extra_body={"x_new": {"note": VALUES[0]}, "top_k": 4},
    )
    assert sent()[-1]["x_new"] == {"note": "[HKID_1]"}
    assert sent()[-1]["top_k"] == 4


def test_the_caller_s_headers_stay_here(client, upstream):
    client.chat.completions.create(model="echo", messages=[{"role": "user", "content": "hi"}])
    headers = upstream.headers[-1]
    assert "authorization" not in headers
    assert not any(name.startswith("x-stainless") for name in headers)
    assert headers["user-agent"].startswith("sampan")
