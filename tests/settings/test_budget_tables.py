"""`[[budgets]]` as written."""

import pytest

from sampan import settings
from sampan.contract.budget import Budget, Every
from sampan.contract.errors import ConfigError


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SYSTEM_FILE", tmp_path / "system.toml")

    def load(text, system=""):
        (tmp_path / "system.toml").write_text(system)
        (tmp_path / "sampan.toml").write_text(text)
        return settings.load(environ={"SAMPAN_HOME": str(tmp_path)}, cwd=tmp_path)

    return load


ONE = '[[budgets]]\nname = "students"\nevery = "month"\ngroup = "students"\nusd = 5.0\n'


def test_a_budget(loaded):
    found = loaded(ONE)
    (budget,) = found.budgets
    assert (budget.name, budget.every, budget.group, budget.usd, budget.tokens) == (
        "students",
        Every.MONTH,
        "students",
        5.0,
        None,
    )
    assert found.origins["budgets.students"].endswith("sampan.toml:1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("usd = nan", "usd must be a number"),
        ("usd = inf", "usd must be a number"),
        ("usd = -1.0", "usd must be a number"),
        ("tokens = -1", "budgets"),
        ("requests = 1.5", "budgets"),
        ("", "limits nothing"),
        ('usd = 1.0\nzone = "Asia/Kowloon"', "no time zone"),
        ('usd = 1.0\nzone = "../../etc/passwd"', "no time zone"),
        ("usd = 1.0\nuser_name = 1", "unknown setting"),
    ],
)
def test_what_makes_no_sense(loaded, line, said):
    with pytest.raises(ConfigError, match=said):
        loaded(f'[[budgets]]\nname = "b"\nevery = "day"\n{line}\n')


def test_names_are_told_apart_and_bounded(loaded):
    with pytest.raises(ConfigError, match="two budgets"):
        loaded(ONE + ONE)
    with pytest.raises(ConfigError, match="32 budgets"):
        loaded("".join(ONE.replace('"students"\nevery', f'"b{number}"\nevery') for number in range(33)))
    with pytest.raises(ConfigError):
        loaded(ONE.replace('"students"\nevery', '"Students!"\nevery'))


def test_a_budget_of_the_system_file_stays(loaded):
    found = loaded(ONE.replace("5.0", "500.0"), system=ONE)
    assert [budget.usd for budget in found.budgets] == [5.0]


def test_every_field_is_carried_over(loaded):
    rest = 'application = "a"\nmodel = "m"\nuser = "u"\ntokens = 2\nrequests = 3\nzone = "UTC"\n'
    (budget,) = loaded(ONE + rest).budgets
    assert budget == Budget("students", Every.MONTH, "u", "students", "a", "m", 5.0, 2, 3, "UTC")
