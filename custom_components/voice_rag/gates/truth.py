"""What the model says it did, held against what was done. Pure.

A sentence of the answer that claims an action is spoken only if a tool of this turn carried it out and the devices
show it. The check works on sentences, so that the rest of an answer is spoken as it comes.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .inventory import Inventory, mentioned_areas, mentioned_devices, mentioned_domains
from .permission import direction_of
from .words import Direction, Mood, directions_named, word_set, words

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")
_ABBREVIATION = re.compile(r"(?:\b\w|\d|т\.\s?е|т\.\s?к|др|пр|гр|св|ул|стр|рис|им|см|Mr|Mrs|Dr|e\.g|i\.e)\.\s+$")

# Past tense, participle, or the present tense of somebody who is at it: "включила", "включён", "включаю".
_RUSSIAN_DONE_ENDING = re.compile(r".*(?:л|ла|ло|ли|ен|ена|ено|ены|ан|ана|ано|аны|т|та|то|ты|ю)$")
_RUSSIAN_BARE = word_set("готово сделано выполнено исполнено включено выключено")
_ENGLISH_DONE = word_set(
    "turned switched opened closed locked unlocked dimmed raised lowered started stopped paused muted unmuted "
    "added removed activated deactivated turning switching opening closing locking unlocking dimming setting "
    "changed increased decreased playing skipped cancelled canceled resumed"
)
_ENGLISH_BARE = frozenset({"done"})
_CHINESE_DONE = re.compile(r"已|(?:打?开|关[闭掉上]?|调[高低暗亮]?|设置?|锁)[好完]?了|完成")
_NEGATIONS = word_set("не нет нельзя неудалось not no cannot can couldn unable failed didn wasn isn never нужно")
_CHINESE_NEGATION = re.compile(r"没|不|无法")
_SPEAKERS = word_set("я мы i we ve have just уже сейчас хорошо конечно ок окей ладно теперь okay ok sure now")

_EXPECTED = {
    ("light", Direction.ON): ("on",),
    ("light", Direction.OFF): ("off",),
    ("switch", Direction.ON): ("on",),
    ("switch", Direction.OFF): ("off",),
    ("fan", Direction.ON): ("on",),
    ("fan", Direction.OFF): ("off",),
    ("input_boolean", Direction.ON): ("on",),
    ("input_boolean", Direction.OFF): ("off",),
    ("media_player", Direction.OFF): ("off", "standby"),
    ("lock", Direction.CLOSE): ("locked", "locking"),
    ("lock", Direction.OPEN): ("unlocked", "unlocking", "open", "opening"),
    ("cover", Direction.OPEN): ("open", "opening"),
    ("cover", Direction.CLOSE): ("closed", "closing"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """What one tool call of this turn did."""

    tool: str
    targets: tuple[str, ...] = ()
    """Entity ids that it reported; empty for a tool without devices."""
    direction: Direction = Direction.OTHER


def expected_states(entity_id: str, tool_name: str) -> tuple[str, ...]:
    """Return the states of which one has to follow; empty where nothing is expected."""
    domain = entity_id.partition(".")[0]
    return _EXPECTED.get((domain, direction_of(tool_name, (domain,))), ())


def is_claim(sentence: str, asked: Mood, inventory: Inventory) -> bool:
    """Tell whether a sentence says that something in the house was done.

    Where nobody asked for an action, only the first person counts: a film's hero may open doors.
    """
    if sentence.rstrip().endswith(("?", "？")):
        return False
    if re.search(r"[\u4e00-\u9fff]", sentence):
        return bool(_CHINESE_DONE.search(sentence)) and not _CHINESE_NEGATION.search(sentence)
    spoken = words(sentence)
    if _NEGATIONS & set(spoken):
        return False
    claims = [index for index, word in enumerate(spoken) if _is_done(word)]
    if not claims:
        return False
    first = claims[0]
    is_own = set(spoken[:first]) <= _SPEAKERS
    if asked is not Mood.REQUEST:
        return is_own and (first > 0 or spoken[first] not in _ENGLISH_DONE)
    about_house = bool(mentioned_domains(sentence) or mentioned_areas(inventory, sentence))
    return about_house or bool(mentioned_devices(inventory, sentence)) or (is_own and len(spoken) - first <= 2)


def is_supported(sentence: str, deeds: Iterable[Deed], inventory: Inventory) -> bool:
    """Tell whether a claim is covered by deeds: the same way, and in every room that it names."""
    done = tuple(deeds)
    if not done:
        return False
    claimed = _claimed_directions(sentence)
    ways = {deed.direction for deed in done}
    if claimed and Direction.OTHER not in ways | claimed and not claimed & ways:
        return False
    targets = {target for deed in done for target in deed.targets}
    if not targets:
        return True
    rooms = {device.area_id for device in inventory.devices if device.entity_id in targets}
    named = {area.area_id for area in mentioned_areas(inventory, sentence)}
    return named <= rooms or bool({device.entity_id for device in mentioned_devices(inventory, sentence)} & targets)


class SentenceGate:
    """Lets the sentences of an answer through as they come; a claim that nothing supports stops it.

    Where an action was asked for, whole sentences are held; elsewhere only one that begins like a claim.
    """

    def __init__(self, asked: Mood, is_false: Callable[[str], bool]) -> None:
        self.false_claim: str | None = None
        """The sentence that was not let through; nothing after it is."""
        self._holds_all = asked is Mood.REQUEST
        self._is_false = is_false
        self._sentence = ""
        self._released = 0
        """Characters of the sentence that were let through already."""

    def feed(self, piece: str) -> str:
        """Return what may be spoken now."""
        self._sentence += piece
        spoken = ""
        while (end := _find_end(self._sentence)) is not None:
            spoken += self._judge(self._sentence[:end])
            self._sentence, self._released = self._sentence[end:], 0
        if self.false_claim is None and not self._holds_all and not _begins_like_claim(self._sentence):
            # The last word may still grow.
            end = self._sentence.rfind(" ") + 1
            spoken += self._sentence[self._released : end]
            self._released = max(end, self._released)
        return spoken

    def finish(self) -> str:
        """Return the rest, at the end of the answer."""
        rest = self._judge(self._sentence) if self.false_claim is None else ""
        self._sentence, self._released = "", 0
        return rest

    def _judge(self, sentence: str) -> str:
        if self.false_claim is None and self._released == 0 and self._is_false(sentence.strip()):
            self.false_claim = sentence.strip()
        return "" if self.false_claim is not None else sentence[self._released :]


def _begins_like_claim(sentence: str) -> bool:
    """Tell whether the words so far may become "I have turned on": the first one that is not a filler decides."""
    if re.search(r"[\u4e00-\u9fff]", sentence):
        return True
    complete = words(sentence[: sentence.rfind(" ") + 1])
    rest = [word for word in complete if word not in _SPEAKERS]
    return not rest or _is_done(rest[0])


def _find_end(text: str) -> int | None:
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[: match.end()]):
            return match.end()
    return None


def _is_done(word: str) -> bool:
    return (
        word in _RUSSIAN_BARE
        or word in _ENGLISH_DONE
        or word in _ENGLISH_BARE
        or bool(directions_named([word]) and _RUSSIAN_DONE_ENDING.match(word))
    )


def _claimed_directions(sentence: str) -> frozenset[Direction]:
    spoken = words(sentence)
    found = set(directions_named(spoken))
    if {"on", "started"} & set(spoken):
        found.add(Direction.ON)
    if {"off", "stopped"} & set(spoken):
        found.add(Direction.OFF)
    if {"opened", "unlocked", "raised"} & set(spoken):
        found.add(Direction.OPEN)
    if {"closed", "locked", "lowered"} & set(spoken):
        found.add(Direction.CLOSE)
    return frozenset(found)
