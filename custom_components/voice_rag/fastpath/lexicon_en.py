"""English words of commands."""

from .lexicon import Role, Vocabulary

_VERBS = {
    "turn": "turn, switch, put, flip",
    "on": "activate, enable, start, launch, run",
    "off": "deactivate, disable, kill, shut off, shut down",
    "open": "open, raise the",
    "close": "close, shut",
    "lock": "lock",
    "unlock": "unlock",
    "stop": "stop, halt",
    "set": "set, make, change, adjust, put",
    "up": "increase, raise, boost, turn up",
    "down": "decrease, reduce, lower, turn down",
    "dim": "dim",
    "brighten": "brighten",
    "mute": "mute, silence",
    "unmute": "unmute",
    "play": "play",
    "pause": "pause",
    "resume": "resume, continue",
    "start": "start, begin, send",
    "clean": "vacuum, clean, hoover",
    "return": "send, return, dock",
    "cancel": "cancel, stop, delete",
    "add": "add, put",
    "complete": "tick off, check off, complete",
    "remind": "remind me",
    "find": "play, put on",
    "raise": "raise",
    "lower": "lower",
    "warm": "heat, warm",
    "cool": "cool",
}

_KINDS = {
    "light": "light, lighting, lights",
    "lamp": "lamp, bulb, chandelier",
    "cover": "curtain, drape, shade",
    "blind": "blind, shutter",
    "garage": "garage door, garage",
    "gate": "gate",
    "door": "door",
    "window": "window",
    "lock": "lock",
    "tv": "tv, television, telly",
    "speaker": "speaker",
    "music": "music, song, track, playback",
    "climate": "thermostat",
    "heating": "heating, heater, radiator",
    "air_conditioner": "air conditioner, air conditioning, ac, aircon",
    "fan": "fan",
    "vacuum": "vacuum, vacuum cleaner, robot",
    "humidifier": "humidifier",
    "outlet": "outlet, socket, plug",
    "switch": "switch",
    "scene": "scene, script, mode",
    "thing": "=everything",
}

_CHANGES = {
    "volume+": "louder",
    "volume-": "quieter, softer, too loud",
    "brightness+": "brighter, too dark",
    "brightness-": "darker, dimmer, too bright",
    "temperature+": "warmer, hotter, too cold",
    "temperature-": "cooler, colder, too hot, too warm",
    "speed+": "faster",
    "speed-": "slower",
}

_FILLER = (
    "the, a, an, please, could you, can you, would you, will you, kindly, hey, ok, okay, just, my, our, for me, now, "
    "right now, to a, i want you to, i'd like you to, thanks, so, then, it, of, level, bit, some, let's, also, again"
)

_NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip

ENGLISH = Vocabulary(
    roles={
        Role.VERB: _VERBS,
        Role.PARTICLE: {"on": "on", "off": "off", "up": "up", "down": "down"},
        Role.KIND: _KINDS,
        Role.PROPERTY: {
            "brightness": "brightness",
            "volume": "volume, sound",
            "temperature": "temperature",
            "humidity": "humidity",
            "speed": "speed, fan speed",
            "color": "color, colour",
            "position": "position",
        },
        Role.CHANGE: _CHANGES,
        Role.LEVEL: {"max": "maximum, max, full", "min": "minimum, min", "50": "half, halfway", "25": "quarter"},
        Role.UNIT: {
            "percent": "percent, per cent, %",
            "degree": "degree, °",
            "hour": "hour",
            "minute": "minute",
            "second": "second",
        },
        Role.MODE: {"cool": "cooling", "heat": "heating mode", "auto": "auto, automatic", "dry": "dry"},
        Role.COLOR: {
            **{color: color for color in ("red", "green", "blue", "yellow", "orange", "purple", "pink", "white")},
            "2700": "warm, warm white",
            "6000": "cold, cool white",
        },
        Role.MEDIA: {
            "next": "next, skip",
            "previous": "previous, last song",
            "pause": "pause",
            "dock": "home, base, back to base, dock, to its dock",
        },
        Role.MUSIC: {"": "song, album, playlist, artist, music by, track", "station": "radio"},
        Role.ALL: {"": "all, =everything", "everywhere": "everywhere, in the whole house, in every room"},
        Role.EXCEPT: {"": "except, except for, but not, apart from"},
        Role.HERE: {"": "here, in here, in this room, in the room"},
        Role.FLOOR: {"": "floor", "top": "upstairs", "bottom": "downstairs"},
        Role.LITTLE: {"": "a bit, a little, slightly, a little bit"},
        Role.TO: {"": "to, at"},
        Role.BY: {"": "by"},
        Role.AND: {"": "and, then, and then, and also"},
        Role.TIMER: {"": "timer"},
        Role.AFTER: {"": "after", "in": "in"},
        Role.LIST: {"": "list, to-do list, todo list", "shopping": "shopping list, grocery list, groceries"},
        Role.ASK: {
            "whether": "is, are, is there",
            "what": "what is, what's, how many, what, how warm is it, tell me",
            "left": "how much time is left, how long is left, time left, how much longer",
        },
        Role.STATE: {
            "on": "on, running, playing, burning",
            "off": "off",
            "open": "open",
            "closed": "closed, shut",
            "locked": "locked",
            "unlocked": "unlocked",
        },
        Role.CLOCK: {
            "time": "what time is it, what's the time, what is the time",
            "date": "what day is it, what's the date, what is the date, what date is it, what day is today",
        },
        Role.WEATHER: {"": "weather, how's the weather, how is the weather, like", "outside": "outside, today"},
        Role.CANCEL: {
            "": "never mind, nevermind, forget it, cancel that, cancel, don't bother",
            "stop": "stop, enough, shut up",
        },
        Role.FILLER: {"": _FILLER},
    },
    numbers=_NUMBERS,
    ordinals={"first": 1, "second": 2, "third": 3, "ground": 1},
    half_after=frozenset({"half"}),
    joins=frozenset({"and"}),
    contractions={},
    prepositions=frozenset({"in", "at", "for", "with", "from", "of", "the", "into", "over", "near", "by", "under"}),
    synonyms={"television": "tv", "telly": "tv", "lounge": "living", "curtain": "curtain", "drape": "curtain"},
)
