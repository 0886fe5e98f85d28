"""A Russian family's house whose devices note what they were told, for tests and measurements."""

from collections.abc import Callable, Iterable
from typing import Any

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.climate import ClimateEntity, ClimateEntityFeature, HVACMode
from homeassistant.components.cover import CoverEntity, CoverEntityFeature
from homeassistant.components.fan import FanEntity, FanEntityFeature
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.humidifier import HumidifierEntity
from homeassistant.components.intent import TimerEventType, TimerInfo, async_register_timer_handler
from homeassistant.components.light import ColorMode, LightEntity
from homeassistant.components.lock import LockEntity
from homeassistant.components.media_player import MediaPlayerEntity, MediaPlayerEntityFeature, MediaPlayerState
from homeassistant.components.scene import Scene
from homeassistant.components.sensor import SensorEntity
from homeassistant.components.switch import SwitchEntity
from homeassistant.components.todo import TodoItem, TodoItemStatus, TodoListEntity, TodoListEntityFeature
from homeassistant.components.vacuum import StateVacuumEntity, VacuumActivity, VacuumEntityFeature
from homeassistant.components.weather import WeatherEntity
from homeassistant.const import UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

AREAS = {
    "kitchen": ("Кухня", (), "first"),
    "living_room": ("Гостиная", ("Зал",), "first"),
    "hall": ("Прихожая", ("Коридор",), "first"),
    "garage": ("Гараж", (), "first"),
    "bedroom": ("Спальня", (), "second"),
    "kids": ("Детская", (), "second"),
    "bathroom": ("Ванная", (), "second"),
    "office": ("Кабинет", (), "second"),
    "yard": ("Двор", ("Улица",), None),
}
FLOORS = {"first": ("Первый этаж", 0, {"First floor", "一楼"}), "second": ("Второй этаж", 1, {"Second floor", "二楼"})}


class Noting:
    """Notes "entity operation" lines in the journal that all devices of a house share."""

    _attr_should_poll = False
    journal: list[str]
    entity_id: str

    def note(self, what: str) -> None:
        """Write a line."""
        self.journal.append(f"{self.entity_id.partition('.')[2]} {what}")

    def reset(self) -> None:
        """Go back to how the day began."""


class HouseLight(Noting, LightEntity):
    """Dimmable, coloured; half bright where it is on."""

    _attr_supported_color_modes = {ColorMode.RGB, ColorMode.COLOR_TEMP}  # noqa: RUF012
    _attr_color_mode = ColorMode.COLOR_TEMP
    _attr_color_temp_kelvin = 4000
    _attr_min_color_temp_kelvin = 2000
    _attr_max_color_temp_kelvin = 6500

    def reset(self) -> None:
        self._attr_is_on = self.entity_id in {"light.living_main", "light.kitchen_main", "light.bedroom_main"}
        self._attr_brightness = 128

    async def async_turn_on(self, **kwargs: Any) -> None:
        words = ["on"]
        if (brightness := kwargs.get("brightness")) is not None:
            words = [f"brightness={round(brightness / 255 * 100)}"]
        if "rgb_color" in kwargs:
            words = [f"color={'-'.join(map(str, kwargs['rgb_color']))}"]
        if "color_temp_kelvin" in kwargs:
            words = [f"kelvin={kwargs['color_temp_kelvin']}"]
        self.note(" ".join(words))

    async def async_turn_off(self, **kwargs: Any) -> None:
        self.note("off")


class HouseSwitch(Noting, SwitchEntity):
    """Off at first."""

    _attr_is_on = False

    async def async_turn_on(self, **kwargs: Any) -> None:
        self.note("on")

    async def async_turn_off(self, **kwargs: Any) -> None:
        self.note("off")


class HouseCover(Noting, CoverEntity):
    """Half open."""

    _attr_is_closed = False
    _attr_current_cover_position = 50
    _attr_supported_features = (
        CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE | CoverEntityFeature.STOP | CoverEntityFeature.SET_POSITION
    )

    async def async_open_cover(self, **kwargs: Any) -> None:
        self.note("open")

    async def async_close_cover(self, **kwargs: Any) -> None:
        self.note("close")

    async def async_stop_cover(self, **kwargs: Any) -> None:
        self.note("stop")

    async def async_set_cover_position(self, **kwargs: Any) -> None:
        self.note(f"position={kwargs['position']}")


