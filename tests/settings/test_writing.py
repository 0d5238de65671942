import tomllib

import pytest

from sampan.contract.errors import ConfigError
from sampan.settings.writing import with_value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[policy]\npack = "x"\n'),
        ("# mine\n[server]\nport = 1\n", '# mine\n[server]\nport = 1\n\n[policy]\npack = "x"\n'),
        ("[server]\nport = 1", '[server]\nport = 1\n\n[policy]\npack = "x"\n'),
        ('[policy] # rules\npack = "a" # old\nuser_dir = "u"\n', '[policy] # rules\npack = "x"\nuser_dir = "u"\n'),
        (
            '[policy]\nuser_dir = "u"\n[server]\npack = 1\n',
            '[policy]\npack = "x"\nuser_dir = "u"\n[server]\npack = 1\n',
        ),
        ("[policy]", '[policy]\npack = "x"\n'),
        ('[[model]]\nname = "m"\n', '[[model]]\nname = "m"\n\n[policy]\npack = "x"\n'),
    ],
)
def test_only_that_value_changes(before, after):
    assert with_value(before, "policy", "pack", "x") == after
    assert tomllib.loads(after)["policy"]["pack"] == "x"


@pytest.mark.parametrize("text", ['policy = { pack = "a" }\n', 'policy.pack = "a"\n', "[policy\n"])
def test_what_cannot_be_changed_safely_is_left_alone(text):
    with pytest.raises(ConfigError, match=r"policy\.pack"):
        with_value(text, "policy", "pack", "x")


def test_a_value_cannot_break_out():
    text = with_value("", "policy", "pack", 'x"\ny = 1')
    assert tomllib.loads(text) == {"policy": {"pack": 'x"\ny = 1'}}
