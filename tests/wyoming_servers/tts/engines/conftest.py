"""Voices for the engines."""

import pytest

from tests.fakes.tiny_piper import TinyVoice, build
from wyoming_servers.tts.engine import EngineOptions
from wyoming_servers.tts.piper.catalogue import downloads, folder_of

RUSSIAN = TinyVoice("ru_RU-irina-medium", "ru_RU", "ru")
ENGLISH = TinyVoice("en_US-ljspeech-medium", "en_US", "en-us", speakers=("linda", "judy"), seed=1)
CHINESE = TinyVoice("zh_CN-huayan-medium", "zh_CN", "cmn", rate=16_000, seed=2)


@pytest.fixture(scope="session")
def piper_options(tmp_path_factory: pytest.TempPathFactory) -> EngineOptions:
    """Return options with tiny voices in the places of the downloads of the defaults."""
    options = EngineOptions(models_folder=tmp_path_factory.mktemp("voices"))
    for voice in (RUSSIAN, ENGLISH, CHINESE):
        build(downloads(options.models_folder) / folder_of(voice.stem), voice)
    return options
