"""Piper: its voices' files, phonemes and networks, here and in a process of their own."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes.model_hub import serving_hub
from tests.fakes.tiny_piper import FRAMES_PER_SYMBOL, SAMPLES_PER_FRAME, TinyVoice, build
from tests.waiting import wait_until
from wyoming_servers.runtime.errors import EngineError
from wyoming_servers.runtime.espeak import shared_espeak
from wyoming_servers.tts.engine import EngineOptions, Voice
from wyoming_servers.tts.engines import piper
from wyoming_servers.tts.host import EngineHost
from wyoming_servers.tts.piper.catalogue import downloads, files_of, folder_of
from wyoming_servers.tts.piper.config import Scales, read_config
from wyoming_servers.tts.piper.options import PiperOptions
from wyoming_servers.tts.piper.phonemes import LONGEST_SENTENCE, sentences
from wyoming_servers.tts.piper.synthesis import Networks, PiperSynthesis
from wyoming_servers.tts.remote import RemoteEngine

RUSSIAN = "ru_RU-irina-medium"

# What piper-tts 1.8.0 gives for these texts.
PHONEMES = {
    "ru: Свет на кухне включён. Что-нибудь ещё?": [
        'svʲˈet nə kˈuxnʲi fkɭʲu"tʃʲˈɵn.',
        "ʃtonʲibˈutʲ jɪɕˈɵ?",
    ],
    "ru: Привет, как дела? Хорошо!": ["prʲivʲˈet, kˈɑk dʲˈeɭa?", "xʌrʌʃˈo!"],
    "ru: раз: два; три, четыре. пять": ["rˈɑs: dvˈɑ; trʲˈɪ, tʃʲitˈyrʲi pʲˈɑtʲ"],
    "ru: Wi-Fi включён.": ['wˈaɪfˌaɪ fkɭʲu"tʃʲˈɵn.'],
    "ru: Готово": ["ɡʌtˈovʌ"],
    "en-us: The kitchen light is on. Anything else?": ["ðə kˈɪtʃən lˈaɪt ɪz ˈɔn.", "ˈɛnɪθˌɪŋ ˈɛls?"],
    "cmn: 你好，今天。还有别的吗？": ["ni2χˈɑu2tɕˈi5n thˈiɛ5n", "χaiɜjˈiou2 pˈiɛɜ tˈə1 mˈɑ1"],
}


def spoken_by(voice: str) -> Callable[[str], Iterator[str]]:
    return lambda text: sentences(text, partial(shared_espeak().clauses, voice=voice))


@pytest.mark.parametrize(("text", "phonemes"), PHONEMES.items(), ids=PHONEMES)
def test_phonemes_are_those_that_the_voices_were_trained_on(text: str, phonemes: list[str]) -> None:
    voice, _, text = text.partition(": ")
    assert list(spoken_by(voice)(text)) == phonemes


@pytest.mark.parametrize("text", ["", " ", "...", "—", "«»", "\n\n"])
def test_what_has_no_words_has_no_sentences(text: str) -> None:
    assert list(spoken_by("ru")(text)) == []


def test_an_ellipsis_a_dash_and_a_paragraph_are_pauses() -> None:
    assert list(spoken_by("ru")("Ну… да — нет\n\nОн")) == ["nˈu; dˈɑ; nʲˈet.", "ˈon"]


def test_a_stress_mark_does_no_harm() -> None:
    assert list(spoken_by("ru")("Открой за\u0301мок.")) == list(spoken_by("ru")("Открой замок."))


def test_a_sentence_without_end_is_cut_behind_a_clause() -> None:
    pieces = list(spoken_by("ru")("мороз и солнце, " * 100))
    assert len(pieces) > 3
    assert max(map(len, pieces)) < LONGEST_SENTENCE + 50
    assert all(piece.endswith(",") for piece in pieces[:-1])


def write_config(path: Path, **changes: Any) -> Path:
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, **changes}))
    return path


@pytest.mark.parametrize(
    "changes",
    [{"audio": {}}, {"audio": {"sample_rate": 7}}, {"phoneme_id_map": {"a": [1]}}, {"phoneme_type": "pinyin"}],
)
def test_a_description_that_can_not_be_used_is_an_engine_error(changes: dict[str, Any], tmp_path: Path) -> None:
    path = write_config(build(tmp_path).with_suffix(".onnx.json"), **changes)
    with pytest.raises(EngineError, match=RUSSIAN):
        read_config(path)


def test_a_symbol_that_a_voice_does_not_know_is_left_out(tmp_path: Path) -> None:
    config = read_config(build(tmp_path).with_suffix(".onnx.json"))
    assert config.ids("a漢b") == config.ids("ab")
    (pad,), (begin,), (end,) = (config.symbols[symbol] for symbol in "_^$")
    assert config.ids("a") == [begin, pad, *config.symbols["a"], pad, end]


def own(tmp_path: Path) -> EngineOptions:
    """Return options with an empty folder of one's own voices, and no downloads."""
    (tmp_path / "own").mkdir()
    return EngineOptions(models_folder=tmp_path / "models", voices_folder=tmp_path / "own")


