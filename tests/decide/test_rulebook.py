import shutil

import pytest

from sampan.contract.errors import ConfigError
from sampan.contract.labels import Kind
from sampan.decide.examine import accept
from sampan.decide.packs import Folders, default_folders, folders_of, pack_path, sources_of
from sampan.decide.question import Asker, Question, Travelling
from sampan.decide.rulebook import Rulebook, State
from sampan.decide.source import Layer
from sampan.decide.vocabulary import Action
from sampan.settings import Policy
from tests.decide.builders import CLOUD, LOCAL, home

PERMIT = "permit(principal, action, resource);"


def allowed(book, model=CLOUD, **facts):
    read = {"complete": True, "unread": False} | facts
    return book.current().ask(Question(Action.INFER, Asker("ann"), model, Travelling(**read))).allowed


def test_a_broken_reload_keeps_the_policy_in_force_and_says_so(tmp_path, caplog):
    book = Rulebook(default_folders(tmp_path))
    before = book.current()
    (tmp_path / "mine.cedar").write_text('permit(principal, action == Action::"infr", resource);')
    assert book.reload() is False
    assert book.current() is before
    assert "mine.cedar:1:37" in book.broken
    assert "did you mean `infer`" in book.broken
    assert "stays in force" in caplog.text
    assert book.state() == State(before.hash, ("user",), len(before.rules), book.broken)
    (tmp_path / "mine.cedar").write_text(
        '@id("shut") forbid(principal, action == Action::"infer", resource == Model::"cloud");'
    )
    assert book.reload() is True
    assert book.broken == ""
    assert not allowed(book)


def test_an_unchanged_reload_hands_out_the_same_policies(tmp_path):
    book = Rulebook(default_folders(tmp_path))
    before = book.current()
    assert book.reload() is True
    assert book.current() is before


@pytest.mark.parametrize("where", ["user", "ceiling"])
def test_broken_at_the_start_leaves_the_personal_realm_only(tmp_path, caplog, where):
    (tmp_path / "mine.cedar").write_text("permit(")
    book = Rulebook(default_folders(**{where: tmp_path}))
    assert allowed(book, LOCAL)
    assert not allowed(book, CLOUD)
    assert book.broken
    assert "only the personal realm" in caplog.text


def test_a_failing_case_keeps_a_set_out(tmp_path):
    (tmp_path / "mine.cedar").write_text(PERMIT)
    (tmp_path / "cases.toml").write_text('[[case]]\nname = "PERSON may travel"\nkinds = ["PERSON"]\nexpect = "clear"\n')
    with pytest.raises(ConfigError, match="'PERSON may travel': expected clear, got masked"):
        accept(default_folders(tmp_path))


def test_a_users_file_replaces_the_packs_file_of_that_name(tmp_path):
    (tmp_path / "40-contacts.cedar").write_text("// names may travel\n")
    book = Rulebook(default_folders(tmp_path))
    assert book.broken == ""
    assert allowed(book, clear=frozenset({Kind.PERSON}))
    assert not allowed(book, clear=frozenset({Kind.HKID}))


def test_but_no_file_replaces_the_ceilings(tmp_path):
    ceiling, mine = tmp_path / "ceiling", tmp_path / "mine"
    shutil.copytree(pack_path() / "policies", ceiling)
    mine.mkdir()
    (mine / "40-contacts.cedar").write_text("// names may travel\n")
    book = Rulebook(default_folders(mine, ceiling))
    assert book.current().layers == (Layer.CEILING, Layer.USER)
    assert not allowed(book, clear=frozenset({Kind.PERSON}))


def test_the_application_layer_is_a_folder_of_its_own(tmp_path):
    (tmp_path / "application").mkdir()
    (tmp_path / "application" / "app.cedar").write_text(
        '@id("app") permit(principal, action, resource == Model::"local");'
    )
    book = Rulebook(default_folders(tmp_path))
    assert book.current().layers == (Layer.USER, Layer.APPLICATION)
    assert allowed(book, LOCAL)
    assert not allowed(book)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_ceiling_that_cannot_be_read_opens_nothing(tmp_path, content):
    if content:
        (tmp_path / "a.cedar").write_bytes(content)
    with pytest.raises(ConfigError):
        sources_of(Folders(ceiling=tmp_path))


def test_folders_of_the_settings(tmp_path):
    found = folders_of(Policy(), home(tmp_path))
    assert found.user == tmp_path / "policies"
    assert found.ceiling is None
    assert folders_of(Policy(user_dir=str(tmp_path)), home(tmp_path)).user == tmp_path
    for wrong in (Policy(user_dir=str(tmp_path / "no")), Policy(ceiling_dir=str(tmp_path / "no")), Policy(pack="../x")):
        with pytest.raises(ConfigError):
            folders_of(wrong, home(tmp_path))
