import pytest

from sampan.decide.estimate import Estimator

ROWS = ["prompt,model,outcome"]
for number in range(15):
    ROWS += [
        f"Write a python function number {number}.,cloud,1",
        f"Write a python function number {number}.,small-1b,0",
    ]


@pytest.fixture
def outcomes(tmp_path):
    path = tmp_path / "outcomes.csv"
    path.write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    return path


def test_train_then_train_again(sampan, outcomes):
    found = sampan("route", "train", str(outcomes), "--json").json
    assert found == {"prompts": 15, "models": {"cloud": 15, "small-1b": 15}}
    assert sampan("route", "train", str(outcomes), "--json").json["models"]["cloud"] == 30


def test_eval_of_a_file(sampan, outcomes):
    found = sampan("route", "eval", str(outcomes), "--json").json
    assert found["chosen"] == found["oracle"] == found["best_single"] == 1
    assert found["random"] == 0.5
    assert "best single" in sampan("route", "eval", str(outcomes)).out


def test_eval_of_what_was_learned(sampan, server):
    server.on("GET", "/sampan/route/export", {"estimates": Estimator.default().state()})
    assert sampan("route", "eval", "--json").json == {"off": 0, "models": {}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "needs the columns"),
        ("prompt,model,outcome\nhi,m,much\n", "line 2"),
        ("prompt,model,outcome\nhi,m,1\nho,m,2\n", "line 3"),
        ("prompt,model,outcome\nhi,m,1\n", "1 prompts"),
        ("", "needs the columns"),
    ],
)
def test_bad_files_are_said(sampan, tmp_path, text, said):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    found = sampan("route", "eval", str(path))
    assert found.code == 2
    assert said in found.err
