"""The names of the Cyrillic letters."""

LETTERS = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "а бэ вэ гэ дэ е ё жэ зэ и ий ка эл эм эн о пэ эр эс тэ у эф ха цэ че ша ща твёрдый-знак ы мягкий-знак э ю я".split(),
        strict=True,
    )
)
