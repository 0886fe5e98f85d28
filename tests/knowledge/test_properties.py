"""What holds for any text at all."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.models import Document, Section
from knowledge.reading import chunking
from knowledge.text import analyzer

LETTERS = st.sampled_from(f"{string.ascii_letters}абвгдеёжзийклмнопрстуфхцчшщъыьэюя阀门在地下室里")
PIECES = st.one_of(
    LETTERS, st.sampled_from([" ", "\n", "\n\n", ". ", "! ", "。", "? ", "1.5", "-", "«", "»", "\t", "_"])
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=800).map("".join))
quickly = settings(max_examples=30, deadline=None, derandomize=True)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@quickly
@given(TEXTS)
def test_no_piece_is_longer_than_a_passage(text: str) -> None:
    most = max(chunking.PASSAGE_CHARACTERS.values())
    assert all(0 < len(piece) <= most + 1 for piece in chunking.pack(text) if piece)


@quickly
@given(TEXTS)
def test_every_letter_of_a_text_is_in_its_pieces_in_order(text: str) -> None:
    pieces = chunking.pack(text)
    rest = letters(text)
    for piece in pieces:
        own = letters(piece)
        # A piece may begin with the last sentence of the one before.
        new = next(own[start:] for start in range(len(own) + 1) if rest.startswith(own[start:]))
        rest = rest[len(new) :]
    assert rest == ""


@quickly
@given(TEXTS)
def test_terms_are_single_words_that_stay_what_they_are(text: str) -> None:
    for terms in (analyzer.terms(text), analyzer.question_terms(text), analyzer.grams(text)):
        assert all(term and not any(map(str.isspace, term)) for term in terms)
    assert analyzer.terms(text) == analyzer.terms(text.replace("ё", "е").replace("Ё", "Е"))


@quickly
@given(TEXTS)
def test_a_question_in_the_words_of_a_text_finds_only_its_terms(text: str) -> None:
    assert set(analyzer.question_terms(text)) <= set(analyzer.terms(text)) or any(
        analyzer.is_chinese(term) for term in analyzer.question_terms(text)
    )


@quickly
@given(TEXTS, TEXTS)
def test_passages_carry_the_terms_of_their_heading(heading: str, text: str) -> None:
    document = Document("", (Section(text, (heading,)),))
    for passage in chunking.passages(document, "title"):
        assert set(analyzer.terms(heading)) <= set(passage.search_text.split())
