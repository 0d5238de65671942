"""The composition root: what the settings say is what runs, and a reload changes what it may."""

import pytest

from sampan.contract.errors import ConfigError
from sampan.contract.request import Dialect, Principal, Request

CLOUD = '[[model]]\nname = "{}"\nrealm = "public"\nwire = "fake"\n'
KEYED = CLOUD + 'api_key = "env:NO_SUCH_KEY_HERE"\n'


def names(assembly):
    return [model.name for model in assembly.runtime.models.all()]


def found(assembly, text):
    body = {"messages": [{"role": "user", "content": text}]}
    request = Request("rcp_1", Dialect.CHAT, body, Principal("ann"), "auto", stream=False, received=0.0)
    return set(assembly.runtime.stages.labeller.label(request).labels.counts)


def test_models_of_the_settings(made):
    assembly = made(CLOUD.format("one") + CLOUD.format("two"))
    assert names(assembly) == ["one", "two"]
    assert len(assembly.runtime.token) > 30


def test_a_model_without_its_key_says_why_and_the_rest_goes_on(made):
    assembly = made(KEYED.format("one") + CLOUD.format("two"))
    assert assembly.runtime.models.state("one").startswith("down: ")
    assert assembly.runtime.models.state("two") == "ready"


def test_a_reload_takes_models_and_words(made):
    assembly = made(CLOUD.format("one"))
    assert found(assembly, "about Project Lotus") == set()
    made.write(CLOUD.format("two") + '[privacy]\nterms = ["Project Lotus"]\n')
    told = assembly.runtime.reload()
    assert (told["models"], told["needs_restart"]) == (["two"], [])
    assert found(assembly, "about Project Lotus") == {"USER_TERM"}


def test_which_national_ids_are_looked_for(made):
    assembly = made(CLOUD.format("one") + '[privacy]\nnational_ids = ["SG"]\n')
    assert found(assembly, "NRIC S1234567D, CPF 529.982.247-25") == {"NATIONAL_ID"}
    assert found(assembly, "CPF 529.982.247-25") == set()
    made.write(CLOUD.format("one") + '[privacy]\nnational_ids = ["BRA"]\n')
    with pytest.raises(ConfigError, match="BRA"):
        assembly.runtime.reload()
    assert found(assembly, "NRIC S1234567D") == {"NATIONAL_ID"}


def test_what_needs_a_restart_is_said(made):
    assembly = made()
    made.write("[server]\nport = 9999\n")
    assert assembly.runtime.reload()["needs_restart"] == ["server"]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[server]\nprot = 1\n", "port"),
        ('[privacy]\nterms_file = "none.txt"\n', "none.txt"),
        ('[policy]\nuser_dir = "none"\n', "none"),
    ],
)
def test_after_a_mistake_everything_stays_in_force(made, toml, said):
    assembly = made(CLOUD.format("one"))
    before = assembly.settings
    made.write(toml)
    with pytest.raises(ConfigError, match=said):
        assembly.runtime.reload()
    assert assembly.settings is before
    assert names(assembly) == ["one"]


def test_a_broken_policy_stays_out(made, tmp_path):
    policies = tmp_path / "rules"
    policies.mkdir()
    assembly = made(f'[policy]\nuser_dir = "{policies}"\n')
    (policies / "mine.cedar").write_text("permti(principal, action, resource);")
    with pytest.raises(ConfigError, match="stays in force"):
        assembly.runtime.reload()


def test_flags_outlive_a_reload(made):
    assembly = made(flags={"server.port": 9000})
    made.write("[server]\nport = 9999\n")
    assembly.runtime.reload()
    assert assembly.settings.server.port == 9000


async def test_start_and_stop(made):
    assembly = made(CLOUD.format("one"))
    await assembly.runtime.start()
    await assembly.runtime.stop()
    assert names(assembly) == []


def test_shutting_down_stops_the_server_of_the_moment(made):
    assembly = made()
    assembly.runtime.shutdown()
    stopped = []
    assembly.stop_server = lambda: stopped.append(True)
    assembly.runtime.shutdown()
    assert stopped == [True]


def test_a_backup_wants_a_whole_path(made, tmp_path):
    assembly = made()
    with pytest.raises(ConfigError, match="absolute"):
        assembly.runtime.backup("somewhere.tar")
    assert assembly.runtime.backup("")["files"] == assembly.runtime.backup("")["files"]  # none holds an older one
    assembly.runtime.backup(str(tmp_path / "out.tar"))
    assert (tmp_path / "out.tar").stat().st_size


LOCAL_TOO = '[[model]]\nname = "here"\nrealm = "personal"\nwire = "openai"\nbase_url = "http://127.0.0.1:1/v1"\n'
SAID = "Dear Mr. Chan Tai Man, see you at Flat 5B, 12/F, Block 3, Mei Foo Sun Chuen. 陳大文先生上"


def labelled(assembly, asked, text=SAID):
    body = {"model": asked, "messages": [{"role": "user", "content": text}]}
    request = Request("rcp_1", Dialect.CHAT, body, Principal("ann"), asked, stream=False, received=0.0)
    return assembly.runtime.stages.labeller.label(request).labels


def test_names_are_found_where_a_request_could_leave(made):
    assembly = made("[aliases]\nbig = 'one'\n" + CLOUD.format("one") + LOCAL_TOO)
    for asked in ("one", "auto", "big", "no-such"):
        labels = labelled(assembly, asked)
        assert {"PERSON", "ADDRESS"} <= set(labels.counts), asked
        assert labels.detectors["tagger"] == "0.5"
        assert labels.complete
    for asked in ("here", "auto:private"):
        assert not labelled(assembly, asked).counts, asked


def test_names_can_be_left_alone(made):
    assert "tagger" not in labelled(made("[privacy]\nnames = false\n" + CLOUD.format("one")), "one").detectors


def test_a_name_model_that_does_not_run_makes_the_labels_incomplete(made, monkeypatch):
    monkeypatch.setattr("sampan.understand.tagger.Network", lambda path: 1 / 0)
    assembly = made(CLOUD.format("one"))
    labels = labelled(assembly, "one")
    assert (labels.complete, labels.failed) == (False, {"tagger": "it broke (ZeroDivisionError)"})
    assert "tagger" not in labels.detectors
    assert assembly.runtime.failures()["tagger"]["times"] == 1


async def test_the_cloud_is_switched_off_and_on_while_it_runs(made):
    assembly = made(CLOUD.format("one"))
    runtime = assembly.runtime

    def decided():
        body = {"messages": [{"role": "user", "content": "hi"}]}
        request = Request("rcp_1", Dialect.CHAT, body, Principal("ann"), "auto", stream=False, received=0.0)
        return type(runtime.stages.decider.decide(runtime.stages.labeller.label(request))).__name__

    assert (runtime.no_cloud(), decided()) == (False, "Decided")
    made.write(CLOUD.format("one") + "[privacy]\nno_cloud = true\n")
    runtime.reload()
    assert (runtime.no_cloud(), decided()) == (True, "Refused")
    made.write(CLOUD.format("one"))
    runtime.reload()
    assert (runtime.no_cloud(), decided()) == (False, "Decided")
    await assembly.stop()


async def test_what_a_flag_switched_off_stays_off(made):
    assembly = made(CLOUD.format("one"), {"privacy.no_cloud": True})
    made.write(CLOUD.format("one") + "[privacy]\nno_cloud = false\n")
    assembly.runtime.reload()
    assert assembly.runtime.no_cloud()
