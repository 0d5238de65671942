"""The tree of a conversation."""

from hypothesis import given
from hypothesis import strategies as st

from sampan.contract.chat import Message, State
from sampan.serve.web.tree import Siblings, branch, history, said_by_user


def message(name, parent="", role="user", **more):
    return Message(name, parent, role, more.pop("text", name), float(len(name)), **more)


TREE = [message("q"), message("a1", "q", "assistant"), message("a2", "q", "assistant"), message("q2", "a1")]


def names(messages):
    return [each.id for each in messages]


def test_a_branch_goes_up_to_the_first():
    assert names(branch(TREE, "q2")) == ["q", "a1", "q2"]
    assert names(branch(TREE, "a2")) == ["q", "a2"]
    assert names(branch(TREE, "gone")) == ["q", "a1", "q2"]
    assert branch([], "x") == []


def test_siblings():
    assert Siblings(TREE).place_of(TREE[1]) == {"at": 1, "of": 2, "previous": "", "next": "a2", "newest": False}
    assert Siblings(TREE).place_of(TREE[2]) == {"at": 2, "of": 2, "previous": "q2", "next": "", "newest": True}
    assert Siblings(TREE).newest_below("a1") == "q2"


def test_what_a_model_is_sent_holds_no_failed_answers():
    tree = [message("q"), message("a", "q", "assistant", state=State.FAILED), message("q2", "a")]
    assert [m["content"] for m in history(tree, "q2")] == ["q", "q2"]
    assert history(tree, "") == ()


def test_what_a_person_says():
    said = said_by_user("a", "hello")
    assert (said.parent, said.role, said.text) == ("a", "user", "hello")


@given(st.lists(st.integers(-1, 12), max_size=12))
def test_no_tree_however_damaged_makes_it_hang(parents):
    tree = [message(f"m{n}", f"m{parent}" if parent >= 0 else "") for n, parent in enumerate(parents)]
    for each in tree:
        assert each.id in names(branch(tree, each.id))
        assert Siblings(tree).place_of(each)["of"] >= 1
        assert Siblings(tree).newest_below(each.id)


def test_going_back_to_a_question_shows_its_newest_answer():
    tree = [*TREE[:3], message("r"), message("a3", "q", "assistant")]
    assert Siblings(tree).place_of(tree[3])["previous"] == "a3"
