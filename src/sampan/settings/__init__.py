"""Settings: defaults < system < user < project < environment < flags -> one frozen `Settings`.

Each value keeps its origin. Two exceptions to the precedence, both towards safety: `privacy.no_cloud`
is on when any layer turns it on, and what `_PINNED` names is not replaced once the system file sets it.
The only module that reads the environment.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_origin

import msgspec

from sampan.contract.budget import Budget
from sampan.contract.errors import ConfigError
from sampan.contract.models import Model
from sampan.settings.budget_tables import MOST, fault_of
from sampan.settings.faults import clause, names_at, path_of
from sampan.settings.home import Paths, paths, prepare
from sampan.settings.model_tables import ModelTable, loopback_host, to_model
from sampan.settings.positions import line_of
from sampan.settings.sections import SECTIONS, Approvals, Local, Policy, Privacy, Receipts, Route, Server
from sampan.settings.trust import Trust
from sampan.wording import worded

__all__ = [
    "SECTIONS",
    "Approvals",
    "Local",
    "Paths",
    "Policy",
    "Privacy",
    "Receipts",
    "Route",
    "Server",
    "Settings",
    "environment",
    "files",
    "is_projects",
    "load",
    "loopback_host",
    "paths",
    "prepare",
    "variables",
]  # fmt: skip
_CORRECT = worded("Correct that line; `sampan config check` looks again.")
_KEY = worded(
    "Put the key into a variable (`export CLOUD_KEY=…`) or the keyring (`keyring set sampan CLOUD_KEY`), and write "
    '`api_key = "env:CLOUD_KEY"` or `"keyring:CLOUD_KEY"`.'
)
SYSTEM_FILE = Path("/etc/sampan/sampan.toml")
FILE_NAME = "sampan.toml"


class Settings(msgspec.Struct, frozen=True):
    """Everything that can be set, once, for the life of a process.

    origins: dotted key -> `default`, `<file>:<line>`, `env <NAME>` or `flag`; models as `model.<name>`,
    budgets as `budgets.<name>`.
    """

    home: Paths
    server: Server = Server()
    local: Local = Local()
    privacy: Privacy = Privacy()
    policy: Policy = Policy()
    receipts: Receipts = Receipts()
    approvals: Approvals = Approvals()
    route: Route = Route()
    aliases: dict[str, str] = {}
    models: tuple[Model, ...] = ()
    budgets: tuple[Budget, ...] = ()
    origins: dict[str, str] = {}


class _Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a settings file may contain."""

    server: Server = Server()
    local: Local = Local()
    privacy: Privacy = Privacy()
    policy: Policy = Policy()
    receipts: Receipts = Receipts()
    approvals: Approvals = Approvals()
    route: Route = Route()
    aliases: dict[str, str] = {}
    model: tuple[ModelTable, ...] = ()
    budgets: tuple[Budget, ...] = ()


_PATH_KEYS = ("privacy.terms_file", "policy.user_dir", "policy.ceiling_dir", "policy.ceiling_key")
_PINNED = ("policy.ceiling_dir", "policy.ceiling_key", "policy.ceiling_serial", "privacy.hints")
_OTHER_VARIABLES = ("SAMPAN_HOME", "SAMPAN_NO_CLOUD", "SAMPAN_LANG")
_WORDS_OF_TRUTH = {"1": True, "true": True, "yes": True, "on": True,
                   "": False, "0": False, "false": False, "no": False, "off": False}  # fmt: skip


class _Layer(NamedTuple):
    """One source of values. `text` is the TOML it came from, empty for environment and flags."""

    tree: dict[str, Any]
    name: str
    text: str
    folder: Path
    sources: dict[str, str]

    def where(self, path: tuple[str | int, ...]) -> str:
        """`file:line:column` of a value, or the name of the variable or flag."""
        if not self.text:
            return self.sources.get(".".join(map(str, path)), self.name)
        line, column = line_of(self.text, path)
        return f"{self.name}:{line}:{column}"

    def value(self, path: tuple[str | int, ...]) -> object:
        """The value itself; None where there is none."""
        value: Any = self.tree
        for step in path:
            try:
                value = value[step]
            except (LookupError, TypeError):
                return None
        return value

    def origin(self, path: tuple[str | int, ...]) -> str:
        """The place of a value without the column."""
        return self.where(path).rsplit(":", 1)[0] if self.text else self.where(path)


def environment() -> Mapping[str, str]:
    """The process environment, for secrets referred to as `env:NAME`."""
    return os.environ  # noqa: TID251 - the one place that reads it


