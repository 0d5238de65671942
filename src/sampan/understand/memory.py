"""Memory that was needed once: compiling patterns and reading word lists take several times what stays of them."""

import ctypes


def give_back() -> None:
    """Hand freed memory to the system, where the C library (glibc) keeps it otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