def names(options: EngineOptions) -> list[str]:
    return [voice.name for voice in piper.voices(options)]


DEFAULTS = ["piper-ru_RU-irina-medium", "piper-en_US-ljspeech-medium", "piper-zh_CN-huayan-medium"]


def test_the_defaults_are_announced_before_they_are_there(tmp_path: Path) -> None:
    options = own(tmp_path)
    assert names(options) == DEFAULTS
    assert not piper.is_present(options)


def test_a_folder_is_looked_at_anew_and_its_voice_takes_the_place_of_a_default(tmp_path: Path) -> None:
    options = own(tmp_path)
    path = build(tmp_path / "own" / "deep", TinyVoice("babushka"))
    assert names(options) == [*DEFAULTS[1:], "piper-ru_RU-babushka"]
    path.unlink()
    assert names(options) == DEFAULTS


def test_a_voice_that_is_asked_for_by_name_is_the_first(tmp_path: Path) -> None:
    options = replace(own(tmp_path), piper=PiperOptions(voices=("babushka", "en_GB-alba-medium")))
    build(tmp_path / "own", TinyVoice("dedushka"))
    build(tmp_path / "own", TinyVoice("babushka"))
    assert names(options) == ["piper-ru_RU-babushka", "piper-en_GB-alba-medium", "piper-ru_RU-dedushka"]


def test_speakers_are_voices(piper_options: EngineOptions) -> None:
    english = [voice for voice in piper.voices(piper_options) if "en" in voice.languages]
    assert [voice.name for voice in english] == [f"piper-en_US-ljspeech-medium-{name}" for name in ("linda", "judy")]
    assert english[0].description != english[1].description


