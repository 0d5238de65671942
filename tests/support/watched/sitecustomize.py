"""Read by Python at start-up when this folder is on its path: see tests/support/spy.py."""

import importlib.util
import os
from pathlib import Path

if os.environ.get("SPY_LOG"):
    spec = importlib.util.spec_from_file_location("_spy", Path(__file__).parent.with_name("spy.py"))
    spy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(spy)
    spy.watch_as_child()
