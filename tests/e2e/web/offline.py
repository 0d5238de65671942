"""Every screen with the cloud off, in a network of its own: `python -m tests.e2e.web.offline` inside `unshare -rn`.

Only loopback exists there, so whatever tries to leave finds no way, and the kernel counts it: compiled code too, which no hook
of Python sees. Prints the count before, after, and after one attempt of its own that must be seen.
"""

import json
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.e2e.web.conftest import models
from tests.e2e.web.driving import App, ask, chromium
from tests.e2e.web.scenes import SCENES
from tests.support.server import BY_PRICE, NO_LOCAL, Server
from tests.support.upstream import Upstream

OUTSIDE = ("203.0.113.7", 9)


def no_way():
    """Packets and connections for which there was no route. IPv4: whether there is IPv6 a browser looks up by itself, sending nothing."""
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:")]
    return int(dict(zip(*lines, strict=True))["OutNoRoutes"])


def through_everything(server, browser):
    """Asks here, tries to ask elsewhere, and looks at every screen, in both languages."""
    app = App(browser, server)
    with app.tab() as page:
        ask(page, "HKID A123456(3)")
        page.locator("#model").select_option("cloud")
        ask(page, "and now elsewhere")
        address = page.url.removeprefix(server.base_url)
    for lang in ("en", "zh-Hant-HK"):
        with app.context(lang=lang) as made:
            made.watch.expect("404")
            for where, acts in SCENES.values():
                page = made.new_page()
                page.goto(where.format(conversation=address))
                if acts:
                    acts(page, lang)
                page.close()


def main():
    told = {"before": no_way()}
    with Upstream() as provider, tempfile.TemporaryDirectory() as folder, chromium(Path(folder)) as browser:
        # the first model is on this machine, all others are where there is no way
        first, *others = models("http://127.0.0.1:9/v1").split("[[model]]")[1:]
        tables = [first.replace("http://127.0.0.1:9/v1", provider.base_url)]
        tables += [each.replace("127.0.0.1:9", OUTSIDE[0]) for each in others]
        toml = NO_LOCAL + BY_PRICE + "".join(f"[[model]]{table}" for table in tables)
        with Server(Path(folder) / "home", toml, env={"SAMPAN_NO_CLOUD": "1"}) as server:
            through_everything(server, browser)
            told["asked"] = len(provider.bodies)
        told["after"] = no_way()
    with suppress(OSError), socket.socket() as one:
        one.settimeout(1)
        one.connect(OUTSIDE)
    told["seen"] = no_way()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
