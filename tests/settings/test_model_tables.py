from pathlib import Path

import msgspec
import pytest

from sampan.contract.models import Realm, Site, Wire
from sampan.settings.model_tables import ModelTable, loopback_host, to_model


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_loopback(host):
    assert loopback_host(host)


@pytest.mark.parametrize("host", ["localhost.evil.example", "127.0.0.1.nip.io", "0.0.0.0", "10.0.0.1", "", "128.0.0.1"])
def test_not_loopback(host):
    assert not loopback_host(host)


def table(**more):
    base = {"name": "m", "realm": "enterprise", "wire": "openai", "base_url": "https://models.campus.example/openai/v1"}
    return msgspec.convert({**base, **more}, ModelTable)


def test_a_site_follows_the_realm_unless_given():
    assert to_model(table(), Path())[2].site is Site.EDGE
    assert to_model(table(site="cloud"), Path())[2].site is Site.CLOUD


def test_the_upstream_name_defaults_to_the_name():
    assert to_model(table(), Path())[2].upstream_model == "m"


def test_a_personal_model_cannot_use_a_proxy():
    found = to_model(table(realm="personal", base_url="http://127.0.0.1:1/v1", proxy="http://p:1"), Path())
    assert found[0] == "proxy"
    assert found[2] is None


def test_a_fake_needs_no_address():
    model = to_model(table(wire="fake", base_url=""), Path())[2]
    assert (model.wire, model.realm) == ((Wire.FAKE,), Realm.ENTERPRISE)


def test_the_local_wire_is_not_for_tables():
    assert to_model(table(wire="local"), Path())[0] == "wire"


def test_a_bundle_is_found_beside_the_file(tmp_path):
    (tmp_path / "ca.pem").write_text("x")
    assert to_model(table(ca_bundle="ca.pem"), tmp_path)[2].ca_bundle == str(tmp_path / "ca.pem")


@pytest.mark.parametrize("realm", ["personal", "enterprise"])
def test_a_model_that_is_handed_on_to_a_cloud_is_public(realm):
    facts = {"base_url": "http://127.0.0.1:11434/v1", "upstream_model": "gpt-oss:120b-cloud"}
    key, why, model = to_model(table(realm=realm, **facts), Path())
    assert (key, model) == ("realm", None)
    assert "public" in why
    assert to_model(table(realm="public", **facts), Path())[2].realm is Realm.PUBLIC


def test_a_price_that_nobody_stated_is_not_known_and_one_of_zero_is():
    assert not to_model(table(), Path())[2].price.known
    free = to_model(table(price={"input": 0, "output": 0}), Path())[2].price
    assert (free.known, free.input) == (True, 0.0)


def test_languages_are_those_that_the_router_knows():
    assert to_model(table(languages=["en", "yue"]), Path())[2].languages == ("en", "yue")
    assert to_model(table(languages=["cantonese"]), Path())[0] == "languages"
