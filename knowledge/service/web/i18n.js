// What the page says. Texts with numbers are functions, because plurals differ between languages.

import { LECTURE_TEXTS } from "./lecture_texts.js";
import { plural } from "./plurals.js";

const EN = {
  locale: "en",
  skip: "Skip to the content",
  loading: "Loading…",
  nav: { ask: "Ask", documents: "Documents", lectures: "Lectures", films: "Films", settings: "Settings" },
  documents: plural("en", { one: "document", other: "documents" }),
  passages: plural("en", { one: "passage", other: "passages" }),
  filmsCount: plural("en", { one: "film", other: "films" }),
  state: { ready: "Up to date", away: "No connection", starting: "Opening the index…", reading: (n) => `Reading, ${n} to go` },
  folder: {
    missing: {
      title: "The knowledge folder is missing",
      todo: "Answers still come from what was read before. Connect the disk or the network share that it is on; if the folder was moved, name its new place where the service is set up. This notice goes away by itself.",
    },
    unreadable: {
      title: "The knowledge folder cannot be read",
      todo: "Answers still come from what was read before. Let the user who runs the service read the folder and everything in it. This notice goes away by itself.",
    },
    empty: {
      title: "The knowledge folder is empty",
      todo: "There is nothing to answer from yet. Drag documents, films or lectures into this page or put them into the folder; if they are on a disk or a network share, connect it.",
    },
    read_only: {
      title: "Nothing can be added to the knowledge folder",
      todo: "What is in it is found, but files that you drag into this page are refused. Let the user who runs the service write to the folder, or put files into it yourself.",
    },
  },
  login: {
    title: "Please enter the token",
    about: "The service wrote it to its log at the first start and keeps it in the file “token” of its data folder.",
    token: "Token",
    enter: "Enter",
    wrong: "This is not the token.",
  },
  ask: {
    title: "What would you like to know?",
    about: "Answers come from your own documents, lectures and films, and name where they stand.",
    label: "Your question",
    send: "Ask",
    looking: "Looking…",
    sources: "Sources",
    tried: "For example",
    failed: "The question could not be answered.",
    stopped: "The answer broke off.",
    quoted: "Quoted from your documents",
    written: "Written by a language model from your documents",
    examples: ["What is in my documents about the guarantee?", "Which films do I have by Tarkovsky?"],
  },
  reader: { close: "Close", open: "Open the original", here: "Cited passage" },
  docs: {
    title: "Documents",
    drop: "Drag files here",
    or: "or",
    choose: "choose files",
    formats: "PDF, Word, EPUB, FB2, HTML, Markdown, text, tables, presentations, letters",
    kind: "Kind",
    collection: "Collection",
    collectionHint: "none",
    find: "Find in the list",
    all: "All",
    status: "Status",
    rescan: "Look through the folder again",
    rescanning: "The folder is being looked through.",
    empty: "Nothing here yet. Drag your first file in, or put it into the folder.",
    none: "Nothing in the list matches.",
    delete: "Delete",
    again: "Read again",
    againSaid: "It will be read again.",
    deleted: (name) => `“${name}” was deleted.`,
    confirmTitle: "Delete this file?",
    confirm: (name) => `“${name}” came in through this page. It is deleted from the folder for good.`,
    cancel: "Cancel",
    uploading: "Sending",
    uploaded: "Sent, will be read in a moment",
    recording: "This is a recording. Choose the kind “Lectures”, or drag it into the tab “Lectures”.",
    unreadable: "This is a folder, or the file is gone. Drag the files themselves.",
    dismiss: "Remove from the list",
  },
  kinds: { document: "Document", film: "Films", lecture: "Lecture" },
  kindFolders: { documents: "Documents", films: "Films", lectures: "Lectures" },
  statuses: { indexed: "Ready", failed: "Not read", duplicate: "Copy", pending: "Waiting", reading: "Reading" },
  films: {
    title: "Films",
    query: "Title",
    person: "Actor or director",
    genre: "Genre",
    country: "Country",
    from: "From year",
    to: "To year",
    rating: "Rating from",
    clear: "Clear",
    none: "No film matches.",
    empty: "No films yet. Put a list of yours, as a CSV table, into the folder “films”.",
    more: "Show more",
    directors: "Director",
    actors: "With",
    synopsis: "What it is about",
    outOfTen: (rating) => `rated ${rating} of 10`,
  },
  settings: {
    title: "Settings",
    service: "Service",
    rows: {
      version: "Version", index: "Index", folder: "Folder", documents: "Documents", passages: "Passages", failed: "Not read",
      last_indexed: "Last change", model: "Language model", embedder: "Meaning search", reranker: "Reranker", most: "Largest file",
    },
    none: "none: search works by words",
    noModel: "none: answers are quoted",
    noReranker: "none",
    test: "Self-test of the meaning search",
    testAbout: "A model is used in a language only where it finds better than words alone. The test asks questions with known answers: how many are found without → with the model.",
    run: "Run the self-test",
    running: "Testing…",
    noEmbedder: "No embedder is set, so there is nothing to test.",
    testRows: { language: "Language", same: "Asked in the document’s words", other: "Asked in other words", verdict: "Verdict" },
    states: {
      off: "off", loading: "loading", testing: "being tested", embedding: "reading the documents", ready: "ready",
      refused: "not used: it failed its test", unavailable: "cannot be reached",
    },
    used: "used",
    refused: "not used",
    connect: "For assistants (MCP)",
    connectAbout: "Home Assistant finds it by itself as an app; other programs need this address and the token.",
    view: "This page",
    language: "Language",
    theme: "Colours",
    themes: { auto: "As the system", light: "Light", dark: "Dark" },
    logout: "Log out",
  },
  languages: { ru: "Russian", en: "English", zh: "Chinese" },
  units: { mb: "MB", kb: "kB" },
  errors: {
    connection: "The service cannot be reached.",
    forbidden: "The service refuses this page.",
    internal: "The service failed; its log says more.",
    no_room: "There is no room left on the disk for this file.",
    not_found: "It is no longer there.",
    overloaded: "Too many questions at once. Try again in a second.",
    starting: "The index is being opened. Try again in a few seconds.",
    timeout: "That took too long. Try again.",
    too_large: "The file is too large. Split it.",
    unauthorized: "Please log in again: reload the page.",
    unsupported: "This format is not supported. Save it as PDF, Word (.docx), EPUB or plain text.",
  },
};

