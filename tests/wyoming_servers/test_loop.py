"""What the server says, it understands: a sentence goes out by synthesis and comes back by recognition."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soxr
from wyoming.asr import Transcribe
from wyoming.tts import Synthesize, SynthesizeVoice

from tests.fakes.wyoming_dialogue import audio_events, dialogue, sound_of
from tests.wyoming_servers.conftest import Serve
from wyoming_servers.runtime.vocabulary import Vocabulary
from wyoming_servers.stt.service import SttService
from wyoming_servers.stt.settings import EndOfTurn, SttSettings
from wyoming_servers.tts.service import TtsService

CONTRACT = Path(__file__).parents[1] / "contract" / "speech" / "vocabulary.json"


@pytest.mark.parametrize("voice", ["espeak-en-male", "espeak-en-female"])
@pytest.mark.parametrize("sentence", ["turn on the kitchen light", "what time is it"])
async def test_a_sentence_that_is_spoken_is_understood(
    sentence: str, voice: str, serve: Serve, real_stt: Callable[..., SttService], real_tts: TtsService
) -> None:
    hearing = real_stt(SttSettings(end_of_turn=EndOfTurn.CLIENT))
    async with serve(hearing, real_tts) as server, dialogue(server.port) as client:
        vocabulary = Vocabulary.from_json(json.loads(CONTRACT.read_text(encoding="utf-8")))
        await hearing._recognizer.set_vocabulary(vocabulary)
        await client.say(Synthesize(text=sentence, voice=SynthesizeVoice(name=voice)))
        events = await client.hear_until("audio-stop")
        rate = events[0].data["rate"]
        sound = np.pad(sound_of(events), rate // 2)
        await client.say(Transcribe(language="en"))
        await client.say(*audio_events(soxr.resample(sound, rate, 16_000)))
        assert (await client.hear_until("transcript"))[-1].data["text"] == sentence
