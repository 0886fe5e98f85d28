"""The house as the model sees it: one system prompt and one list of tools for all rooms and people.

Home Assistant's own prompt names the room of the satellite, and its tools depend on what that satellite can do. Either
makes Ollama read thousands of tokens again when somebody speaks in another room. Here both are made once for the house,
and made anew when a registry, the exposed entities or the components change.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, override

import probatio
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_listen_entity_updates, async_should_expose
from homeassistant.const import ATTR_DEVICE_CLASS, EVENT_COMPONENT_LOADED, EVENT_STATE_CHANGED
from homeassistant.core import CALLBACK_TYPE, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import TemplateError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers import intent, llm
from homeassistant.helpers.template import Template
from homeassistant.util.event_type import EventType

from ..const import DOMAIN
from ..gates.grounding import Grounder, ToolSpec
from ..gates.inventory import Area, Device, Inventory
from ..models import AgentOptions
from . import prompts
from .bounded_tool import BoundedTool
from .budget import Budget
from .chat import Prefix
from .find_devices import FindDevicesTool

_LOGGER = logging.getLogger(__name__)

_REGISTRY_EVENTS: tuple[EventType[Any] | str, ...] = (
    ar.EVENT_AREA_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
    fr.EVENT_FLOOR_REGISTRY_UPDATED,
    EVENT_COMPONENT_LOADED,
)
_OWN_TOOLS_DOMAINS = frozenset({"calendar", "script"})
"""Home Assistant offers these through tools of their own."""

# Offered to each satellite, whether it can keep timers or not: the handler tells the one that cannot.
_TIMER_INTENTS: Mapping[str, llm.ToolAnnotations] = {
    intent.INTENT_START_TIMER: llm.ToolAnnotations(open_world=False),
    intent.INTENT_CANCEL_TIMER: llm.ToolAnnotations(open_world=False),
    intent.INTENT_INCREASE_TIMER: llm.ToolAnnotations(open_world=False),
    intent.INTENT_DECREASE_TIMER: llm.ToolAnnotations(open_world=False),
    intent.INTENT_PAUSE_TIMER: llm.ToolAnnotations(open_world=False),
    intent.INTENT_UNPAUSE_TIMER: llm.ToolAnnotations(open_world=False),
    intent.INTENT_TIMER_STATUS: llm.ToolAnnotations(read_only=True, open_world=False),
}


@dataclass(frozen=True, slots=True)
class HouseView:
    """What is the same in every turn until the house changes."""

    inventory: Inventory
    prefix: Prefix
    tools: tuple[llm.Tool, ...]
    grounder: Grounder


class HouseApi(llm.API):
    """The tools of the chosen APIs, behind a prompt of our own."""

    def __init__(self, hass: HomeAssistant, options: AgentOptions, budget: Budget) -> None:
        super().__init__(hass=hass, id=DOMAIN, name="Voice RAG")
        self._options = options
        self._budget = budget
        self._view: HouseView | None = None
        self._generation = 0
        self._has_tools = True

    @property
    def is_current(self) -> bool:
        """Whether the house has not changed since it was last looked at."""
        return self._view is not None

    @callback
    def async_use_tools(self, *, has_tools: bool) -> None:
        """Take note of whether the model is able to call tools."""
        if has_tools != self._has_tools:
            self._has_tools = has_tools
            self.async_forget()

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Watch the house; returns how to stop."""
        bus = self.hass.bus
        stops = [bus.async_listen(event_type, self.async_forget) for event_type in _REGISTRY_EVENTS]
        stops += [
            bus.async_listen(EVENT_STATE_CHANGED, self.async_forget, event_filter=_is_added_or_removed),
            async_listen_entity_updates(self.hass, conversation.DOMAIN, self.async_forget),
        ]

        def stop() -> None:
            for one in stops:
                one()

        return stop

    async def async_view(self, llm_context: llm.LLMContext) -> HouseView:
        """Return the view of the house.

        Raises:
            HomeAssistantError: an API is gone, or not for this user.
        """
        if self._view is None:
            view = await self._async_build(llm_context)
            # Home Assistant keeps the tools of a conversation for as long as the API has the same id.
            self._generation += 1
            self.id = f"{DOMAIN}_{self._generation}"
            if self._options.control_apis not in ((), (llm.LLM_API_ASSIST,)):
                return view  # Others may depend on the user, and nothing tells when they change.
            self._view = view
        return self._view

    @override
    async def async_get_api_instance(self, llm_context: llm.LLMContext) -> llm.APIInstance:
        """Return the tools for one conversation."""
        view = await self.async_view(llm_context)
        return llm.APIInstance(
            api=self,
            api_prompt=view.prefix.system.removeprefix(prompts.SYSTEM),
            llm_context=llm_context,
            tools=[BoundedTool(tool) for tool in view.tools],
        )

    @callback
    def async_forget(self, _reason: object = None) -> None:
        """Look at the house anew before the next turn."""
        self._view = None

    async def _async_build(self, llm_context: llm.LLMContext) -> HouseView:
        inventory = async_read_inventory(self.hass)
        tools, specs, prompt = await self._async_tools(llm_context)
        devices = inventory.describe()
        prefix = self._prefix(inventory, specs, prompt, devices)
        if specs and not self._budget.fits_house(prefix.characters, len(devices)):
            finder = FindDevicesTool(lambda: async_read_inventory(self.hass))
            tools = (*tools, finder)
            specs = sorted((*specs, read_spec(finder, None)), key=lambda spec: spec.name)
            prefix = self._prefix(inventory, specs, prompt, inventory.outline(), finder.name)
        grounder = Grounder({spec.name: spec for spec in specs}, inventory)
        return HouseView(inventory, prefix, tools, grounder)

    async def _async_tools(self, llm_context: llm.LLMContext) -> tuple[tuple[llm.Tool, ...], list[ToolSpec], str]:
        """Return tools sorted by name, their specifications, and the prompts of APIs that are not Assist."""
        if not self._options.control_apis or not self._has_tools:
            return (), [], ""
        for_the_house = llm.LLMContext(
            platform=llm_context.platform,
            context=llm_context.context,
            language=llm_context.language,
            assistant=llm_context.assistant,
            device_id=None,
        )
        api = await llm.async_get_api(self.hass, list(self._options.control_apis), for_the_house)
        tools = {tool.name: tool for tool in (*_timer_tools(self.hass), *api.tools)}
        ordered = tuple(tools[name] for name in sorted(tools))
        # Of Assist's prompt nothing is taken: it lists the devices at length and speaks of the room.
        prompt = api.api_prompt if llm.LLM_API_ASSIST not in self._options.control_apis else ""
        classes = async_device_classes(self.hass)
        specs = [narrow(read_spec(tool, api.custom_serializer), classes) for tool in ordered]
        return ordered, specs, prompt

    def _prefix(
        self, inventory: Inventory, specs: Iterable[ToolSpec], prompt: str, devices: str, finder: str = ""
    ) -> Prefix:
        specs = tuple(specs)
        parts = [prompts.SYSTEM if specs else prompts.SYSTEM + prompts.SYSTEM_WITHOUT_TOOLS]
        if specs:
            heading = prompts.DEVICES_BY_SEARCH.format(tool=finder) if finder else prompts.DEVICES
            parts.append(f"{heading}\n{devices}" if inventory.devices else prompts.NO_DEVICES)
        if any(device.domain == "lock" for device in inventory.devices):
            parts.append(prompts.LOCKS)
        parts += [text for text in (prompt, self._render_instructions()) if text]
        return Prefix("\n\n".join(parts), tuple(map(as_ollama_tool, specs)))

    def _render_instructions(self) -> str:
        if not self._options.instructions:
            return ""
        try:
            rendered = Template(self._options.instructions, self.hass).async_render(
                {"ha_name": self.hass.config.location_name}, parse_result=False
            )
        except TemplateError as err:
            _LOGGER.warning("The agent's instructions are left out: %s", err)
            return ""
        return str(rendered).strip()


