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
    model_away: str
    """The model does not answer, and the documents have nothing to say either."""
    all_away: str
    done: str
    """After a tool, when the model adds nothing."""
    not_done: str
    """Instead of a claim that no tool supports."""
    not_finished: str
    searching: str
    """Said before a tool that takes long."""
    named_source: str
    """Follows an answer that names no source; takes its title."""
    named_lecture: str
    """The same for what was said in a lecture; takes the minute as well, counted from one."""
    named_summary: str
    lecture_ready: str
    lecture_failed: str
    not_understood: str
    """After a request that no command is for, where no model could make anything of it."""
    welcome: str
    stopped: str
    listening: str
    help: str
    nothing_to_repeat: str
    open_what: str
    """What a call that waits for a yes would do; `{names}` are doors, locks or alarms."""
    heard: str
    """In the logbook, after the agent's name."""
    heard_at: str
    ask_confirmation: str
    """`{what}` is what would be done, in the infinitive: "open the garage". Ends as a question: then we listen."""
    ask_pin: str
    confirmation_declined: str
    wrong_pin: str
    too_many_wrong_pins: str


_TEXTS = {
    "en": Texts(
        knowledge_unreachable="I cannot reach your documents right now, so I cannot answer questions. "
        "I can still control the house.",
        knowledge_denied="I am not allowed to open your documents. "
        "Please enter a new access token in the settings of Voice RAG.",
        knowledge_failed="Something went wrong while I was looking in your documents. Please ask me again later.",
        answer_interrupted="My answer broke off, so I am looking in your documents instead.",
        sources_title="Sources",
        model_away="The language model is not answering right now, so this has to wait. I can still control the house.",
        all_away="I can reach neither the language model nor your documents right now. I can still control the house.",
        done="Done.",
        not_done="I have not done that: no device confirmed it.",
        not_finished="I could not bring this to an end.",
        searching="One moment, I am looking. ",
        named_source="That is from {title}.",
        named_lecture="That is from the lecture {title}, minute {minute}.",
        named_summary="That is from the summary of the lecture {title}.",
        lecture_ready="The lecture {title} is ready: you can read it and ask about it.",
        lecture_failed="The lecture {title} could not be transcribed. {problem}",
        not_understood="I did not understand that.",
        welcome="You are welcome.",
        stopped="All right.",
        listening="Yes, I am listening.",
        help="I control the house and answer from your documents. Ask me, for example, where the light is on.",
        nothing_to_repeat="There is nothing to repeat.",
        open_what="Open or disarm {names}",
        heard="was spoken to",
        heard_at="was spoken to at {place}",
        ask_confirmation="{what}: yes or no?",
        ask_pin="What is the code to {what}?",
        confirmation_declined="All right, nothing was changed.",
        wrong_pin="That is not the code. Please try again.",
        too_many_wrong_pins="The code was wrong too often. Please wait a few minutes, or use the app.",
    ),
    "ru": Texts(
        knowledge_unreachable="Сейчас у меня нет связи с вашими документами, поэтому ответить на вопрос не получится. "
        "Управлять домом я по-прежнему могу.",
        knowledge_denied="У меня нет доступа к вашим документам. Укажите новый ключ доступа в настройках Voice RAG.",
        knowledge_failed="Не получилось найти ответ в ваших документах. Спросите, пожалуйста, чуть позже.",
        answer_interrupted="Ответ оборвался, поэтому отвечаю прямо по документам.",
        sources_title="Источники",
        model_away="Языковая модель сейчас не отвечает, с этим придётся подождать. Управлять домом я по-прежнему могу.",
        all_away="Сейчас нет связи ни с языковой моделью, ни с вашими документами. Управлять домом я по-прежнему могу.",
        done="Готово.",
        not_done="Это не сделано: ни одно устройство этого не подтвердило.",
        not_finished="Довести это до конца не получилось.",
        searching="Секунду, ищу. ",
        named_source="Это из источника «{title}».",
        named_lecture="Это из лекции «{title}», на {minute}-й минуте.",
        named_summary="Это из конспекта лекции «{title}».",
        lecture_ready="Лекция «{title}» готова: её можно читать и спрашивать о ней.",
        lecture_failed="Лекцию «{title}» не удалось расшифровать. {problem}",
        not_understood="Этого я не понимаю.",
        welcome="Пожалуйста.",
        stopped="Хорошо.",
        listening="Да, слушаю.",
        help="Я управляю домом и отвечаю по вашим документам. Спросите, например, где горит свет.",
        nothing_to_repeat="Повторять пока нечего.",
        open_what="Открыть или снять с охраны: {names}",
        heard="слышит просьбу",
        heard_at="слышит просьбу ({place})",
        ask_confirmation="{what} — точно?",
        ask_pin="Какой код, чтобы {what}?",
        confirmation_declined="Хорошо, ничего не меняю.",
        wrong_pin="Код неверный. Попробуйте ещё раз.",
        too_many_wrong_pins="Код несколько раз назван неверно. "
        "Подождите несколько минут или сделайте это в приложении.",
    ),
    "zh": Texts(
        knowledge_unreachable="我现在连接不上您的文档，无法回答问题，但仍然可以控制家里的设备。",
        knowledge_denied="我没有权限打开您的文档，请在 Voice RAG 的设置中填写新的访问令牌。",
        knowledge_failed="查找您的文档时出了问题，请稍后再问我一次。",
        answer_interrupted="刚才的回答中断了，我直接从您的文档中查找。",
        sources_title="来源",
        model_away="语言模型现在没有回应，这个问题请稍后再问，但我仍然可以控制家里的设备。",
        all_away="现在语言模型和您的文档都连接不上，但我仍然可以控制家里的设备。",
        done="好了。",
        not_done="这件事没有完成：没有设备确认。",
        not_finished="这件事没能做完。",
        searching="稍等，我查一下。",
        named_source="这来自《{title}》。",
        named_lecture="这出自讲座《{title}》第{minute}分钟。",
        named_summary="这出自讲座《{title}》的摘要。",
        lecture_ready="讲座《{title}》已准备好，可以阅读，也可以提问。",
        lecture_failed="讲座《{title}》未能转成文字。{problem}",
        not_understood="我没听懂。",
        welcome="不客气。",
        stopped="好的。",
        listening="我在听。",
        help="我可以控制家里的设备，也能根据您的文档回答问题。",
        nothing_to_repeat="还没有可以重复的内容。",
        open_what="打开或解除{names}",
        heard="听到了请求",
        heard_at="听到了请求（{place}）",
        ask_confirmation="确定要{what}吗？",
        ask_pin="要{what}，密码是多少？",
        confirmation_declined="好的，什么都没有改变。",
        wrong_pin="密码不对，请再说一次。",
        too_many_wrong_pins="密码错误次数太多，请等几分钟，或在应用里操作。",
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
