"""Dismissed texts and words that are always found, each person's own."""

from sampan.contract.labels import Kind
from sampan.contract.request import Dialect, Dismissed, Principal, Request, Unmask
from sampan.contract.storage import Opinion
from sampan.understand import BodyLabeller, Detector
from sampan.understand.remembering import Remembering

DETECTOR = Detector.patterns()


def ask(text, **more):
    body = {"model": "auto", "messages": [{"role": "user", "content": text}]}
    return Request("rcp_1", Dialect.CHAT, body, Principal("ann"), "auto", stream=False, received=0.0, **more)


class Said:
    def __init__(self, **opinions):
        self.opinions = opinions

    def of(self, user):
        return self.opinions.get(user, ())


def labelled(text, *opinions, **more):
    request = ask(text, **more)
    return Remembering(DETECTOR, BodyLabeller, Said(**{request.principal.user: opinions})).label(request)


def kinds(labelled):
    return [each.kind for passage in labelled.passages for each in passage.findings]


def test_a_dismissed_text_becomes_a_statement():
    found = labelled("call 9123 4567 or 6123 4567", Opinion("9123 4567", "dismissed"), Opinion("none", "dismissed"))
    assert kinds(found) == [Kind.PHONE, Kind.PHONE]
    assert found.request.unmask == (Dismissed("9123 4567", "dismissed earlier"),)


def test_the_callers_own_statement_stands():
    own = Unmask("9123 4567", "a booking")
    assert labelled("call 9123 4567", Opinion("9123 4567", "dismissed"), unmask=(own,)).request.unmask == (own,)


def test_a_word_is_always_found():
    found = labelled("about project lotus", Opinion("Project Lotus", "always"))
    assert kinds(found) == [Kind.USER_TERM]
    assert kinds(labelled("陳大文", Opinion("陳大文", "always", "PERSON"))) == [Kind.PERSON]


def test_others_are_not_concerned():
    request = ask("about project lotus")
    labeller = Remembering(DETECTOR, BodyLabeller, Said(somebody=(Opinion("Project Lotus", "always"),)))
    assert kinds(labeller.label(request)) == []


def test_a_confirmed_text_changes_nothing():
    found = labelled("call 9123 4567", Opinion("9123 4567", "confirmed"))
    assert (kinds(found), found.request.unmask) == ([Kind.PHONE], ())


def test_a_change_counts_at_once():
    request, said = ask("about project lotus"), Said()
    labeller = Remembering(DETECTOR, BodyLabeller, said)
    assert kinds(labeller.label(request)) == []
    said.opinions = {request.principal.user: (Opinion("lotus", "always"),)}
    assert kinds(labeller.label(request)) == [Kind.USER_TERM]
    said.opinions = {request.principal.user: (Opinion("nothing", "always"),)}
    assert kinds(labeller.label(request)) == []


def test_it_waits_as_the_other_does():
    assert not Remembering(DETECTOR, BodyLabeller, Said()).is_slow(ask("short"))
