import math
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampan import settings
from sampan.contract.errors import ConfigError
from sampan.contract.models import Realm, Site, Wire
from sampan.settings.trust import Trust

CLOUD = """
[[model]]
name = "cloud"
realm = "public"
wire = ["openai", "anthropic"]
base_url = "http://127.0.0.1:8765/v1/"
upstream_model = "gpt-x"
api_key = "env:CLOUD_KEY"
jurisdiction = "US"
trains_on_data = false
price = { input = 2.5, output = 10.0 }
"""


@pytest.fixture(autouse=True)
def no_system_file(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SYSTEM_FILE", tmp_path / "etc" / "sampan.toml")


def load(tmp_path, user="", project="", system="", env=None, flags=None):
    home, cwd = tmp_path / "home", tmp_path / "cwd"
    for folder, text in ((home, user), (cwd, project), (tmp_path / "etc", system)):
        folder.mkdir(exist_ok=True)
        if text:
            (folder / "sampan.toml").write_text(text, encoding="utf-8")
    if project:
        where = cwd / "sampan.toml"
        Trust(settings.paths({"SAMPAN_HOME": str(home)})).add(where, where.read_bytes())
    return settings.load(flags, {"SAMPAN_HOME": str(home), **(env or {})}, cwd)


def refused(tmp_path, **layers):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, **layers)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_defaults_need_nothing(tmp_path):
    found = load(tmp_path)
    assert (found.server.host, found.server.port, found.local.context) == ("127.0.0.1", 8484, 4096)
    assert found.home.run == tmp_path / "home" / "run"
    assert set(found.origins.values()) == {"default"}
    with pytest.raises(AttributeError):
        found.server.port = 1


def test_each_layer_wins_over_the_one_before_and_leaves_its_origin(tmp_path):
    layers = {}
    expected = [
        ("system", 1, "etc/sampan.toml:2"),
        ("user", 2, "home/sampan.toml:2"),
        ("project", 3, "cwd/sampan.toml:2"),
    ]
    for name, port, origin in expected:
        layers[name] = f"[server]\nport = {port}\n"
        found = load(tmp_path, **layers)
        assert found.server.port == port
        assert found.origins["server.port"] == f"{tmp_path}/{origin}"
    found = load(tmp_path, env={"SAMPAN_SERVER_PORT": "4"}, **layers)
    assert (found.server.port, found.origins["server.port"]) == (4, "env SAMPAN_SERVER_PORT")
    found = load(tmp_path, env={"SAMPAN_SERVER_PORT": "4"}, flags={"server.port": 5, "server.host": None}, **layers)
    assert (found.server.port, found.origins["server.port"]) == (5, "flag")
    assert found.origins["server.host"] == "default"


def test_a_model_in_six_lines(tmp_path):
    model = load(tmp_path, user=CLOUD).models[0]
    assert (model.name, model.realm, model.site) == ("cloud", Realm.PUBLIC, Site.CLOUD)
    assert model.wire == (Wire.OPENAI, Wire.ANTHROPIC)
    assert model.base_url == "http://127.0.0.1:8765/v1"
    assert (model.trains_on_data, model.retention) == ("no", "unknown")
    assert (model.price.input, model.price.output) == (2.5, 10.0)


