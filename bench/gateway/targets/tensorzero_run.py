"""Start the HTTP gateway embedded in the tensorzero wheel; it picks its own port and prints it."""

import sys
import threading

from tensorzero import tensorzero as tz

gw = tz._start_http_gateway(
    config_file=sys.argv[1], clickhouse_url=None, postgres_url=None, valkey_url=None, async_setup=False
)
print("base_url", gw.base_url, flush=True)
threading.Event().wait()
