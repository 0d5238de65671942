"""What to start for each target. Everything listens on 127.0.0.1 only."""

import os
import secrets
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK = Path(os.environ.get("GW_WORK", "/tmp/gw"))
PORT = os.environ.get("GW_MOCK_PORT", "9100")
MOCK = f"http://127.0.0.1:{PORT}/v1"
CHAT = "/v1/chat/completions"


def _key() -> str:
    """A throwaway local key (LiteLLM refuses to start with a weak one)."""
    f = WORK / "local.key"
    if not f.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        f.write_text("sk-" + secrets.token_hex(32))
        f.chmod(0o600)
    return f.read_text()


BEARER = ["Authorization: Bearer " + _key()]


def _write(name: str, text: str) -> None:
    (WORK / name).write_text(text)


def _litellm(extra: str = "") -> None:
    models = "".join(
        f"  - model_name: mock-{m}\n    litellm_params:\n      model: openai/mock-{m}\n"
        f"      api_base: {MOCK}\n      api_key: sk-x\n"
        for m in ("fast", "slow", "paced")
    )
    _write(
        "litellm.yaml",
        "model_list:\n" + models + "litellm_settings:\n  num_retries: 0\n  request_timeout: 60\n  telemetry: false\n"
        f"general_settings:\n  master_key: {_key()}\n" + extra,
    )


def _nginx() -> None:
    _write(
        "nginx.conf",
        f"""daemon off; worker_processes 1; pid {WORK}/nginx.pid; error_log {WORK}/nginx.err;
events {{ worker_connections 4096; }}
http {{ access_log off; client_body_temp_path {WORK}/nb; proxy_temp_path {WORK}/np; keepalive_requests 10000000;
  client_body_buffer_size 1m; client_max_body_size 16m;
  upstream mock {{ server 127.0.0.1:{PORT}; keepalive 256; keepalive_requests 10000000; }}
  server {{ listen 127.0.0.1:9201; location / {{ proxy_pass http://mock; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_buffering off; }} }} }}
""",
    )


def _tensorzero() -> None:
    t = "[gateway]\nobservability.enabled = false\n"
    for m in ("fast", "slow", "paced"):
        t += (
            f'[models.mock-{m}]\nrouting = ["mock"]\n[models.mock-{m}.providers.mock]\ntype = "openai"\n'
            f'api_base = "{MOCK}/"\nmodel_name = "mock-{m}"\napi_key_location = "none"\n'
        )
    _write("tensorzero.toml", t)


def _ferrogw() -> None:
    _write("ferro.yaml", "strategy:\n  mode: single\ntargets:\n  - virtual_key: ollama\n")


def _sampan() -> None:
    """A home with three public models behind the mock; patterns, policy, masking, restoring and receipts on."""
    home = WORK / "sampan-home"
    home.mkdir(parents=True, exist_ok=True)
    models = "".join(
        f'[[model]]\nname = "mock-{m}"\nrealm = "public"\nwire = "openai"\nbase_url = "{MOCK}"\njurisdiction = "US"\n'
        for m in ("fast", "slow", "paced")
    )
    (home / "sampan.toml").write_text(
        "[server]\nport = 9205\n[local]\nenabled = false\nembeddings = false\ndiscover = false\n" + models
    )


TARGETS = {
    "direct": {"port": int(PORT), "path": CHAT},
    "nginx": {
        "port": 9201,
        "path": CHAT,
        "prepare": _nginx,
        "cmd": ["nginx", "-p", str(WORK), "-e", f"{WORK}/nginx.err", "-c", f"{WORK}/nginx.conf"],
    },
    "litellm": {
        "port": 9202,
        "path": CHAT,
        "prepare": _litellm,
        "headers": BEARER,
        "cmd": [
            str(WORK / "venv-litellm/bin/litellm"),
            "--config",
            str(WORK / "litellm.yaml"),
            "--host",
            "127.0.0.1",
            "--port",
            "9202",
            "--num_workers",
            "1",
            "--telemetry",
            "False",
        ],
        "env": {
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_LOG": "ERROR",
            "LITELLM_MODE": "PRODUCTION",
            "NO_DOCS": "True",
            "DISABLE_ADMIN_UI": "True",
        },
    },
    "portkey": {
        "port": 9203,
        "path": CHAT,
        "headers": ["x-portkey-provider: openai", f"x-portkey-custom-host: {MOCK}", *BEARER],
        "cmd": [
            "node",
            str(WORK / "npm2/node_modules/@portkey-ai/gateway/build/start-server.js"),
            "--headless",
            "--port=9203",
        ],
        "env": {"NODE_ENV": "production", "TRUSTED_CUSTOM_HOSTS": "127.0.0.1,localhost"},
    },
    "ferrogw": {
        "port": 9204,
        "path": CHAT,
        "prepare": _ferrogw,
        "headers": BEARER,
        "cmd": [str(WORK / "venv-ferro/bin/ferrogw"), "serve"],
        "env": {
            "GATEWAY_CONFIG": str(WORK / "ferro.yaml"),
            "OPENAI_API_KEY": "sk-x",
            "RATE_LIMIT_RPS": "10000000",
            "RATE_LIMIT_BURST": "10000000",
            "OLLAMA_HOST": MOCK[:-3],
            "OLLAMA_MODELS": "mock-fast,mock-slow,mock-paced",
            "FERRO_OLLAMA_MODELS": "mock-fast,mock-slow,mock-paced",
            "PORT": "9204",
            "MASTER_KEY": _key(),
            "LOG_LEVEL": "error",
            "GOMAXPROCS": "1",
        },
    },
    "sampan": {
        "port": 9205,
        "path": CHAT,
        "prepare": _sampan,
        "cmd": [os.environ.get("SAMPAN", "sampan"), "up"],
        "env": {"SAMPAN_HOME": str(WORK / "sampan-home")},
    },
    "tensorzero": {
        "port": None,
        "path": "/openai" + CHAT,
        "prefix": "tensorzero::model_name::",
        "prepare": _tensorzero,
        "cmd": [str(WORK / "venv-tz/bin/python"), str(HERE / "tensorzero_run.py"), str(WORK / "tensorzero.toml")],
    },
}