const RU = {
  locale: "ru",
  skip: "К содержанию",
  loading: "Загружаю…",
  nav: { ask: "Вопрос", documents: "Документы", lectures: "Лекции", films: "Фильмы", settings: "Настройки" },
  documents: plural("ru", { one: "документ", few: "документа", many: "документов", other: "документа" }),
  passages: plural("ru", { one: "отрывок", few: "отрывка", many: "отрывков", other: "отрывка" }),
  filmsCount: plural("ru", { one: "фильм", few: "фильма", many: "фильмов", other: "фильма" }),
  state: { ready: "Всё прочитано", away: "Нет связи", starting: "Открываю индекс…", reading: (n) => `Читаю, осталось ${n}` },
  folder: {
    missing: {
      title: "Папка знаний не найдена",
      todo: "Ответы пока берутся из прочитанного раньше. Подключите диск или сетевую папку, на которых она лежит; если папку перенесли, укажите новое место там, где настроена служба. Сообщение исчезнет само.",
    },
    unreadable: {
      title: "Папку знаний нельзя прочитать",
      todo: "Ответы пока берутся из прочитанного раньше. Разрешите пользователю, от имени которого работает служба, читать эту папку и всё, что в ней. Сообщение исчезнет само.",
    },
    empty: {
      title: "Папка знаний пуста",
      todo: "Отвечать пока не по чему. Перетащите документы, фильмы или лекции на эту страницу или положите их в папку; если они на диске или в сетевой папке, подключите её.",
    },
    read_only: {
      title: "В папку знаний ничего нельзя добавить",
      todo: "Всё, что в ней есть, находится, но файлы, перетащенные на эту страницу, не примутся. Разрешите пользователю, от имени которого работает служба, писать в папку или кладите файлы в неё сами.",
    },
  },
  login: {
    title: "Введите токен",
    about: "Сервис записал его в журнал при первом запуске и хранит в файле «token» в своей папке данных.",
    token: "Токен",
    enter: "Войти",
    wrong: "Это не тот токен.",
  },
  ask: {
    title: "Что вы хотите узнать?",
    about: "Ответы берутся из ваших документов, лекций и фильмов, и всегда видно откуда.",
    label: "Ваш вопрос",
    send: "Спросить",
    looking: "Ищу…",
    sources: "Источники",
    tried: "Например",
    failed: "Не удалось ответить на вопрос.",
    stopped: "Ответ оборвался.",
    quoted: "Цитата из ваших документов",
    written: "Составлено языковой моделью по вашим документам",
    examples: ["Что в моих документах сказано о гарантии?", "Какие фильмы Тарковского у меня есть?"],
  },
  reader: { close: "Закрыть", open: "Открыть оригинал", here: "Процитированный отрывок" },
  docs: {
    title: "Документы",
    drop: "Перетащите файлы сюда",
    or: "или",
    choose: "выберите файлы",
    formats: "PDF, Word, EPUB, FB2, HTML, Markdown, текст, таблицы, презентации, письма",
    kind: "Вид",
    collection: "Коллекция",
    collectionHint: "без коллекции",
    find: "Найти в списке",
    all: "Все",
    status: "Состояние",
    rescan: "Просмотреть папку заново",
    rescanning: "Папка просматривается.",
    empty: "Здесь пока пусто. Перетащите первый файл или положите его в папку.",
    none: "В списке нет подходящего.",
    delete: "Удалить",
    again: "Прочитать заново",
    againSaid: "Файл будет прочитан заново.",
    deleted: (name) => `Файл «${name}» удалён.`,
    confirmTitle: "Удалить этот файл?",
    confirm: (name) => `«${name}» добавлен через эту страницу. Он будет удалён из папки насовсем.`,
    cancel: "Отмена",
    uploading: "Отправляется",
    uploaded: "Отправлен, скоро будет прочитан",
    recording: "Это запись. Выберите вид «Лекции» или перетащите её на вкладку «Лекции».",
    unreadable: "Это папка, или файла уже нет. Перетаскивайте сами файлы.",
    dismiss: "Убрать из списка",
  },
  kinds: { document: "Документ", film: "Фильмы", lecture: "Лекция" },
  kindFolders: { documents: "Документы", films: "Фильмы", lectures: "Лекции" },
  statuses: { indexed: "Готов", failed: "Не прочитан", duplicate: "Копия", pending: "Ждёт", reading: "Читается" },
  films: {
    title: "Фильмы",
    query: "Название",
    person: "Актёр или режиссёр",
    genre: "Жанр",
    country: "Страна",
    from: "С года",
    to: "По год",
    rating: "Рейтинг от",
    clear: "Сбросить",
    none: "Подходящих фильмов нет.",
    empty: "Фильмов пока нет. Положите в папку «films» список своих, например таблицу CSV.",
    more: "Показать ещё",
    directors: "Режиссёр",
    actors: "В ролях",
    synopsis: "О чём он",
    outOfTen: (rating) => `рейтинг ${rating} из 10`,
  },
  settings: {
    title: "Настройки",
    service: "Сервис",
    rows: {
      version: "Версия", index: "Индекс", folder: "Папка", documents: "Документы", passages: "Отрывки", failed: "Не прочитано",
      last_indexed: "Последнее изменение", model: "Языковая модель", embedder: "Поиск по смыслу", reranker: "Переранжирование",
      most: "Наибольший файл",
    },
    none: "выключен: поиск идёт по словам",
    noModel: "нет: ответы цитируются",
    noReranker: "нет",
    test: "Самопроверка поиска по смыслу",
    testAbout: "Модель используется только в тех языках, где с ней находится больше, чем по словам. Проверка задаёт вопросы с известными ответами: сколько находится без модели → с ней.",
    run: "Запустить самопроверку",
    running: "Проверяю…",
    noEmbedder: "Модель для поиска по смыслу не задана, проверять нечего.",
    testRows: { language: "Язык", same: "Вопрос словами документа", other: "Вопрос другими словами", verdict: "Решение" },
    states: {
      off: "выключен", loading: "загружается", testing: "проверяется", embedding: "читает документы", ready: "готов",
      refused: "не используется: не прошёл проверку", unavailable: "недоступен",
    },
    used: "используется",
    refused: "не используется",
    connect: "Для помощников (MCP)",
    connectAbout: "Home Assistant находит его сам, если сервис установлен как приложение; другим программам нужны этот адрес и токен.",
    view: "Эта страница",
    language: "Язык",
    theme: "Цвета",
    themes: { auto: "Как в системе", light: "Светлые", dark: "Тёмные" },
    logout: "Выйти",
  },
  languages: { ru: "русский", en: "английский", zh: "китайский" },
  units: { mb: "МБ", kb: "кБ" },
  errors: {
    connection: "Сервис недоступен.",
    forbidden: "Сервис не принимает запросы этой страницы.",
    internal: "В сервисе произошла ошибка, подробности в его журнале.",
    no_room: "На диске не осталось места для этого файла.",
    not_found: "Этого больше нет.",
    overloaded: "Слишком много вопросов сразу. Повторите через секунду.",
    starting: "Индекс открывается. Повторите через несколько секунд.",
    timeout: "Слишком долго. Попробуйте ещё раз.",
    too_large: "Файл слишком большой. Разделите его.",
    unauthorized: "Войдите снова: обновите страницу.",
    unsupported: "Этот формат не поддерживается. Сохраните файл как PDF, Word (.docx), EPUB или простой текст.",
  },
};

