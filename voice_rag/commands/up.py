"""`voice-rag up`: run all servers of a configuration file, and start again what dies."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.live import Live

from voice_rag.up.config import EXAMPLE, Config, read_config
from voice_rag.up.errors import ConfigError
from voice_rag.up.folders import make_knowledge_folder
from voice_rag.up.supervisor import Supervisor
from voice_rag.up.table import describe, render

from .common import Subparsers, fail

_REFRESH_RATE = 2.0


def add_to(commands: Subparsers) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("up", help="run all servers of one configuration file", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("voice-rag.toml"), help="the file (%(default)s)")
    parser.add_argument("--check", action="store_true", help="say what would run, and start nothing")
    parser.add_argument("--example", action="store_true", help="print a configuration to begin with")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the servers until stopped."""
    if options.example:
        sys.stdout.write(EXAMPLE.read_text(encoding="utf-8"))
        return 0
    try:
        config = read_config(options.config)
    except ConfigError as err:
        return fail(str(err))
    for server in config.servers:
        print(describe(server))  # noqa: T201 (the command line's own answer)
    if options.check:
        return 0
    try:
        made = make_knowledge_folder(config)
    except ConfigError as err:
        return fail(str(err))
    if made:
        print(f"Made the knowledge folder {made}: drop files in")  # noqa: T201 (as above)
    asyncio.run(_run(config))
    return 0


async def _run(config: Config) -> None:
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    supervisor = Supervisor(config, console.print)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.stop)
    if not console.is_terminal:
        await supervisor.run()
        return
    with Live(console=console, get_renderable=lambda: render(supervisor.watched), refresh_per_second=_REFRESH_RATE):
        await supervisor.run()
