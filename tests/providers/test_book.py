"""Models by name."""

from types import SimpleNamespace

import pytest

from sampan.contract.errors import BadRequest, UnknownModel
from sampan.contract.models import Realm, Wire
from sampan.providers.book import ModelBook
from sampan.providers.fake import FakeProvider
from tests.providers.rigs import make_model

SMALL = make_model(name="small", realm=Realm.PERSONAL, wire=(Wire.LOCAL,))


class Local:
    name, model = "small", SMALL

    def __init__(self):
        self.provider, self.acted = FakeProvider(SMALL), []
        self.engine = SimpleNamespace(health="loading 3 %")

    def listed(self):
        return [{"name": "small", "state": "loading"}]

    def progress(self, name):
        return {"state": "pulling", "name": name}

    async def act(self, action, name):
        self.acted.append((action, name))
        return {"name": name}

    def choose(self, name):
        self.name = name
        self.provider = FakeProvider(make_model(name=name, realm=Realm.PERSONAL))
        self.changed()


def names(book):
    return [model.name for model in book.all()]


def test_configured_and_local():
    book = ModelBook(Local())
    cloud = FakeProvider(make_model())
    assert book.replace([cloud]) == []
    assert names(book) == ["cloud", "small"]
    assert book["cloud"] is cloud
    with pytest.raises(KeyError):
        book["none"]


def test_the_list_is_the_same_until_something_changes():
    local = Local()
    book = ModelBook(local)
    before = book.all()
    assert book.all() is before
    local.choose("other")
    assert names(book) == ["other"]
    assert book.all() is not before


def test_what_goes_is_handed_back_for_closing():
    book = ModelBook(None)
    one, two = FakeProvider(make_model(name="one")), FakeProvider(make_model(name="two"))
    book.replace([one])
    assert book.replace([two]) == [one]
    assert names(book) == ["two"]


def test_states():
    book = ModelBook(Local())
    broken = FakeProvider(make_model(name="broken"))
    broken.trouble = "no key"
    book.replace([FakeProvider(make_model()), broken])
    assert [book.state(name) for name in ("small", "cloud", "broken")] == ["loading 3 %", "ready", "down: no key"]
    assert book.progress("small") == {"state": "pulling", "name": "small"}
    assert book.progress("broken")["state"] == "down: no key"


def test_the_list_shows_facts_and_no_key():
    book = ModelBook(Local())
    book.replace([FakeProvider(make_model("http://127.0.0.1:1/v1", api_key="env:SECRET"))])
    small, cloud = book.listed()
    assert small["name"] == "small"
    assert (cloud["name"], cloud["realm"], cloud["state"]) == ("cloud", Realm.PUBLIC, "ready")
    assert "SECRET" not in str(cloud)


async def test_only_local_models_are_acted_on():
    local = Local()
    book = ModelBook(local)
    book.replace([FakeProvider(make_model())])
    assert await book.act("pull", "small") == {"name": "small"}
    with pytest.raises(UnknownModel, match=r"sampan\.toml"):
        await book.act("rm", "cloud")
    assert local.acted == [("pull", "small")]
    with pytest.raises(BadRequest, match="switched off"):
        await ModelBook(None).act("pull", "small")
