"""A running Sampan with a real small model: its home, its engine's process, what it sends."""

import http.client
import json
import time

import psutil

from sampan.providers.local.files import ModelFiles
from tests.support.models import smollm2
from tests.support.server import BY_PRICE, Server

NAME = "smollm2-135m"


def toml(more="", *, idle_minutes=0.0, context=1024):
    """`auto` takes this model, which costs nothing, although little is expected of one so small."""
    return (
        f'[local]\nmodel = "{NAME}"\ncontext = {context}\nparallel = 2\nthreads = 1\ndiscover = false\n'
        f"idle_unload_minutes = {idle_minutes}\n{BY_PRICE}{more}"
    )


def with_model(home, text=None, *arguments, env=None):
    """A server whose home has the model in place already."""
    ModelFiles(home / "data" / "models").add(smollm2(), NAME)
    return Server(home, toml() if text is None else text, *arguments, env=env)


def state(server, name=NAME):
    return next(model for model in server.get("/healthz")["models"] if model["name"] == name)["state"]


def until(condition, seconds=30.0, pause=0.05):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(pause)
    return found


def engine_of(server):
    """The engine's process; None while there is none."""
    found = [
        child
        for child in psutil.Process(server.process.pid).children()
        if child.status() != psutil.STATUS_ZOMBIE and "sampan.providers.local.engine_child" in child.cmdline()
    ]
    return found[0] if found else None


def cpu_seconds(process):
    times = process.cpu_times()
    return times.user + times.system


def open_stream(server, body, headers=None):
    """A streamed answer whose status has come: (connection, response)."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    head = {"content-type": "application/json", **(headers or {})}
    line.request("POST", "/v1/chat/completions", json.dumps({"stream": True, **body}), head)
    return line, line.getresponse()


def hang_up(line, response):
    response.close()
    line.close()
