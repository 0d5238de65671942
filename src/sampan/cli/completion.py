"""`sampan completion`: completion scripts for shells."""

import click
from click.shell_completion import get_completion_class

from sampan.cli.voice import options, voice
from sampan.contract.errors import BadRequest


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@options
def completion(shell: str) -> None:
    """Print a completion script.

    bash: eval "$(sampan completion bash)" · zsh: the same · fish: sampan completion fish | source
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise BadRequest(f"No completion for {shell}.")
    root = click.get_current_context().find_root().command
    script = kind(root, {}, "sampan", "_SAMPAN_COMPLETE").source()
    voice().data({"shell": shell, "script": script}, script)
