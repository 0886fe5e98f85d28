"""Why a file was not taken in, in the language of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.models import Language


class Reason(StrEnum):
    """What is the matter with a file."""

    ARCHIVE = "archive"
    BROKEN = "broken"
    CANNOT_BE_WRITTEN_ABOUT = "cannot_be_written_about"
    CANNOT_OPEN = "cannot_open"
    CANNOT_STORE = "cannot_store"
    COPY_PROTECTED = "copy_protected"
    DUPLICATE = "duplicate"
    EMPTY = "empty"
    ENCODING = "encoding"
    FILM_CSV = "film_csv"
    FILM_JSON = "film_json"
    LINK_OUTSIDE = "link_outside"
    NO_FILMS = "no_films"
    NO_LETTER = "no_letter"
    NO_ROOM = "no_room"
    NO_SEGMENTS = "no_segments"
    NO_SOUND = "no_sound"
    NO_SPEECH = "no_speech"
    NO_TEXT = "no_text"
    NO_TEXT_LAYER = "no_text_layer"
    NO_TRANSCRIBER = "no_transcriber"
    NOT_A_LIST = "not_a_list"
    NOT_SUPPORTED = "not_supported"
    NOT_TEXT = "not_text"
    OCR_FAILED = "ocr_failed"
    OCR_UNFINISHED = "ocr_unfinished"
    PASSWORD = "password"  # noqa: S105
    READER_FAILED = "reader_failed"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MANY_FILMS = "too_many_films"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_SLOW = "too_slow"
    TRANSCRIBER_AWAY = "transcriber_away"
    TRANSCRIBER_FAILED = "transcriber_failed"
    UNPACKS_TO_TOO_MUCH = "unpacks_to_too_much"


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason with what it speaks of."""

    reason: Reason
    detail: str = ""
    """A number, a path or a library's own words, as the reason's sentence needs."""

    def said(self, language: Language = Language.ENGLISH) -> str:
        """Return the sentence for the file's owner: what is the matter, and what to do."""
        return _SENTENCES[self.reason][language].format(self.detail)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.said()


def _in_languages(english: str, russian: str, chinese: str) -> dict[Language, str]:
    return {Language.ENGLISH: english, Language.RUSSIAN: russian, Language.CHINESE: chinese}


