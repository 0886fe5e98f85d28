"""The main job of the house, step by step. Each step proves what it reports, or fails with what was seen instead."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.audio import finish_wav, is_silent
from demo.conversation import Stages
from demo.errors import StepFailedError
from demo.furnishing import WAKE_WORD
from demo.speech import WAKE_PHRASE, record

if TYPE_CHECKING:
    from pathlib import Path

    from demo.conversation import Conversation
    from demo.house import House

STATE_SECONDS = 30.0
DROPPED_SECONDS = 120.0
"""How long a dropped file may take; the step prints how long it took."""
POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask, and what an honest answer holds."""

    text: str
    document: str
    """The file in the knowledge folder that answers it."""
    fact: str
    """Words that stand in the document and must be in the answer."""
    source: str
    """What an answer quoted from the documents calls its source."""
    title: str
    """The title that a language model is told to name."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a step did and what was proven by it."""

    asked: str
    heard: str | None
    """The transcript; None when the question was written."""
    answer: str
    stages: Stages
    proof: str
    audio: Path | None


async def switch_by_voice(house: House) -> Result:
    """Switch a light with the wake word and a spoken command."""
    sentence, light = "turn on the kitchen light", "light.kitchen"
    await house.home.call("light", "turn_off", entity_id=light)
    await _wait_for_state(house, light, "off")
    conversation, audio = await _say(house, sentence, "1-command")
    await _wait_for_state(house, light, "on")
    return Result(
        _spoken(sentence),
        conversation.transcript,
        conversation.reply or "",
        conversation.stages,
        f"{light}: off, then on",
        audio,
    )


async def ask_by_voice(house: House, question: Question, name: str) -> Result:
    """Ask about a document with the wake word and a spoken question."""
    conversation, audio = await _say(house, question.text, name)
    answer = conversation.reply or ""
    proof = await _prove(house, question, answer)
    return Result(_spoken(question.text), conversation.transcript, answer, conversation.stages, proof, audio)


async def ask_in_writing(house: House, question: Question, name: str) -> Result:
    """Ask in Russian through the conversation API and have the answer spoken with a Russian voice."""
    start = time.monotonic()
    reply = await house.home.converse(question.text, "ru", house.agent_id)
    answered = time.monotonic()
    proof = await _prove(house, question, reply.text)
    if not _is_russian(reply.text):
        raise StepFailedError("an answer in Russian", repr(reply.text))
    voice = house.russian_voice
    spoken_from = time.monotonic()
    wav = await house.home.speak(reply.text, voice.engine_id, voice.language, voice.voice_id)
    spoken = time.monotonic() - spoken_from
    audio = house.folders.audio / f"{name}-loudspeaker.wav"
    await asyncio.to_thread(audio.write_bytes, finish_wav(wav))
    _require_sound(audio)
    stages = Stages(agent=answered - start, whole=answered - start + spoken)
    return Result(question.text, None, reply.text, stages, f"{proof}; voice {voice.voice_id}", audio)


async def drop_a_file(house: House, question: Question, source: Path) -> Result:
    """Copy a new document into the knowledge folder and ask until it is answered from."""
    before = await house.home.converse(question.text, "ru", house.agent_id)
    if _holds(before.text, question.fact):
        raise StepFailedError("no answer before the file is there", repr(before.text))
    path = house.folders.knowledge / question.document
    await asyncio.to_thread(shutil.copy, source / question.document, path)
    dropped = time.monotonic()
    while True:
        start = time.monotonic()
        reply = await house.home.converse(question.text, "ru", house.agent_id)
        end = time.monotonic()
        if _holds(reply.text, question.fact):
            break
        if end - dropped > DROPPED_SECONDS:
            raise StepFailedError(f"an answer from {path} within {DROPPED_SECONDS:.0f} s", repr(reply.text))
        await asyncio.sleep(POLL_SECONDS)
    proof = f"{await _prove(house, question, reply.text)}; answered {end - dropped:.1f} s after the file was there"
    return Result(question.text, None, reply.text, Stages(agent=end - start), proof, None)


async def _say(house: House, sentence: str, name: str) -> tuple[Conversation, Path]:
    """Speak to the satellite, and require that it was heard right and answered aloud."""
    microphone, loudspeaker = (house.folders.audio / f"{name}-{end}.wav" for end in ("microphone", "loudspeaker"))
    recording = await asyncio.to_thread(record, sentence, microphone)
    conversation = await house.satellite.converse(recording, loudspeaker)
    if conversation.wake_word != WAKE_WORD:
        raise StepFailedError(f"the wake word {WAKE_WORD}", conversation.summary())
    if _plain(conversation.transcript or "") != _plain(sentence):
        raise StepFailedError(f"{sentence!r} to be heard", f"{conversation.transcript!r} ({conversation.summary()})")
    if conversation.error or not conversation.reply:
        raise StepFailedError("an answer", conversation.summary())
    _require_sound(loudspeaker)
    return conversation, loudspeaker


async def _prove(house: House, question: Question, answer: str) -> str:
    """Require that an answer holds the fact, names its source, and that the index holds both; say so in words."""
    if not _holds(answer, question.fact):
        raise StepFailedError(f"an answer with {question.fact!r}", repr(answer))
    source = question.title if house.uses_model else question.source
    if not _holds(answer, source):
        raise StepFailedError(f"an answer that names its source, {source!r}", repr(answer))
    hits = await house.knowledge.search(question.text)
    if not any(hit.document == question.document and _holds(hit.text, question.fact) for hit in hits):
        found = ", ".join(f"{hit.document}: {hit.text[:60]!r}" for hit in hits) or "nothing"
        raise StepFailedError(f"{question.fact!r} in the index under {question.document}", found)
    return f"in the index under {question.document}"


async def _wait_for_state(house: House, entity_id: str, wanted: str) -> None:
    deadline = time.monotonic() + STATE_SECONDS
    while (state := await house.home.state(entity_id)) != wanted:
        if time.monotonic() > deadline:
            raise StepFailedError(f"{entity_id} to be {wanted}", state)
        await asyncio.sleep(POLL_SECONDS)


def _spoken(sentence: str) -> str:
    return f"{WAKE_PHRASE} ... {sentence}"


def _require_sound(audio: Path) -> None:
    if is_silent(audio):
        raise StepFailedError("a spoken answer", f"silence in {audio}")


def _plain(text: str) -> str:
    """Return a text without case, punctuation and doubled spaces."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _holds(text: str, part: str) -> bool:
    return _plain(part) in _plain(text)


def _is_russian(text: str) -> bool:
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    return 2 * sum("а" <= letter <= "я" or letter == "ё" for letter in letters) > len(letters)
