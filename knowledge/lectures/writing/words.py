"""Words that lectures are held together with, by language; case-folded, ё as е."""

from __future__ import annotations

import re

from knowledge.models import Language


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


TURNS = _any_of(
    r"^(?:итак|ну|так|а|и|хорошо|ладно)?[,\s]*(?:теперь|дальше|далее|переходим|перейд[её]м|перехожу|наконец)\b",
    r"\b(?:следующ\w+|втор\w+|треть\w+|последн\w+|друг\w+)\s+(?:вопрос|тема|пункт|часть|раздел|вещь)\b",
    r"^(?:[\w-]+[,\s]+){0,5}теперь\s+(?:давайте|про|о|об|к)\b",
    r"\b(?:поговорим|обсудим|рассмотрим|разбер[её]м|вернемся|вернёмся|начн[её]м|подвед[её]м|закончим)\b",
    r"^(?:итак|в\s+заключение|подводя\s+итог|отдельно\s+скажу)\b",
    r"^(?:(?:ok|okay|so|and|well|alright|right)[,\s]+)*(?:now|next|finally|let's|let us|moving on|turning)\b",
    r"\b(?:next|second|third|last|another|final)\s+(?:question|topic|part|point|section|thing)\b",
    r"\b(?:let's|let us|we(?:'ll| will)|i(?:'d| would) like to)\s+(?:talk|turn|move|look|discuss|begin|start|finish)",
    r"^(?:to sum up|in conclusion|to conclude)\b",
    r"^(?:(?:好[的了啊吧]?|那么?|现在|行|哈哈|对)[，,\s]*)*(?:接下来|下面|现在|然后我们|最后|首先|其次|我们再)",
    r"第[二三四五六]个(?:问题|部分|方面|话题)|[下最]后?一个(?:问题|部分|话题)|总结一下|转到|换个话题|"
    r"我们(?:来|再)?(?:聊聊|谈谈|说说|讲讲|看看)",
)
"""What a sentence says that begins another topic."""

LEANS = _any_of(
    r"^(?:(?:и|а|но|ну|вот|так|то\s+есть|значит|поэтому|потому|зато|однако|тогда|там|здесь|потом)[\s,]+)*"
    r"(?:это|он[аои]?|эт(?:от|а|и|их|ого|ой|им)|так(?:ой|ая|ое|ие)|его|е[её]|их|поэтому|потому|зато|тогда|там)\b",
    r"^(?:(?:and|but|so|then|because)[\s,]+)*(?:it|they|this|that|these|those|then|there|he|she|its|their|such)\b",
    r"^(?:它|他们|这|那|所以|但是|因此|然后)",
)
"""What begins a sentence that says little without the one before."""

REPLIES = _any_of(
    r"^(?:да|нет|правильно|верно|точно|молодец|понятно|хороший\s+вопрос|кто\s+знает)\b",
    r"^(?:yes|no|yeah|right|exactly|sorry|question|good\s+question|thank you)\b",
    r"^(?:对|不是|不傻|是的|好[啊的]?|啊|哦|哇|天哪|难怪)(?:[，,]|对|好|不)",
)
"""What begins an answer to somebody."""

ORDERS = _any_of(
    r"^(?:(?:так|вот|а|и|ну|теперь)[,\s]+)*[а-яё]{2,}(?:ите|йте|ьте)(?:сь)?\b",
    r"^(?:(?:so|and|now|just|please)[,\s]+)*(?:look|take|think|imagine|try|draw|write|read|open|remember)\b",
    r"^(?:请|大家[看想记])",
)
"""What begins a sentence that tells the hearers to do something."""

GREETINGS = _any_of(
    r"здравствуйте|добр(?:ый|ое)\s+(?:день|утро|вечер)|всем\s+привет|спасибо\s+за\s+внимание|до\s+свидания|меня\s+слышно",
    r"\b(?:good (?:morning|afternoon|evening)|welcome|hello|thank you for|thanks for|goodbye|can you hear me)\b",
    r"大家好|同学们好|谢谢大家|再见|能听到吗",
)
"""Sentences that greet, thank or test the microphone: they say nothing of the topic."""

_RUSSIAN = """
лекция занятие урок тема вопрос пример сегодня время раз дело случай человек образ вещь слово часть ответ вид конец
начало момент сторона место год день минута друг ребята коллега курс глава слайд доска экран книга учебник задача
большой маленький новый старый важный главный простой сложный первый второй третий следующий последний другой разный
самый хороший плохой обычный нужный целый каждый любой подобный данный общий полный весь один два три четыре пять
несколько много мало чуть просто очень именно например конечно значит допустим собственно вообще кстати ладно итак
мочь сказать говорить смотреть видеть знать понимать думать делать быть стать хотеть получать давать брать являться
называть называться такой некоторый число сам свой штука смысл идея вариант результат способ лекция тоже нельзя
"""
_ENGLISH = """
lecture lesson topic question example today time case people person thing things word part answer kind end beginning
moment side place year day minute course chapter slide board screen book problem lot way fact point bit reason idea
big small new old important main simple hard first second third next last other different same good bad usual whole each
one two three four five several really very just also even still let's let look see know think say said go going
make makes take takes give gives get put come comes call called want use used using like need needs mean means happens
actually course maybe something someone everything nothing another around because back before after much many more most
every well now then here there okay right left always never often sometimes instead between without within become
becomes called hello thank thanks good-bye goodbye finally start tell turn once both only however whatever
"""
_CHINESE = """
今天 我们 大家 同学 同学们 这个 那个 什么 怎么 可以 就是 一个 一种 这样 那样
时候 问题 例子 比如 因为 所以 如果 但是 而且 然后 现在 知道 看到 需要
没有 不是 这些 那些 他们 它们 自己 已经 还是 或者 非常 很多 一些 这里 那里 也就是
特别 其实 当然 真的 东西 节目 听众 事情 有点 所有 简单 重要 容易
所谓 叫做 称为 来说 来看 一下 起来 出来 之后 之前
"""

COMMON = {
    Language.RUSSIAN: frozenset(_RUSSIAN.split()),
    Language.ENGLISH: frozenset(_ENGLISH.split()),
    Language.CHINESE: frozenset(_CHINESE.split()),
}
"""Words of any lecture, Russian ones in their normal form: no terms of this one."""

CHINESE_GLUE = frozenset(
    "的了是在我们你他她它这那一不有和就也都要说会可以吗呢吧啊与及或被把从到对为所其之于而且但则更最很太还又再只每个种些里上下中来去着过得地么什怎哪谁几多少第二三四五六七八九十两让使叫称做看用想能大小"
)
"""Characters that no term begins or ends with."""