def test_a_broken_voice_is_told_once_and_the_others_stay(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    options = own(tmp_path)
    for stem in ("babushka", "broken", "empty"):
        build(tmp_path / "own", TinyVoice(stem))
    (tmp_path / "own" / "broken.onnx.json").write_text("{")
    (tmp_path / "own" / "empty.onnx").write_bytes(b"")
    for _ in range(3):
        assert names(options) == [*DEFAULTS[1:], "piper-ru_RU-babushka"]
    assert [record.message.count("broken.onnx.json") for record in caplog.records] == [1]


@pytest.fixture(scope="module")
def engine(piper_options: EngineOptions) -> PiperSynthesis:
    return PiperSynthesis(piper_options, shared_espeak())


def voice_of(options: EngineOptions, part: str = "ru_RU") -> Voice:
    return next(voice for voice in piper.voices(options) if part in voice.name)


def samples_of(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, "<i2")


def test_each_sentence_is_a_block_of_the_length_that_its_phonemes_have(
    engine: PiperSynthesis, piper_options: EngineOptions
) -> None:
    blocks = list(engine.synthesize("Да. Свет включён.", voice_of(piper_options)))
    config = read_config(downloads(piper_options.models_folder) / f"{folder_of(RUSSIAN)}/{RUSSIAN}.onnx.json")
    symbols = [len(config.ids(sentence)) for sentence in spoken_by("ru")("Да. Свет включён.")]
    assert [len(block) // 2 for block in blocks] == [count * FRAMES_PER_SYMBOL * SAMPLES_PER_FRAME for count in symbols]


def test_speakers_of_one_network_sound_different(engine: PiperSynthesis, piper_options: EngineOptions) -> None:
    still = PiperSynthesis(replace(piper_options, piper=PiperOptions(scales=Scales(noise=0.0))), shared_espeak())
    voices = [voice_of(piper_options, name) for name in ("linda", "judy", "linda")]
    first, second, again = (samples_of(next(still.synthesize("Hello", voice))) for voice in voices)
    assert np.array_equal(first, again)
    assert np.abs(first.astype(int) - second).mean() > 100
    noisy = samples_of(next(engine.synthesize("Hello", voice_of(piper_options, "linda"))))
    assert not np.array_equal(noisy, again)


def test_the_scales_of_the_user_override_those_of_the_voice(piper_options: EngineOptions) -> None:
    lengths = []
    for length in (None, 2.0):
        engine = PiperSynthesis(
            replace(piper_options, piper=PiperOptions(scales=Scales(length=length))), shared_espeak()
        )
        lengths.append(len(next(engine.synthesize("Да", voice_of(piper_options)))))
    assert lengths[1] == 2 * lengths[0]


def test_a_voice_of_letters_needs_no_phonemes(tmp_path: Path) -> None:
    options = own(tmp_path)
    build(tmp_path / "own", TinyVoice("letters", phoneme_type="text"))
    engine = PiperSynthesis(options, shared_espeak())
    audio = b"".join(engine.synthesize("да", voice_of(options, "letters")))
    assert len(audio) == 2 * len("^_д_а_$") * FRAMES_PER_SYMBOL * SAMPLES_PER_FRAME


def test_only_so_many_networks_stay_in_memory_and_the_oldest_goes(tmp_path: Path) -> None:
    networks = Networks(most=2)
    first, second, third = (build(tmp_path, TinyVoice(f"voice{number}")) for number in range(3))
    kept = networks.get(first)
    gone = networks.get(second)
    assert networks.get(first) is kept
    networks.get(third)
    assert networks.get(first) is kept
    assert networks.get(second) is not gone


def test_a_network_whose_file_has_changed_is_read_anew(tmp_path: Path) -> None:
    networks = Networks(most=2)
    path = build(tmp_path)
    before = networks.get(path)
    os.utime(path, ns=(1, 1))
    assert networks.get(path) is not before


@pytest.mark.parametrize("ending", [".onnx", ".onnx.json"])
def test_a_voice_whose_file_was_replaced_is_another_voice_of_the_same_name(ending: str, tmp_path: Path) -> None:
    options = own(tmp_path)
    build(tmp_path / "own", TinyVoice("babushka"))
    before = voice_of(options, "babushka")
    assert voice_of(options, "babushka") == before
    os.utime(tmp_path / "own" / f"babushka{ending}", ns=(1, 1))
    after = voice_of(options, "babushka")
    assert (after.name, after != before) == (before.name, True)


def test_a_damaged_network_is_an_engine_error_and_other_voices_speak(tmp_path: Path) -> None:
    options = own(tmp_path)
    build(tmp_path / "own", TinyVoice("damaged")).write_bytes(b"not a network")
    build(tmp_path / "own", TinyVoice("whole"))
    engine = PiperSynthesis(options, shared_espeak())
    with pytest.raises(EngineError, match=r"damaged\.onnx"):
        next(engine.synthesize("Да", voice_of(options, "damaged")))
    assert next(engine.synthesize("Да", voice_of(options, "whole")))


@pytest.fixture(scope="module")
def remote(piper_options: EngineOptions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteEngine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("temporary")))
        engine = piper.load(piper_options)
        yield engine
        engine.close()
        assert list(Path(os.environ["TMPDIR"]).glob("[!.]*")) == []  # ONNX Runtime keeps its own mark there


def test_an_engine_without_any_voice_says_where_to_put_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EngineError, match=rf"HF_HUB_OFFLINE.*Or put its files .*{RUSSIAN}\.onnx"):
        piper.load(own(tmp_path))


