// What the page says about lectures.

import { plural } from "./plurals.js";

/** Waiting time in words, to the minute, and to five minutes where it is long. */
function remaining(words) {
  return (seconds) => {
    if (seconds < 45) return words.soon;
    const minutes = seconds < 1800 ? Math.round(seconds / 60) : Math.round(seconds / 300) * 5;
    const parts = [minutes >= 60 ? words.hours(Math.floor(minutes / 60)) : "", minutes % 60 ? words.minutes(minutes % 60) : ""];
    return words.about(parts.filter(Boolean).join(" "));
  };
}

const EN = {
  title: "Lectures",
  formats: "Sound, video or subtitles: MP3, M4A, WAV, OGG, FLAC, MP4, MKV, WebM, SRT, VTT, TXT",
  unsupported: "This format is not taken. Save the recording as MP3, M4A, WAV or MP4, the transcript as SRT, VTT or TXT.",
  count: plural("en", { one: "lecture", other: "lectures" }),
  terms: plural("en", { one: "term", other: "terms" }),
  find: "Find a lecture",
  none: "No lecture matches.",
  empty: "No lectures yet. Drag a recording in, or put it into the folder “lectures”: it is written down, summed up, and can be asked about.",
  working: "In work",
  others: "Without a collection",
  duration: (hours, minutes) => [hours ? `${hours} h` : "", minutes ? `${minutes} min` : ""].filter(Boolean).join(" "),
  states: {
    waiting: "In the queue", transcribing: "Being transcribed", writing: "Being summed up", ready: "Ready", paused: "Paused",
    cancelled: "Stopped", failed: "Failed",
  },
  done: (done, total) => `${done} of ${total}`,
  estimating: "The time left is being estimated",
  remaining: remaining({
    soon: "less than a minute left",
    about: (time) => `about ${time} left`,
    hours: plural("en", { one: "hour", other: "hours" }),
    minutes: plural("en", { one: "minute", other: "minutes" }),
  }),
  work: { pause: "Pause", resume: "Go on", cancel: "Stop", retry: "Try again" },
  readySaid: (title) => `“${title}” is ready.`,
  back: "All lectures",
  gone: "There is no such lecture any more.",
  by: (name) => `transcribed by ${name}`,
  tabs: { transcript: "Transcript", summary: "Summary", glossary: "Glossary", chapters: "Chapters" },
  export: "Export",
  formatNames: {
    md: "Markdown", docx: "Word", srt: "Subtitles SRT", vtt: "Subtitles WebVTT", json: "JSON, everything", anki: "Anki cards",
  },
  player: {
    name: "Recording",
    back: "10 seconds back",
    forth: "10 seconds on",
    speed: "Speed",
    keys: "Keys: K plays and pauses, J and L jump 10 seconds",
    unplayable: "This browser can’t play the recording. Everything else works; keep the file to hear it in another program.",
    lost: "The recording can’t be loaded at the moment.",
    again: "Load again",
    none: "There is no recording, only its transcript.",
    keep: "Keep the recording",
  },
  transcript: {
    keys: "Transcript. Arrow keys go from sentence to sentence, Enter plays it, F2 corrects it.",
    none: "Nothing is transcribed yet. The text appears here as it is written down.",
    grows: "The transcript grows while the lecture is being heard.",
    toNow: "To the current place",
    at: (time) => `Play from ${time}`,
    place: "Show it in the text",
  },
  finder: {
    label: "Find in the transcript", next: "Next", previous: "Previous", count: (at, all) => `${at} of ${all}`, none: "not found",
  },
  correct: {
    start: "Correct",
    stop: "Done correcting",
    hint: "Click a sentence, or press Enter on it, and write. An emptied sentence is removed.",
    sentence: (time) => `Sentence at ${time}`,
    count: plural("en", { one: "sentence changed", other: "sentences changed" }),
    save: "Save",
    discard: "Discard",
    saved: "Saved. The search learns it in a moment.",
    conflict: "The transcript has changed in the meantime. It was loaded anew and your corrections are kept: look at them and save again.",
    lost: "These corrections have no place in the new transcript:",
    now: (text) => `Now it says: ${text}`,
    early: "The transcript can be corrected when the lecture is ready.",
  },
  summary: {
    none: "The summary is written when everything is transcribed.",
    model: "Written by a language model from the transcript. Check what matters in the recording.",
    extract: "Sentences of the lecture itself: no language model was there. It is written anew by itself when one returns.",
    template: "Template",
    write: "Write anew",
    writing: "It is being written…",
  },
  templates: { short: "Short", study_notes: "Study notes", lesson_plan: "Lesson plan" },
  glossary: {
    none: "No terms yet.",
    some: "Made by a language model from the transcript; each term leads to its place.",
    undefined: "The lecture uses the term without explaining it.",
    unsupported: "Not confirmed by the recording",
    unsupportedWhy: "The definition was not found at its place in the transcript. It is not used in answers.",
    extract: "Excerpt",
    extractWhy: "Found without a language model, by the way the sentence is made.",
    confidence: (share) => `certainty ${share}`,
  },
};