const TEXTS = { en: { ...EN, lectures: LECTURE_TEXTS.en }, ru: { ...RU, lectures: LECTURE_TEXTS.ru } };
const STORED = "voice-rag-language";

/** The languages of the page with their own names. */
export const LANGUAGES = { ru: "Русский", en: "English" };

/** What the page says now. The server has chosen by Accept-Language; a choice made here is remembered. */
export let t = TEXTS[localStorage.getItem(STORED)] ?? TEXTS[document.documentElement.lang] ?? TEXTS.en;
document.documentElement.lang = t.locale;

export function chooseLanguage(language) {
  localStorage.setItem(STORED, language);
  t = TEXTS[language];
  document.documentElement.lang = language;
}

const MIB = 1024 * 1024;

/** What went wrong: in the page's language where the service's code is known, otherwise in its own words, if it said any. */
export const problem = ({ code, message }) => t.errors[code] ?? ((code && message) || t.errors.connection);

export function fileSize(bytes) {
  const format = (value) => new Intl.NumberFormat(t.locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  return bytes >= MIB ? `${format(bytes / MIB)} ${t.units.mb}` : `${format(bytes && Math.max(bytes / 1024, 0.1))} ${t.units.kb}`;
}

export const dateTime = (iso) =>
  new Intl.DateTimeFormat(t.locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

/** A day that is given as 2026-11-18. */
export const longDate = (day) => new Intl.DateTimeFormat(t.locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));

export const decimal = (value, digits = 1) => new Intl.NumberFormat(t.locale, { maximumFractionDigits: digits }).format(value);

export const share = (value) => new Intl.NumberFormat(t.locale, { style: "percent", maximumFractionDigits: 0 }).format(value);
