"""The engine's process: llama.cpp's own server on a random loopback port, guarded by a key.

Run as `python -m sampan.providers.local.engine_child`. Standard input carries one JSON line (`ChildSettings`; the key
therefore never shows in a process list) and then stays open: its end means that the parent is gone, and ends this
process. Standard output carries one JSON line: `{"url": "http://127.0.0.1:<port>"}` or `{"error": "<why>"}`. Whatever
the native library prints goes to standard error.
"""

import os
import sys
from typing import Any, NoReturn

import msgspec

from sampan.wording import worded

_NOWHERE = "http://127.0.0.1"
"""The only origin that CORS names: the engine's own scheme and host, without its port, so no page has it."""


_BATCH = 128
"""Prompt tokens evaluated in one go. Between two goes the engine looks at who has left and serves the other slots: at
llama.cpp's own 2048 a cancelled long prompt kept both cores busy for over 3 s; 128 costs about 5 % of prompt speed."""


class ChildSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the parent tells the child. `context`: tokens per slot."""

    model_path: str
    key: str
    context: int = 4096
    slots: int = 2
    threads: int = 1
    verbosity: int = 0


def _library() -> Any:
    import xllamacpp  # noqa: PLC0415 - an optional extra, and only the child may load it

    return xllamacpp


def build_params(settings: ChildSettings) -> Any:
    """Turn the settings into llama.cpp's parameters, with everything off that is not needed.

    Source: `common/common.h` of llama.cpp as wrapped by xllamacpp 2026.10. `n_ctx` is the total, shared out over the
    slots; `kv_unified` off gives each slot its own part, so that one conversation cannot push out another. The RAM cache
    of parked prompts is off: it is shared by all slots, hence by all principals.
    """
    params = _library().CommonParams()
    params.model.path = settings.model_path
    params.n_parallel = settings.slots
    params.n_ctx = settings.context * settings.slots
    # a thread that waits for another must not spin: the server that streams the tokens needs a core now and then, and the
    # thread it displaces would be spun for (1.5B: 0.92 -> 0.96 of the engine alone)
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    params.kv_unified = False
    params.ctx_shift = False
    params.cpuparams.n_threads = settings.threads
    params.cpuparams_batch.n_threads = settings.threads
    params.n_batch = params.n_ubatch = _BATCH
    params.n_threads_http = settings.slots + 4
    params.fit_params = False
    params.cache_prompt = True
    params.cache_ram_mib = 0
    params.cache_idle_slots = False
    params.slot_prompt_similarity = 0.0
    params.verbosity = settings.verbosity
    params.offline = True
    _close(params, settings.key)
    return params


def _close(params: Any, key: str) -> None:
    """No page, no tools, no listing of other people's prompts, no origin but our own, no request without the key."""
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.ui = False
    params.ui_mcp_proxy = False
    params.server_tools = []
    params.endpoint_slots = False
    params.endpoint_props = False
    params.endpoint_metrics = False
    params.cors_origins = _NOWHERE
    params.cors_origins_explicit = True
    params.cors_credentials = False
    params.cors_methods = "POST"
    params.cors_headers = "Content-Type"


def _say(out: int, message: dict[str, str]) -> None:
    os.write(out, msgspec.json.encode(message) + b"\n")


def _why(error: Exception) -> str:
    if isinstance(error, ImportError):
        return worded(f"the engine does not load ({error})")[:300]
    return worded(
        f"the model file does not load ({type(error).__name__}); it is damaged, or of a kind the engine does not know"
    )


def main() -> NoReturn:
    """Serve until standard input ends.

    The exit is immediate, before the server's destructor: that would wait for a generation to end, and there is nothing
    to save.
    """
    out = os.dup(1)
    os.dup2(2, 1)
    source = sys.stdin.buffer
    try:
        settings = msgspec.json.decode(source.readline(), type=ChildSettings)
        server = _library().Server(build_params(settings))
        _say(out, {"url": str(server.listening_address)})
        while source.read(4096):
            pass
        os._exit(0)
    except Exception as error:  # noqa: BLE001 - told to the parent, which makes an EngineUnavailable of it
        _say(out, {"error": _why(error)})
        os._exit(1)


if __name__ == "__main__":
    main()
