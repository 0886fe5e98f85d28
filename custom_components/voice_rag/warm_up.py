"""What is loaded once Home Assistant has started, so that the first command does not wait for it."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from .commands import async_warm_up_commands
from .texts import base_language


@callback
def async_setup_warm_up(hass: HomeAssistant) -> None:
    """Load the dictionary of the house's language in the background."""

    @callback
    def start(hass: HomeAssistant) -> None:
        loading = async_warm_up_commands(hass, base_language(hass.config.language))
        hass.async_create_background_task(loading, "voice_rag command dictionary")

    async_at_started(hass, start)