class HouseClimate(Noting, ClimateEntity):
    """Set to 21 degrees, 20 by its thermometer."""

    _attr_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_hvac_modes = [HVACMode.OFF, HVACMode.HEAT, HVACMode.COOL, HVACMode.AUTO, HVACMode.DRY, HVACMode.FAN_ONLY]  # noqa: RUF012
    _attr_hvac_mode = HVACMode.COOL
    _attr_target_temperature = 21.0
    _attr_target_temperature_step = 0.5
    _attr_current_temperature = 20.0
    _attr_min_temp = 16
    _attr_max_temp = 30
    _attr_supported_features = (
        ClimateEntityFeature.TARGET_TEMPERATURE | ClimateEntityFeature.TURN_ON | ClimateEntityFeature.TURN_OFF
    )

    async def async_turn_on(self) -> None:
        self.note("on")

    async def async_turn_off(self) -> None:
        self.note("off")

    async def async_set_temperature(self, **kwargs: Any) -> None:
        self.note(f"temperature={kwargs['temperature']:g}")

    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        self.note(f"mode={hvac_mode}")


class HouseFan(Noting, FanEntity):
    """On, half speed."""

    _attr_percentage = 50
    _attr_supported_features = FanEntityFeature.SET_SPEED | FanEntityFeature.TURN_ON | FanEntityFeature.TURN_OFF

    async def async_turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **kwargs: Any) -> None:
        self.note("on" if percentage is None else f"speed={percentage}")

    async def async_turn_off(self, **kwargs: Any) -> None:
        self.note("off")

    async def async_set_percentage(self, percentage: int) -> None:
        self.note(f"speed={percentage}")


class HousePlayer(Noting, MediaPlayerEntity):
    """At volume 0.5; the television in the living room plays."""

    _attr_volume_level = 0.5
    _attr_is_volume_muted = False
    _attr_supported_features = (
        MediaPlayerEntityFeature.TURN_ON | MediaPlayerEntityFeature.TURN_OFF | MediaPlayerEntityFeature.VOLUME_SET
        | MediaPlayerEntityFeature.VOLUME_STEP | MediaPlayerEntityFeature.VOLUME_MUTE | MediaPlayerEntityFeature.PAUSE
        | MediaPlayerEntityFeature.PLAY | MediaPlayerEntityFeature.NEXT_TRACK | MediaPlayerEntityFeature.PREVIOUS_TRACK
    )  # fmt: skip

    def reset(self) -> None:
        is_playing = self.entity_id in {"media_player.living_tv", "media_player.kitchen_speaker"}
        self._attr_state = MediaPlayerState.PLAYING if is_playing else MediaPlayerState.ON

    async def async_turn_on(self) -> None:
        self.note("on")

    async def async_turn_off(self) -> None:
        self.note("off")

    async def async_set_volume_level(self, volume: float) -> None:
        self.note(f"volume={round(volume * 100)}")

    async def async_mute_volume(self, mute: bool) -> None:
        self.note("mute" if mute else "unmute")

    async def async_media_play(self) -> None:
        self.note("play")

    async def async_media_pause(self) -> None:
        self.note("pause")

    async def async_media_next_track(self) -> None:
        self.note("next")

    async def async_media_previous_track(self) -> None:
        self.note("previous")


class HouseVacuum(Noting, StateVacuumEntity):
    """On its base."""

    _attr_activity = VacuumActivity.DOCKED
    _attr_supported_features = (
        VacuumEntityFeature.START | VacuumEntityFeature.RETURN_HOME | VacuumEntityFeature.STOP
        | VacuumEntityFeature.PAUSE | VacuumEntityFeature.STATE
    )  # fmt: skip

    async def async_start(self) -> None:
        self.note("start")

    async def async_return_to_base(self, **kwargs: Any) -> None:
        self.note("dock")

    async def async_stop(self, **kwargs: Any) -> None:
        self.note("stop")


class HouseLock(Noting, LockEntity):
    """Locked."""

    _attr_is_locked = True

    async def async_lock(self, **kwargs: Any) -> None:
        self.note("lock")

    async def async_unlock(self, **kwargs: Any) -> None:
        self.note("unlock")


class HouseHumidifier(Noting, HumidifierEntity):
    """Off."""

    _attr_is_on = False
    _attr_target_humidity = 45

    async def async_turn_on(self, **kwargs: Any) -> None:
        self.note("on")

    async def async_turn_off(self, **kwargs: Any) -> None:
        self.note("off")

    async def async_set_humidity(self, humidity: int) -> None:
        self.note(f"humidity={humidity}")


class HouseScene(Noting, Scene):
    """Notes that it was activated."""

    async def async_activate(self, **kwargs: Any) -> None:
        self.note("on")


class HouseList(Noting, TodoListEntity):
    """Empty at first, notes what is added."""

    _attr_supported_features = TodoListEntityFeature.CREATE_TODO_ITEM | TodoListEntityFeature.UPDATE_TODO_ITEM

    def reset(self) -> None:
        self._attr_todo_items = [TodoItem(summary="Хлеб", uid="1", status=TodoItemStatus.NEEDS_ACTION)]

    async def async_create_todo_item(self, item: TodoItem) -> None:
        self.note(f"add={(item.summary or '').casefold()}")

    async def async_update_todo_item(self, item: TodoItem) -> None:
        self.note(f"complete={(item.summary or '').casefold()}")


