"""What is told before the end, and what a client may ask for."""

import pytest
from wyoming.asr import Transcribe

from wyoming_servers.runtime.errors import ProtocolError
from wyoming_servers.stt.partials import Partials, Rest
from wyoming_servers.stt.wishes import Wishes
from wyoming_servers.turn.settings import Patience


@pytest.mark.parametrize(
    ("guesses", "told", "transcript", "rest"),
    [
        ([], [], "turn on", Rest(is_new=True, text="turn on")),
        (["turn on"], [""], "turn on", Rest(is_new=True, text="turn on")),
        (["turn on", "turn on the"], ["", "turn on"], "turn on the light", Rest(is_new=False, text=" the light")),
        (
            ["turn", "turn on", "turn on the"],
            ["", "turn", " on"],
            "turn on the light",
            Rest(is_new=False, text=" the light"),
        ),
        (["turn on", "turn of", "turn off"], ["", "turn", ""], "turn off", Rest(is_new=False, text=" off")),
        (["Свет.", "Свет на кухне."], ["", ""], "Свет на кухне.", Rest(is_new=True, text="Свет на кухне.")),
        (["a b", "a b c", "x y"], ["", "a b", ""], "x y", Rest(is_new=True, text="x y")),
        (["", ""], ["", ""], "", Rest(is_new=True, text="")),
    ],
)
def test_words_are_told_when_two_guesses_agree_and_make_up_the_transcript(
    guesses: list[str], told: list[str], transcript: str, rest: Rest
) -> None:
    partials = Partials()
    assert [partials.guess(text) for text in guesses] == told
    assert partials.finish(transcript) == rest
    begun = "" if rest.is_new else "".join(told)
    assert begun + rest.text == transcript


def test_names_come_before_terms_and_none_twice() -> None:
    request = Transcribe(
        name="small",
        language="ru",
        vad_sensitivity="relaxed",
        transcript_names=["Анна", " лампа "],
        transcript_terms=["GigaAM", "Анна", ""],
    )
    assert Wishes.of(request) == Wishes("small", "ru", ("Анна", "лампа", "GigaAM"), Patience.RELAXED)


def test_nothing_asked_for_is_nothing_wished() -> None:
    assert Wishes.of(Transcribe()) == Wishes() == Wishes.of(Transcribe(name="", language="", vad_sensitivity=""))


@pytest.mark.parametrize(
    "request_",
    [
        Transcribe(vad_sensitivity="nervous"),
        Transcribe(transcript_names=["x" * 201]),
        Transcribe(transcript_terms=[5]),  # type: ignore[list-item]
    ],
)
def test_a_wish_in_another_form_is_refused(request_: Transcribe) -> None:
    with pytest.raises(ProtocolError):
        Wishes.of(request_)
