"""Devices that note what they were told, one class for each domain of Home Assistant."""

from typing import Any

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.climate import ClimateEntity, ClimateEntityFeature, HVACMode
from homeassistant.components.cover import CoverEntity, CoverEntityFeature
from homeassistant.components.fan import FanEntity, FanEntityFeature
from homeassistant.components.humidifier import HumidifierEntity
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


CLASSES: dict[str, type[Any]] = {
    "light": HouseLight, "switch": HouseSwitch, "cover": HouseCover, "climate": HouseClimate, "fan": HouseFan,
    "media_player": HousePlayer, "vacuum": HouseVacuum, "lock": HouseLock, "humidifier": HouseHumidifier,
    "scene": HouseScene, "todo": HouseList, "sensor": HouseSensor, "binary_sensor": HouseContact,
    "weather": HouseWeather,
}  # fmt: skip
