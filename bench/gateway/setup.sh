#!/usr/bin/env bash
# Install the measured gateways into a throwaway folder.
set -euo pipefail
W=${GW_WORK:-/tmp/gw}
mkdir -p "$W/bin" "$W/npm2"
command -v nginx >/dev/null || { apt-get update -qq; apt-get install -y --no-install-recommends nginx-light; }
venv() { [ -x "$W/$1/bin/python" ] || python3 -m venv "$W/$1"; "$W/$1/bin/pip" install -q "${@:2}"; }
venv venv-litellm 'litellm[proxy]==1.106.2'
venv venv-tz tensorzero==2026.6.0
# @hono/node-server 1.19.19, which a plain install resolves to, breaks all streaming of this release (HTTP 500)
cat > "$W/npm2/package.json" <<'J'
{"name":"gw","version":"1.0.0","private":true,"dependencies":{"@portkey-ai/gateway":"1.15.2"},"overrides":{"@hono/node-server":"1.13.8"}}
J
(cd "$W/npm2" && npm install --silent --ignore-scripts)
# ferrogw: a Go gateway whose wheel carries its binary
venv venv-ferro ferrogw==1.5.10
