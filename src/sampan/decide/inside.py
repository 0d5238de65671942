"""What a refusal says about the content: what files hold, why a part could not be read, which detector did not run."""

from sampan.contract.errors import PolicyRefused
from sampan.contract.labels import Labels

_SHOWN = 3


def told(labels: Labels, code: str) -> str:
    """Sentences to put behind the reason of a refusal with this code; empty when there is nothing to add."""
    if code != PolicyRefused.code:
        return ""
    held = [
        f" The {kind} holds {', '.join(sorted(inside & labels.unmaskable))}, which cannot be masked inside it."
        for kind, inside in sorted(labels.files.items())
        if inside & labels.unmaskable
    ]
    unread = [f" {reason[:1].upper()}{reason[1:]}." for reason in labels.unread[:_SHOWN]]
    failed = [f" The detector `{name}` did not run: {why}." for name, why in sorted(labels.failed.items())]
    return "".join((*held, *unread, *failed))
