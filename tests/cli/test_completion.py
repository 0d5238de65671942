import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for(sampan, shell):
    assert "_SAMPAN_COMPLETE" in sampan("completion", shell).out


def test_no_other_shell(sampan):
    assert sampan("completion", "tcsh").code == 2


def test_it_completes(sampan, monkeypatch, capsys):
    import subprocess
    import sys

    code = "import sys; sys.argv=['sampan']; from sampan.cli import main; main()"
    env = {"_SAMPAN_COMPLETE": "bash_complete", "COMP_WORDS": "sampan rec", "COMP_CWORD": "1", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.stdout.split() == ["plain,receipts"]
