import pytest

from knowledge.language import detect, question_language
from knowledge.models import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Где перекрыть воду?", Language.RUSSIAN),
        ("Where is the valve?", Language.ENGLISH),
        ("阀门在哪里？", Language.CHINESE),
        ("Пароль от WiFi", Language.RUSSIAN),
        ("WiFi密码是什么", Language.CHINESE),
        ("2026", Language.ENGLISH),
        ("", Language.ENGLISH),
    ],
)
def test_the_script_tells_the_language(text: str, language: Language) -> None:
    assert detect(text) is language


@pytest.mark.parametrize(
    ("question", "hint", "language"),
    [
        ("пароль Lighthouse Guest Network", "ru", Language.RUSSIAN),
        ("пароль Lighthouse Guest Network", None, Language.ENGLISH),
        ("Где кран?", "en", Language.RUSSIAN),
        ("where is the tap", "ru-RU", Language.ENGLISH),
        ("阀门在哪里", "zh_CN", Language.CHINESE),
        ("Wo ist der Hahn", "de", Language.ENGLISH),
        ("Где кран?", "", Language.RUSSIAN),
    ],
)
def test_the_hint_decides_only_for_its_own_script(question: str, hint: str | None, language: Language) -> None:
    assert question_language(question, hint) is language
