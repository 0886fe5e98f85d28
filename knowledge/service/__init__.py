"""The knowledge base over HTTP."""

from knowledge.service.app import run

__all__ = ["run"]
