"""What the assistant itself says, in the languages of the house."""

from dataclasses import dataclass

FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    """Sentences in one language, ready to be spoken."""

    knowledge_unreachable: str
    knowledge_denied: str
    knowledge_failed: str
    answer_interrupted: str
    """Follows a broken-off answer; an answer from the documents comes next."""
    sources_title: str


_TEXTS = {
    "en": Texts(
        knowledge_unreachable="I cannot reach your documents right now, so I cannot answer questions. "
        "I can still control the house.",
        knowledge_denied="I am not allowed to open your documents. "
        "Please enter a new access token in the settings of Voice RAG.",
        knowledge_failed="Something went wrong while I was looking in your documents. Please ask me again later.",
        answer_interrupted="My answer broke off, so I am looking in your documents instead.",
        sources_title="Sources",
    ),
    "ru": Texts(
        knowledge_unreachable="Сейчас у меня нет связи с вашими документами, поэтому ответить на вопрос не получится. "
        "Управлять домом я по-прежнему могу.",
        knowledge_denied="У меня нет доступа к вашим документам. Укажите новый ключ доступа в настройках Voice RAG.",
        knowledge_failed="Не получилось найти ответ в ваших документах. Спросите, пожалуйста, чуть позже.",
        answer_interrupted="Ответ оборвался, поэтому отвечаю прямо по документам.",
        sources_title="Источники",
    ),
    "zh": Texts(
        knowledge_unreachable="我现在连接不上您的文档，无法回答问题，但仍然可以控制家里的设备。",
        knowledge_denied="我没有权限打开您的文档，请在 Voice RAG 的设置中填写新的访问令牌。",
        knowledge_failed="查找您的文档时出了问题，请稍后再问我一次。",
        answer_interrupted="刚才的回答中断了，我直接从您的文档中查找。",
        sources_title="来源",
    ),
}


def get_texts(language: str) -> Texts:
    """Return the sentences of a language ("ru" and "ru-RU" alike); English for one we do not speak."""
    return _TEXTS.get(base_language(language), _TEXTS[FALLBACK_LANGUAGE])


def base_language(language: str) -> str:
    """Return the language without its region: "zh" for "zh-Hans" and "zh_CN"."""
    return language.replace("_", "-").partition("-")[0].lower()


def is_meaningful(text: str) -> bool:
    """Tell whether somebody said something: not silence, not only a hesitation."""
    words = "".join(char if char.isalnum() else " " for char in text.casefold()).split()
    return any(word not in _HESITATIONS for word in words)


_HESITATIONS = frozenset({"ah", "eh", "er", "hm", "hmm", "mm", "uh", "um", "а", "м", "мм", "э", "эм", "ээ", "呃", "嗯"})
