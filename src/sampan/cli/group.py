"""The root group: knows every command's name and one line about it, and imports a command only when it runs."""

import difflib
import importlib
from collections.abc import Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem

COMMANDS: Mapping[str, tuple[str, str]] = {
    "up": ("sampan.cli.up:up", "Start Sampan."),
    "down": ("sampan.cli.down:down", "Stop it."),
    "open": ("sampan.cli.opening:open_", "Open the web app."),
    "status": ("sampan.cli.status:status", "What runs, and where things are."),
    "doctor": ("sampan.cli.doctor:doctor", "Look for what is wrong, and say what to do."),
    "ask": ("sampan.cli.ask:ask", "Ask once; standard input is context."),
    "chat": ("sampan.cli.chat:chat", "Chat in the terminal."),
    "scan": ("sampan.cli.scan:scan", "Find what is sensitive in files."),
    "findings": ("sampan.cli.findings:findings", "Say of a finding that it is none, or always one."),
    "mask": ("sampan.cli.mask:mask", "Put stand-ins in the place of what is sensitive."),
    "unmask": ("sampan.cli.mask:unmask", "Put the values back."),
    "models": ("sampan.cli.models:models", "List, fetch, add and choose models."),
    "policy": ("sampan.cli.policy:policy", "Check, test and explain the rules."),
    "budgets": ("sampan.cli.budgets:budgets", "What is used and left of every budget."),
    "route": ("sampan.cli.route:route", "Which allowed model gets a request, and what was learned."),
    "approvals": ("sampan.cli.approvals:approvals", "What waits until a person agrees."),
    "receipts": ("sampan.cli.receipts:receipts", "What went where: list, show, verify, export."),
    "config": ("sampan.cli.config:config", "Show and check the settings."),
    "keys": ("sampan.cli.keys:keys", "Named keys for applications and people."),
    "connect": ("sampan.cli.connect:connect", "Point a client at this Sampan."),
    "service": ("sampan.cli.service:service", "Run Sampan as a systemd user service."),
    "backup": ("sampan.cli.backup:backup", "Write the home into one file."),
    "restore": ("sampan.cli.backup:restore", "Bring a backup back."),
    "completion": ("sampan.cli.completion:completion", "Print a shell completion script."),
}


class LazySubgroup(click.Group):
    """A group whose commands are imported on use. table: name -> (`module:name`, one line about it)."""

    def __init__(self, *, table: Mapping[str, tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of the table."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name][0].partition(":")
        found = getattr(importlib.import_module(module), name)
        return found if isinstance(found, click.Command) else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of commands, without importing them: completion must be quick."""
        found = [
            CompletionItem(name, help=text) for name, (_, text) in self.table.items() if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])


class LazyGroup(LazySubgroup):
    """The root group."""

    def __init__(self, **more: Any) -> None:
        super().__init__(table=COMMANDS, **more)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:  # fmt: skip
        """`sampan "a question"` is `sampan ask`; a mistyped command gets a suggestion."""
        first = args[0]
        if first in COMMANDS or first.startswith("-"):
            return super().resolve_command(ctx, args)
        if " " in first or not first.isascii():
            return super().resolve_command(ctx, ["ask", *args])
        raise click.UsageError(_unknown(first), ctx)


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, COMMANDS, 1, 0.5)
    return f"No such command '{name}'." + (f" Did you mean '{close[0]}'?" if close else "")
