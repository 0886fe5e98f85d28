"""What the parser reads (a house) and what it gives back (commands)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Place:
    """An area or a floor."""

    id: str
    names: tuple[str, ...]
    """Its name and its aliases."""
    floor_id: str | None = None
    """Of an area; None for a floor itself."""
    level: int | None = None
    """Of a floor."""


@dataclass(frozen=True, slots=True)
class Device:
    """An entity that people may command or ask about."""

    id: str
    names: tuple[str, ...]
    area_id: str | None = None
    device_class: str | None = None

    @property
    def domain(self) -> str:
        """Return the first half of the entity id."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class House:
    """Everything that can be named."""

    devices: tuple[Device, ...] = ()
    areas: tuple[Place, ...] = ()
    floors: tuple[Place, ...] = ()


class Action(StrEnum):
    """What a command does."""

    TURN_ON = "turn_on"
    TURN_OFF = "turn_off"
    TOGGLE = "toggle"
    OPEN = "open"
    CLOSE = "close"
    STOP = "stop"
    LOCK = "lock"
    UNLOCK = "unlock"
    SET = "set"
    CHANGE = "change"
    MUTE = "mute"
    UNMUTE = "unmute"
    PLAY = "play"
    PLAY_MEDIA = "play_media"
    PAUSE = "pause"
    NEXT = "next"
    PREVIOUS = "previous"
    START = "start"
    DOCK = "dock"
    LIST_ADD = "list_add"
    LIST_COMPLETE = "list_complete"
    LIST_READ = "list_read"
    TIMER_START = "timer_start"
    TIMER_CANCEL = "timer_cancel"
    TIMER_PAUSE = "timer_pause"
    TIMER_RESUME = "timer_resume"
    TIMER_MORE = "timer_more"
    TIMER_LESS = "timer_less"
    TIMER_STATUS = "timer_status"
    DELAY = "delay"
    ASK_STATE = "ask_state"
    ASK_WHERE = "ask_where"
    ASK_VALUE = "ask_value"
    ASK_TIME = "ask_time"
    ASK_DATE = "ask_date"
    ASK_WEATHER = "ask_weather"
    NEVERMIND = "nevermind"


class Property(StrEnum):
    """What SET and CHANGE act on, and what ASK_VALUE reads."""

    BRIGHTNESS = "brightness"
    COLOR = "color"
    COLOR_TEMPERATURE = "color_temperature"
    VOLUME = "volume"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    SPEED = "speed"
    POSITION = "position"
    MODE = "mode"
    LEVEL = "level"
    """Whatever the device has: brightness of a light, volume of a player."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do or to answer. `value`: percent, degrees, seconds, kelvin; the sign is the direction of CHANGE."""

    action: Action
    targets: tuple[str, ...] = ()
    """Entity ids."""
    prop: Property | None = None
    value: float | None = None
    """None for CHANGE by the device's own step: then `text` is "+" or "-"."""
    text: str = ""
    """A colour, a mode, an item, a state that is asked for, the command of a delay, a timer's name, areas to clean."""
    kind: str = ""
    """The word for what was named ("light", "cover", ...), for the answer; empty when a device was named."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A command that fits several devices: people are asked which one."""

    names: tuple[str, ...]
    """The areas, or else the devices, that it could be; empty: the place is missing."""


type Reading = tuple[Command, ...] | Unclear | None
"""What a sentence means; None: it is no command."""

type StateReader = Callable[[str], str | None]
"""Returns the state of an entity; None when it has none."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the meaning of a sentence depends on, beside its words."""

    area_id: str | None = None
    """Where the satellite stands."""
    state_of: StateReader = lambda _: None