def test_models_merge_by_name(tmp_path):
    found = load(tmp_path, user=CLOUD, project=CLOUD.replace("gpt-x", "gpt-y") + CLOUD.replace('"cloud"', '"other"'))
    assert [(m.name, m.upstream_model) for m in found.models] == [("cloud", "gpt-y"), ("other", "gpt-x")]
    assert found.origins["model.other"].endswith("cwd/sampan.toml:13")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[server]\nprot = 3\n", ":2:1:", "unknown setting `server.prot`; did you mean `port`?"),
        ("\n[sever]\nport = 3\n", ":2:2:", "did you mean `server`?"),
        ('[server]\nport = "x"\n', ":2:1:", "`server.port`: this must be a whole number"),
        ("server.port = 70000\n", ":1:1:", "65535 or less"),
        ("[local]\nenabled = 1\n", ":2:1:", "this must be true or false, without quotes"),
        ("[server]\nport = \n", ":2:8:", "Invalid value"),
        ("a = [\n", ":2:1:", "Invalid value"),
        ("[server]\nport = 1\nport = 2\n", ":3:", "overwrite"),
        (CLOUD.replace("realm", "raelm"), ":4:1:", "did you mean `realm`?"),
        (
            CLOUD.replace('"public"', '"pubic"'),
            ":4:1:",
            "`pubic` is none of personal, enterprise, public; did you mean `public`?",
        ),
        (CLOUD.replace('realm = "public"\n', ""), ":2:3:", "`realm` is missing here"),
        (CLOUD.replace("input", "inptu"), ":11:11:", "did you mean `input`?"),
        (CLOUD.replace("2.5", "-2.5"), ":11:", "0 or more"),
        (CLOUD.replace("2.5", "nan"), ":11:11:", "0 or more"),
        (CLOUD.replace("2.5", "inf"), ":11:1:", "finite"),
        (CLOUD.replace('"public"', '"personal"').replace("127.0.0.1", "10.0.0.1"), ":6:1:", "needs a base_url on this"),
        (CLOUD.replace('"cloud"', '"auto:x"'), ":3:1:", "reserved"),
        (CLOUD.replace('"cloud"', '"local"'), ":3:1:", "reserved"),
        (CLOUD + CLOUD, ":14:1:", "two models are called `cloud`"),
        (CLOUD.replace("/v1/", "/"), ":6:1:", "end in the version"),
        (CLOUD.replace("http://", "ftp://"), ":6:1:", "http or https"),
        (CLOUD.replace("http://", "http://me:pw@"), ":6:1:", "no user, password"),
        (CLOUD.replace("8765", "999999"), ":6:1:", "http or https"),
        (CLOUD + 'proxy = "http://u:p@h:1"\n', ":12:1:", "no user or password"),
        (CLOUD + 'capabilities = ["chatt"]\n', ":12:1:", "among chat"),
        (CLOUD + 'ca_bundle = "none.pem"\n', ":12:1:", "no such file"),
        (CLOUD + "timeout_s = 0\n", ":12:1:", "more than 0"),
        (CLOUD + 'languages = ["elvish"]\n', ":12:1:", "among en"),
        ("[route]\nepsilon = nan\n", ":2:1:", "0 or more"),
        ("[route]\nsecond_usd = -1\n", ":2:1:", "0 or more"),
        ("[route]\nhedge = inf\n", ":2:1:", "1 or less"),
    ],
)
def test_a_mistake_is_shown_with_its_place(tmp_path, text, place, words):
    message = refused(tmp_path, user=text)
    assert message.startswith(f"{tmp_path}/home/sampan.toml{place}"), message
    assert words in message


def test_a_literal_key_is_refused_and_not_shown(tmp_path):
    message = refused(tmp_path, user=CLOUD.replace("env:CLOUD_KEY", "sk-proj-verysecret123"))
    assert "env:NAME or keyring:NAME" in message
    assert "verysecret" not in message
    assert ":8:1:" in message


def test_text_that_is_not_utf8(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "sampan.toml").write_bytes(b"# \xff\n")
    assert "not UTF-8" in refused(tmp_path)


def test_environment(tmp_path):
    env = {
        "SAMPAN_LOCAL_ENABLED": "off",
        "SAMPAN_PRIVACY_TERMS": "Falcon, 飛鷹 ,",
        "SAMPAN_NO_CLOUD": "1",
        "SAMPAN_X": "1",
    }
    found = load(tmp_path, env=env)
    assert (found.local.enabled, found.privacy.terms, found.privacy.no_cloud) == (False, ("Falcon", "飛鷹"), True)
    assert found.origins["privacy.no_cloud"] == "env SAMPAN_NO_CLOUD"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SAMPAN_SERVER_PORT", "x", "env SAMPAN_SERVER_PORT"),
        ("SAMPAN_NO_CLOUD", "maybe", "expected 1 or 0"),
        ("SAMPAN_NOCLOUD", "1", "did you mean SAMPAN_NO_CLOUD?"),
        ("SAMPAN_SEVER_PORT", "1", "did you mean SAMPAN_SERVER_PORT?"),
        ("SAMPAN_SERVER_PORT", "99999", "65535 or less"),
    ],
)
def test_a_bad_variable_is_named(tmp_path, name, value, words):
    assert words in refused(tmp_path, env={name: value})


