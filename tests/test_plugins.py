"""What can be added from outside."""

from types import SimpleNamespace

import pytest

from sampan import plugins
from sampan.contract.models import Wire
from sampan.plugins import Registry, load_outside


def test_everything_keeps_its_order():
    registry = Registry()
    first, second = object(), object()
    registry.add_recogniser(first)
    registry.add_recogniser(second)
    registry.add_operator("one", first)
    registry.add_provider(Wire.OPENAI, print)
    assert registry.recognisers == [first, second]
    assert registry.operators == {"one": first}
    assert registry.providers == {Wire.OPENAI: print}


def test_the_later_one_takes_the_name():
    registry = Registry()
    registry.add_provider(Wire.OPENAI, print)
    registry.add_provider(Wire.OPENAI, repr)
    assert registry.providers == {Wire.OPENAI: repr}


def points(monkeypatch, *made):
    asked = []
    monkeypatch.setattr(plugins, "entry_points", lambda group: asked.append(group) or made)
    return asked


def test_installed_packages_register_themselves(monkeypatch):
    one = SimpleNamespace(name="one", load=lambda: lambda registry: registry.add_recogniser("r1"))
    two = SimpleNamespace(name="two", load=lambda: lambda registry: registry.add_operator("o", "x"))
    asked = points(monkeypatch, one, two)
    registry = Registry()
    assert load_outside(registry) == ["one", "two"]
    assert (registry.recognisers, registry.operators, asked) == (["r1"], {"o": "x"}, ["sampan"])


def test_a_broken_one_is_not_passed_over(monkeypatch):
    def load():
        raise ImportError("gone")

    points(monkeypatch, SimpleNamespace(name="one", load=load))
    with pytest.raises(ImportError):
        load_outside(Registry())