class HouseSensor(Noting, SensorEntity):
    """21.5 of its unit."""

    _attr_native_value = 21.5

    @property
    def native_unit_of_measurement(self) -> str:
        return "%" if self.device_class == "humidity" else UnitOfTemperature.CELSIUS


class HouseContact(Noting, BinarySensorEntity):
    """Closed."""

    _attr_is_on = False


class HouseWeather(Noting, WeatherEntity):
    """Five degrees and cloudy."""

    _attr_condition = "cloudy"
    _attr_native_temperature = 5.0
    _attr_native_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_humidity = 80


_CLASSES: dict[str, type[Any]] = {
    "light": HouseLight, "switch": HouseSwitch, "cover": HouseCover, "climate": HouseClimate, "fan": HouseFan,
    "media_player": HousePlayer, "vacuum": HouseVacuum, "lock": HouseLock, "humidifier": HouseHumidifier,
    "scene": HouseScene, "todo": HouseList, "sensor": HouseSensor, "binary_sensor": HouseContact,
    "weather": HouseWeather,
}  # fmt: skip

Furniture = tuple[str, str, str | None, str | None]
"""Entity id, name, area, device class."""

DEVICES: tuple[Furniture, ...] = (
    ("light.kitchen_main", "Люстра", "kitchen", None),
    ("light.kitchen_strip", "Подсветка столешницы", "kitchen", None),
    ("light.living_main", "Люстра", "living_room", None),
    ("light.living_lamp", "Торшер", "living_room", None),
    ("light.hall", "Свет в прихожей", "hall", None),
    ("light.bedroom_main", "Люстра в спальне", "bedroom", None),
    ("light.bedroom_lamp", "Ночник", "bedroom", None),
    ("light.kids_main", "Свет", "kids", None),
    ("light.kids_garland", "Гирлянда", "kids", None),
    ("light.bathroom", "Свет в ванной", "bathroom", None),
    ("light.mirror", "Подсветка зеркала", "bathroom", None),
    ("light.desk", "Настольная лампа", "office", None),
    ("light.salt", "Соляная лампа", "office", None),
    ("light.yard", "Фонарь во дворе", "yard", None),
    ("light.garage", "Свет в гараже", "garage", None),
    ("switch.kettle", "Чайник", "kitchen", None),
    ("switch.coffee", "Кофемашина", "kitchen", None),
    ("switch.bed_outlet", "Розетка у кровати", "bedroom", "outlet"),
    ("switch.warm_floor", "Тёплый пол", "bathroom", None),
    ("cover.living", "Шторы", "living_room", "curtain"),
    ("cover.bedroom", "Жалюзи", "bedroom", "blind"),
    ("cover.kids", "Рулонная штора", "kids", "shade"),
    ("cover.garage", "Гаражные ворота", "garage", "garage"),
    ("climate.living", "Кондиционер", "living_room", None),
    ("climate.bedroom", "Термостат в спальне", "bedroom", None),
    ("climate.kids", "Обогреватель", "kids", None),
    ("fan.bedroom", "Вентилятор", "bedroom", None),
    ("fan.bathroom", "Вытяжка", "bathroom", None),
    ("media_player.living_tv", "Телевизор", "living_room", "tv"),
    ("media_player.bedroom_tv", "Телевизор в спальне", "bedroom", "tv"),
    ("media_player.kitchen_speaker", "Колонка на кухне", "kitchen", "speaker"),
    ("vacuum.robot", "Пылесос", "hall", None),
    ("lock.front", "Входная дверь", "hall", None),
    ("humidifier.kids", "Увлажнитель", "kids", None),
    ("scene.movie", "Кино", None, None),
    ("scene.night", "Спокойной ночи", None, None),
    ("todo.shopping", "Список покупок", None, None),
    ("todo.chores", "Список дел", None, None),
    ("sensor.bedroom_temperature", "Температура в спальне", "bedroom", "temperature"),
    ("sensor.kitchen_temperature", "Температура", "kitchen", "temperature"),
    ("sensor.bathroom_humidity", "Влажность в ванной", "bathroom", "humidity"),
    ("binary_sensor.kitchen_window", "Окно на кухне", "kitchen", "window"),
    ("weather.home", "Погода", None, None),
)