def test_a_bad_flag_is_named(tmp_path):
    assert refused(tmp_path, flags={"server.port": 99999}).startswith("flag: `server.port`")


def test_no_cloud_cannot_be_turned_off_by_a_later_layer(tmp_path):
    found = load(
        tmp_path, user="[privacy]\nno_cloud = true\n", project="[privacy]\nno_cloud = false\n",
        env={"SAMPAN_NO_CLOUD": "0", "SAMPAN_PRIVACY_NO_CLOUD": "0"}, flags={"privacy.no_cloud": False},
    )  # fmt: skip
    assert found.privacy.no_cloud
    assert found.origins["privacy.no_cloud"].endswith("home/sampan.toml:2")


def test_no_cloud_keeps_the_endpoint_on_loopback(tmp_path):
    assert "loopback" in refused(tmp_path, env={"SAMPAN_NO_CLOUD": "1"}, flags={"server.host": "0.0.0.0"})


def test_the_organisations_ceiling_cannot_be_moved_by_a_user(tmp_path):
    found = load(
        tmp_path,
        system='[policy]\nceiling_dir = "rules"\n',
        user='[policy]\nceiling_dir = "/none"\nuser_dir = "mine"\n',
    )
    assert found.policy.ceiling_dir == str(tmp_path / "etc" / "rules")
    assert found.policy.user_dir == str(tmp_path / "home" / "mine")


def test_the_organisation_has_the_last_word_about_hints(tmp_path):
    assert load(tmp_path).privacy.hints == ()
    assert load(tmp_path, user='[privacy]\nhints = ["gender"]\n').privacy.hints == ("gender",)
    forbidden = load(
        tmp_path, system="[privacy]\nhints = []\n", user='[privacy]\nhints = ["gender", "age"]\n',
        env={"SAMPAN_PRIVACY_HINTS": "age"}, flags={"privacy.hints": ["age"]},
    )  # fmt: skip
    assert forbidden.privacy.hints == ()
    assert "hints" in refused(tmp_path, user='[privacy]\nhints = ["name"]\n')


def test_paths_follow_xdg(tmp_path):
    found = settings.paths({f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "STATE")})
    assert found.config == tmp_path / "CONFIG" / "sampan"
    assert found.run == tmp_path / "STATE" / "sampan" / "run"
    settings.prepare(found)
    assert found.run.stat().st_mode & 0o777 == 0o700


def test_every_variable_sets_its_setting(tmp_path):
    samples = {bool: "1", int: "1", str: "x"}
    for name, (key, kind) in settings.variables().items():
        if key == "receipts.keep_sent":
            value = "all"
        elif key == "receipts.fsync":
            value = "each"
        elif key == "local.context":
            value = "512"
        elif key == "privacy.hints":
            value = "gender,age"
        elif "tuple" in str(kind):
            value = "a,b"
        else:
            value = samples.get(kind, "1")
        found = load(tmp_path, env={name: value})
        assert found.origins[key] == f"env {name}", name


@given(st.text(max_size=200))
def test_any_text_loads_or_is_a_config_error(tmp_path_factory, text):
    tmp_path = tmp_path_factory.mktemp("any")
    (tmp_path / "sampan.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        settings.load({}, {"SAMPAN_HOME": str(tmp_path)}, tmp_path)
    except ConfigError as error:
        assert re.search(r"sampan\.toml:", str(error))


@given(st.floats())
def test_prices_are_finite_and_not_negative(tmp_path_factory, price):
    tmp_path = tmp_path_factory.mktemp("price")
    (tmp_path / "sampan.toml").write_text(CLOUD.replace("2.5", repr(price)))
    try:
        model = settings.load({}, {"SAMPAN_HOME": str(tmp_path)}, tmp_path).models[0]
    except ConfigError:
        assert not (math.isfinite(price) and price >= 0)
    else:
        assert model.price.input == price


def test_settings_are_values(tmp_path):
    assert msgspec.structs.asdict(load(tmp_path).server)["workers"] == 1
