"""Doing what a request asks for with what an engine can."""

from .engine import BiasesUtterance, Delegates, Request, SttEngine, Transcription
from .word_times import transcribe_timed


def perform(engine: SttEngine, request: Request) -> Transcription:
    """Return what is said, with what of the request's wishes the engine can fulfil. Blocking. Raises: EngineError."""
    if isinstance(engine, Delegates):
        return engine.perform(request)
    if request.needs_words:
        return transcribe_timed(engine, request.samples, request.language, request.terms)
    if request.terms and isinstance(engine, BiasesUtterance):
        return engine.transcribe_with(request.samples, request.language, request.terms)
    return engine.transcribe(request.samples, request.language)
