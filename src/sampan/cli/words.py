"""What the command line says, in the person's language: chosen by SAMPAN_LANG, else by the locale."""

from collections.abc import Mapping
from typing import Protocol

from sampan.cli.reasons import reasons as own
from sampan.settings import environment
from sampan.wording import Wording, worded, wording

_FOLDERS = {"en": "en", "zh-HK": "zh_Hant_HK"}
"""Language -> its folder in `locales`."""

WORDS: dict[str, str] = {
    "error": "error",
    "usage": "Usage",
    "hint": "try",
    "interrupted": "interrupted",
    "starting": "No server runs here; starting one …",
    "not_running": "No server runs.",
    "start_it": "`sampan up` starts it.",
    "see_help": "see {command}",
    "runs_at": "Sampan runs at {url}",
    "open_app": "Open the app (the link works once, for ten minutes; `sampan open` makes another):",
    "already": "Sampan already runs at {url}",
    "detector_failed": "The detector {name} failed for {times} requests: {reason}",
    "no_cloud": "No cloud: nothing leaves this machine.",
    "stopping": "Stopping …",
    "stopped": "Stopped.",
    "next": "Try next:",
    "next_elsewhere": "Try next, in another terminal (Ctrl-C here stops Sampan):",
    "next_ask": "ask in the terminal",
    "next_base": "point any OpenAI client here",
    "next_curl": "or with curl",
    "next_receipts": "see what went where",
    "fetching": "Fetching {name}",
    "ready": "{name} is ready.",
    "absent": "{name}: {state}",
    "log_at": "log: {path}",
    "chat_help": "Ctrl-C stops an answer; Ctrl-D or /bye ends; /model NAME changes the model.",
    "answer_stopped": "(stopped)",
    "would_go": "Would go to {model} ({place}), {form}.",
    "refused": "Refused: {reason}",
    "held": "Needs an approval by {who}.",
    "approved": "Approved {id}.",
    "not_approved": "Refused {id}.",
    "still_needs": "Noted; still needed: {who}.",
    "clear": "in the clear",
    "masked": "with {kinds} masked",
    "verified": "{count} receipts, chain and signatures hold.",
    "broken": "The record does not hold:",
    "erase_sure": "Nobody can check any more what {id} sent. Go on?",
    "erased": "Erased what {id} sent; the chain says so in {tombstone}.",
    "key_once": "This is shown once; keep it now.",
    "written": "Written: {path}",
    "backup_note": "Whoever has this file can read your receipts, and the vault too when its key is a file.",
    "restored": "Restored from {path}; what was there before is in {aside}.",
    "settings_ok": "The settings are right.",
    "removed": "Removed {name}.",
    "added": "{name} is here; `sampan models use {name}` makes it the local model.",
    "in_use": "{name} is the local model now.",
    "drift": "Drift: models do otherwise than expected, by {error} over {count} outcomes; `sampan route show`.",
    "no_drift": "Models do as expected: off by {error} over {count} outcomes.",
    "route_notice": "The router: {notice}",
    "route_reset_sure": "Forget everything that was learned of models. Go on?",
    "route_off": "Estimates were off by {off} on average.",
    "route_reset": "Forgotten; the router begins anew.",
    "taken_for": "Taken for: {domains}; difficulty {difficulty} of 4; {language}",
    "on_trial": "{model} answers on trial; its answer is kept at a score of {score} or more.",
    "scan_found": "Found {count} in {files} files: {kinds}",
    "scan_clean": "Nothing found in {files} files.",
    "scan_skipped": "{count} files inside folders could not be read; name one to see why.",
    "not_read": "Not read: {reason}",
    "no_opinions": "What `sampan findings` remembers does not count here: {reason}",
    "masked_kinds": "Masked {kinds}; the values are in {path}",
    "remembered": "Remembered.",
    "forgotten": "Forgotten.",
    "put_back": "Put back: {count}",
    "nothing": "Nothing yet.",
    "rules_changed": "The rules have changed since then; these are the ones in force now.",
    "pack_use": "`sampan policy use NAME` chooses one.",
    "pack_used": "{name} is in force.",
    "key_made": "The private half is at {where}. Keep it, and keep it apart from the machines that trust it.",
    "seal_holds": "The signature holds: {count} files, serial {serial}, signed {at} with {by}.",
    "trusted": "{path} counts from now on, as it is now. It sets:",
    "untrusted": "{path} does not count any more.",
    "ceilings_forgotten": "Forgotten, of {count} keys: the next signed ceiling counts, whatever its serial.",
    "policy_kept": "The policy on disk is broken; the one before it stays in force: {why}",
    "policy_shut": "The policy is broken; only the personal realm is open: {why}",
    "version": "version {version}, pid {pid}",
    "head": "receipts: {head}",
    "checked": "{files} files, {rules} rules, {cases} cases, {proven} of {properties} properties proven, {wrong} wrong",
    "unlike": "{count} of them are decided otherwise today than when they were recorded.",
    "only_personal": "{broken} — only the personal realm is open.",
    "in_text": "found: {found} ({sensitivity})",
    "number": "{id}  (no. {n})",
    "bytes": "{out} bytes out, {back} in",
    "told_of": "told of {kind}",
    "as_text": "{files} as text",
    "device": "your device",
    "edge": "your organisation",
    "cloud": "cloud",
}
"""Name -> English; the catalogue has the rest."""
TERMS = (
    # realms, forms, sensitivity
    worded("personal"), worded("enterprise"), worded("public"), worded("clear"), worded("masked"),
    worded("internal"), worded("confidential"), worded("restricted"),
    # states of models, downloads, requests, approvals, receipts, units
    worded("ready"), worded("absent"), worded("damaged"), worded("available"), worded("installed"), worded("configured"),
    worded("loading"), worded("pulling"), worded("down"), worded("idle"), worded("failed"), worded("waiting"),
    worded("approved"), worded("refused"), worded("timed_out"), worded("withdrawn"), worded("stopped"),
    worded("stop"), worded("complete"), worded("cancelled"), worded("interrupted"), worded("held"), worded("revoked"),
    worded("active"), worded("inactive"), worded("unknown"),
    # rules, opinions, answers
    worded("permit"), worded("forbid"), worded("user"), worded("ceiling"),
    worded("dismiss"), worded("always"), worded("confirm"), worded("yes"), worded("no"), worded("nothing"),
    worded("app"), worded("device"), worded("key"), worded("groups"),
)  # fmt: skip
"""Single words that stand alone in a table."""


