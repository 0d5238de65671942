"""Requests for tests of the verifier."""

from sampan.contract.ids import new_id
from sampan.contract.request import Dialect, Principal, Request


def request(dialect=Dialect.CHAT, body=None, *, question="", **more):
    body = body if body is not None else {"messages": [{"role": "user", "content": question}], **more}
    return Request(new_id("rcp"), dialect, body, Principal("u"), "auto", False, 0.0)
