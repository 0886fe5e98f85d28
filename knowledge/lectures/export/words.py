"""Headings and marks of the exports, in the language of the lecture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.models import Language

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """What an export says by itself."""

    slides: str
    summary: str
    glossary: str
    transcript: str
    term: str
    definition: str
    place: str
    by_extract: str
    unsupported: str
    unsupported_tag: str
    extract_tag: str


WORDS: Mapping[Language, Words] = {
    Language.RUSSIAN: Words(
        slides="Слайды",
        summary="Конспект",
        glossary="Глоссарий",
        transcript="Расшифровка",
        term="Термин",
        definition="Определение",
        place="Место",
        by_extract="Составлено без языковой модели, из предложений самой лекции.",
        unsupported="в лекции не подтверждено",
        unsupported_tag="не_подтверждено",
        extract_tag="без_модели",
    ),
    Language.ENGLISH: Words(
        slides="Slides",
        summary="Summary",
        glossary="Glossary",
        transcript="Transcript",
        term="Term",
        definition="Definition",
        place="Place",
        by_extract="Made without a language model, of the lecture's own sentences.",
        unsupported="not supported by the lecture",
        unsupported_tag="unsupported",
        extract_tag="without_model",
    ),
    Language.CHINESE: Words(
        slides="幻灯片",
        summary="摘要",
        glossary="术语表",
        transcript="文字记录",
        term="术语",
        definition="定义",
        place="位置",
        by_extract="未使用语言模型，由讲座原句组成。",
        unsupported="讲座内容未能证实",
        unsupported_tag="未证实",
        extract_tag="无模型",
    ),
}