def language(environ: Mapping[str, str] | None = None) -> str:
    """`zh-HK` or `en`."""
    environ = environment() if environ is None else environ
    for name in ("SAMPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name, ""):
            return "zh-HK" if value.lower().startswith(("zh", "yue")) else "en"
    return "en"


def spoken() -> Wording:
    """The person's language."""
    return wording(_FOLDERS[language()])


def word(key: str, **values: object) -> str:
    """The words of a key in the person's language, with values put in."""
    return spoken().text(WORDS[key]).format(**values)


class Reasoned(Protocol):
    """A rule, which says why in both languages itself."""

    @property
    def reason(self) -> str:
        """In English."""

    @property
    def reason_zh(self) -> str:
        """In Chinese."""


def reason_of(rule: Reasoned) -> str:
    """Why a rule is there, in the person's language."""
    return rule.reason_zh if language() == "zh-HK" else rule.reason


def read(said: object, reasons: Mapping[str, str] = {}) -> str:
    """A sentence of an error, a hint or a reason, here or from a server, in the person's language.

    reasons: what rules say in English -> in this language.
    """
    known = {} if language() == "en" else {**own(), **reasons}
    return spoken().read(str(said or ""), known)


def term(value: object) -> str:
    """A single word of a table; what is no such word stays."""
    text = str(value or "")
    return spoken().text(text) if text in TERMS else text
