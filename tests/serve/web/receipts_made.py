"""Receipts as they stand in the chain."""


def made(id="rcp_1", realm="public", model="cloud", found=None, masked=None, app="sampan-web", **more):
    crossings = [] if realm in {"personal", "refused"} else [
        {"to": realm, "model": model, "operator": "o", "jurisdiction": "US", "bytes_out": 100, "bytes_in": 50, "body": "hmac:0",
         "masked": masked or {}, "attempt": 1, "error": ""}
    ]  # fmt: skip
    refused = realm == "refused"
    return {
        "v": 1, "id": id, "n": 1, "at": "2026-11-23T06:12:09.113Z", "who": {"user": "u", "app": app, "device": "d"},
        "dialect": "openai-chat", "found": found or {}, "detectors": {"complete": True}, "sensitivity": "internal",
        "policy": {"set": "sha256:0", "asked": "auto", "allowed": [], "chosen": [] if refused else [model, "clear"], "why": "cheapest",
                   "refused": [[model, "clear", ["hk-id-stays-home"]], ["other", "clear", ["x-rule"]]]},
        "crossings": crossings, "tokens": {"in": 3, "out": 2}, "cost_usd": 0.001, "ms": {"total": 12}, "restored": {}, "unmasked": {},
        "end": "refused" if refused else "complete", "error": "", "prev": "sha256:0", "hash": "sha256:1", **more,
    }  # fmt: skip
