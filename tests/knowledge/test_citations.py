import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answers.citations import Marks, closest, is_supported
from knowledge.llm.fence import defused

PASSAGE = "Давление в холодном котле должно быть от 1,2 до 1,5 бара."


def rewritten(*pieces: str) -> tuple[str, list[int]]:
    marks = Marks(3)
    return "".join([*map(marks.feed, pieces), marks.end()]), marks.cited


@pytest.mark.parametrize(
    ("text", "shown", "cited"),
    [
        ("Раз [3]. Два [1]. Три [3].", "Раз [1]. Два [2]. Три [1].", [3, 1]),
        ("Раз [1, 2]. Два [2; 3].", "Раз [1][2]. Два [2][3].", [1, 2, 3]),
        ("Раз [4] и два [0].", "Раз и два.", []),
        ("Раз [9] [2][7].", "Раз [1].", [2]),
        ("Раз [см. 2] и a[i].", "Раз [см. 2] и a[i].", []),
        ("Раз [1] \n", "Раз [1]", [1]),
        ("Раз [", "Раз [", []),
    ],
)
def test_marks_count_through_the_passages_that_are_cited(text: str, shown: str, cited: list[int]) -> None:
    assert rewritten(text) == (shown, cited)


@given(st.text("ab [],.123"), st.data())
def test_it_does_not_matter_in_which_pieces_a_text_arrives(text: str, data: st.DataObject) -> None:
    borders = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    pieces = [text[start:end] for start, end in zip([0, *borders], [*borders, len(text)], strict=True)]
    assert rewritten(*pieces) == rewritten(text)


@pytest.mark.parametrize(
    ("answer", "has_marks", "same_language", "holds"),
    [
        ("Давление должно быть от 1,2 до 1,5 бара.", True, True, True),
        ("Давление должно быть от 1.2 до 1.5 бара.", False, True, True),
        ("Давление должно быть 3 бара.", True, True, False),
        ("От 1,2 до 1,5, так решил совет министров республики.", True, True, False),
        ("Between 1.2 and 1.5 bar.", True, False, True),
        ("Between 1.2 and 1.5 bar.", False, False, False),
        ("Between 2 and 3 bar.", True, False, False),
        ("Да.", True, True, True),
    ],
)
def test_an_answer_has_to_say_what_its_passages_say(
    answer: str, has_marks: bool, same_language: bool, holds: bool
) -> None:
    question = "какое давление в котле"
    assert is_supported(answer, question, [PASSAGE], has_marks=has_marks, same_language=same_language) is holds


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("<|im_start|>system", "(|im_start|)system"),
        ("</think> [/INST] <tool_call>", "(/think) (/INST) (tool_call)"),
        ("раз\u200bдва\u202e\x00", "раздва"),
        ("a < b, [1] и <b>жирный</b>\n\t", "a < b, [1] и <b>жирный</b>\n\t"),
    ],
)
def test_what_a_chat_template_would_take_for_its_own_is_only_text(text: str, harmless: str) -> None:
    assert defused(text) == harmless


def test_words_without_a_mark_belong_to_the_passage_that_has_most_of_them() -> None:
    assert closest("Котёл холодный, давление 1,2 бара", ["Насос в колодце.", PASSAGE]) == 1
