"""Turns of a conversation as people take them: thanks, a stop, a sentence that goes on. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from homeassistant.components.conversation import AssistantContent, Content, ToolResultContent, UserContent

from ..gates.words import word_set, words

_OPEN_ENDINGS = word_set(
    "в во на за из под над к ко с со у от до о об по при про для без через между и а но или что чтобы "
    "если когда который очень the a an in at of for with from and or but into if that because my"
)
_OPEN_CHINESE = re.compile(r"(?:把|在|和|跟|给|或者|如果|因为|，)$")


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split(","))


_THANKS = _phrases("спасибо, благодарю, спасибочки, thanks, thank you, 谢谢, 多谢")
_STOPS = _phrases(
    "стоп, хватит, замолчи, тихо, отбой, отмена, ничего, не надо, нет спасибо, no thanks, no thank you, stop, "
    "enough, cancel, never mind, 停, 停止, 取消, 算了"
)
_GREETINGS = _phrases(
    "привет, здравствуй, здравствуйте, доброе утро, добрый день, добрый вечер, спокойной ночи, доброй ночи, "
    "до свидания, пока, hello, hi, good morning, good evening, good night, goodbye, bye, 你好, 早上好, 晚上好, 晚安, "
    "再见"
)
_CALLS = _phrases(
    "алло, ты тут, ты здесь, ты слышишь, ты меня слышишь, слышишь меня, are you there, can you hear me, 在吗, 听得到吗"
)
_HELP = _phrases(
    "кто ты, кто ты такой, кто ты такая, как тебя зовут, что ты умеешь, что ты можешь, что ты знаешь, помоги, помощь, "
    "who are you, what can you do, help, help me, 你是谁, 你会什么, 你能做什么, 帮助"
)
_REPEATS = _phrases(
    "повтори, повторите, еще раз, повтори еще раз, скажи еще раз, что ты сказал, что ты сказала, не расслышал, "
    "не расслышала, я не расслышал, я не расслышала, repeat, repeat that, say that again, what did you say, 再说一遍, "
    "请再说一遍, 你说什么"
)
_POLITE = word_set(
    "большое огромное тебе вам ладно всё все ок хорошо пока ну пожалуйста very much so okay ok well bye please 你 您"
)
_YES = word_set("да ага угу конечно давай хорошо ок yes yeah yep sure ok okay please 是 好 对 好的 行 可以")
_ASKS = re.compile(
    r"(?:[?？]"
    r"|\b(?:уточните|уточни|скажите|скажи|назовите|назови|выберите|выбери|подскажите|повторите|повтори)\b[^.!?]*[.…]?"
    r"|\b(?:tell me which|please specify|let me know which)\b[^.!?]*[.…]?)\s*$",
    re.IGNORECASE,
)


class Courtesy(StrEnum):
    """What is said between people and needs no answer from the model."""

    THANKS = "thanks"
    STOP = "stop"
    GREETING = "greeting"
    """Also a farewell; it is returned in its own words."""
    CALL = "call"
    """Asks whether anybody listens."""
    HELP = "help"
    """Asks who is there and what for."""
    REPEAT = "repeat"
    """Asks for the last answer once more."""


@dataclass(slots=True)
class Round:
    """What a person said, and what followed."""

    text: str
    steps: list[AssistantContent | ToolResultContent] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        """Whether something was said in reply."""
        return any(isinstance(step, AssistantContent) and step.content for step in self.steps)

    @property
    def is_unfinished(self) -> bool:
        """Whether the sentence broke off, and we kept silent to hear the rest."""
        return is_unfinished(self.text) and not self.is_answered

    @property
    def answer(self) -> str:
        """The last thing that was said in reply; empty for none."""
        said = [step.content for step in self.steps if isinstance(step, AssistantContent) and step.content]
        return said[-1] if said else ""


def last_text(contents: Sequence[Content]) -> str:
    """Return what a person says now, with the unfinished sentence that it goes on; empty where nobody speaks."""
    rounds = read_rounds(contents)
    return rounds[-1].text if rounds else ""


def read_rounds(contents: Iterable[Content]) -> list[Round]:
    """Return the rounds of a chat log, oldest first; the last one is the one that is being answered."""
    rounds: list[Round] = []
    for content in contents:
        if isinstance(content, UserContent):
            rounds.append(Round(content.content))
        elif rounds and isinstance(content, AssistantContent | ToolResultContent):
            rounds[-1].steps.append(content)
    return join_rounds(rounds)


def join_rounds(rounds: Sequence[Round]) -> list[Round]:
    """Return the rounds with each unfinished sentence put before the one that went on."""
    joined: list[Round] = []
    for one in rounds:
        if joined and joined[-1].is_unfinished:
            joined.append(Round(join(joined.pop().text, one.text), one.steps))
        else:
            joined.append(one)
    return joined


def join(begun: str, rest: str) -> str:
    """Return one sentence made of its two halves."""
    head = begun.rstrip(" .…,")
    tail = rest.strip()
    return f"{head} {tail[:1].lower()}{tail[1:]}" if tail else head


def is_unfinished(text: str) -> bool:
    """Tell whether a sentence cannot end here: "включи свет в…"."""
    bare = text.strip()
    if bare.endswith(("?", "!", "？", "！", "。")):
        return False
    if _OPEN_CHINESE.search(bare.rstrip("…. ")):
        return True
    spoken = words(bare)
    return len(spoken) > 1 and spoken[-1] in _OPEN_ENDINGS


def find_courtesy(text: str) -> Courtesy | None:
    """Return what a sentence is that says nothing else."""
    spoken = words(text)
    for kept in (spoken, [word for word in spoken if word not in _POLITE]):
        phrases = {" ".join(kept), "".join(kept)}
        for courtesy, known in _COURTESIES.items():
            if not phrases.isdisjoint(known):
                return courtesy
    return None


_COURTESIES = {
    Courtesy.THANKS: _THANKS,
    Courtesy.STOP: _STOPS,
    Courtesy.GREETING: _GREETINGS,
    Courtesy.CALL: _CALLS,
    Courtesy.HELP: _HELP,
    Courtesy.REPEAT: _REPEATS,
}


def last_answer(contents: Iterable[Content]) -> str:
    """Return the last thing that was said to somebody, before what is said now; empty for none."""
    answers = [one.answer for one in read_rounds(contents)[:-1] if one.answer]
    return answers[-1] if answers else ""


def agrees(text: str) -> bool:
    """Tell whether a short sentence takes an offer up; what opens the house asks for more than that."""
    spoken = words(text)
    return 0 < len(spoken) <= 4 and (spoken[0] in _YES or "".join(spoken) in _YES)


def asks_back(answer: str) -> bool:
    """Tell whether an answer ends with a question, or with the wish to hear more."""
    return bool(_ASKS.search(answer.strip()))
