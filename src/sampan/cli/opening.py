"""`sampan open`: a link to the web app, and the browser on it."""

import webbrowser

import click

from sampan.cli.running import client
from sampan.cli.voice import options, voice
from sampan.cli.welcome import link
from sampan.settings import load


@click.command("open")
@click.option("--print", "only_print", is_flag=True, help="Print the link; open no browser.")
@options
def open_(*, only_print: bool) -> None:
    """Open the web app in your browser, by a link that works once, for ten minutes."""
    address = link(client(load().home))
    speaker = voice()
    opened = not only_print and not speaker.json and webbrowser.open(address)
    speaker.data({"url": address, "opened": opened}, "" if opened else address)
