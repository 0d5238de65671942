from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from sampan.serve.web.signs import TURNING, marked, named

TEXT = st.text(st.sampled_from("a<&\u202e\u2066\u2069\u200fב陳"))


@given(TEXT)
def test_what_is_named_turns_nothing(text):
    assert not TURNING.search(named(text))
    assert len(TURNING.findall(text)) == named(text).count("⟨U+")


@given(TEXT)
def test_what_is_marked_can_still_be_copied_and_is_no_tag(text):
    shown = marked(text)
    assert shown.count("<span ") == len(TURNING.findall(text))
    assert TURNING.sub("", shown).replace("</span>", "").count("<") == shown.count("<span ")
    assert shown.striptags() == escape(text).striptags()


def test_other_text_stays():
    assert marked("陳大文 <b>") == "陳大文 &lt;b&gt;"
    assert marked("a\u202eb") == 'a<span class="turning" data-sign="U+202E">\u202e</span>b'
