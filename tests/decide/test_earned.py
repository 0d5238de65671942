import pytest

from sampan.contract.errors import ConfigError
from sampan.contract.models import Model, Realm, Site, Wire
from sampan.decide.earned import earned, read_pins
from tests.decide.builders import LOCAL

PINS = read_pins("""
[[host]]
name = "models.corp.example"
realm = "enterprise"
jurisdiction = "HK"

[[host]]
name = "*.edge.example"
realm = "enterprise"
site = "edge"

[[host]]
name = "api.vendor.example"
realm = "public"
jurisdiction = "US"
retention = "30 days"
""")


def model(host, realm=Realm.ENTERPRISE, **facts):
    return Model("m", realm, (Wire.OPENAI,), base_url=f"https://{host}/v1", **({"site": Site.EDGE} | facts))


def one(given):
    return earned((given,), PINS)[0]


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "models.corp.example.evil.example", "edge.example", "xmodels.corp.example"]
)
def test_a_host_that_nobody_pinned_is_public(host):
    found = one(model(host, jurisdiction="HK"))
    assert (found.realm, found.site) == (Realm.PUBLIC, Site.CLOUD)


@pytest.mark.parametrize(
    "host", ["models.corp.example", "MODELS.corp.example", "models.corp.example:8443", "a.edge.example"]
)
def test_a_pinned_host_is_what_the_pin_says(host):
    assert one(model(host, Realm.PUBLIC)).realm is Realm.ENTERPRISE


def test_facts_of_the_pin_replace_what_is_claimed():
    found = one(model("api.vendor.example", jurisdiction="HK", retention="none", operator="v"))
    assert (found.realm, found.jurisdiction, found.retention, found.operator) == (Realm.PUBLIC, "US", "30 days", "v")


def test_this_machine_and_life_without_pins():
    assert one(LOCAL) == LOCAL
    claimed = model("elsewhere.example")
    assert earned((claimed,), None) == (claimed,)
    assert earned((claimed,), read_pins(""))[0].realm is Realm.PUBLIC


@pytest.mark.parametrize(
    "text",
    ["[[host]]", '[[host]]\nname="a"\nrealm="personal"', "x = ", '[[host]]\nname="a"\nrealm="public"\ncolour="red"'],
)
def test_wrong_pins_are_told(text):
    with pytest.raises(ConfigError, match=r"realms\.toml"):
        read_pins(text)