@callback
def async_read_inventory(hass: HomeAssistant) -> Inventory:
    """Return the devices that are exposed to conversations, and all areas and floors, in a fixed order."""
    floors = fr.async_get(hass)
    areas = [
        Area(
            area.id,
            (area.name, *sorted(area.aliases)),
            floor.name if area.floor_id and (floor := floors.async_get_floor(area.floor_id)) else "",
        )
        for area in ar.async_get(hass).async_list_areas()
    ]
    devices = [
        Device(state.entity_id, _names(hass, state), _area_id(hass, state.entity_id))
        for state in hass.states.async_all()
        if state.domain not in _OWN_TOOLS_DOMAINS and async_should_expose(hass, conversation.DOMAIN, state.entity_id)
    ]
    return Inventory(
        tuple(sorted(devices, key=lambda device: (device.names, device.entity_id))),
        tuple(sorted(areas, key=lambda area: (area.floor, area.names))),
        tuple(sorted(floor.name for floor in floors.async_list_floors())),
    )


def read_spec(tool: llm.Tool, serializer: Any) -> ToolSpec:
    """Return a tool as the model sees it; the same tool gives the same bytes in each run."""
    schema = probatio.to_openapi(tool.parameters, custom_serializer=serializer, openapi_version="3.1.0")
    return ToolSpec(
        name=tool.name,
        description=tool.description or "",
        parameters=canonical(schema),
        is_read_only=tool.annotations.read_only,
        is_open_world=tool.annotations.open_world,
        title=tool.title or "",
    )


