"""A Russian family's house whose devices note what they were told, for tests and measurements."""

from collections.abc import Callable, Iterable
from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.intent import TimerEventType, TimerInfo, async_register_timer_handler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.fakes.noting_devices import CLASSES

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
    for domain, create in CLASSES.items():
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
