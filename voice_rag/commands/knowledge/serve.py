"""`voice-rag knowledge serve`: keep the index up to date and answer from it, with a page for people."""

import argparse
import os
from typing import TYPE_CHECKING

from voice_rag.commands.common import Subparsers, fail, port

from . import lecture_options
from .options import add_folders, token

if TYPE_CHECKING:
    from knowledge.settings import KnowledgeSettings


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    serve = actions.add_parser("serve", help="keep the index up to date and answer from it", description=__doc__)
    add_folders(serve, are_required=True)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=port, help="port to listen on (default: the service's own)")
    serve.add_argument("--no-announce", action="store_true", help="don't tell the local network by zeroconf")
    serve.add_argument(
        "--trust-ingress",
        action="store_true",
        help="let in who comes through Home Assistant's ingress, without a token",
    )
    models = serve.add_argument_group("models", "all of them optional")
    models.add_argument("--ollama", metavar="URL", help="an Ollama server whose model writes the answers")
    models.add_argument("--model", help="its model (default: the service's own)")
    for name, what in (("embedder", "finds passages by meaning"), ("reranker", "puts the best passages first")):
        models.add_argument(f"--{name}", metavar="ENGINE", help=f"what {what}; see docs/knowledge-service.md")
        models.add_argument(f"--{name}-model", default="", metavar="NAME", help="its model or folder")
        models.add_argument(f"--{name}-url", default="", metavar="URL", help="its server")
    lecture_options.add_options(serve)
    serve.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    try:  # not above: a machine that has the speech server's packages need not have these
        from knowledge.errors import SettingsError  # noqa: PLC0415
        from knowledge.service.app import run as run_service  # noqa: PLC0415
        from knowledge.settings import DEFAULT_PORT, ServiceSettings  # noqa: PLC0415
    except ImportError as err:
        return fail(f"A package is missing ({err}). Install voice-rag[knowledge].")
    try:
        open_base = lecture_options.opener(options)
    except SettingsError as err:
        return fail(str(err))
    settings = ServiceSettings(
        knowledge=_knowledge(options),
        host=options.host,
        port=DEFAULT_PORT if options.port is None else options.port,
        token=token(options),
        trusts_ingress=options.trust_ingress,
        announce=not options.no_announce,
    )
    return run_service(settings, open_base=open_base)


def _knowledge(options: argparse.Namespace) -> "KnowledgeSettings":
    from knowledge.settings import (  # noqa: PLC0415
        EmbedderSettings,
        KnowledgeSettings,
        ModelSettings,
        RerankerSettings,
    )

    key = os.environ.get("VOICE_RAG_MODELS_TOKEN") or None
    embedder = reranker = model = None
    if options.embedder:
        embedder = EmbedderSettings(options.embedder, options.embedder_model, options.embedder_url, key)
    if options.reranker:
        reranker = RerankerSettings(options.reranker, options.reranker_model, options.reranker_url, key)
    if options.ollama:
        named = {"model": options.model} if options.model else {}
        model = ModelSettings(url=options.ollama, **named)
    return KnowledgeSettings(
        options.folder,
        options.data,
        lectures=lecture_options.lecture_settings(options),
        embedder=embedder,
        reranker=reranker,
        model=model,
    )