_SENTENCES = {
    Reason.ARCHIVE: _in_languages(
        "This is an archive. Unpack it, and put the files themselves into the folder.",
        "Это архив. Распакуйте его и положите в папку сами файлы.",
        "这是压缩包。请解压后把文件放入文件夹。",
    ),
    Reason.BROKEN: _in_languages(
        "The file is damaged or is not what its name says. Open it, save it again, or replace it.",
        "Файл повреждён или его имя не соответствует содержимому. Откройте его, сохраните заново или замените.",
        "文件已损坏，或内容与扩展名不符。请打开后重新保存，或更换文件。",
    ),
    Reason.CANNOT_BE_WRITTEN_ABOUT: _in_languages(
        "The lecture is transcribed, but its summary could not be written: {}. Mend that, then try again.",
        "Лекция расшифрована, но составить конспект не удалось: {}. Исправьте это и попробуйте ещё раз.",
        "讲座已转写，但无法生成摘要：{}。请解决后重试。",
    ),
    Reason.CANNOT_OPEN: _in_languages(
        "The file cannot be opened: {}. Check its permissions.",
        "Файл не открывается: {}. Проверьте права доступа.",
        "无法打开文件：{}。请检查访问权限。",
    ),
    Reason.CANNOT_STORE: _in_languages(
        "The lecture cannot be stored: {}. Check the disk of the data folder; it goes on by itself.",
        "Лекцию не удаётся сохранить: {}. Проверьте диск, где лежит папка данных; дальше всё пойдёт само.",
        "无法保存讲座：{}。请检查数据文件夹所在的磁盘，之后会自动继续。",
    ),
    Reason.COPY_PROTECTED: _in_languages(
        "The book is protected against copying (DRM): its text can't be read.",
        "Книга защищена от копирования (DRM): её текст прочитать нельзя.",
        "这本书有版权保护（DRM），无法读取文字。",
    ),
    Reason.DUPLICATE: _in_languages("The same as {}.", "То же самое, что {}.", "与 {} 内容相同。"),
    Reason.EMPTY: _in_languages("The file is empty.", "Файл пуст.", "文件是空的。"),
    Reason.ENCODING: _in_languages(
        "The text's encoding is not recognised. Save the file as UTF-8.",
        "Кодировка текста не распознана. Сохраните файл в UTF-8.",
        "无法识别文本编码。请另存为 UTF-8。",
    ),
    Reason.FILM_CSV: _in_languages(
        "The CSV cannot be read: {}. Check the quotes.",
        "CSV не читается: {}. Проверьте кавычки.",
        "无法读取 CSV：{}。请检查引号。",
    ),
    Reason.FILM_JSON: _in_languages("The JSON cannot be read: {}.", "JSON не читается: {}.", "无法读取 JSON：{}。"),
    Reason.LINK_OUTSIDE: _in_languages(
        "The link leads out of the knowledge folder. Put the file itself here.",
        "Ссылка ведёт за пределы папки знаний. Положите сюда сам файл.",
        "链接指向知识文件夹之外。请把文件本身放到这里。",
    ),
    Reason.NO_FILMS: _in_languages(
        "No film was found. The table needs a column 'title' (or «название») and a row per film.",
        "Фильмов не найдено. В таблице нужны столбец «название» (или title) и строка на каждый фильм.",
        "没有找到影片。表格需要 title（或“片名”）列，每部影片一行。",
    ),
    Reason.NO_LETTER: _in_languages(
        "This is not a letter as mail programs save it (.eml). Export it again.",
        "Это не письмо, сохранённое почтовой программой (.eml). Сохраните его ещё раз.",
        "这不是邮件程序保存的邮件（.eml）。请重新导出。",
    ),
    Reason.NO_ROOM: _in_languages(
        "The disk of the data folder is full. Free some room: it goes on by itself, and what is done is kept.",
        "На диске, где лежит папка данных, нет места. Освободите его: дальше всё пойдёт само, а готовое сохранено.",
        "数据文件夹所在的磁盘已满。请腾出空间，之后会自动继续，已完成的部分会保留。",
    ),
    Reason.NO_SEGMENTS: _in_languages(
        "The JSON must hold a list of segments, each with start, end and text.",
        "В JSON должен быть список segments, у каждого — start, end и text.",
        "JSON 必须包含 segments 列表，每项要有 start、end 和 text。",
    ),
    Reason.NO_SOUND: _in_languages(
        "The file has no sound that can be read. Save it again in another program.",
        "В файле нет звука, который можно прочитать. Сохраните его заново в другой программе.",
        "文件里没有可以读取的声音。请用其他程序重新保存。",
    ),
    Reason.NO_SPEECH: _in_languages(
        "Nobody speaks in this recording.",
        "В этой записи никто не говорит.",
        "这段录音里没有人说话。",
    ),
    Reason.NO_TEXT: _in_languages("The file has no text in it.", "В файле нет текста.", "文件里没有文字。"),
    Reason.NO_TEXT_LAYER: _in_languages(
        "The PDF has no text layer: it is probably a scan. Run it through OCR and save it again.",
        "В PDF нет текстового слоя: похоже, это скан. Распознайте текст и сохраните файл заново.",
        "PDF 没有文字层，可能是扫描件。请先做文字识别再保存。",
    ),
    Reason.NO_TRANSCRIBER: _in_languages(
        "Recordings need a speech server that writes down what is said, and none is set. Set one, or put a transcript "
        "(.srt, .vtt or .txt) of the same name beside the recording.",
        "Чтобы расшифровать запись, нужен сервер речи, а он не настроен. Настройте его или положите рядом расшифровку "
        "с тем же именем (.srt, .vtt или .txt).",
        "转写录音需要语音服务器，但尚未设置。请设置一个，或在录音旁放一个同名的文字稿（.srt、.vtt 或 .txt）。",
    ),
    Reason.NOT_A_LIST: _in_languages(
        "The JSON must hold a list of films, each with a title.",
        "В JSON должен быть список фильмов, у каждого — название (title).",
        "JSON 必须是影片列表，每部影片都要有 title。",
    ),
    Reason.NOT_SUPPORTED: _in_languages(
        "This format is not supported. Save it as PDF, Word (.docx), EPUB or plain text.",
        "Этот формат не поддерживается. Сохраните файл как PDF, Word (.docx), EPUB или простой текст.",
        "不支持这种格式。请另存为 PDF、Word（.docx）、EPUB 或纯文本。",
    ),
    Reason.NOT_TEXT: _in_languages(
        "This is not a text file, whatever its name says. Save it as plain text.",
        "Это не текст, хотя имя файла говорит обратное. Сохраните его как простой текст.",
        "这不是文本文件，与扩展名不符。请另存为纯文本。",
    ),
    Reason.OCR_FAILED: _in_languages(
        "The PDF is a scan, and its text could not be recognised: {}. Run it through OCR and save it again.",
        "Этот PDF — скан, и распознать его не удалось: {}. Распознайте текст и сохраните файл заново.",
        "PDF 是扫描件，文字识别失败：{}。请先做文字识别再保存。",
    ),
    Reason.OCR_UNFINISHED: _in_languages(
        "Only {} of its scanned pages could be recognised in the time allowed. Split the file.",
        "За отведённое время распознано только страниц: {}. Разделите файл.",
        "在规定时间内只识别了 {} 页扫描件。请拆分文件。",
    ),
    Reason.PASSWORD: _in_languages(
        "The file is protected by a password. Save a copy without the password.",
        "Файл защищён паролем. Сохраните копию без пароля.",
        "文件有密码保护。请保存一份没有密码的副本。",
    ),
    Reason.READER_FAILED: _in_languages(
        "The reader failed on this file; the service's log says why. Save the file again in another format.",
        "Файл не удалось прочитать; причина записана в журнале службы. Сохраните файл в другом формате.",
        "读取这个文件时出错，原因见服务日志。请换一种格式保存。",
    ),
    Reason.TOO_LARGE: _in_languages(
        "The file is larger than {} MB. Split it.", "Файл больше {} МБ. Разделите его.", "文件超过 {} MB。请拆分。"
    ),
    Reason.TOO_LONG: _in_languages(
        "The recording is longer than {} hours. Split it.",
        "Запись длиннее {} ч. Разделите её.",
        "录音超过 {} 小时。请拆分。",
    ),
    Reason.TOO_MANY_FILMS: _in_languages(
        "Only the {} films with the most votes are kept; the list holds more.",
        "Взяты только {} фильмов с наибольшим числом голосов; в списке их больше.",
        "只保留了投票最多的 {} 部影片，列表中还有更多。",
    ),
    Reason.TOO_MANY_PAGES: _in_languages(
        "The PDF has more than {} pages. Split it.",
        "В PDF больше {} страниц. Разделите его.",
        "PDF 超过 {} 页。请拆分。",
    ),
    Reason.TOO_MANY_ROWS: _in_languages(
        "The table has more than {} rows. Split it into several files.",
        "В таблице больше {} строк. Разделите её на несколько файлов.",
        "表格超过 {} 行。请拆成几个文件。",
    ),
    Reason.TOO_SLOW: _in_languages(
        "Reading it took longer than {} seconds. Split the file, or save it again.",
        "Чтение заняло больше {} секунд. Разделите файл или сохраните его заново.",
        "读取超过 {} 秒。请拆分文件或重新保存。",
    ),
    Reason.TRANSCRIBER_AWAY: _in_languages(
        "Waiting for the speech server: {}. It goes on by itself.",
        "Ждём сервер речи: {}. Расшифровка продолжится сама.",
        "正在等待语音服务器：{}。之后会自动继续。",
    ),
    Reason.TRANSCRIBER_FAILED: _in_languages(
        "A part of the recording could not be transcribed: {}. Try again; what is done is kept.",
        "Часть записи не удалось расшифровать: {}. Попробуйте ещё раз, уже готовое сохранено.",
        "录音的一部分无法转写：{}。请重试，已完成的部分会保留。",
    ),
    Reason.UNPACKS_TO_TOO_MUCH: _in_languages(
        "The file unpacks to far more than a document holds. Save it again without its pictures, or split it.",
        "При распаковке файл слишком велик для документа. Сохраните его без картинок или разделите.",
        "文件解压后远大于普通文档。请去掉图片再保存，或拆分。",
    ),
}