ALIASES: dict[str, tuple[str, str]] = {
    "light.kitchen_main": ("Ceiling light", "吊灯"),
    "light.kitchen_strip": ("Counter light", "灯带"),
    "light.living_main": ("Chandelier", "吊灯"),
    "light.living_lamp": ("Floor lamp", "落地灯"),
    "light.bedroom_lamp": ("Night light", "夜灯"),
    "light.desk": ("Desk lamp", "台灯"),
    "switch.kettle": ("Kettle", "水壶"),
    "switch.coffee": ("Coffee machine", "咖啡机"),
    "cover.living": ("Curtains", "窗帘"),
    "cover.bedroom": ("Blinds", "百叶窗"),
    "climate.living": ("Air conditioner", "空调"),
    "climate.bedroom": ("Bedroom thermostat", "卧室温控器"),
    "fan.bedroom": ("Fan", "风扇"),
    "media_player.living_tv": ("TV", "电视"),
    "media_player.kitchen_speaker": ("Kitchen speaker", "厨房音箱"),
    "vacuum.robot": ("Vacuum", "扫地机器人"),
    "lock.front": ("Front door", "前门"),
    "scene.movie": ("Movie night", "电影"),
    "todo.shopping": ("Shopping list", "购物清单"),
}
"""What the devices are called in English and in Chinese."""
AREA_ALIASES = {
    "kitchen": ("Kitchen", "厨房"),
    "living_room": ("Living room", "客厅"),
    "hall": ("Hall", "走廊"),
    "garage": ("Garage", "车库"),
    "bedroom": ("Bedroom", "卧室"),
    "kids": ("Kids room", "儿童房"),
    "bathroom": ("Bathroom", "浴室"),
    "office": ("Office", "书房"),
}


class RussianHouse:
    """The house, with what was done in it."""

    def __init__(self) -> None:
        self.journal: list[str] = []
        self.entities: list[Any] = []
        self.satellites: dict[str, str] = {}
        """Area id -> id of the satellite's device there."""

    def note_timer(self, event: TimerEventType, timer: TimerInfo) -> None:
        """Note that a timer was started."""
        if event == "started":
            self.journal.append(f"timer {event}={timer.seconds}")

    def take_journal(self) -> list[str]:
        """Return what was done since the last time, and put every device back to how it was."""
        done = sorted(self.journal)
        self.journal.clear()
        for entity in self.entities:
            entity.reset()
            entity.async_write_ha_state()
        return done


async def async_set_up_russian_house(hass: HomeAssistant, devices: Iterable[Furniture] = DEVICES) -> RussianHouse:
    """Furnish an empty Home Assistant; everything is exposed to conversations."""
    for component in ("homeassistant", "conversation", "intent"):
        assert await async_setup_component(hass, component, {})
    house = RussianHouse()
    _create_places(hass)
    furniture = tuple(devices)
    for domain, create in _CLASSES.items():
        rows = [row for row in furniture if row[0].startswith(f"{domain}.")]
        entities = [_create(create, row, house) for row in rows]
        assert await async_setup_component(hass, domain, {})
        await hass.data[domain].async_add_entities(entities)
        house.entities += entities
    await hass.async_block_till_done()
    registry = er.async_get(hass)
    for entity_id, _, area_id, _ in furniture:
        registry.async_update_entity(
            entity_id, area_id=area_id, aliases=[er.COMPUTED_NAME, *ALIASES.get(entity_id, ())]
        )
        async_expose_entity(hass, "conversation", entity_id, True)
    house.satellites = _create_satellites(hass)
    for device_id in house.satellites.values():
        async_register_timer_handler(hass, device_id, house.note_timer)
    await hass.async_block_till_done()
    house.take_journal()
    return house


def _create(create: Callable[[], Any], row: Furniture, house: RussianHouse) -> Entity:
    entity = create()
    entity_id, name, _, device_class = row
    entity.entity_id, entity._attr_name, entity._attr_unique_id = entity_id, name, entity_id
    entity.journal = house.journal
    if device_class:
        entity._attr_device_class = device_class
    entity.reset()
    return entity


def _create_places(hass: HomeAssistant) -> None:
    floors = {
        key: fr.async_get(hass).async_create(name, level=level, aliases=aliases)
        for key, (name, level, aliases) in FLOORS.items()
    }
    areas = ar.async_get(hass)
    for key, (name, aliases, floor) in AREAS.items():
        area = areas.async_create(key)
        areas.async_update(
            area.id,
            name=name,
            aliases={*aliases, *AREA_ALIASES.get(key, ())},
            floor_id=floors[floor].floor_id if floor else None,
        )


def _create_satellites(hass: HomeAssistant) -> dict[str, str]:
    entry = MockConfigEntry(domain="test", title="Satellites")
    entry.add_to_hass(hass)
    devices = dr.async_get(hass)
    satellites = {}
    for area_id in AREAS:
        device = devices.async_get_or_create(config_entry_id=entry.entry_id, identifiers={("test", area_id)})
        devices.async_update_device(device.id, area_id=area_id)
        satellites[area_id] = device.id
    return satellites