const RU = {
  title: "Лекции",
  formats: "Звук, видео или субтитры: MP3, M4A, WAV, OGG, FLAC, MP4, MKV, WebM, SRT, VTT, TXT",
  unsupported: "Этот формат не принимается. Сохраните запись как MP3, M4A, WAV или MP4, а расшифровку как SRT, VTT или TXT.",
  count: plural("ru", { one: "лекция", few: "лекции", many: "лекций", other: "лекции" }),
  terms: plural("ru", { one: "термин", few: "термина", many: "терминов", other: "термина" }),
  find: "Найти лекцию",
  none: "Подходящих лекций нет.",
  empty: "Лекций пока нет. Перетащите сюда запись или положите её в папку «lectures»: появятся расшифровка, конспект и глоссарий, и о лекции можно будет спрашивать.",
  working: "В работе",
  others: "Без коллекции",
  duration: (hours, minutes) => [hours ? `${hours} ч` : "", minutes ? `${minutes} мин` : ""].filter(Boolean).join(" "),
  states: {
    waiting: "В очереди", transcribing: "Расшифровывается", writing: "Пишется конспект", ready: "Готова", paused: "На паузе",
    cancelled: "Остановлена", failed: "Не получилось",
  },
  done: (done, total) => `${done} из ${total}`,
  estimating: "Оцениваю, сколько осталось",
  remaining: remaining({
    soon: "осталось меньше минуты",
    about: (time) => `осталось около ${time}`,
    hours: plural("ru", { one: "часа", few: "часов", many: "часов", other: "часа" }),
    minutes: plural("ru", { one: "минуты", few: "минут", many: "минут", other: "минуты" }),
  }),
  work: { pause: "Приостановить", resume: "Продолжить", cancel: "Остановить", retry: "Попробовать снова" },
  readySaid: (title) => `Лекция «${title}» готова.`,
  back: "Все лекции",
  gone: "Такой лекции больше нет.",
  by: (name) => `расшифровка: ${name}`,
  tabs: { transcript: "Расшифровка", summary: "Конспект", glossary: "Глоссарий", chapters: "Главы" },
  export: "Сохранить как",
  formatNames: {
    md: "Markdown", docx: "Word", srt: "Субтитры SRT", vtt: "Субтитры WebVTT", json: "JSON, всё вместе", anki: "Карточки Anki",
  },
  player: {
    name: "Запись",
    back: "На 10 секунд назад",
    forth: "На 10 секунд вперёд",
    speed: "Скорость",
    keys: "Клавиши: K — пуск и пауза, J и L — на 10 секунд назад и вперёд",
    unplayable: "Этот браузер не умеет проигрывать такую запись. Всё остальное работает; сохраните файл, чтобы слушать в другой программе.",
    lost: "Запись сейчас не загружается.",
    again: "Загрузить снова",
    none: "Записи нет, есть только расшифровка.",
    keep: "Сохранить запись",
  },
  transcript: {
    keys: "Расшифровка. Стрелки ведут от предложения к предложению, Enter проигрывает его, F2 исправляет.",
    none: "Пока ничего не расшифровано. Текст появится здесь по мере расшифровки.",
    grows: "Текст прибавляется, пока лекция расшифровывается.",
    toNow: "К текущему месту",
    at: (time) => `Слушать с ${time}`,
    place: "Показать в тексте",
  },
  finder: {
    label: "Найти в расшифровке", next: "Следующее", previous: "Предыдущее", count: (at, all) => `${at} из ${all}`, none: "не найдено",
  },
  correct: {
    start: "Исправить",
    stop: "Закончить правку",
    hint: "Щёлкните предложение или нажмите на нём Enter и пишите. Опустошённое предложение удаляется.",
    sentence: (time) => `Предложение, ${time}`,
    count: plural("ru", { one: "предложение изменено", few: "предложения изменены", many: "предложений изменено", other: "предложения изменено" }),
    save: "Сохранить",
    discard: "Отменить правки",
    saved: "Сохранено. Поиск узнает об этом через мгновение.",
    conflict: "Расшифровка тем временем изменилась. Она загружена заново, ваши правки на месте: просмотрите их и сохраните ещё раз.",
    lost: "Этим правкам не нашлось места в новой расшифровке:",
    now: (text) => `Сейчас там: ${text}`,
    early: "Исправлять расшифровку можно, когда лекция готова.",
  },
  summary: {
    none: "Конспект пишется, когда расшифровка закончена.",
    model: "Составлено языковой моделью по расшифровке. Важное проверяйте по записи.",
    extract: "Это фразы самой лекции: языковой модели не было. Когда она появится, конспект напишется заново сам.",
    template: "Шаблон",
    write: "Написать заново",
    writing: "Пишется…",
  },
  templates: { short: "Кратко", study_notes: "Учебный конспект", lesson_plan: "План занятия" },
  glossary: {
    none: "Терминов пока нет.",
    some: "Составлено языковой моделью по расшифровке; у каждого термина есть место в записи.",
    undefined: "Термин в лекции звучит, но не объясняется.",
    unsupported: "Не подтверждается записью",
    unsupportedWhy: "В указанном месте расшифровки такого определения не нашлось. В ответах оно не используется.",
    extract: "Выдержка",
    extractWhy: "Найдено без языковой модели, по строению фразы.",
    confidence: (share) => `уверенность ${share}`,
  },
};

export const LECTURE_TEXTS = { en: EN, ru: RU };
