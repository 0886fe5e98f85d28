"""What a recogniser made up is told from what it heard."""

from dataclasses import replace

import pytest

from wyoming_servers.stt.credibility import Evidence, is_credible

HEARD = Evidence(log_probability=-0.2, no_speech=0.05, compression=1.1, speech_seconds=2.0)


@pytest.mark.parametrize(
    "text",
    ["Включи свет на кухне.", "Продолжение следует...", "Спасибо за просмотр!", "Thank you for watching.", "你好"],
)
def test_what_was_clearly_said_is_believed(text: str) -> None:
    assert is_credible(text, HEARD)


@pytest.mark.parametrize(
    "doubt",
    [{"log_probability": -0.7}, {"no_speech": 0.5}, {"speech_seconds": 0.4}],
    ids=["unsure", "no speech", "short"],
)
@pytest.mark.parametrize(
    "text",
    [
        "Продолжение следует...",
        "ПРОДОЛЖЕНИЕ СЛЕДУЕТ",
        "Субтитры создавал кто-то",
        "Спасибо за просмотр!",
        "Thanks for watching!",
        "Don't forget to subscribe.",
        "字幕由志愿者提供",
    ],
)
def test_a_line_of_subtitles_is_not_believed_on_little_evidence(text: str, doubt: dict[str, float]) -> None:
    assert not is_credible(text, replace(HEARD, **doubt))


@pytest.mark.parametrize("text", ["Спасибо", "Включи свет", "Thank you", "Стоп"])
def test_short_commands_and_thanks_need_no_more_evidence(text: str) -> None:
    assert is_credible(text, replace(HEARD, log_probability=-0.7, speech_seconds=0.4))


@pytest.mark.parametrize("fault", [{"log_probability": -1.1}, {"compression": 2.5}])
def test_a_guess_and_a_repetition_are_never_believed(fault: dict[str, float]) -> None:
    assert not is_credible("Включи свет", replace(HEARD, **fault))


def test_names_in_the_order_of_the_hint_are_an_echo_only_where_nobody_spoke_so_long() -> None:
    hint = ["Лампа", "Кухня", "Спальня", "Зал"]
    quick = replace(HEARD, speech_seconds=0.3)
    assert not is_credible("кухня, спальня, зал", quick, hint)
    assert is_credible("кухня, спальня, зал", HEARD, hint)
    assert is_credible("лампа, зал", quick, hint)