def load(
    flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Settings:
    """Read every layer, check each, and merge.

    Args:
        flags: dotted key -> value; None means not given.
        environ: variables, the process's own when None.
        cwd: where the project's `sampan.toml` is looked for.

    Raises:
        ConfigError: with the file, line and column, or the variable or flag, and a suggestion; or the project's file is not
        trusted.
    """
    environ = environment() if environ is None else environ
    folder = cwd or Path.cwd()
    home = paths(environ)
    layers = [_read(path, home) for path in files(home, folder) if path.is_file()]
    layers += [_environment_layer(environ, folder), _flag_layer(flags or {}, folder)]
    checked = [(layer, _check(layer)) for layer in layers]
    merged, origins = _merge(layers)
    models, budgets = _merge_models(checked, origins), _merge_budgets(checked, origins)
    tables = msgspec.convert(merged, _Tables)
    if tables.privacy.no_cloud and not loopback_host(tables.server.host):
        where = origins["server.host"]
        message = worded(f"{where}: server.host must be a loopback address while privacy.no_cloud is on")
        raise ConfigError(message, hint="Use 127.0.0.1, or turn no_cloud off.")
    values = {name: getattr(tables, name) for name in (*SECTIONS, "aliases")}
    return Settings(home=home, models=models, budgets=budgets, origins=origins, **values)


def files(home: Paths, cwd: Path) -> tuple[Path, ...]:
    """The settings files in order of precedence, lowest first, existing or not."""
    ordered = dict.fromkeys((SYSTEM_FILE, home.config / FILE_NAME, cwd.absolute() / FILE_NAME))
    return tuple(ordered)


def variables() -> dict[str, tuple[str, Any]]:
    """Environment variable -> (dotted key, type) of every setting that a variable can set."""
    return {
        f"SAMPAN_{section}_{field.name}".upper(): (f"{section}.{field.name}", field.type)
        for section, struct in SECTIONS.items()
        for field in msgspec.structs.fields(struct)
    }


def is_projects(path: Path, home: Paths) -> bool:
    """Whether a settings file is neither the system's nor the user's own."""
    return path.resolve() not in {SYSTEM_FILE.resolve(), (home.config / FILE_NAME).resolve()}


def _read(path: Path, home: Paths) -> _Layer:
    text = ""
    try:
        content = path.read_bytes()
        if is_projects(path, home):
            Trust(home).demand(path, content)
        text = content.decode("utf-8-sig")
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error), re.DOTALL)
        why, line, column = found.groups() if found else (str(error), None, None)
        place = f"{line}:{column}" if line else f"{text.count(chr(10)) + 1}:1"
        raise ConfigError(f"{path}:{place}: this is no TOML: {why}", hint=_CORRECT) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", hint="Check its permissions.") from None
    return _Layer(tree, str(path), text or "\n", path.parent, {})


def _environment_layer(environ: Mapping[str, str], folder: Path) -> _Layer:
    known = variables()
    tree: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in sorted(environ):
        if name in known:
            key, kind = known[name]
            _set(tree, key, _parse(name, environ[name], kind))
            sources[key] = f"env {name}"
        elif name.startswith("SAMPAN_") and name not in _OTHER_VARIABLES:
            _refuse_near_miss(name, known)
    if _truth("SAMPAN_NO_CLOUD", environ.get("SAMPAN_NO_CLOUD", "")):
        _set(tree, "privacy.no_cloud", True)
        sources["privacy.no_cloud"] = "env SAMPAN_NO_CLOUD"
    return _Layer(tree, "env", "", folder, sources)


def _refuse_near_miss(name: str, known: Mapping[str, object]) -> None:
    """A misspelt variable must not be silently without effect; a foreign one is none of our business."""
    if close := difflib.get_close_matches(name, [*known, *_OTHER_VARIABLES], 1, 0.85):
        raise ConfigError(f"env {name}: no such setting; did you mean {close[0]}?", hint="Rename or unset it.")


def _truth(name: str, value: str) -> bool:
    if value.strip().lower() not in _WORDS_OF_TRUTH:
        raise ConfigError(f"env {name}: expected 1 or 0", hint="Use 1 or 0.")
    return _WORDS_OF_TRUTH[value.strip().lower()]


def _parse(name: str, value: str, kind: Any) -> Any:
    if kind is bool:
        return _truth(name, value)
    if get_origin(kind) is tuple:
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        why = clause(kind, (), str(error), value)
        raise ConfigError(f"env {name}: {why}", hint="Correct or unset it.") from None


def _flag_layer(flags: Mapping[str, Any], folder: Path) -> _Layer:
    tree: dict[str, Any] = {}
    given = {key: value for key, value in flags.items() if value is not None}
    for key, value in given.items():
        _set(tree, key, value)
    return _Layer(tree, "flag", "", folder, dict.fromkeys(given, "flag"))


