"""What training leaves beside the model: metrics as JSON, curves as PNG, a run in MLflow where that is installed."""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .config import TrainingConfig
from .evaluate import Table
from .progress import History

_LOGGER = logging.getLogger(__name__)
logging.getLogger("matplotlib").setLevel(logging.WARNING)  # it tells of each font

METRICS = "metrics.json"
CURVES = "curves.png"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a training."""

    config: TrainingConfig
    history: History
    table: Table
    files: tuple[Path, ...]
    """The model's."""

    dialogues: Mapping[str, int]
    """How many were for training and how many were held out."""


def write_report(report: Report, folder: Path) -> None:
    """Write metrics and curves into the folder, and log the run."""
    metrics = {
        "config": asdict(report.config),
        "dialogues": dict(report.dialogues),
        "loss": report.history.losses,
        "auc": report.history.aucs,
        "held_out": report.table,
    }
    text = json.dumps(_without_nan(metrics), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / METRICS).write_text(text + "\n", encoding="utf-8")
    _draw(report.history, folder / CURVES)
    if find_spec("mlflow"):
        _log_run(report, folder)


def _without_nan(value: Any) -> Any:
    """Return the value with None for each NaN, which JSON doesn't have."""
    if isinstance(value, Mapping):
        return {key: _without_nan(one) for key, one in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


def _draw(history: History, path: Path) -> None:
    if not find_spec("matplotlib"):
        _LOGGER.warning("No curves: matplotlib is missing. Install voice-rag[turn-train]")
        return
    from matplotlib.figure import Figure  # noqa: PLC0415 (an extra)

    figure = Figure(figsize=(9, 3.5), layout="constrained")
    loss, auc = figure.subplots(1, 2)
    loss.plot(list(history.losses), list(history.losses.values()))
    loss.set(xlabel="step", title="Loss")
    for name in sorted({name for aucs in history.aucs.values() for name in aucs}):
        points = {step: aucs[name] for step, aucs in history.aucs.items() if name in aucs}
        auc.plot(list(points), list(points.values()), marker=".", label=name)
    auc.set(xlabel="step", title="AUC on held-out dialogues")
    if history.aucs:
        auc.legend()
    figure.savefig(path, dpi=100)


def _log_run(report: Report, folder: Path) -> None:
    import mlflow  # noqa: PLC0415 (optional)

    mlflow.set_experiment("turn")
    with mlflow.start_run():
        tables = asdict(report.config)
        mlflow.log_params({f"{name}.{key}": value for name, table in tables.items() for key, value in table.items()})
        for step, loss in report.history.losses.items():
            mlflow.log_metric("loss", loss, step=step)
        for step, aucs in report.history.aucs.items():
            mlflow.log_metrics({f"auc_{name}": auc for name, auc in aucs.items()}, step=step)
        for part, metrics in report.table.items():
            name = part.replace(" ", "_")
            known = {metric: value for metric, value in metrics.items() if not math.isnan(value)}
            mlflow.log_metrics({f"{name}.{metric}": value for metric, value in known.items()})
        for file in (*report.files, folder / METRICS, folder / CURVES):
            if file.exists():
                mlflow.log_artifact(str(file))