@callback
def async_device_classes(hass: HomeAssistant) -> frozenset[str]:
    """Return the device classes that the exposed devices have."""
    return frozenset(
        str(device_class)
        for state in hass.states.async_all()
        if (device_class := state.attributes.get(ATTR_DEVICE_CLASS))
        and async_should_expose(hass, conversation.DOMAIN, state.entity_id)
    )


def narrow(spec: ToolSpec, device_classes: Collection[str]) -> ToolSpec:
    """Return a tool without the device classes that this house does not have: they are a third of its length."""
    match spec.properties.get("device_class"):
        case {"items": {"enum": [*known], **items}, **schema}:
            rest = {key: value for key, value in spec.properties.items() if key != "device_class"}
            if here := [one for one in known if one in device_classes]:
                rest["device_class"] = {**schema, "items": {**items, "enum": here}}
            return replace(spec, parameters={**spec.parameters, "properties": rest})
    return spec


def canonical(schema: Any) -> Any:
    """Return a schema without what says nothing, its sets in order: Python's sets have another one in each run."""
    if isinstance(schema, Mapping):
        kept = {key: canonical(value) for key, value in schema.items() if key != "additionalProperties" or value}
        for key in ("enum", "required"):
            if isinstance(values := kept.get(key), list):
                kept[key] = sorted(values, key=str)
        return kept
    return [canonical(item) for item in schema] if isinstance(schema, list) else schema


def as_ollama_tool(spec: ToolSpec) -> dict[str, Any]:
    """Return a tool in Ollama's format."""
    function = {"name": spec.name, "description": spec.description, "parameters": spec.parameters}
    return {"type": "function", "function": function}


def _timer_tools(hass: HomeAssistant) -> Iterable[llm.Tool]:
    for handler in intent.async_get(hass):
        if (annotations := _TIMER_INTENTS.get(handler.intent_type)) is not None:
            name = f"intent__{handler.intent_type}"
            yield llm.IntentTool(name, handler, integration="intent", annotations=annotations)


def _names(hass: HomeAssistant, state: Any) -> tuple[str, ...]:
    names = intent.async_get_entity_aliases(hass, er.async_get(hass).async_get(state.entity_id), state=state)
    known = {name.strip(): None for name in names if name.strip()}
    ordered = sorted(known, key=lambda name: (name != state.name, name))
    return tuple(ordered) or (state.name,)


def _area_id(hass: HomeAssistant, entity_id: str) -> str | None:
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None or entry.area_id or entry.device_id is None:
        return entry.area_id if entry else None
    device = dr.async_get(hass).async_get(entry.device_id)
    return dr.async_get_effective_area_id(hass, device) if device else None


@callback
def _is_added_or_removed(data: EventStateChangedData) -> bool:
    return data["old_state"] is None or data["new_state"] is None