def test_a_default_voice_is_downloaded_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = build(tmp_path)
    network, description = files_of(RUSSIAN).needed
    files = {network: made.read_bytes(), description: made.with_suffix(".onnx.json").read_bytes()}
    options = replace(own(tmp_path), piper=PiperOptions(voices=(RUSSIAN,)))
    with serving_hub(files) as hub:
        hub.repository = "rhasspy/piper-voices"
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        hub.damaged.add(network)
        with pytest.raises(EngineError, match="checksum"):
            piper.load(options)
        hub.damaged.clear()
        engine = piper.load(options)
    assert next(engine.synthesize("Да", voice_of(options)))
    engine.close()


def test_a_process_forgets_what_was_spoken_to_its_end_and_computes_nothing_of_what_was_left(
    piper_options: EngineOptions,
) -> None:
    host = EngineHost()
    host.load("wyoming_servers.tts.piper.synthesis", "tts-piper", piper_options)
    for number in (1, 2):
        host.begin(number, "Да.", voice_of(piper_options))
    host.end(2)
    assert host.next_block(2) is None
    assert host.next_block(1)
    assert host.next_block(1) is None
    assert host._speeches == {}


def test_two_texts_take_turns_block_by_block(remote: RemoteEngine, piper_options: EngineOptions) -> None:
    long, short = (remote.synthesize(text, voice_of(piper_options)) for text in ("Раз. Два. Три.", "Да."))
    assert next(long)
    assert len(list(short)) == 1
    assert len(list(long)) == 2


def test_an_interrupted_network_computes_no_more(piper_options: EngineOptions) -> None:
    engine = PiperSynthesis(piper_options, shared_espeak())
    speech = engine.synthesize("Раз. Два.", voice_of(piper_options))
    assert next(speech)
    speech._interrupt()  # not closed, so that its end is told
    with pytest.raises(EngineError, match="terminate"):
        next(speech)


def test_a_text_that_is_closed_is_not_computed_to_its_end(remote: RemoteEngine, piper_options: EngineOptions) -> None:
    voice, line, lines = voice_of(piper_options), "очень длинное предложение без конца и края ", 1000
    whole = lines * sum(map(len, remote.synthesize(line, voice)))
    speech = remote.synthesize(line * lines, voice)
    closing = threading.Timer(0.05, speech.close)
    closing.start()
    assert sum(map(len, speech)) < whole / 2
    closing.join()
    assert next(remote.synthesize("Да", voice))


def test_after_a_crash_the_next_text_is_spoken(remote: RemoteEngine, piper_options: EngineOptions) -> None:
    speech = remote.synthesize("Раз. Два.", voice_of(piper_options))
    assert next(speech)
    worker = remote._worker
    assert worker is not None
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(EngineError, match="SIGKILL"):
        list(speech)
    wait_until(lambda: not worker.is_alive)
    assert next(remote.synthesize("Да", voice_of(piper_options)))


def test_closing_waits_for_no_other_text(remote: RemoteEngine, piper_options: EngineOptions) -> None:
    voice = voice_of(piper_options)
    idle = remote.synthesize("Раз. Два.", voice)
    assert next(idle)
    worker = remote._worker
    assert worker is not None
    with worker._lock:  # another text's block is being computed
        idle.close()
    assert list(idle) == []
    assert next(remote.synthesize("Да", voice))
