"""A process that looks like `sampan up`: writes server.json, answers /healthz and /sampan/shutdown."""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply(
            {"status": "ok", "models": [{"name": "small", "realm": "personal", "state": "ready", "progress": {}}]}
        )

    def do_POST(self):
        made = self.path == "/sampan/tickets"
        self.reply({"ticket": "t", "seconds": 600} if made else {"stopping": True})
        if not made and "--stubborn" not in sys.argv:
            os._exit(0)

    def reply(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


if "--fails" in sys.argv:
    sys.stderr.write("error: port 1 is in use by another program\n  try: another one\n")
    sys.exit(5)
server = HTTPServer(("127.0.0.1", 0), Handler)
run = Path(os.environ["SAMPAN_HOME"]) / "run"
told = {"pid": os.getpid(), "host": "127.0.0.1", "port": server.server_address[1], "started": time.time()}
(run / "server.json.new").write_text(json.dumps({**told, "argv": sys.argv[1:]}))
(run / "server.json.new").replace(run / "server.json")
server.serve_forever(0.01)
