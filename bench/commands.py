"""How many commands are executed rightly, and how many sentences that are none: our grammar and Home Assistant's agent.

    python -m bench.commands [--ours-only] [--failures] [FILE ...]

Runs in a process of its own Home Assistant (needs pytest-homeassistant-custom-component). A line of a set is
"sentence | entity operation, entity operation"; "@area" in front says where the satellite stands (default: living
room), "=" marks an answer without any operation, "~" silence, nothing after the bar a sentence that is no command.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
EVALS = ROOT / "tests" / "evals"
NOBODY = "http://127.0.0.1:9"
"""No knowledge service: what is taken for a question gets an error instead of an answer."""

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import HomeAssistant

    from tests.fakes.russian_house import RussianHouse


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with what it should do."""

    area: str
    text: str
    expected: tuple[str, ...]
    is_answered: bool = False
    """Nothing is to be done, but something said."""
    is_silent: bool = False
    """Nothing is to be done or said."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an agent made of a sentence."""

    case: Case
    done: tuple[str, ...]
    speech: str
    is_error: bool
    seconds: float

    @property
    def is_right(self) -> bool:
        """Tell whether exactly the right things happened."""
        if self.case.is_answered or self.case.is_silent:
            return not self.done and not self.is_error and bool(self.speech) is self.case.is_answered
        return len(self.done) == len(self.case.expected) and all(
            _matches(done, expected) for done, expected in zip(self.done, self.case.expected, strict=True)
        )


def _matches(done: str, expected: str) -> bool:
    """Compare operations; "brightness+" stands for any value above a half, "x|y" for either."""
    entity, _, operation = done.partition(" ")
    wanted_entity, _, wanted = expected.partition(" ")
    if entity != wanted_entity:
        return False
    return any(_fits(operation, choice) for choice in wanted.split("|"))


_MIDDLE = {"brightness": 50.2, "volume": 50.0, "temperature": 21.0, "speed": 50.0, "position": 50.0}


def _fits(operation: str, wanted: str) -> bool:
    if wanted[-1] in "+-" and "=" in operation:
        name, _, value = operation.partition("=")
        difference = float(value) - _MIDDLE[name]
        return name == wanted[:-1] and (difference > 0 if wanted[-1] == "+" else difference < 0)
    return operation == wanted


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [_read_case(line) for line in lines if line]


def _read_case(line: str) -> Case:
    text, _, expected = (part.strip() for part in line.partition("|"))
    area = "living_room"
    if text.startswith("@"):
        area, _, text = text[1:].partition(" ")
    if expected in {"=", "~"}:
        return Case(area, text, (), is_answered=expected == "=", is_silent=expected == "~")
    return Case(area, text, tuple(sorted(part.strip() for part in expected.split(",") if part.strip())))


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a rate."""
    if not total:
        return 0.0, 1.0
    z, rate = 1.96, right / total
    centre = rate + z * z / (2 * total)
    spread = z * sqrt(rate * (1 - rate) / total + z * z / (4 * total * total))
    return (centre - spread) / (1 + z * z / total), (centre + spread) / (1 + z * z / total)


async def run_set(
    hass: HomeAssistant, house: RussianHouse, cases: Iterable[Case], agent_id: str, language: str
) -> list[Result]:
    """Say every sentence to an agent."""
    from homeassistant.components import conversation
    from homeassistant.core import Context

    results = []
    for case in cases:
        house.take_journal()
        started = time.perf_counter()
        answer = await conversation.async_converse(
            hass, case.text, None, Context(), language=language, agent_id=agent_id,
            device_id=house.satellites[case.area],
        )  # fmt: skip
        seconds = time.perf_counter() - started
        await hass.async_block_till_done()
        done = tuple(house.take_journal())
        speech = str(answer.response.speech.get("plain", {}).get("speech", ""))
        results.append(Result(case, done, speech, answer.response.error_code is not None, seconds))
    return results


def report(name: str, results: list[Result], *, are_commands: bool) -> None:
    """Print the rate of a set with its interval."""
    hits = sum(result.is_right for result in results) if are_commands else sum(bool(result.done) for result in results)
    low, high = wilson(hits, len(results))
    times = sorted(result.seconds * 1000 for result in results)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    what = "executed rightly" if are_commands else "executed though no command"
    print(
        f"{name}: {hits}/{len(results)} = {hits / len(results):.1%} {what} (95 %: {low:.1%} to {high:.1%}); "
        f"p50 {statistics.median(times):.1f} ms, p99 {p99:.1f} ms"
    )


def print_failures(results: list[Result], *, are_commands: bool) -> None:
    """Print what went wrong."""
    for result in results:
        if are_commands and not result.is_right:
            print(f"  {result.case.text!r}: {list(result.done)} {result.speech!r}, not {list(result.case.expected)}")
        if not are_commands and result.done:
            print(f"  {result.case.text!r}: {list(result.done)}")


async def measure(paths: list[Path], *, ours_only: bool, failures: bool) -> None:
    """Run every set against both agents."""
    import custom_components.voice_rag  # noqa: F401 - before the plugin's own custom_components comes into the path

    from pytest_homeassistant_custom_component.common import async_test_home_assistant

    with TemporaryDirectory() as folder:
        async with async_test_home_assistant(config_dir=folder) as hass:
            await _measure_in(hass, paths, ours_only=ours_only, failures=failures)


async def _measure_in(hass: HomeAssistant, paths: list[Path], *, ours_only: bool, failures: bool) -> None:
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from tests.fakes.russian_house import async_set_up_russian_house

    house = await async_set_up_russian_house(hass)
    hass.data.pop("custom_components", None)
    entry = MockConfigEntry(domain="voice_rag", title="Voice RAG", data={"url": NOBODY})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    agents = {"ours": "conversation.voice_rag"} | (
        {} if ours_only else {"Home Assistant": "conversation.home_assistant"}
    )
    for path in paths:
        language = path.stem.rpartition("_")[2]
        cases = read_cases(path)
        are_commands = not path.stem.startswith("non_")
        for name, agent_id in agents.items():
            results = await run_set(hass, house, cases, agent_id, language)
            report(f"{path.stem}, {name}", results, are_commands=are_commands)
            if failures and name == "ours":
                print_failures(results, are_commands=are_commands)
    await hass.async_stop(force=True)


def main() -> None:
    """Parse the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--failures", action="store_true", help="print the sentences that went wrong")
    arguments = parser.parse_args()
    paths = arguments.files or sorted(EVALS.glob("*.txt"))
    asyncio.run(measure(paths, ours_only=arguments.ours_only, failures=arguments.failures))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
