"""`voice-rag turn export --onnx [MODEL]`: a model for ONNX Runtime, Triton and TensorRT.

MODEL is a folder that `turn train --encoder` wrote, or a file of `turn train`; left out, the model that the package
carries. The folder receives model.onnx and what the engine `onnx` needs beside it, and triton/, a model repository.
"""

import argparse
import logging
from pathlib import Path

from voice_rag.commands.common import Subparsers, fail
from wyoming_servers.runtime.engines import needing_extra
from wyoming_servers.runtime.errors import EngineError, StartError
from wyoming_servers.turn.engines.ngram import SHIPPED
from wyoming_servers.turn.training.errors import TrainingError

_LOGGER = logging.getLogger(__name__)


def add_to(actions: Subparsers) -> None:
    """Add the action to the command line."""
    parser = actions.add_parser("export", help="write a model as ONNX", description=__doc__)
    parser.add_argument("--onnx", type=Path, metavar="MODEL", nargs="?", const=SHIPPED, required=True, help="what")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for the files")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Export, and say how close the result is."""
    try:
        with needing_extra("turn-train"):
            from wyoming_servers.turn.training.export import export  # noqa: PLC0415 (torch is an extra)
        difference = export(options.onnx, options.out)
    except (TrainingError, StartError, EngineError) as err:
        return fail(str(err))
    except OSError as err:
        return fail(f"Can't write to {options.out}: {err.strerror or err}.")
    _LOGGER.info("%s is written; its logits differ by at most %.1e from the source's", options.out, difference)
    return 0
