"""The voices of a synthesis engine as speakers of an enrolment."""

from collections.abc import Callable, Sequence

from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.wake.enrolment.speakers import PcmSpeaker


def engine_speakers(name: str) -> Callable[[str], Sequence[PcmSpeaker]]:
    """Return who of the engine speaks a language. Blocking. Raises: StartError, EngineError."""
    module = import_engine("wyoming_servers.tts.engines", name)
    options = EngineOptions()
    engine = module.load(options)

    def speakers(language: str) -> Sequence[PcmSpeaker]:
        return [
            PcmSpeaker(voice.name, voice.rate, lambda text, voice=voice: engine.synthesize(text, voice))
            for voice in module.voices(options)
            if language in voice.languages
        ]

    return speakers
