"""`python -m demo`: build the house, run the main job in it, print what happened. Exit status 0: all of it happened."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from demo import scenario
from demo.errors import DemoError
from demo.folders import HouseFolders, occupy
from demo.house import House, open_house
from demo.settings import Settings
from demo.timeline import show_latencies, show_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    settings = parse(argv)
    console = Console(highlight=False)
    try:
        with occupy(HouseFolders(settings.folder)):
            return asyncio.run(run(settings, console))
    except DemoError as err:
        console.print(f"\n{err}", markup=False, soft_wrap=True)
        return 1
    except asyncio.CancelledError:
        console.print("\nStopped.")
        return 130


def parse(argv: Sequence[str] | None) -> Settings:
    """Return the settings of the command line over those of the environment."""
    defaults = Settings.from_environment()
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the house running until Ctrl-C")
    parser.add_argument("--folder", type=Path, default=defaults.folder, help="where the house lives (%(default)s)")
    parser.add_argument("--port", type=int, help="of Home Assistant (a free one; with --keep 8123 where it is free)")
    given = parser.parse_args(argv)
    return replace(defaults, keep=given.keep, folder=given.folder.resolve(), port=given.port)


async def run(settings: Settings, console: Console) -> int:
    """Open the house, run the main job and, if asked for, stay."""
    _end_on(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    tell = partial(console.print, markup=False, soft_wrap=True)
    async with open_house(settings, tell) as house:
        outcomes = await scenario.run(house, partial(show_outcome, console))
        show_latencies(console, outcomes)
        failed = [outcome.title for outcome in outcomes if outcome.failure is not None]
        tell(f"\nFailed: {', '.join(failed)}" if failed else "\nEverything above really happened.")
        tell(f"Logs: {house.folders.logs}\nAudio: {house.folders.audio}")
        if settings.keep:
            await stay(house, tell)
    return 1 if failed else 0


async def stay(house: House, tell: partial[None]) -> None:
    """Keep the house until somebody stops the program or one of its servers ends."""
    tell(
        f"\nThe house stays. Home Assistant: {house.addresses.home_assistant_url}"
        f"\n  user {house.owner.username}, password {house.owner.password} (also in {house.folders.login})"
        f"\n  knowledge folder: {house.folders.knowledge}"
        f"\n  logs: {house.folders.logs}"
        f"\n  {house.answerer}"
        "\nCtrl-C stops it."
    )
    while True:
        house.require_running()
        await asyncio.sleep(1)


def _end_on(*signals: signal.Signals) -> None:
    """Let these signals end the current task and so stop the servers; a second one kills what is still stopping."""
    if task := asyncio.current_task():
        for number in signals:
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


if __name__ == "__main__":
    sys.exit(main())
