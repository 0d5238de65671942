"""Whether code in an answer can be parsed; nothing is run."""

import pytest

from sampan.decide.verify.code import code_parses


def block(text, language="python"):
    return f"Here:\n```{language}\n{text}\n```\n"


@pytest.mark.parametrize(
    "answer,share",
    [
        ("no code", None),
        (block("def f(x):\n    return x + 1"), 1.0),
        (block("def f(x)\n    return x + 1"), 0.0),
        (block("print 'hello'"), 0.0),
        (block("x = 1") + block("x ="), 0.5),
        (block('{"a": 1}', "json"), 1.0),
        (block("{'a': 1}", "json"), 0.0),
        (block("a = 1", "toml"), 1.0),
        (block("a = = 1", "toml"), 0.0),
        (block("anything (", "rust"), None),
        (block("anything (", ""), None),
        (block(">>> 1 + 1\n2"), None),
        (block("pip install x\n$ ls", "python"), None),
        (block("x = '\\d'"), 1.0),
        ("1. First:\n   ```python\n   x = 1\n   if x:\n       print(x)\n   ```\n", 1.0),
        (block("(" * 5000 + ")" * 5000), None),
        (block("x = 1\n" * 20_000), None),
        (block("__import__('os').abort()"), 1.0),
        ("```python\nunclosed", None),
    ],
)
def test_blocks(answer, share):
    assert code_parses(answer) == share
