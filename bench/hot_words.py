"""What hot words do to a CTC recogniser's errors: its plain decoding and ours beside each other, on the same frames.

    python -m bench.hot_words

No voice and no acoustic model: each letter becomes a frame of probabilities as GigaAM's CTC gives them, one peak and a
blank. A slurred letter shares its frame with a letter that sounds like it, and which of the two is ahead is chance. So
this measures the search alone; a real model errs in other ways.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import process_time

import numpy as np

from wyoming_servers.stt.beam_search import Floats, Tokens, search_ctc
from wyoming_servers.stt.hot_words import HotWords, words_of

NAMES = (
    "соляная лампа", "торшер", "люстра в спальне", "бра", "ночник", "гирлянда", "вытяжка", "увлажнитель", "бойлер",
    "термостат", "кондиционер", "жалюзи", "шторы", "ворота", "розетка у дивана", "кофемашина", "посудомойка", "пылесос",
    "кухня", "спальня", "гостиная", "детская", "прихожая", "веранда", "котельная", "гараж", "кабинет", "мансарда",
    "бар", "кот", "балкон",
)  # fmt: skip
WITH_NAMES = (
    "включи соляную лампу", "выключи люстру в спальне", "погаси торшер в гостиной", "включи гирлянду на веранде",
    "закрой жалюзи в кабинете", "открой шторы в детской", "сколько градусов в котельной", "выключи вытяжку на кухне",
    "включи увлажнитель в детской", "поставь термостат на двадцать два", "открой ворота гаража", "выключи бойлер",
    "включи розетку у дивана", "запусти пылесос в прихожей", "включи кофемашину", "посудомойка закончила",
)  # fmt: skip
WITHOUT = (
    "какая завтра погода", "поставь таймер на десять минут", "кто снял этот фильм", "расскажи про давление в системе",
    "сколько сейчас времени", "где лежит инструкция", "спасибо больше ничего не надо", "как промыть фильтр",
    "когда вывозят мусор", "напомни позвонить маме", "что показывают вечером", "сделай музыку потише",
)  # fmt: skip
NEARLY = (
    "введи код от двери", "из чайника идет пар", "какой код у сигнализации", "пар в сауне готов", "где бал сегодня",
    "код подъезда изменили", "кто изобрел пар", "палкой не трогай",
)  # fmt: skip
"""Each with a word that is one letter from a name."""

ALIKE = ("оа", "еи", "уо", "яе", "бп", "дт", "гк", "вф", "жш", "зс", "мн", "лр", "чщ", "ыи", "цс", "юу", "йи", "хк")
LETTERS = (" ", *"абвгдежзийклмнопрстуфхцчшщъыьэюя", "")
TOKENS = Tokens(LETTERS, blank=len(LETTERS) - 1)
SECONDS_A_FRAME = 0.04
ROUNDS = 40


@dataclass
class Count:
    """Words."""

    all: int = 0
    plain: int = 0
    """Right without hot words."""

    hot: int = 0

    def row(self, name: str) -> str:
        """Return the shares that are wrong, and their ratio."""
        plain, hot = (1 - right / self.all for right in (self.plain, self.hot))
        return f"| {name} | {plain:.1%} | {hot:.1%} | {hot / plain:.2f} |"


def main() -> None:
    """Print the tables."""
    hot_words = HotWords(NAMES)
    print("| letters slurred | words | wrong, plain | wrong, hot words | ratio |\n|---|---|---|---|---|")
    seconds = taken = 0.0
    for slurred in (0.05, 0.1, 0.2):
        counts = {kind: Count() for kind in ("names", "beside names", "no names", "nearly names")}
        for sentence, frames in _heard(slurred):
            began = process_time()
            hot = _text(search_ctc(frames, TOKENS, hot_words).tokens)
            taken += process_time() - began
            seconds += len(frames) * SECONDS_A_FRAME
            plain = _greedy(frames)
            chosen = hot if hot_words.found(hot) - hot_words.found(plain) else plain  # as the engine chooses
            for place, word in enumerate(sentence.split()):
                count = counts[_kind(sentence, word, hot_words)]
                count.all += 1
                count.plain += _has(plain, place, word)
                count.hot += _has(chosen, place, word)
        for name, count in counts.items():
            print(f"| {slurred:.0%} {count.row(name)}")
    print(f"\nThe search takes {1000 * taken / seconds:.1f} ms for a second of sound.")


def _kind(sentence: str, word: str, hot_words: HotWords) -> str:
    if sentence in WITHOUT:
        return "no names"
    if sentence in NEARLY:
        return "nearly names"
    return "names" if hot_words.found(word) else "beside names"


def _heard(slurred: float) -> Iterator[tuple[str, Floats]]:
    random = np.random.default_rng(1)
    for _, sentence in itertools.product(range(ROUNDS), (*WITH_NAMES, *WITHOUT, *NEARLY)):
        yield sentence, _frames(sentence, slurred, random)


def _frames(sentence: str, slurred: float, random: np.random.Generator) -> Floats:
    rows = np.full((2 * len(sentence), len(LETTERS)), 1e-4)
    for number, letter in enumerate(sentence):
        row = rows[2 * number]
        rivals = [pair.replace(letter, "") for pair in ALIKE if letter in pair]
        share = random.uniform(0.2, 0.8) if rivals and random.random() < slurred else 0.0
        if share:
            row[LETTERS.index(random.choice(rivals))] = share
        row[LETTERS.index(letter)] = 0.98 - share
        rows[2 * number + 1, TOKENS.blank] = 1.0
    return np.log(rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)


def _greedy(frames: Floats) -> str:
    return _text([token for token, _ in itertools.groupby(frames.argmax(axis=1)) if token != TOKENS.blank])


def _text(tokens: Sequence[int]) -> str:
    return "".join(LETTERS[token] for token in tokens)


def _has(text: str, place: int, word: str) -> bool:
    words = words_of(text)
    return place < len(words) and words[place] == word


if __name__ == "__main__":
    main()
