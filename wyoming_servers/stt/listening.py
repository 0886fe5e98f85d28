"""Listening to one utterance: where it ends, and what was said by then.

After a short pause the words so far are transcribed speculatively. If they are a whole turn the transcript is given as
soon as the pause is long enough for that; if the speaker goes on, it is forgotten and nothing of the audio is lost.
"""

import asyncio
import logging

from wyoming.audio import AudioChunk

from wyoming_servers.runtime.audio import SAMPLE_RATE, Samples
from wyoming_servers.runtime.errors import NoAudioError, ServerError
from wyoming_servers.turn.detector import Pause
from wyoming_servers.turn.endpoint import FINAL, WINDOW_MS, Endpoint, Signal
from wyoming_servers.turn.judgement import Judgement
from wyoming_servers.turn.vad import WINDOW_SAMPLES, VoiceActivity

from .engine import Transcription
from .recognizer import Recognizer
from .reply import Reply
from .turn_taking import TurnTaking
from .utterance import Utterance

_LOGGER = logging.getLogger(__name__)

_MOST_WINDOWS = 16
"""Looked at in one go, half a second: the detector is shared, and one client's burst must not hold up the others."""


class Listening:
    """One utterance on its way to its transcript."""

    def __init__(self, utterance: Utterance, recognizer: Recognizer, turns: TurnTaking | None, reply: Reply) -> None:
        """`turns` is None where the client says when the turn is over, by audio-stop. `reply` is told the guesses."""
        self.reply = reply
        self._utterance = utterance
        self._recognizer = recognizer
        self._turns = turns
        self._followed = 0
        """Samples in which the end of the turn has been looked for."""

        self._is_complete = False
        self._has_news = asyncio.Event()
        self._guess: asyncio.Task[Transcription] | None = None
        """The transcript of everything up to the present pause."""

        self._judgement: Judgement | None = None
        """What the guess tells of the end of the turn."""

        self._language = utterance.wishes.language or ""
        """Of the utterance, or of the guess where the client names none."""

    def add(self, chunk: AudioChunk) -> None:
        """Take more audio. Raises: AudioFormatError."""
        self._utterance.add(chunk)
        self._has_news.set()

    def finish(self) -> None:
        """There is no more audio: what was said is transcribed now."""
        self._utterance.finish()
        self._is_complete = True
        self._has_news.set()

    async def transcribe(self) -> Transcription:
        """Return what was said, as soon as the turn is over. Raises: ServerError."""
        try:
            signal = await self._wait_for_end()
            _LOGGER.debug("The turn is over: %s", signal or "the client says so")
            if signal is Signal.NO_SPEECH:
                return Transcription("", self._utterance.wishes.language or "")
            # Where the client ended a turn of which nothing was understood, what came after the pause may help.
            if self._guess is not None and ((words := await self._guess).text or signal):
                return words
            return await self._transcribe(self._utterance.samples(end=self._followed if signal else None))
        finally:
            await self._forget_guess()

    async def _wait_for_end(self) -> Signal | None:
        """Return why the turn is over; None when the client ended it."""
        if self._turns is not None:
            return await self._follow(self._turns)
        while not self._is_complete:
            await self._wait_for_news()
        return None

    async def _follow(self, turns: TurnTaking) -> Signal | None:
        endpoint = Endpoint(turns.settings)
        activity = await turns.queue.run(VoiceActivity)
        while len(windows := await self._next_windows()):
            for probability in await turns.queue.run(activity.process, windows):
                self._followed += WINDOW_SAMPLES
                signal = endpoint.process(probability)
                turns.learn(signal, endpoint.pause_ms, self._judgement, self._language)
                await self._speculate(signal)
                if signal in FINAL:
                    return signal
                await self._judge(endpoint, turns)
        # An engine that is given noise finds words in it.
        return None if endpoint.has_begun or not len(self._utterance) else Signal.NO_SPEECH

    async def _next_windows(self) -> Samples:
        """Return the next whole windows, none at the end of the audio."""
        while (free := len(self._utterance) - self._followed) < WINDOW_SAMPLES and not self._is_complete:
            await self._wait_for_news()
        count = min(free // WINDOW_SAMPLES, _MOST_WINDOWS)
        return self._utterance.samples(self._followed, self._followed + count * WINDOW_SAMPLES)

    async def _wait_for_news(self) -> None:
        self._has_news.clear()
        await self._has_news.wait()

    async def _speculate(self, signal: Signal | None) -> None:
        if signal is Signal.PAUSE:
            words = self._speculative(self._utterance.samples(end=self._followed))
            self._guess = asyncio.create_task(words, name="speculative transcript")
            self._judgement = None
        elif signal in (Signal.RESUMED, Signal.TOO_LONG):
            await self._forget_guess()

    async def _judge(self, endpoint: Endpoint, turns: TurnTaking) -> None:
        """Let the words decide how long the pause has to be, once they are known.

        Until then no window is taken faster than it was spoken: audio that comes in a burst ends where the same audio
        in real time does, and a slow engine hears that the speaker goes on.
        """
        if self._guess is None or self._judgement is not None:
            return
        await asyncio.wait((self._guess,), timeout=WINDOW_MS / 1000)
        if not self._guess.done():
            return
        try:
            words = self._guess.result()
        except ServerError as err:
            # Nobody waits for these words yet: there may be better luck when the turn is over.
            _LOGGER.debug("No speculative transcript: %s", err)
            await self._forget_guess()
            return
        self._language = words.language
        if words.completeness is not None:
            self._judgement = Judgement(words.completeness)
        else:
            heard = self._utterance.samples(end=self._followed)
            self._judgement = await turns.judge(Pause(words.text, words.language, audio=heard))
        pause_ms = turns.pause_ms(self._judgement, words.language)
        _LOGGER.debug("Paused after %r: %s, over after %.0f ms", words.text, self._judgement, pause_ms)
        endpoint.expect(pause_ms)

    async def _forget_guess(self) -> None:
        guess, self._guess = self._guess, None
        if guess is not None:
            guess.cancel()
            await asyncio.gather(guess, return_exceptions=True)

    async def _speculative(self, samples: Samples) -> Transcription:
        words = await self._transcribe(samples)
        await self.reply.guess(words)
        return words

    async def _transcribe(self, samples: Samples) -> Transcription:
        if len(samples) == 0:
            raise NoAudioError
        _LOGGER.debug("Transcribing %.2f s", len(samples) / SAMPLE_RATE)
        wishes = self._utterance.wishes
        return await self._recognizer.transcribe(samples, wishes.language, model=wishes.model, terms=wishes.terms)
