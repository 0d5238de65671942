import pytest

from sampan.settings.positions import line_of

TEXT = '''# sampan
[server]
host = "a"  # comment
  port = 1
"quoted key" = 2

[[model]]
name = "one"
notes = """
[server]
port = 9
"""
price = { input = 1, output = 2 }

[[model]]
name = "two"
[model.price]
input = 3
'''


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("server",), (2, 2)),
        (("server", "host"), (3, 1)),
        (("server", "port"), (4, 3)),
        (("server", "quoted key"), (5, 1)),
        (("server", "missing"), (2, 2)),
        (("model", 0), (7, 3)),
        (("model", 0, "price", "output"), (13, 22)),
        (("model", 1, "name"), (16, 1)),
        (("model", 1, "price", "input"), (18, 1)),
        (("nowhere", "at", "all"), (1, 1)),
    ],
)
def test_positions(path, place):
    assert line_of(TEXT, path) == place


def test_an_empty_text_has_a_first_line():
    assert line_of("", ("a",)) == (1, 1)
