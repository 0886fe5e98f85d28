"""The words of the house, put in order."""

import aiohttp
import pytest

from custom_components.voice_rag.errors import SpeechError
from custom_components.voice_rag.models import KnowledgeVocabulary
from custom_components.voice_rag.speech import SpeechClient
from custom_components.voice_rag.vocabulary import House, SpokenName, build_vocabulary
from tests.fakes.speech_server import SpeechServer


def test_names_are_tidied_and_said_once_per_domain() -> None:
    house = House(
        names=(
            SpokenName("  Kitchen   light ", "light"),
            SpokenName("kitchen light", "light"),
            SpokenName("Kitchen light", "switch"),
            SpokenName(" ", "light"),
        ),
        areas=("Kitchen", "kitchen", ""),
        floors=(),
    )
    vocabulary = build_vocabulary(house, None)
    assert vocabulary.names == (SpokenName("Kitchen light", "light"), SpokenName("Kitchen light", "switch"))
    assert vocabulary.areas == ("Kitchen",)


def test_the_order_does_not_depend_on_the_registries() -> None:
    names = (SpokenName("b", "light"), SpokenName("a", "light"), SpokenName("Я", "light"))
    one = build_vocabulary(House(names, ("y", "x"), ("2", "1")), None)
    other = build_vocabulary(House(names[::-1], ("x", "y"), ("1", "2")), None)
    assert one == other


def test_what_the_documents_are_about_is_added() -> None:
    known = KnowledgeVocabulary("1", topics=("Boiler",), titles=("Солярис", "Solaris"))
    vocabulary = build_vocabulary(House((), (), ()), known)
    assert vocabulary.topics == ("Boiler",)
    assert vocabulary.titles == ("Solaris", "Солярис")


@pytest.mark.parametrize(("status", "words"), [(401, "does not accept the token"), (503, "answered 503")])
async def test_a_speech_server_that_refuses_the_words_is_told_with_the_reason(
    speech: SpeechServer, status: int, words: str
) -> None:
    speech.status = status
    async with aiohttp.ClientSession() as session:
        with pytest.raises(SpeechError, match=words):
            await SpeechClient(session, speech.url).async_put_vocabulary({})


async def test_a_speech_server_that_does_not_answer_in_time_is_told(
    speech: SpeechServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.voice_rag.speech.TIMEOUT_SECONDS", 0)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(SpeechError, match="did not answer within 0 s"):
            await SpeechClient(session, speech.url).async_put_vocabulary({})
