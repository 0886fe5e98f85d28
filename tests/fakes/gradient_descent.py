"""A lecture on gradient descent: what is said in it, and what somebody made of that."""

from tests.fakes.lecture_service import LectureService, chapters_of, silent_recording

GRADIENT = [
    (
        "Что такое градиент",
        [
            [
                "Здравствуйте, сегодня мы поговорим о том, как машина учится на своих ошибках.",
                "Представьте, что вы стоите в тумане на склоне горы и хотите спуститься в долину.",
                "Долины не видно, но ногой вы чувствуете, в какую сторону земля уходит вниз.",
            ],
            [
                "Градиент — это вектор, который показывает, куда функция растёт быстрее всего.",
                "Значит, чтобы спуститься, надо идти ему навстречу, то есть против градиента.",
            ],
        ],
    ),
    (
        "Шаг и скорость обучения",
        [
            [
                "Градиентный спуск — это способ найти минимум функции, шагая против градиента.",
                "Длина шага называется скоростью обучения.",
                "Если шаг слишком велик, мы перепрыгнем долину и окажемся на другом склоне.",
            ],
            [
                "Если он слишком мал, спуск займёт вечность.",
                "Поэтому в начале шагают широко, а под конец мелко.",
            ],
        ],
    ),
    (
        "Овраги и инерция",
        [
            [
                "В оврагах спуск скачет от стены к стене и почти не движется вперёд.",
                "Тогда помогает инерция: мы помним, куда шли раньше, и сворачиваем неохотно.",
                "На этом всё, на следующей неделе разберём обратное распространение ошибки.",
            ],
        ],
    ),
]
SENTENCES = [sentence for _, paragraphs in GRADIENT for paragraph in paragraphs for sentence in paragraph]
SECONDS = 9.0
"""How long each of them takes."""
SUMMARY = """## Коротко

Лекция о том, как **искать минимум** функции. Разобраны *три* вопроса:

1. что показывает градиент (0:27);
2. как выбрать шаг [0:54];
3. чем помогает [инерция](#t=99).

> Идти надо против градиента.

<script>document.title = "broken into"</script> и [чужой сайт](https://example.org/)
"""
GLOSSARY = [
    {
        "term": "градиентный спуск",
        "definition": "способ найти минимум функции, шагая против градиента",
        "start": 45.0,
        "quote": SENTENCES[5],
        "confidence": 0.92,
        "is_supported": True,
        "by": "model",
    },
    {
        "term": "овраг",
        "definition": "область, где функция меняется быстро лишь в одном направлении",
        "start": 90.0,
        "quote": "В оврагах спуск скачет от стены к стене.",
        "confidence": 0.4,
        "is_supported": False,
        "by": "model",
    },
    {
        "term": "инерция",
        "definition": "",
        "start": 99.0,
        "quote": SENTENCES[11],
        "confidence": 0.6,
        "is_supported": True,
        "by": "extract",
    },
]
LECTURE = "lectures/Математика/2026-11-18 Градиентный спуск.wav"


def add_gradient_descent(service: LectureService, *, path: str = LECTURE) -> str:
    """Add it with a recording of its length; return its id."""
    length = SECONDS * len(SENTENCES)
    silent_recording(service.folder / path, length)
    detail = service.add(
        path,
        title="Градиентный спуск",
        duration=length,
        terms=len(GLOSSARY),
        chapters=chapters_of(GRADIENT, SECONDS),
        summary={"template": "short", "text": SUMMARY, "by": "model"},
        glossary=GLOSSARY,
    )
    return str(detail["lecture"]["id"])
