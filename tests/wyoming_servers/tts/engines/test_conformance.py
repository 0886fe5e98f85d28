"""What every speech engine keeps: a new file in the `engines` folder is picked up by itself."""

import pkgutil
from collections.abc import Iterator

import pytest

from tests.fakes.speaking import *  # noqa: F403 (the tests, for the fixture below)
from tests.fakes.speaking import Speaking
from wyoming_servers.runtime.engines import import_engine
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.tts import engines
from wyoming_servers.tts.engine import EngineOptions


@pytest.fixture(params=[module.name for module in pkgutil.iter_modules(engines.__path__)], scope="module")
def speaking(request: pytest.FixtureRequest, piper_options: EngineOptions) -> Iterator[Speaking]:
    try:
        module = import_engine(engines.__name__, request.param)
        engine = module.load(piper_options)
    except (StartError, EngineError) as err:
        pytest.skip(str(err))
    assert engine.name == request.param
    yield Speaking(request.param, list(module.voices(piper_options)), engine)
    engine.close()
