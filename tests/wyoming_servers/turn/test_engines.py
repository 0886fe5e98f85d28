"""What every turn detection engine keeps: a new file in `engines` is picked up by itself."""

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pytest

from tests.fakes import tiny_encoder
from tests.fakes.turn_servers import KServeModel, infer, serving
from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import StartError
from wyoming_servers.turn import engines
from wyoming_servers.turn.detector import Pause, TurnDetector
from wyoming_servers.turn.engine import TurnOptions, judge_all

NAMES = [module.name for module in pkgutil.iter_modules(engines.__path__)]
HEARS = {"smart_turn"}
"""Engines for which words are nothing."""

PAIRS = [
    ("ru", "включи свет в", "включи свет в гостиной"),
    ("en", "turn on the", "turn on the light please"),
]
"""A language, words that must go on, and a whole turn."""

WRITTEN = [
    ("включи свет в гостиной", "Включи свет в гостиной!"),
    ("включи свет в", "— Включи, свет… в"),
    ("еще раз", "Ещё раз?"),
    ("turn on the light please", "Turn on the light, please."),
    ("把 灯 打开", "把灯打开。"),
]
"""The same words as a recogniser and as a writer give them."""

ODD = ["", " ", "?!", "\n", "a" * 10_000, "слово " * 1000, "😀", "\u202e\ud800", "١٢٣", "42", "把灯打开"]


@pytest.fixture(params=NAMES, scope="module")
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def detector(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TurnDetector]:
    folder = tmp_path_factory.mktemp(name)
    makers: dict[str, Callable[[ExitStack], TurnOptions]] = {
        "kserve": lambda stack: TurnOptions(f"{stack.enter_context(serving(KServeModel())).url}/v2/models/turn"),
        "onnx": lambda _: TurnOptions(str(tiny_encoder.build(folder))),
        "remote": lambda stack: TurnOptions(stack.enter_context(serving(infer)).url),
        "smart_turn": lambda _: TurnOptions(str(tiny_encoder.build_smart_turn(folder / "smart.onnx"))),
    }
    with ExitStack() as stack:
        options = makers.get(name, lambda _: TurnOptions())(stack)
        try:
            module = import_engine("wyoming_servers.turn.engines", name)
        except StartError as err:
            pytest.skip(str(err))
        yield module.load(options)


def probabilities(detector: TurnDetector, pauses: Sequence[Pause]) -> list[float]:
    return [judgement.probability for judgement in judge_all(detector, pauses)]


def pauses() -> list[Pause]:
    """Return different ones, with audio for engines that hear."""
    audio = np.random.default_rng(0).integers(-9000, 9000, 16_000).astype(np.int16)
    texts = [(language, text) for language, *pair in PAIRS for text in pair]
    return [
        Pause(text, language, ("привет",) * number, audio[: 4000 * number])
        for number, (language, text) in enumerate(texts)
    ]


@pytest.mark.parametrize("language", ["ru", "en", "zh", "de", ""])
def test_every_text_gets_a_probability(language: str, detector: TurnDetector) -> None:
    for text in ODD:
        for context in ((), ("", text, "да")):
            assert 0.0 <= detector.completeness(Pause(text, language, context)) <= 1.0


@pytest.mark.parametrize(("heard", "written"), WRITTEN)
def test_case_and_punctuation_make_no_difference(heard: str, written: str, detector: TurnDetector) -> None:
    for language in ("ru", "en", "zh"):
        for context in ((), (heard,)):
            other = tuple(written for _ in context)
            expected = detector.completeness(Pause(heard, language, context))
            assert detector.completeness(Pause(written, language, other)) == expected


@pytest.mark.parametrize(("language", "unfinished", "finished"), PAIRS)
def test_a_whole_turn_is_more_complete_than_its_beginning(
    language: str, unfinished: str, finished: str, name: str, detector: TurnDetector
) -> None:
    begun, whole = (detector.completeness(Pause(text, language)) for text in (unfinished, finished))
    assert begun == whole == 0.5 if name in HEARS else begun < 0.5 < whole


def test_audio_makes_a_difference_to_those_who_hear(name: str, detector: TurnDetector) -> None:
    loud_end, quiet_end = (np.repeat(np.int16(levels), 8000) for levels in ([0, 9000], [9000, 0]))
    noise = np.random.default_rng(0).normal(size=16_000)
    values = {
        detector.completeness(Pause("да", "ru", (), (noise * levels / 9).astype(np.int16)))
        for levels in (loud_end, quiet_end)
    }
    assert len(values) == (2 if name in HEARS else 1)


def test_a_list_is_judged_as_its_members_are(detector: TurnDetector) -> None:
    alone = [detector.completeness(pause) for pause in pauses()]
    assert probabilities(detector, pauses()) == pytest.approx(alone, abs=1e-6)
    assert list(probabilities(detector, [])) == []


def test_threads_do_not_disturb_each_other(detector: TurnDetector) -> None:
    expected = [detector.completeness(pause) for pause in pauses()]
    with ThreadPoolExecutor(4) as pool:
        rounds = list(pool.map(lambda _: [detector.completeness(pause) for pause in pauses()], range(16)))
    assert all(values == expected for values in rounds)
