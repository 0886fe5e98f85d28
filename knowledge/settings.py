"""Everything that can be chosen, with its default written once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_PORT = 10310


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How files become passages."""

    settle_seconds: float = 1.0
    """A file that changed more recently than this may still be being copied."""
    rescan_seconds: float = 600.0
    """Every so often the whole folder is compared, whatever the watcher said."""
    poll_seconds: float = 10.0
    """The same where the folder cannot be watched, as on a network share."""
    parse_seconds: float = 120.0
    """A file that takes longer to read is given up."""
    parse_memory_bytes: int = 2 << 30
    ocr_seconds: float = 300.0
    """How much longer the scanned pages of a PDF may take, where Tesseract is installed; 0 leaves them."""
    max_file_bytes: int = 200 << 20
    max_list_bytes: int = 2 << 30
    """The same for IMDb's files, which are read line by line."""


@dataclass(frozen=True, slots=True)
class EmbedderSettings:
    """What turns text into vectors."""

    engine: str
    """A module of knowledge/embedders: "ollama", "openai", "onnx" or "sentence_transformers"."""
    model: str
    """The server's name of it, or a folder."""
    url: str = ""
    """Empty for the engine's own default."""
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RerankerSettings:
    """What reads question and passage together."""

    engine: str
    """A module of knowledge/rerankers: "rerank_api", "cross_encoder" or "onnx"."""
    model: str = ""
    url: str = ""
    token: str | None = field(default=None, repr=False)
    seconds: float = 0.8
    """What comes later is dropped."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The language model that writes answers, at an Ollama server."""

    url: str = "http://127.0.0.1:11434"
    model: str = "t-tech/T-lite-it-2.1:q4_K_M"
    context_tokens: int = 12288
    """Always sent: Ollama's own default is small and cuts silently. The same as Home Assistant's agent asks for: for
    another length the server would load the model anew."""
    first_seconds: float = 10.0
    """To the first word; afterwards between two of them."""
    answer_seconds: float = 30.0
    """For the whole answer; sentences are quoted from the documents instead when it takes longer."""
    rephrase_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class LectureSettings:
    """How recordings become lectures."""

    max_file_bytes: int = 16 << 30
    """Of a recording; it is never read as a whole."""
    language: str = ""
    """What is spoken, as "ru"; empty to hear it from the first minutes."""
    template: str = "short"
    """Of the summary that a lecture gets by itself."""
    templates: Path | None = None
    """A folder with templates of one's own."""
    quiet_seconds: float = 60.0
    """After a person's question, before the model is asked about lectures again."""


@dataclass(frozen=True, slots=True)
class KnowledgeSettings:
    """Where knowledge lives."""

    folder: Path
    """The household's own files; only read."""
    data: Path
    """The catalogue and the index, which can be rebuilt, and in `lectures` what cannot: transcripts and corrections."""
    ingest: IngestSettings = field(default_factory=IngestSettings)
    lectures: LectureSettings = field(default_factory=LectureSettings)
    embedder: EmbedderSettings | None = None
    """None to search by words alone."""
    reranker: RerankerSettings | None = None
    model: ModelSettings | None = None
    """None to answer in sentences quoted from the documents."""
    lancedb_uri: str = ""
    """Where the full-text index is, if not in `data`: a folder, `s3://bucket/path`, `db://name` of a LanceDB server."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """How the service is reached."""

    knowledge: KnowledgeSettings
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    """0 takes any free port."""
    token: str | None = None
    """None: none on a loopback address; on any other one is generated and kept in the data folder."""
    trusts_ingress: bool = False
    """Let in without a token who comes through Home Assistant, which has asked for a password already."""
    query_seconds: float = 5.0
    answer_seconds: float = 90.0
    """For an answer that is streamed while a model writes it."""
    announce: bool = True
    """Tell the local network by zeroconf where the service is; only done on a real address."""
