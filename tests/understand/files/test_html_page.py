"""Web pages."""

from sampan.understand.files.html_page import read_html
from sampan.understand.files.limits import Limits
from sampan.understand.files.reading import Reading


def texts(page):
    reading = Reading(Limits(), pictures=False)
    read_html(page, reading)
    return reading.texts


def test_text_as_one_reads_it():
    assert texts("<p>A12<b>3456</b>(3)</p><p>next</p>")[0].split() == ["A123456(3)", "next"]
    assert texts("&#65;123456(3)")[0] == "A123456(3)"


def test_what_is_not_shown_is_read_too():
    page = "<!-- one --><script>two</script><style>three</style><input value='A123456(3)'><?four?><![CDATA[five]]>"
    said = "\n".join(texts(page))
    assert all(word in said for word in ("one", "two", "three", "A123456(3)", "four", "five"))


def test_attributes():
    found = texts('<a href="mailto:ann@example.com" class="left"><img alt="Chan" data-tel="91234567"></a>')
    assert found == ["href: mailto:ann@example.com\nalt: Chan\ndata-tel: 91234567"]


def test_broken_pages_are_pages():
    for page in ("<", "<a", "<a href='", "<!--", "<![", "<!doctype", "</", "&#", "&#x110000;", "<p" * 1000):
        texts(page)
