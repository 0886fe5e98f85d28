"""The names of letters, as a Russian speaker spells a word."""

from wyoming_servers.tts.text.rules import words

CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        words("а бэ вэ гэ дэ е ё жэ зэ и ий ка эл эм эн о пэ эр эс тэ у эф ха цэ че ша ща ер ы ерь э ю я"),
        strict=True,
    )
)
LATIN = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        words("эй би си ди и эф джи эйч ай джей кей эл эм эн оу пи кью ар эс ти ю ви дабл-ю икс уай зет"),
        strict=True,
    )
)
