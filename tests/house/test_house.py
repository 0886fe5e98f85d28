"""The main job in a real Home Assistant process, over real sockets, with real audio.

HOUSE_HASS names another `hass` command, to run the same against another release of Home Assistant.
"""

from __future__ import annotations

import asyncio
import os
import wave
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import pytest_asyncio
import soxr

from demo import scenario
from demo.audio import MICROPHONE_RATE, read_microphone, write_wav
from demo.errors import HomeAssistantError, SatelliteError
from demo.folders import HouseFolders, occupy
from demo.house import open_house
from demo.ports import free_ports
from demo.settings import Settings
from demo.speech import record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from demo.house import House
    from demo.speech import Recording
    from demo.steps import Result

pytestmark = [pytest.mark.house, pytest.mark.timeout(600), pytest.mark.asyncio(loop_scope="module")]

COMMAND = "turn on the kitchen light"
LIGHT = "light.kitchen"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house without a language model: what everybody gets who runs this."""
    settings = Settings.from_environment({"HOUSE_HASS": os.environ.get("HOUSE_HASS", "")})
    folder = tmp_path_factory.mktemp("house")
    with occupy(HouseFolders(folder)):
        async with open_house(replace(settings, folder=folder), print) as running:
            yield running


@pytest.fixture
def command(tmp_path: Path) -> Recording:
    return record(COMMAND, tmp_path / "command.wav")


@pytest.mark.parametrize(("title", "step"), scenario.STEPS, ids=[title for title, _ in scenario.STEPS])
async def test_each_step_of_the_main_job_happens(
    house: House, title: str, step: Callable[[House], Awaitable[Result]]
) -> None:
    result = await step(house)
    assert result.answer
    assert result.proof


async def test_a_satellite_that_goes_away_in_mid_sentence_is_heard_when_it_is_back(
    house: House, command: Recording, tmp_path: Path
) -> None:
    await house.home.call("light", "turn_off", entity_id=LIGHT)
    talk = asyncio.create_task(house.satellite.converse(command, tmp_path / "first.wav"))
    await asyncio.sleep(command.seconds - 0.5)
    await house.satellite.hang_up()
    with pytest.raises(SatelliteError):
        await talk
    conversation = await house.satellite.converse(command, tmp_path / "second.wav")
    assert conversation.transcript == COMMAND, conversation.summary()
    assert await house.home.state(LIGHT) == "on"


async def test_a_microphone_with_48_khz_stereo_is_understood(house: House, command: Recording, tmp_path: Path) -> None:
    await house.home.call("light", "turn_off", entity_id=LIGHT)
    wide = soxr.resample(read_microphone(command.path), MICROPHONE_RATE, 48_000)
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.repeat(wide, 2).tobytes())
    conversation = await house.satellite.converse(replace(command, path=path), tmp_path / "answer.wav")
    assert conversation.transcript == COMMAND, conversation.summary()
    assert await house.home.state(LIGHT) == "on"


async def test_a_wake_word_with_nothing_after_it_changes_nothing_and_the_next_command_works(
    house: House, command: Recording, tmp_path: Path
) -> None:
    await house.home.call("light", "turn_off", entity_id=LIGHT)
    assert command.wake_end is not None
    wake_word = read_microphone(command.path)[: int(command.wake_end * MICROPHONE_RATE)]
    write_wav(tmp_path / "wake.wav", wake_word, MICROPHONE_RATE)
    only_wake = replace(command, path=tmp_path / "wake.wav", seconds=command.wake_end, speech_end=command.wake_end)
    silence = await house.satellite.converse(only_wake, tmp_path / "nothing.wav")
    assert silence.wake_word == "okay_nabu"
    assert not silence.transcript
    assert await house.home.state(LIGHT) == "off"
    conversation = await house.satellite.converse(command, tmp_path / "answer.wav")
    assert conversation.transcript == COMMAND, conversation.summary()


async def test_an_address_that_a_config_flow_refuses_is_an_error_with_the_reason(house: House) -> None:
    (nobody,) = free_ports(1)
    with pytest.raises(HomeAssistantError, match="cannot_connect"):
        await house.home.add_integration("voice_rag", {"url": f"http://127.0.0.1:{nobody}"})


async def test_nothing_of_the_house_can_be_reached_from_outside(house: House) -> None:
    ports = (
        house.addresses.home_assistant,
        house.addresses.speech,
        house.addresses.speech_side,
        house.addresses.knowledge,
    )
    listening = _listening_addresses()
    for port in ports:
        assert listening[port] == {"127.0.0.1"}


def _listening_addresses() -> dict[int, set[str]]:
    """Return the IPv4 and IPv6 addresses that each TCP port of this machine listens on."""
    listening: dict[int, set[str]] = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A":
                address, _, port = local.partition(":")
                shown = "127.0.0.1" if address == "0100007F" else address
                listening.setdefault(int(port, 16), set()).add(shown)
    return listening
