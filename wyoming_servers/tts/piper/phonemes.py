"""A text as the phonemes that Piper's voices were trained on.

They are eSpeak NG's, letter by letter of the decomposed IPA, with the mark that ended each clause behind it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from wyoming_servers.runtime.espeak import Clause

Clauses = Callable[[str], Sequence[Clause]]
"""Cuts a text into clauses with their phonemes, in the voice's language."""

LONGEST_SENTENCE = 400
"""Phonemes; a longer sentence is cut behind a clause. About half a minute: more would take long before it is heard."""

_PAUSES = {mark: f"{mark} " for mark in ",;:"} | dict.fromkeys("…—–", "; ") | dict.fromkeys("，、；：", "")
"""What stands for a pause. Chinese voices have been trained without; of an ellipsis Piper itself loses the pause."""

_ENDS = {mark: mark for mark in ".!?"} | dict.fromkeys("。！？．", "")
"""What stands for the end of a sentence."""

_OTHER_LANGUAGE = re.compile(r"\([^)]*\)")
"""eSpeak NG's mark for a word that it reads by another language's rules."""

_WORD = re.compile(r"[^\W\d_]")
_PARAGRAPH = re.compile(r"\n\s*\n")
_LAST_MARKS = re.compile(r"[\W_]*\Z")


def sentences(text: str, clauses: Clauses) -> Iterator[str]:
    """Yield the phonemes of each sentence, marks and spaces among them."""
    sentence = ""
    for clause in clauses(text):
        sentence += unicodedata.normalize("NFD", _OTHER_LANGUAGE.sub("", clause.phonemes))
        stop = _stop_of(clause.text)
        sentence += _ENDS.get(stop, _PAUSES.get(stop, " "))
        if _WORD.search(sentence) and (stop in _ENDS or len(sentence) > LONGEST_SENTENCE):
            yield sentence.rstrip()
            sentence = ""
    if _WORD.search(sentence):
        yield sentence.rstrip()


def _stop_of(text: str) -> str:
    """Return the mark that ended the clause: the first of those behind its last word. Empty where there is none."""
    found = _LAST_MARKS.search(text)
    marks = found[0] if found else ""
    paragraph = "." if _PARAGRAPH.search(marks) else ""
    return next((mark for mark in marks if mark in _ENDS or mark in _PAUSES), paragraph)
