"""The composition root: Settings -> Runtime -> ASGI application."""

from sampan.app.assembly import Assembly
from sampan.app.serving import serve

__all__ = ["Assembly", "serve"]