def _set(tree: dict[str, Any], key: str, value: object) -> None:
    section, _, name = key.partition(".")
    tree.setdefault(section, {})[name] = value


def _check(layer: _Layer) -> _Tables:
    try:
        return msgspec.convert(layer.tree, _Tables)
    except msgspec.ValidationError as error:
        raise _located(layer, str(error)) from None


def _located(layer: _Layer, message: str) -> ConfigError:
    what, _, dotted = message.partition(" - at `$")
    path = path_of(dotted)
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", what, re.DOTALL):
        wrong, known = found[1], names_at(_Tables, path)
        close = difflib.get_close_matches(wrong, known, 1, 0.5)
        hint = f"did you mean `{close[0]}`?" if close else worded(f"known here: {', '.join(known)}")
        return ConfigError(
            f"{layer.where((*path, wrong))}: unknown setting `{_dotted((*path, wrong))}`; {hint}", hint=_CORRECT
        )
    named = f"`{_dotted(tuple(path))}`: " if path else ""
    if path and path[-1] == "api_key":
        what = worded("api_key must be env:NAME or keyring:NAME, never the key itself")
        return ConfigError(f"{layer.where(tuple(path))}: {named}{what}", hint=_KEY)
    why = clause(_Tables, path, what, layer.value(tuple(path)))
    return ConfigError(f"{layer.where(tuple(path))}: {named}{why}", hint=_CORRECT)


def _dotted(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _merge(layers: list[_Layer]) -> tuple[dict[str, Any], dict[str, str]]:
    """Later layers win, key by key; models are merged by name elsewhere."""
    merged: dict[str, Any] = {"aliases": {}, **{section: {} for section in SECTIONS}}
    origins = {key: "default" for key, _ in variables().values()}
    for layer in layers:
        for section, values in merged.items():
            for name, value in layer.tree.get(section, {}).items():
                key = f"{section}.{name}"
                if _pinned(key, values.get(name), origins.get(key, "")):
                    continue
                values[name] = _absolute(key, value, layer.folder)
                origins[key] = layer.origin((section, name))
    return merged, origins


def _pinned(key: str, current: object, origin: str) -> bool:
    if key == "privacy.no_cloud":
        return current is True
    return key in _PINNED and origin.startswith(f"{SYSTEM_FILE}:")


def _absolute(key: str, value: Any, folder: Path) -> Any:
    if key not in _PATH_KEYS or not value or value.startswith("ed25519:"):
        return value
    return str(folder / Path(value).expanduser())


def _merge_models(checked: list[tuple[_Layer, _Tables]], origins: dict[str, str]) -> tuple[Model, ...]:
    models: dict[str, Model] = {}
    for layer, tables in checked:
        seen: set[str] = set()
        for index, table in enumerate(tables.model):
            path = ("model", index)
            if table.name in seen:
                raise ConfigError(
                    f"{layer.where((*path, 'name'))}: two models are called `{table.name}`", hint=_CORRECT
                )
            seen.add(table.name)
            key, problem, model = to_model(table, layer.folder)
            if model is None:
                raise ConfigError(f"{layer.where((*path, key))}: model `{table.name}`: {problem}", hint=_CORRECT)
            models[table.name] = model
            origins[f"model.{table.name}"] = layer.origin(path)
    return tuple(models.values())


def _merge_budgets(checked: list[tuple[_Layer, _Tables]], origins: dict[str, str]) -> tuple[Budget, ...]:
    """All of all layers; a later one replaces its namesake, but never one of the system file."""
    budgets: dict[str, Budget] = {}
    for layer, tables in checked:
        seen: set[str] = set()
        for index, budget in enumerate(tables.budgets):
            path, key = ("budgets", index), f"budgets.{budget.name}"
            if budget.name in seen:
                raise ConfigError(
                    f"{layer.where((*path, 'name'))}: two budgets are called `{budget.name}`", hint=_CORRECT
                )
            seen.add(budget.name)
            if (fault := fault_of(budget)) is not None:
                field, problem = fault
                raise ConfigError(f"{layer.where((*path, field))}: budget `{budget.name}`: {problem}", hint=_CORRECT)
            if origins.get(key, "").startswith(f"{SYSTEM_FILE}:"):
                continue
            budgets[budget.name], origins[key] = budget, layer.origin(path)
            if len(budgets) > MOST:
                raise ConfigError(f"{layer.where(path)}: there may be {MOST} budgets", hint="Use `*` for one a user.")
    return tuple(budgets.values())
