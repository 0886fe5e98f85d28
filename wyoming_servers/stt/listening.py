"""Listening to one utterance: where it ends, and what was said by then.

After a short pause the words so far are transcribed speculatively. If they are a whole turn the transcript is given as
soon as the pause is long enough for that; if the speaker goes on, it is forgotten and nothing of the audio is lost.
"""

import asyncio
import logging
from dataclasses import dataclass

import numpy as np

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import NoAudioError
from wyoming_servers.runtime.inference import InferenceQueue
from wyoming_servers.turn.detector import TurnDetector
from wyoming_servers.turn.endpoint import FINAL, Endpoint, Signal
from wyoming_servers.turn.settings import TurnSettings
from wyoming_servers.turn.vad import WINDOW_SAMPLES, VoiceActivity

from .engine import Transcription
from .recognizer import Recognizer
from .utterance import Utterance

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TurnTaking:
    """What decides about the end of a turn, shared by all clients."""

    settings: TurnSettings
    detector: TurnDetector
    queue: InferenceQueue
    """For the voice activity detector: it must not wait behind a decode."""


class Listening:
    """One utterance on its way to its transcript."""

    def __init__(self, utterance: Utterance, recognizer: Recognizer, turns: TurnTaking | None) -> None:
        """`turns` is None where the client says when the turn is over, by audio-stop."""
        self.utterance = utterance
        self._recognizer = recognizer
        self._turns = turns
        self._fresh: list[Samples] = []
        self._is_complete = False
        self._has_news = asyncio.Event()
        self._guess: asyncio.Task[Transcription] | None = None
        """The transcript of everything up to the present pause."""

    def add(self, samples: Samples) -> None:
        """Take more audio."""
        self._fresh.append(samples)
        self._has_news.set()

    def finish(self) -> None:
        """There is no more audio: what was said is transcribed now."""
        self._is_complete = True
        self._has_news.set()

    async def transcribe(self) -> Transcription:
        """Return what was said, as soon as the turn is over. Raises: ServerError."""
        try:
            signal = await self._wait_for_end()
            _LOGGER.debug("The turn is over: %s", signal or "the client says so")
            if signal is Signal.NO_SPEECH:
                return Transcription("", self.utterance.language or "")
            return await (self._guess or self._transcribe_now())
        finally:
            self._forget_guess()

    async def _wait_for_end(self) -> Signal | None:
        """Return why the turn is over; None when the client ended it."""
        if self._turns is None:
            await self._wait_for_client()
            return None
        return await self._wait_for_pause(self._turns)

    async def _wait_for_client(self) -> None:
        while not self._is_complete:
            self._has_news.clear()
            await self._has_news.wait()

    async def _wait_for_pause(self, turns: TurnTaking) -> Signal | None:
        endpoint = Endpoint(turns.settings)
        activity = await turns.queue.run(VoiceActivity)
        rest: Samples = np.empty(0, dtype=np.int16)
        while True:
            is_complete = self._is_complete
            heard = np.concatenate([rest, *self._fresh])
            self._fresh.clear()
            whole = len(heard) - len(heard) % WINDOW_SAMPLES
            rest = heard[whole:]
            for probability in await turns.queue.run(activity.process, heard[:whole]):
                if (signal := self._follow(endpoint, endpoint.process(probability))) is not None:
                    return signal
            if is_complete:
                return None
            if not self._fresh:
                self._has_news.clear()
                await self._has_news.wait()

    def _follow(self, endpoint: Endpoint, signal: Signal | None) -> Signal | None:
        """Act on a signal; return it when it ends the turn."""
        if signal is Signal.PAUSE:
            self._guess = asyncio.create_task(self._transcribe_now(), name="speculative transcript")
            self._guess.add_done_callback(lambda guess: self._judge(endpoint, guess))
        elif signal in (Signal.RESUMED, Signal.TOO_LONG):
            self._forget_guess()
        return signal if signal in FINAL else None

    def _judge(self, endpoint: Endpoint, guess: asyncio.Task[Transcription]) -> None:
        """Let the words decide how long the pause has to be."""
        if guess.cancelled() or guess.exception() or guess is not self._guess or self._turns is None:
            return
        words = guess.result()
        completeness = self._turns.detector.completeness(words.text, words.language)
        _LOGGER.debug("Paused after %r, complete with probability %.2f", words.text, completeness)
        endpoint.expect(completeness)

    def _forget_guess(self) -> None:
        guess, self._guess = self._guess, None
        if guess is not None:
            guess.cancel()

    async def _transcribe_now(self) -> Transcription:
        samples = self.utterance.samples()
        if len(samples) == 0:
            raise NoAudioError
        _LOGGER.debug("Transcribing %.2f s", len(samples) / SAMPLE_RATE)
        return await self._recognizer.transcribe(samples, self.utterance.language)
