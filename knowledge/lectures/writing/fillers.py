"""Sounds and words that people think by: «э-э», «ну», "um", "you know". Pure."""

from __future__ import annotations

import re

from knowledge.lectures.writing.quantities import quantities

_SOUNDS = (
    r"(?<![\w-])(?<!\d\s)(?-i:(?![A-ZА-ЯЁ]{2}))(?:э+(?:-э+)+|э{2,}|э+м+|м{2,}|м-м+|хм+|ну\s+(?:что|вот)(?=,)|ну|u[mh]+|erm?|hm+|mm+)(?![\w-])|"
    r"(?<![\w-])э(?=[,.…\s]*(?:[,.…]|$))|[嗯呃]+"
)
"""Neither the millimetres of «5 мм» nor an "ER diagram"."""
_BETWEEN_COMMAS = r"значит|как\s+бы|так\s+сказать|это\s+самое|you\s+know|like|i\s+mean|i\s+guess|sort\s+of|kind\s+of"
_SOUND = re.compile(
    rf"(?P<before>[,，]?\s*)(?:{_SOUNDS})(?:[，,]?\s*(?:{_SOUNDS}))*(?P<after>[，,]?\s*)", re.IGNORECASE
)
_ASIDE = re.compile(
    rf"(?P<before>(?:^|[,，])\s*)(?<![\w-])(?:{_BETWEEN_COMMAS})(?![\w-])(?P<after>\s*[,，]\s*)", re.IGNORECASE
)
_STAMMER = re.compile(r"\b(?:([^\W\d_]+),|([^\W\d_]+(?:\s+[^\W\d_]+){1,2}),?)\s+(?:\1|\2)(?![\w-])", re.IGNORECASE)
_AFTER_COMMA = re.compile(
    r"(?:как|чем|что|чтобы|котор\w+|где|если|потому|а|но|which|but|because|two|three|four|five|six|seven|eight|nine|ten)\b|"
    r"\d",
    re.IGNORECASE,
)
"""What a comma belongs before, filler or not."""
_BEFORE_NO_COMMA = re.compile(r"\b(?:and|or|the|an?|of|to|in|и|в|на|с|по|к)\Z", re.IGNORECASE)
_DOUBLED = re.compile(r"\b(?!that|had|чуть)([^\W\d_]{1,4})\s+\1(?![\w-])", re.IGNORECASE)


def without_fillers(text: str) -> str:
    """Return a sentence as its speaker would write it; one of nothing else stays as it is."""
    plain = _ASIDE.sub(_kept, _SOUND.sub(_kept, text))
    plain = _DOUBLED.sub(_once, _STAMMER.sub(_once, plain)).strip(" ,，")
    if plain == text or not re.search(r"\w", plain):
        return text
    return plain[0].upper() + plain[1:] if text[0].isupper() else plain


def _once(match: re.Match[str]) -> str:
    """Return what was said twice; numbers are, too, where they are meant."""
    return match[0] if quantities(match[0]) else next(filter(None, match.groups()))


def _kept(match: re.Match[str]) -> str:
    """Return what stays between two words where a filler was; a filler between two commas has brought both."""
    rest = match.string[match.end() :]
    if not match.string[: match.start()].strip() or not rest or rest[0] in ".!?…。！？":
        return ""
    if "，" in match[0]:
        return "，"
    is_inside = _BEFORE_NO_COMMA.search(match.string, 0, match.start()) is not None
    if "," in match[0] and not is_inside and (match[0].count(",") == 1 or _AFTER_COMMA.match(rest)):
        return ", "
    return " " if match[0] != match[0].strip() else ""
