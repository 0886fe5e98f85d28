"""How many commands are executed rightly, and how many sentences that are none: our grammar and Home Assistant's agent.

    python -m bench.commands [--ours-only] [--failures] [--entities 200] [FILE ...]

Runs in a process of its own Home Assistant (needs pytest-homeassistant-custom-component). A line of a set is
"sentence | entity operation, entity operation"; "@area" in front says where the satellite stands (default: living
room), "=" marks an answer without any operation, "~" silence, nothing after the bar a sentence that is no command.
"""

import argparse
import asyncio
import resource
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pytest_homeassistant_custom_component.common import async_test_home_assistant

from custom_components.voice_rag.commands import async_warm_up_commands
from custom_components.voice_rag.commands.index import async_read_house
from custom_components.voice_rag.fastpath.index import HouseIndex
from custom_components.voice_rag.fastpath.languages import load_lexicon
from tests.fakes.lamp import async_add_entry
from tests.fakes.russian_house import DEVICES, Furniture, RussianHouse, async_set_up_russian_house

EVALS = Path(__file__).parents[1] / "tests" / "evals"
NOBODY = "http://127.0.0.1:9"
"""No knowledge service: what is taken for a question gets an error instead of an answer."""


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


async def measure(paths: list[Path], options: argparse.Namespace) -> None:
    """Run every set against both agents."""
    with TemporaryDirectory() as folder:
        async with async_test_home_assistant(config_dir=folder) as hass:
            await _measure_in(hass, paths, options)
            await hass.async_stop(force=True)


async def _measure_in(hass: HomeAssistant, paths: list[Path], options: argparse.Namespace) -> None:
    house = await async_set_up_russian_house(hass, _furnish(options.entities))
    hass.data.pop(DATA_CUSTOM_COMPONENTS, None)  # The test helpers leave custom integrations out.
    await async_add_entry(hass, "voice_rag", {"url": NOBODY})
    await _report_index(hass)
    agents = {"ours": "conversation.voice_rag", "Home Assistant": "conversation.home_assistant"}
    for path in paths:
        cases = read_cases(path)
        are_commands = not path.stem.startswith("non_")
        for name, agent_id in list(agents.items())[: 1 if options.ours_only else 2]:
            results = await run_set(hass, house, cases, agent_id, path.stem.rpartition("_")[2])
            report(f"{path.stem}, {name}", results, are_commands=are_commands)
            if options.failures and name == "ours":
                print_failures(results, are_commands=are_commands)


def _furnish(entities: int) -> list[Furniture]:
    """Return the house, with more switches in it than anybody has."""
    words = ("стол", "шкаф", "полка", "аквариум", "принтер", "роутер", "насос", "станок", "фильтр", "экран")
    extra = [
        (f"switch.extra_{number}", f"Розетка {words[number % 10]} {number}", "yard", "outlet")
        for number in range(entities - len(DEVICES))
    ]
    return [*DEVICES, *extra]


async def _report_index(hass: HomeAssistant) -> None:
    """Print what it takes to load the dictionary and to learn the names of the house."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    lexicon = await hass.async_add_executor_job(load_lexicon, "ru")
    loaded = time.perf_counter()
    assert lexicon is not None
    house = async_read_house(hass)
    await hass.async_add_executor_job(HouseIndex, house, lexicon)
    built = time.perf_counter()
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{len(house.devices)} entities: dictionary {(loaded - started) * 1000:.0f} ms, names of the house "
        f"{(built - loaded) * 1000:.0f} ms (both off the event loop), {megabytes:.0f} MB"
    )
    await async_warm_up_commands(hass, "ru")


def main() -> None:
    """Parse the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--entities", type=int, default=len(DEVICES), help="furnish the house up to this number")
    parser.add_argument("--failures", action="store_true", help="print the sentences that went wrong")
    arguments = parser.parse_args()
    paths = arguments.files or sorted(EVALS.glob("*.txt"))
    asyncio.run(measure(paths, arguments))


if __name__ == "__main__":
    main()
