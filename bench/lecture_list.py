"""A term's worth of lectures: how long their list, one of them, and questions about them take.

    python -m bench.lecture_list --lectures 200 --hours 3

The lectures are rows of made-up words, as long and as many as those of real ones; each has a dozen chapters, a summary
and twenty terms. They are asked as people and Home Assistant do, through the service's own object in this process.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from knowledge.base import KnowledgeBase
from knowledge.files.folder import file_state
from knowledge.lectures.entry import Found
from knowledge.lectures.files import date_of, title_of
from knowledge.lectures.models import Chapter, Content, LectureState, Maker, Paragraph, Segment, Summary, Term
from knowledge.lectures.store import LectureStore
from knowledge.models import Language
from knowledge.search.retrieval import Query
from knowledge.service import lecture_payloads as payloads
from knowledge.service.wire import json_response
from knowledge.settings import IngestSettings, KnowledgeSettings

CALLS = 40
SENTENCE_SECONDS = 5.0
SENTENCE_WORDS = 9
CHAPTERS = 12
PARAGRAPH_SENTENCES = 8
TERMS = 20
WORDS = 30_000
"""As many different ones as a year of lectures has; a few of them are most of what is said."""
LAST_DAY = date(2026, 11, 20)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lectures", type=int, default=200, help="how many (%(default)s)")
    parser.add_argument("--hours", type=float, default=3.0, help="how long each is (%(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lectures-") as name:
        settings = KnowledgeSettings(Path(name) / "knowledge", Path(name) / "data", IngestSettings(settle_seconds=0.0))
        _fill(settings, options.lectures, round(options.hours * 3600 / SENTENCE_SECONDS))
        with KnowledgeBase(settings) as base:
            begun = time.perf_counter()
            base.scan()
            passages = sum(record.passages for record in base.documents())
            print(f"{options.lectures} lectures of {options.hours:g} h, {passages} passages, ", end="")
            print(f"indexed in {time.perf_counter() - begun:.0f} s\n\n| | median | 95 % |\n|---|---|---|", flush=True)
            _measure(base)


def _measure(base: KnowledgeBase) -> None:
    lectures, russian = base.lectures, Language.RUSSIAN
    first = lectures.all()[0]
    asked = {
        "list of all, as JSON": lambda: json_response(payloads.lectures_response(lectures.all(), russian)),
        "version of the list, at each poll": lambda: payloads.lectures_version(lectures.all()),
        "one with its transcript, as JSON": lambda: json_response(
            payloads.whole_lecture_response(lectures, first.id, russian)
        ),
        "«О чём была последняя лекция?»": lambda: base.ask("О чём была последняя лекция?"),
        "«Когда была последняя лекция?»": lambda: base.ask("Когда была последняя лекция?"),
        f"«Когда была лекция про {first.title}?»": lambda: base.ask(f"Когда была лекция про {first.title}?"),
        "«Какие есть лекции?»": lambda: base.ask("Какие есть лекции?"),
        "a term, by the lecture": lambda: base.ask(f"Что такое {_term(first.title)} по лекции?"),
        "a search in all": lambda: base.search(Query(f"{_term(first.title)} {first.title}")),
    }
    for title, ask in asked.items():
        _row(title, ask)


def _row(title: str, ask: Callable[[], object]) -> None:
    ask()
    times = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - begun))
    print(f"| {title} | {statistics.median(times):.0f} ms | {sorted(times)[int(0.95 * CALLS)]:.0f} ms |", flush=True)


def _fill(settings: KnowledgeSettings, count: int, sentences: int) -> None:
    """Write the files, which nobody listens to, and what is known of them."""
    folder = settings.folder / "lectures" / "Физика"
    folder.mkdir(parents=True)
    store = LectureStore(settings.data / "lectures" / "lectures.sqlite")
    chooser = random.Random(1)
    words = [_word(chooser) for _ in range(WORDS)]
    weights = [1 / (rank + 1) for rank in range(WORDS)]
    for number in range(count):
        title = " ".join(_word(chooser) for _ in range(2))
        path = folder / f"{LAST_DAY - timedelta(number)} {title}.mp3"
        path.write_bytes(str(number).encode())
        said = chooser.choices(words, weights, k=sentences * SENTENCE_WORDS)
        _put(store, settings.folder, path, said)
    store.close()


def _put(store: LectureStore, folder: Path, path: Path, words: list[str]) -> None:
    name, state = str(path.relative_to(folder)), file_state(path)
    assert state is not None
    digest = sha256(path.read_bytes()).hexdigest()
    entry = store.put(Found(digest, name, state.mark, title_of(name), date_of(name) or LAST_DAY, has_media=True))
    lines = (words[at : at + SENTENCE_WORDS] for at in range(0, len(words), SENTENCE_WORDS))
    segments = [
        Segment(f"{' '.join(line).capitalize()}.", at * SENTENCE_SECONDS, (at + 1) * SENTENCE_SECONDS)
        for at, line in enumerate(lines)
    ]
    store.replace_transcript(entry.id, segments, "made up", "")
    store.set_language(entry.id, Language.RUSSIAN)
    store.set_state(entry.id, LectureState.WRITING, of=(LectureState.WAITING,), problem=None)
    store.put_content(entry.id, _content(entry.title, segments), store.entry(entry.id).version)


def _content(title: str, segments: list[Segment]) -> Content:
    size = -(-len(segments) // CHAPTERS)
    chapters = []
    for first in range(0, len(segments), size):
        end = min(first + size, len(segments))
        starts = range(first, end, PARAGRAPH_SENTENCES)
        paragraphs = tuple(Paragraph(start, min(start + PARAGRAPH_SENTENCES, end)) for start in starts)
        chapters.append(Chapter(segments[first].text, segments[first].start, segments[end - 1].end, paragraphs))
    explained = segments[:: max(len(segments) // TERMS, 1)][:TERMS]
    terms = [_made(_term(title), explained[0])] + [_made(one.text.split()[0], one) for one in explained[1:]]
    summary = Summary("short", " ".join(one.text for one in explained), Maker.MODEL)
    return Content(tuple(chapters), summary, tuple(terms))


def _made(term: str, place: Segment) -> Term:
    return Term(term, place.text, place.start, place.text, 0.9, is_supported=True, by=Maker.MODEL)


def _term(title: str) -> str:
    return f"{title.split(maxsplit=1)[0]}изация"


def _word(chooser: random.Random) -> str:
    return "".join(chooser.choice("бвгдзклмнпрст") + chooser.choice("аеиоу") for _ in range(chooser.randint(2, 4)))


if __name__ == "__main__":
    main()
