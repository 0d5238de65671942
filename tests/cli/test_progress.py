from sampan.cli.progress import Bars, Lines, meter
from sampan.cli.voice import Voice


def test_lines_off_a_terminal_one_a_tenth(capsys):
    with meter(Voice()) as drawn:
        assert isinstance(drawn, Lines)
        for done in range(0, 1001, 5):
            drawn.show("m", done, 1000)
    assert len(capsys.readouterr().err.splitlines()) == 11


def test_a_bar_on_a_terminal(monkeypatch):
    monkeypatch.setattr(Voice, "lively", True)
    with meter(Voice()) as drawn:
        assert isinstance(drawn, Bars)
        drawn.show("m", 1, 10, "part 1 of 2")
        drawn.show("m", 10, 10)
        assert drawn._progress.finished
