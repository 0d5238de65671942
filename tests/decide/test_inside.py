"""What a refusal says about files."""

from sampan.contract.errors import ContextTooLong, PolicyRefused
from sampan.contract.labels import Kind, Labels, Sensitivity
from sampan.decide.inside import told

HKID = frozenset({Kind.HKID})


def labels(**facts):
    return Labels({}, Sensitivity.RESTRICTED, {}, **facts)


def test_what_is_inside():
    both = HKID | {Kind.PHONE}
    said = told(labels(files={"PDF": both, "table": HKID}, unmaskable=both), PolicyRefused.code)
    assert said == (
        " The PDF holds HKID, PHONE, which cannot be masked inside it. The table holds HKID, which cannot be masked inside it."
    )
    assert told(labels(files={"PDF": HKID}), PolicyRefused.code) == ""


def test_what_could_not_be_read():
    said = told(labels(unread=("the PDF cannot be read: it is encrypted", "b", "c", "d")), PolicyRefused.code)
    assert said == " The PDF cannot be read: it is encrypted. B. C."


def test_which_detector_did_not_run():
    said = told(
        labels(complete=False, failed={"tagger": "a file of it is missing", "a": "it broke"}), PolicyRefused.code
    )
    assert (
        said == " The detector `a` did not run: it broke. The detector `tagger` did not run: a file of it is missing."
    )


def test_other_refusals_have_their_own_reasons():
    assert told(labels(unread=("a",)), ContextTooLong.code) == ""
    assert told(labels(), PolicyRefused.code) == ""
