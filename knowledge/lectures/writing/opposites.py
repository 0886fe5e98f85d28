"""Words that turn a sentence into its opposite when they stand for each other: few, and of any subject."""

from __future__ import annotations

from knowledge.text import analyzer

_TABLE = """
минимум минимума минимальный наименьший | максимум максимума максимальный наибольший
минимизации минимизирует | максимизации максимизирует
растёт рост роста увеличивает повышается повышает | падает падение уменьшает снижается снижает снижение
чаще | реже
ускоряет ускорение | замедляет замедление
всегда | никогда
начало начинается начался | конец кончается закончился заканчивается
увеличить | уменьшить
сильный сильнее | слабый слабее
положительный | отрицательный
верхний | нижний
внутренний внутри | внешний снаружи
разрешает разрешено | запрещает запрещено
minimum minimal minimize minimise smallest | maximum maximal maximize maximise largest
increases increase rises rise rising grows grow | decreases decrease falls fall falling shrinks shrink drops
often | seldom rarely
always | never
most | least
begins starts began | ends ended
strong stronger | weak weaker
positive | negative
upper | lower
inside inner | outside outer
allows allowed | forbids forbidden
最大 | 最小
增大 增加 上升 上涨 升高 提高 | 减小 减少 下降 下跌 降低
加快 | 减慢
总是 | 从不
内部 | 外部
"""
_COMPARED = """
больше выше тяжелее | меньше ниже легче
раньше | позже
быстрее | медленнее
more higher heavier | less lower lighter fewer
earlier before | later after
faster | slower
"""


def _side(words: str) -> frozenset[str]:
    """Return the terms; of Chinese the pairs, as single characters are in too many words."""
    terms = (term for word in words.split() for term in analyzer.terms(word))
    return frozenset(term for term in terms if len(term) > 1)


def _pairs(table: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    sides = (line.split("|") for line in table.strip().splitlines())
    return tuple((_side(one), _side(other)) for one, other in sides)


OPPOSITES = _pairs(_TABLE)
"""Terms of the analyzer on either side."""
COMPARISONS = _pairs(_COMPARED)
"""The same of words that say the same again when what they compare changes places."""
