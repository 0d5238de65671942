"""E-mail: headers, every text, every attachment, mails inside the mail."""

from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import default

from sampan.understand.files.encodings import decoded
from sampan.understand.files.html_page import read_html
from sampan.understand.files.reading import CannotRead, Reading

_DEPTH = 30
_READ = frozenset({"from", "to", "cc", "subject", "date"})
"""Headers that a reader is shown."""


def read_eml(data: bytes, reading: Reading) -> None:
    """Read a mail."""
    try:
        mail = message_from_bytes(data, _class=EmailMessage, policy=default)
        _message(mail, reading, _DEPTH)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        # the parser promises never to raise on input; its header parsing does (RFC 5322 in the wild)
        raise CannotRead("a part of it is damaged") from error


def _message(part: Message, reading: Reading, depth: int) -> None:
    if depth <= 0:
        raise CannotRead("it is nested too deeply")
    reading.member()
    lines = [(name, f"{name}: {value}") for name, value in part.items()]
    reading.show("\n".join(line for name, line in lines if name.lower() in _READ))
    reading.text("\n".join(line for name, line in lines if name.lower() not in _READ))
    for beside in (part.preamble, part.epilogue):
        reading.text(beside or "")
    content = part.get_payload()
    if isinstance(content, list):
        for inner in content:
            if isinstance(inner, Message):
                _message(inner, reading, depth - 1)
            else:
                reading.text(str(inner))
    else:
        _leaf(part, reading)


def _leaf(part: Message, reading: Reading) -> None:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    reading.unpacked(len(data))
    if part.defects:
        reading.text(str(part.get_payload()))
    if part.get_content_maintype() != "text" or part.get_filename():
        reading.inner(data, part.get_filename() or part.get_content_type())
        return
    texts = decoded(data, part.get_content_charset() or "") if data else ()
    if texts is None:
        raise CannotRead("a text of it is in an encoding that is not known")
    for text in texts:
        if part.get_content_subtype() == "html":
            read_html(text, reading)
        else:
            reading.show(text)
